"""Losses: one number that says how wrong the answers are.

Every pair takes `reduction`: the "mean" of all single losses, their "sum", or "none": all of them.
"""

import math

import numpy as np

from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.layers.activation import log_softmax_backward, log_softmax_forward, sigmoid
from vidlearn.scratch.numbers.elementwise import gate, sign_of


def reduce(losses, reduction):
    """The mean or the sum of the losses, or all of them."""
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f"reduction is 'mean', 'sum' or 'none', not {reduction!r}")
    return losses if reduction == "none" else getattr(losses, reduction)()


def share_out(dy, shape, reduction):
    """What arrives at each single loss when `dy` arrives at the reduced one."""
    return dy / math.prod(shape) if reduction == "mean" else dy


def same_shape(x, target, names=("x", "target")):
    """Refuse different shapes: answers and targets spread over each other teach nonsense."""
    if x.shape != target.shape:
        raise ShapeError(f"the loss needs {names[0]} {x.shape} and {names[1]} {target.shape} "
                         "of one shape")


def mse_loss_forward(x, target, reduction="mean"):
    """The squared difference: large errors count most.

    Twin     torch.nn.functional.mse_loss
    """
    same_shape(x, target)
    error = x - target
    return reduce(error * error, reduction), (error, reduction)


def mse_loss_backward(dy, cache):
    """Twice the error; the target is pulled the other way."""
    error, reduction = cache
    dx = share_out(dy, error.shape, reduction) * 2 * error
    return dx, -dx


def l1_loss_forward(x, target, reduction="mean"):
    """The absolute difference: every error counts by its size. The slope at 0 is 0.

    Twin     torch.nn.functional.l1_loss
    """
    same_shape(x, target)
    error = x - target
    return reduce(np.abs(error), reduction), (error, reduction)


def l1_loss_backward(dy, cache):
    """The sign of the error."""
    error, reduction = cache
    dx = share_out(dy, error.shape, reduction) * sign_of(error)
    return dx, -dx


def smooth_l1_loss_forward(x, target, reduction="mean", beta=1.0):
    """Squared where the error is below `beta`, straight beyond: outliers do not run away with it.

    Twin     torch.nn.functional.smooth_l1_loss
    """
    if beta < 0:
        raise ValueError(f"smooth_l1_loss: beta must not be negative, it is {beta}")
    same_shape(x, target)
    error = x - target
    size = np.abs(error)
    bent = 0.5 * error**2 / beta if beta else size
    losses = np.where(size < beta, bent, size - 0.5 * beta)
    return reduce(losses, reduction), (error, reduction, beta)


def smooth_l1_loss_backward(dy, cache):
    """error / beta within `beta`, the sign of the error beyond."""
    error, reduction, beta = cache
    slope = np.clip(error / beta, -1, 1) if beta else sign_of(error)
    dx = share_out(dy, error.shape, reduction) * slope
    return dx, -dx


def binary_cross_entropy_with_logits_forward(x, target, weight=None, pos_weight=None,
                                             reduction="mean"):
    """Yes or no: minus the log-probability that sigmoid(x) gives to the target, 0..1.

    Never takes a sigmoid that could round to 0 or 1: with s = log(1 + exp(-x)), a yes costs s and
    a no costs x + s.

    Shapes   x and target of one shape; `weight` and `pos_weight` (for each yes) broadcast to it
    Twin     torch.nn.functional.binary_cross_entropy_with_logits
    """
    same_shape(x, target)
    s = np.logaddexp(0, -x)
    losses = (1 - target) * x + (s if pos_weight is None else (1 + (pos_weight - 1) * target) * s)
    losses = losses if weight is None else weight * losses
    return reduce(losses, reduction), (x, target, s, weight, pos_weight, reduction)


def binary_cross_entropy_with_logits_backward(dy, cache):
    """Without weights: sigmoid(x) - target, probability less truth."""
    x, target, s, weight, pos_weight, reduction = cache
    each = share_out(dy, x.shape, reduction) * (1 if weight is None else weight)
    if pos_weight is None:
        return each * (sigmoid(x) - target), -each * x
    yes = pos_weight * target
    dx = each * ((yes + 1 - target) * sigmoid(x) - yes)
    return dx, each * (pos_weight * s - np.logaddexp(0, x))


def cross_entropy_forward(x, target, weight=None, ignore_index=-100, reduction="mean",
                          label_smoothing=0.0):
    """One of C classes: minus the log-probability that softmax(x) gives to the target.

    `label_smoothing` takes that share of the truth from the target and spreads it over all classes.

    Shapes   x (N, C, *S) or (C,) scores; weight (C,); target (N, *S) or () of class numbers, or
             probabilities of x's shape  ->  y (), or (N, *S) without reduction
    Returns  the mean over class numbers counts each by its weight, and `ignore_index` not at all
    Raises   IndexError if a target is no class, ShapeError if the shapes do not fit
    Source   Szegedy et al., arXiv:1512.00567 (label smoothing)
    Twin     torch.nn.functional.cross_entropy
    """
    axis, logp = min(1, x.ndim - 1), log_softmax_forward(x, min(1, x.ndim - 1))[0]
    options = {"weight": weight, "ignore_index": ignore_index, "reduction": reduction}
    if not label_smoothing and not _is_probability(target, x):
        y, cache = nll_loss_forward(logp, target, **options)
        return y, (logp, cache)
    if weight is None:
        weight = np.ones(x.shape[axis], x.dtype)
    weight = weight.reshape(-1, *[1] * (x.ndim - 1 - axis))          # along the class axis of x
    truth, counted = _truth(x, target, ignore_index, axis)
    smooth = (1 - label_smoothing) * truth + label_smoothing / max(1, x.shape[axis]) * counted
    share = weight * smooth                              # what each class's -log p counts for
    losses = -gate(logp, share).sum(axis)
    total = losses.size if _is_probability(target, x) else (weight * truth).sum()
    slope = weight * (1 - label_smoothing)               # of each share, when the target moves
    return _reduced(losses, total, reduction), (logp, share, slope, counted, total, axis, reduction)


def cross_entropy_backward(dy, cache, needs=(True, True)):
    """Softmax and logarithm cancel: probability less truth, p - y. (With weights: p sum(y) - y.)"""
    if len(cache) == 2:                                  # class numbers: y is 1 at the target
        logp, (*_, target, share, counted, total, axis, reduction) = cache
        each = _at_each(dy, share, counted, total, axis, reduction)
        dx = each * np.exp(logp)
        np.put_along_axis(dx, target, np.take_along_axis(dx, target, axis) - each, axis)
        return dx, None
    logp, share, slope, counted, total, axis, reduction = cache
    each = -_at_each(dy, 1, counted, total, axis, reduction)
    dx = log_softmax_backward(each * share, (logp, axis))
    return dx, each * slope * logp if needs[1] else None


def nll_loss_forward(x, target, weight=None, ignore_index=-100, reduction="mean"):
    """Cross entropy of what is a log-probability already: minus x at the target.

    Shapes   x (N, C, *S) or (C,), target (N, *S) or () of class numbers, weight (C,)
    Twin     torch.nn.functional.nll_loss
    """
    axis = min(1, x.ndim - 1)
    target, counted = _numbers(x, target, ignore_index, axis)        # (N, 1, *S)
    share = counted.astype(x.dtype) if weight is None else np.where(counted, weight[target], 0)
    total = share.sum()
    losses = -gate(np.take_along_axis(x, target, axis), share).squeeze(axis)
    return _reduced(losses, total, reduction), (x.shape, target, share, counted, total, axis,
                                                 reduction)


def nll_loss_backward(dy, cache):
    """Minus the weight of the target's class, and 0 for all other classes."""
    shape, target, share, counted, total, axis, reduction = cache
    dx = np.zeros(shape, share.dtype)
    each = _at_each(dy, share, counted, total, axis, reduction)
    np.put_along_axis(dx, target, -each, axis)
    return dx, None


def _is_probability(target, x):
    return target.shape == x.shape and target.dtype.kind == "f"


def _truth(x, target, ignore_index, axis):
    """The target as a probability for each class, and 1 for the targets that count."""
    if _is_probability(target, x):
        if ignore_index >= 0:
            raise ValueError("cross_entropy: ignore_index needs class numbers, not probabilities")
        return target, 1
    target, counted = _numbers(x, target, ignore_index, axis)
    truth = np.zeros_like(x)
    np.put_along_axis(truth, target, counted.astype(x.dtype), axis)
    return truth, counted.astype(x.dtype)


def _numbers(x, target, ignore_index, axis):
    """The class number of each place, 0 where it is ignored, and which places count: (N, 1, *S)."""
    if target.shape != x.shape[:axis] + x.shape[axis + 1:]:
        raise ShapeError(f"the loss needs one class number for each place of x: "
                         f"x is {x.shape}, target is {target.shape}")
    counted = target != ignore_index
    if not ((target >= 0) & (target < x.shape[axis]) | ~counted).all():
        raise IndexError(f"targets run from {target.min()} to {target.max()}, "
                         f"the classes from 0 to {x.shape[axis] - 1}")
    target = np.where(counted, target, 0).astype(int)
    return np.expand_dims(target, axis), np.expand_dims(counted, axis)


def _reduced(losses, total, reduction):
    """As `reduce`, but the mean divides by `total`, what all targets count together."""
    if reduction != "mean":
        return reduce(losses, reduction)
    with np.errstate(invalid="ignore"):                  # 0 / 0: a mean over no target is nan
        return losses.sum() / total


def _at_each(dy, share, counted, total, axis, reduction):
    """What arrives at each single loss: its share, and nothing where the target does not count."""
    if reduction == "none":
        dy = np.expand_dims(dy, axis)
    with np.errstate(divide="ignore", invalid="ignore"):
        dy = dy / dy.dtype.type(total) if reduction == "mean" else dy
        return gate(dy * share, counted)
