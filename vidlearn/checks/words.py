"""How a message names a value, and a call with its arguments."""

import re


def said(value):
    """A value in a few words, as a message names what came."""
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        return f"{_type_name(value)} {tuple(value.shape)} {value.dtype}"
    if held := _held_arrays(value):
        return f"{_type_name(value)}: its .{held} are an array"
    if value is None or isinstance(value, (bool, int, float, str)):
        return f"{value!r:.60}"
    if isinstance(value, (list, tuple)) and any(hasattr(part, "shape") for part in value):
        return f"{_type_name(value)} of {len(value)}, the first {said(value[0])}"
    words = getattr(value, "__name__", None) or re.sub(" at 0x[0-9a-f]+", "", f"{value!r:.80}")
    return " ".join(f"{_type_name(value)}: {words:.60}".split())


def call(name, arguments):
    """A call as a note names it: `name` with (argument, value) pairs."""
    return f"{name}({', '.join(f'{argument} {said(value)}' for argument, value in arguments)})"


def _type_name(value):
    name = type(value).__name__
    if type(value).__module__.partition(".")[0] == "torch":
        return f"torch's {name}"
    return "array" if name == "ndarray" else name


def _held_arrays(value):
    """The attribute of a Clip or a dataset that holds the array which was meant; else None."""
    return next((name for name in ("frames", "clips", "pictures")
                 if hasattr(getattr(value, name, None), "shape")), None)
