"""What every loss has, as in PyTorch: a check of shapes, and the reduction to one number."""

import math

import numpy as np

from vidlearn.checks import ArgumentError
from vidlearn.scratch.core.errors import ShapeError


def check_same_shape(x, target, names=("x", "target")):
    """Refuse different shapes: predictions broadcast against targets give a wrong loss.

    Raises   ShapeError with both
    """
    if x.shape != target.shape:
        raise ShapeError(f"the loss needs {names[0]} {x.shape} and {names[1]} {target.shape} "
                         "of one shape")


def reduce(losses, reduction):
    """The mean or the sum of the losses, or all of them."""
    if reduction not in ("mean", "sum", "none"):
        raise ArgumentError(f"reduction must be 'mean', 'sum' or 'none', not {reduction!r}")
    return losses if reduction == "none" else getattr(losses, reduction)()


def reduce_backward(dy, shape, reduction):
    """The gradient of each single loss, from the gradient `dy` of the reduced one."""
    return dy / math.prod(shape) if reduction == "mean" else dy


def reduce_weighted(losses, total, reduction):
    """As `reduce`, but the mean divides by `total`, the sum of the targets' weights."""
    if reduction != "mean":
        return reduce(losses, reduction)
    with np.errstate(invalid="ignore"):                  # a mean over no target is 0 / 0: NaN
        return losses.sum() / total
