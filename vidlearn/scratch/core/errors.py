"""The ways in which a call to `vidlearn.scratch` can be refused."""

import numpy as np


class ShapeError(ValueError):
    """An array does not have the shape that a function needs."""


class GraphError(RuntimeError):
    """A gradient is asked for that nobody has kept the way back to."""


class UnsupportedOption(NotImplementedError):
    """A torch option that the engine by hand leaves out; the message names it."""


class StateError(RuntimeError):
    """A state_dict does not fit the module or the optimizer that is to load it."""


class GradcheckError(RuntimeError):
    """A backward pass does not fit its forward pass."""


def broadcast_shape(name, **arrays):
    """The shape that arrays have together.

    Raises   ShapeError that names them, if they cannot be broadcast together
    """
    try:
        return np.broadcast_shapes(*map(np.shape, arrays.values()))
    except ValueError as error:
        raise not_broadcast(name, **arrays) from error


def not_broadcast(name, **arrays):
    """The error that says which arrays cannot be broadcast together."""
    given = ", ".join(f"{argument} {tuple(x.shape)} {x.dtype}" for argument, x in arrays.items()
                      if hasattr(x, "shape"))
    return ShapeError(f"{name}: {given} cannot be broadcast together: from the last axis on, "
                      "lengths must be equal, or one of them 1")
