"""A training that was interrupted goes on as if it had not been: its whole state in one file."""

from vidlearn.files import safetensors as files

KIND = "checkpoint"


def save(path, engine, state):
    """Write a nest of dicts, lists, numbers, arrays and Tensors, all or nothing.

    Raises   OSError that names the file
    """
    arrays = {}
    nest = _pack(state, "", arrays, engine)
    files.write(path, arrays, {"kind": KIND, "state": nest})


def load(path, engine):
    """Read what `save` wrote; arrays and Tensors come back as Tensors of `engine`, on the cpu.

    Raises   WeightsError if the file is missing, damaged or no checkpoint
    """
    arrays, facts = files.read(path)
    kind = facts.get("kind", "file") if isinstance(facts, dict) else "file"
    if kind != KIND:
        raise files.WeightsError(f"{path} is a {kind} of vidlearn's, not a {KIND}")
    try:
        return _unpack(facts["state"], arrays, engine)
    except (KeyError, TypeError, ValueError, RecursionError) as wrong:
        raise files.WeightsError(f"{path} holds no state of a training: {wrong!r}") from None


def _pack(value, path, arrays, engine):
    """JSON of a nest; what has a shape goes to `arrays`. A dict becomes pairs, to keep its keys."""
    if isinstance(value, dict):
        return {"dict": [[k, _pack(v, f"{path}/{k}", arrays, engine)] for k, v in value.items()]}
    if isinstance(value, (list, tuple)):
        return [_pack(v, f"{path}/{i}", arrays, engine) for i, v in enumerate(value)]
    if hasattr(value, "shape"):
        arrays[path] = engine.numpy(value) if hasattr(value, "detach") else value
        return {"tensor": path}
    return value


def _unpack(value, arrays, engine):
    if isinstance(value, list):
        return [_unpack(v, arrays, engine) for v in value]
    if not isinstance(value, dict):
        return value
    if "tensor" in value:
        return engine.library.from_numpy(arrays[value["tensor"]])
    return {k: _unpack(v, arrays, engine) for k, v in value["dict"]}


def check_start(out, state, resume=False, overwrite=False):
    """Ask, before clips are read, whether a run may begin that keeps its `state` and writes `out`.

    Raises   FileExistsError where it would replace, unasked, what another run has learned;
             FileNotFoundError where there is no run to go on with
    """
    if resume and not state.exists():
        over = f": {out} is of a run that is over" if out.exists() else ": begin without resume"
        raise FileNotFoundError(f"there is no interrupted run to go on with, no file {state}{over}")
    if resume or overwrite:
        return
    if state.exists():
        raise FileExistsError(f"{state} holds a run that was interrupted: --resume goes on with it,"
                              " --overwrite begins anew, --out keeps both")
    if out.exists():
        raise FileExistsError(f"{out} holds a classifier already: --overwrite replaces it, "
                              "--out keeps both")
