"""The reduction of single losses to one number, as every loss has it in PyTorch."""

import math

import numpy as np

from vidlearn.checks import ArgumentError


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
