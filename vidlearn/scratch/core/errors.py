"""The ways in which a call to `vidlearn.scratch` can be refused."""

from inspect import signature


class ShapeError(ValueError):
    """An array does not have the shape that a function needs."""


class GraphError(RuntimeError):
    """A gradient is asked for that nobody has kept the way back to."""


class UnsupportedOption(NotImplementedError):
    """A torch option that the engine by hand leaves out; the message names it."""


class GradcheckError(RuntimeError):
    """A backward pass does not fit its forward pass."""


def named(error, name, forward, inputs, options=()):
    """`error`, and where it is NumPy's own about arrays that do not fit, one that names them.

    Returns  a ShapeError or TypeError with the function, its arguments and their shapes
    """
    words = str(error)
    if "broadcast" not in words and "ufunc" not in words:
        return error
    arguments = [*zip(signature(forward).parameters, inputs, strict=False), *dict(options).items()]
    given = ", ".join(f"{parameter} {tuple(x.shape)} {x.dtype}" if hasattr(x, "shape") else
                      f"{parameter} {x!r:.60}" for parameter, x in arguments
                      if hasattr(x, "shape") or "ufunc" in words)
    if "broadcast" in words:
        return ShapeError(f"{name}: {given} cannot be spread over each other: from the last axis "
                          "on, lengths must be equal, or one of them 1")
    return TypeError(f"{name}: {given} are of a type for which it has no meaning")
