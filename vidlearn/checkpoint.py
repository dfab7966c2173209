"""A training that was interrupted goes on as if it had not been: its whole state in one file."""

import signal

from vidlearn import arrays as files

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


class Interrupt:
    """Inside the block, Ctrl-C waits to be asked for; a second Ctrl-C does not wait.

    So that a step is never cut in half: `asked` turns true, and the loop ends at a good place.
    """

    def __init__(self):
        self.asked, self._before = False, None

    def __enter__(self):
        try:
            self._before = signal.signal(signal.SIGINT, self._ask)
        except ValueError:                                 # not the main thread: no signals here
            self._before = None
        return self

    def __exit__(self, *exception):
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _ask(self, number, frame):
        self.asked = True
        signal.signal(signal.SIGINT, self._before)
