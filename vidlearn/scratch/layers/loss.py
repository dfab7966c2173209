"""Losses of classifiers: minus the log-probability that the right class gets.

Every pair takes a `reduction` of the single losses: their "mean", their "sum", or "none".
"""

from inspect import unwrap

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.layers import activation
from vidlearn.scratch.layers.activation import sigmoid
from vidlearn.scratch.layers.arguments import NUMBERS, array
from vidlearn.scratch.layers.reduction import (
    check_same_shape,
    reduce,
    reduce_backward,
    reduce_weighted,
)
from vidlearn.scratch.numbers.elementwise import zero_safe_product

SCORES, WEIGHT = array("N, C, *S", "C"), array("C")

_log_softmax_forward = unwrap(activation.log_softmax_forward)
_log_softmax_backward = unwrap(activation.log_softmax_backward)


LEAST_LOG = -100                     # as in PyTorch: no probability of 0 makes the loss infinite
LEAST_DIVISOR = float(np.float32(1e-12))         # as in PyTorch, where it is a float32


@checked
def binary_cross_entropy_forward(x: NUMBERS, target: NUMBERS, weight: NUMBERS = None,
                                 reduction="mean"):
    """Two classes: minus the log-probability x that is given to the target, 0..1.

    No logarithm is below -100, so that x = 0 and x = 1 have a finite loss.

    Shapes   x, 0..1, and target of one shape; `weight` broadcasts to it
    Raises   ArgumentError if an x is not a probability, ShapeError if the shapes differ
    Twin     torch.nn.functional.binary_cross_entropy
    """
    check_same_shape(x, target)
    if not ((x >= 0) & (x <= 1)).all():
        raise ArgumentError(f"binary_cross_entropy: x runs from {x.min()} to {x.max()}, and "
                            "probabilities are from 0 to 1: take a sigmoid first")
    with np.errstate(divide="ignore"):
        log_x, log_rest = np.log(x), np.log1p(-x)
    losses = -(target * np.maximum(log_x, LEAST_LOG)
               + (1 - target) * np.maximum(log_rest, LEAST_LOG))
    losses = losses if weight is None else weight * losses
    return reduce(losses, reduction), (x, target, log_x, log_rest, weight, reduction)


@checked
def binary_cross_entropy_backward(dy: NUMBERS, cache):
    """(x - target) / (x (1 - x)), where no divisor is below 1e-12."""
    x, target, log_x, log_rest, weight, reduction = cache
    each = reduce_backward(dy, x.shape, reduction) * (1 if weight is None else weight)
    return each * (x - target) / np.maximum(x * (1 - x), LEAST_DIVISOR), each * (log_rest - log_x)


@checked
def binary_cross_entropy_with_logits_forward(x: NUMBERS, target: NUMBERS, weight: NUMBERS = None,
                                             pos_weight: NUMBERS = None, reduction="mean"):
    """Two classes: minus the log-probability that sigmoid(x) gives to the target, 0..1.

    It takes the logarithm of no sigmoid, which could round to 0 or 1. With s = log(1 + exp(-x)),
    the loss is s for the target 1 and x + s for the target 0.

    Shapes   x and target of one shape; `weight`, and `pos_weight` for the target 1, broadcast to it
    Twin     torch.nn.functional.binary_cross_entropy_with_logits
    """
    check_same_shape(x, target)
    s = np.logaddexp(0, -x)
    losses = (1 - target) * x + (s if pos_weight is None else (1 + (pos_weight - 1) * target) * s)
    losses = losses if weight is None else weight * losses
    return reduce(losses, reduction), (x, target, s, weight, pos_weight, reduction)


@checked
def binary_cross_entropy_with_logits_backward(dy: NUMBERS, cache):
    """Without weights: sigmoid(x) - target, the probability minus the target."""
    x, target, s, weight, pos_weight, reduction = cache
    each = reduce_backward(dy, x.shape, reduction) * (1 if weight is None else weight)
    if pos_weight is None:
        return each * (sigmoid(x) - target), -each * x
    positive = pos_weight * target
    dx = each * ((positive + 1 - target) * sigmoid(x) - positive)
    return dx, each * (pos_weight * s - np.logaddexp(0, x))


@checked
def cross_entropy_forward(x: SCORES, target: NUMBERS, weight: WEIGHT = None,
                          ignore_index: kinds.INTEGER = -100, reduction="mean",
                          label_smoothing=0.0):
    """One of C classes: minus the log-probability that softmax(x) gives to the target.

    `label_smoothing` takes this part of the target's probability and spreads it over all classes.

    Shapes   x (N, C, *S) or (C,) scores; weight (C,); target (N, *S) or () of class numbers, or
             probabilities of x's shape  ->  y (), or (N, *S) without reduction
    Returns  y, and a cache; the mean over class numbers is weighted, and `ignore_index` left out
    Raises   IndexError if a target is not a class, ShapeError if the shapes do not fit
    Source   Szegedy et al., arXiv:1512.00567 (label smoothing)
    Twin     torch.nn.functional.cross_entropy
    """
    axis = min(1, x.ndim - 1)
    logp, _ = _log_softmax_forward(x, axis)
    options = {"weight": weight, "ignore_index": ignore_index, "reduction": reduction}
    if not label_smoothing and not _is_probability(target, x):
        y, cache = _nll_loss_forward(logp, target, **options)
        return y, (logp, cache)
    if weight is None:
        weight = np.ones(x.shape[axis], x.dtype)
    weight = weight.reshape(-1, *[1] * (x.ndim - 1 - axis))          # along the class axis of x
    p, counted = _target_probabilities(x, target, ignore_index, axis)
    smooth = (1 - label_smoothing) * p + label_smoothing / max(1, x.shape[axis]) * counted
    factor = weight * smooth                             # of each class's -log p
    losses = -zero_safe_product(logp, factor).sum(axis)
    total = losses.size if _is_probability(target, x) else (weight * p).sum()
    slope = weight * (1 - label_smoothing)               # of each factor in the target
    cache = logp, factor, slope, counted, total, axis, reduction
    return reduce_weighted(losses, total, reduction), cache


@checked
def cross_entropy_backward(dy: NUMBERS, cache, needs=(True, True)):
    """Probability minus target, p - y: exp and log cancel. (With weights: p sum(y) - y.)"""
    if len(cache) == 2:                                  # class numbers: y is 1 at the target
        logp, (*_, target, factor, counted, total, axis, reduction) = cache
        each = _each_gradient(dy, factor, counted, total, axis, reduction)
        dx = each * np.exp(logp)
        np.put_along_axis(dx, target, np.take_along_axis(dx, target, axis) - each, axis)
        return dx, None
    logp, factor, slope, counted, total, axis, reduction = cache
    each = -_each_gradient(dy, 1, counted, total, axis, reduction)
    dx = _log_softmax_backward(each * factor, (logp, axis))
    return dx, each * slope * logp if needs[1] else None


@checked
def nll_loss_forward(x: SCORES, target: NUMBERS, weight: WEIGHT = None,
                     ignore_index: kinds.INTEGER = -100, reduction="mean"):
    """Cross entropy of log-probabilities x: minus x at the target.

    Shapes   x (N, C, *S) or (C,), target (N, *S) or () of class numbers, weight (C,)
    Twin     torch.nn.functional.nll_loss
    """
    axis = min(1, x.ndim - 1)
    target, counted = _class_numbers(x, target, ignore_index, axis)  # (N, 1, *S)
    factor = counted.astype(x.dtype) if weight is None else np.where(counted, weight[target], 0)
    total = factor.sum()
    losses = -zero_safe_product(np.take_along_axis(x, target, axis), factor).squeeze(axis)
    cache = x.shape, target, factor, counted, total, axis, reduction
    return reduce_weighted(losses, total, reduction), cache


_nll_loss_forward = unwrap(nll_loss_forward)


@checked
def nll_loss_backward(dy: NUMBERS, cache):
    """Minus the weight of the target's class, and 0 for all other classes."""
    shape, target, factor, counted, total, axis, reduction = cache
    dx = np.zeros(shape, factor.dtype)
    each = _each_gradient(dy, factor, counted, total, axis, reduction)
    np.put_along_axis(dx, target, -each, axis)
    return dx, None


def _is_probability(target, x):
    return target.shape == x.shape and target.dtype.kind == "f"


def _target_probabilities(x, target, ignore_index, axis):
    """The target's probability of each class, and 1 for the targets that are not ignored."""
    if _is_probability(target, x):
        if ignore_index >= 0:
            raise ArgumentError("cross_entropy: ignore_index needs class numbers, "
                                "not probabilities")
        return target, 1
    target, counted = _class_numbers(x, target, ignore_index, axis)
    p = np.zeros_like(x)
    np.put_along_axis(p, target, counted.astype(x.dtype), axis)
    return p, counted.astype(x.dtype)


def _class_numbers(x, target, ignore_index, axis):
    """The class number at each place, 0 if ignored, and which places count: both (N, 1, *S)."""
    if target.shape != x.shape[:axis] + x.shape[axis + 1:]:
        raise ShapeError(f"the loss needs one class number for each place of x: "
                         f"x is {x.shape}, target is {target.shape}")
    counted = target != ignore_index
    if not ((target >= 0) & (target < x.shape[axis]) | ~counted).all():
        raise IndexError(f"targets run from {target.min()} to {target.max()}, "
                         f"the classes from 0 to {x.shape[axis] - 1}")
    target = np.where(counted, target, 0).astype(int)
    return np.expand_dims(target, axis), np.expand_dims(counted, axis)


def _each_gradient(dy, factor, counted, total, axis, reduction):
    """The gradient of each single loss, times its factor; 0 where the target is ignored."""
    if reduction == "none":
        dy = np.expand_dims(dy, axis)
    with np.errstate(divide="ignore", invalid="ignore"):
        dy = dy / dy.dtype.type(total) if reduction == "mean" else dy
        return zero_safe_product(dy * factor, counted)
