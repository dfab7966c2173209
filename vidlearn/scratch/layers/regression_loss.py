"""Losses of numbers: how far the predictions are from their targets.

Every pair takes a `reduction` of the single losses: their "mean", their "sum", or "none".
"""

import numpy as np

from vidlearn.checks import ArgumentError, checked
from vidlearn.scratch.layers.arguments import NUMBERS
from vidlearn.scratch.layers.reduction import check_same_shape, reduce, reduce_backward
from vidlearn.scratch.numbers.elementwise import sign_of


@checked
def mse_loss_forward(x: NUMBERS, target: NUMBERS, reduction="mean"):
    """The squared error: large errors count most.

    Twin     torch.nn.functional.mse_loss
    """
    check_same_shape(x, target)
    error = x - target
    return reduce(error * error, reduction), (error, reduction)


@checked
def mse_loss_backward(dy: NUMBERS, cache):
    """Twice the error for x, and its negative for the target."""
    error, reduction = cache
    dx = reduce_backward(dy, error.shape, reduction) * 2 * error
    return dx, -dx


@checked
def l1_loss_forward(x: NUMBERS, target: NUMBERS, reduction="mean"):
    """The absolute error: every error counts by its size. The slope at 0 is 0.

    Twin     torch.nn.functional.l1_loss
    """
    check_same_shape(x, target)
    error = x - target
    return reduce(np.abs(error), reduction), (error, reduction)


@checked
def l1_loss_backward(dy: NUMBERS, cache):
    """The sign of the error."""
    error, reduction = cache
    dx = reduce_backward(dy, error.shape, reduction) * sign_of(error)
    return dx, -dx


@checked
def smooth_l1_loss_forward(x: NUMBERS, target: NUMBERS, reduction="mean", beta=1.0):
    """Quadratic where the error is below `beta`, linear beyond: outliers do not dominate.

    Raises   ArgumentError if `beta` is negative, ShapeError if the shapes differ
    Twin     torch.nn.functional.smooth_l1_loss
    """
    if beta < 0:
        raise ArgumentError(f"smooth_l1_loss: beta must not be negative, it is {beta}")
    check_same_shape(x, target)
    error = x - target
    size = np.abs(error)
    quadratic = 0.5 * error**2 / beta if beta else size
    losses = np.where(size < beta, quadratic, size - 0.5 * beta)
    return reduce(losses, reduction), (error, reduction, beta)


@checked
def smooth_l1_loss_backward(dy: NUMBERS, cache):
    """error / beta within `beta`, the sign of the error beyond."""
    error, reduction, beta = cache
    slope = np.clip(error / beta, -1, 1) if beta else sign_of(error)
    dx = reduce_backward(dy, error.shape, reduction) * slope
    return dx, -dx


@checked
def huber_loss_forward(x: NUMBERS, target: NUMBERS, reduction="mean", delta=1.0):
    """Half the squared error up to `delta`, linear beyond: `delta` times the smooth L1 loss.

    Raises   ArgumentError if `delta` is not above 0, ShapeError if the shapes differ
    Source   Huber, Robust Estimation of a Location Parameter, 1964
    Twin     torch.nn.functional.huber_loss
    """
    if not delta > 0:
        raise ArgumentError(f"huber_loss: delta must be more than 0, it is {delta}")
    check_same_shape(x, target)
    error = x - target
    size = np.abs(error)
    losses = np.where(size <= delta, 0.5 * error * error, delta * (size - 0.5 * delta))
    return reduce(losses, reduction), (error, reduction, delta)


@checked
def huber_loss_backward(dy: NUMBERS, cache):
    """The error, cut off at -delta and delta."""
    error, reduction, delta = cache
    dx = reduce_backward(dy, error.shape, reduction) * np.clip(error, -delta, delta)
    return dx, -dx
