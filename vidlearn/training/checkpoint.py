"""The state of a training run in one file, so that an interrupted run can be resumed."""

from vidlearn.files import safetensors as files

KIND = "checkpoint"


def save(path, engine, state):
    """Write nested dicts and lists of numbers, arrays and Tensors, all or nothing.

    Raises   OSError that names the file
    """
    arrays = {}
    nested = _pack(state, "", arrays, engine)
    files.write(path, arrays, {"kind": KIND, "state": nested})


def load(path, engine):
    """Read what `save` wrote; arrays and Tensors come back as Tensors of `engine`, on the CPU.

    Raises   WeightsError if the file is missing, damaged or not a checkpoint
    """
    arrays, facts = files.read(path)
    kind = facts.get("kind", "file") if isinstance(facts, dict) else "file"
    if kind != KIND:
        raise files.WeightsError(f"{path} is a {kind} of vidlearn's, not a {KIND}")
    try:
        return _unpack(facts["state"], arrays, engine)
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise files.WeightsError(
            f"{path} does not hold the state of a training run: {error!r}") from error


def _pack(value, path, arrays, engine):
    """Turn nested values into JSON, and collect the arrays in `arrays`.

    A dict becomes a list of pairs, because the keys of a JSON object can only be strings.
    """
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
