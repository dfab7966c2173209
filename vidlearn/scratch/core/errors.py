"""The exceptions of `vidlearn.scratch`."""

import numpy as np

from vidlearn.checks import ArgumentError


class ShapeError(ValueError):
    """An array does not have the shape that a function needs."""


class GraphError(RuntimeError):
    """A backward pass is impossible: there is no graph, or an array it needs has changed."""


class UnsupportedOption(NotImplementedError):
    """A torch option that is not implemented here; the message names it."""


class StateError(RuntimeError):
    """A state_dict does not fit the module that loads it."""


class GradcheckError(RuntimeError):
    """The gradients of a backward pass differ from the slopes of its forward pass."""


def broadcast_shape(name, **arrays):
    """The shape to which arrays are broadcast.

    Raises   ShapeError that names the arrays, if they cannot be broadcast together
    """
    try:
        return np.broadcast_shapes(*map(np.shape, arrays.values()))
    except ValueError as error:
        raise not_broadcast(name, **arrays) from error


def refuse_mixed_dtypes(name, **arrays):
    """Refuse float32 beside float64, as torch does where it does not convert by itself.

    Raises   ArgumentError that names the arrays, if they do not all have one dtype
    """
    if len({x.dtype for x in arrays.values() if x is not None}) > 1:
        given = ", ".join(f"{argument} is {x.dtype}" for argument, x in arrays.items()
                          if x is not None)
        raise ArgumentError(f"{name}: {given}; they must have one dtype: "
                            "convert with .float() or .double()")


def not_broadcast(name, **arrays):
    """The error that says which arrays cannot be broadcast together."""
    given = ", ".join(f"{argument} {tuple(x.shape)} {x.dtype}" for argument, x in arrays.items()
                      if hasattr(x, "shape"))
    return ShapeError(f"{name}: {given} cannot be broadcast together: counted from the last axis, "
                      "two lengths must be equal, or one of them 1")
