"""Choose between numbers: maximum, minimum, clamp, where.

Two equal numbers get half the gradient each; if one of them is NaN, both get all of it. Where x
equals a limit of `clamp` that is a plain number, the gradient is 0, as in PyTorch 2.15 (it was 1
in older versions).
"""

import numpy as np

from vidlearn.checks import ArgumentError
from vidlearn.scratch.core.tensor import lift
from vidlearn.scratch.numbers.arithmetic import promote, result_type
from vidlearn.scratch.numbers.elementwise import zero_safe_product
from vidlearn.scratch.numbers.shape import unbroadcast


def maximum_forward(a, b):
    """The greater of two numbers."""
    a, b = promote(a, b)
    return np.maximum(a, b), (a, b)


def maximum_backward(dy, cache):
    """dy goes to the greater; two equal numbers get half each."""
    a, b = cache
    return _to_chosen(dy, a, b, np.less(a, b), np.greater(a, b))


def minimum_forward(a, b):
    """The smaller of two numbers."""
    a, b = promote(a, b)
    return np.minimum(a, b), (a, b)


def minimum_backward(dy, cache):
    """dy goes to the smaller; two equal numbers get half each."""
    a, b = cache
    return _to_chosen(dy, a, b, np.greater(a, b), np.less(a, b))


def _to_chosen(dy, a, b, b_chosen, a_chosen):
    """The gradients of a and b: dy for the chosen number, half of it each for equal numbers."""
    gradient = np.where(np.equal(a, b), dy / 2, dy)
    return (unbroadcast(np.where(b_chosen, 0, gradient), np.shape(a)),
            unbroadcast(np.where(a_chosen, 0, gradient), np.shape(b)))


def clamp_forward(x, min, max):
    """x limited to at least `min` and at most `max`; None means no limit."""
    limits = [limit for limit in (min, max) if limit is not None]
    x = np.asarray(x, result_type(x, *limits))
    return np.clip(x, min, max), (x, min, max)


def clamp_backward(dy, cache, needs=(True, True, True)):
    """dy goes to x between the limits and to the limit beyond it; at a limit, half to each.

    Where x equals a limit that is a plain number, the gradient is 0.
    """
    x, low, high = cache
    if not isinstance(low, np.ndarray) and not isinstance(high, np.ndarray):
        above, below = low is None or x > low, high is None or x < high
        return zero_safe_product(dy, np.logical_and(above, below)), None, None
    lo, hi = -np.inf if low is None else low, np.inf if high is None else high
    to_low = np.where((x < lo) & (lo <= hi), 1, np.where((x == lo) & (lo < hi), 0.5, 0))
    to_high = np.where((x > hi) | (hi < lo), 1, np.where((x == hi) & (lo < hi), 0.5, 0))
    factors = [factor.astype(dy.dtype) for factor in (1 - to_low - to_high, to_low, to_high)]
    return tuple(unbroadcast(zero_safe_product(dy, factor), np.shape(source)) if need else None
                 for factor, source, need in zip(factors, (x, lo, hi), needs, strict=True))


def where_forward(condition, a, b):
    """a where the condition is True, b elsewhere."""
    a, b = promote(a, b)
    y = np.where(condition, a, b)
    return y.astype(result_type(a, b), copy=False), (condition, np.shape(a), np.shape(b))


def where_backward(dy, cache, needs=(False, True, True)):
    """dy goes to the number that was chosen."""
    condition, a_shape, b_shape = cache
    return (None, unbroadcast(np.where(condition, dy, 0), a_shape) if needs[1] else None,
            unbroadcast(np.where(condition, 0, dy), b_shape) if needs[2] else None)


maximum = lift(maximum_forward, maximum_backward)
minimum = lift(minimum_forward, minimum_backward)
where = lift(where_forward, where_backward)
_clamp = lift(clamp_forward, clamp_backward)


def clamp(x, min=None, max=None):
    """x limited to at least `min` and at most `max`: numbers or Tensors; None means no limit."""
    if min is None and max is None:
        raise ArgumentError("clamp needs min, max or both")
    return _clamp(x, min, max)


def masked_fill(x, mask, value):
    """`value` where the mask is True, x elsewhere."""
    return where(mask, value, x)
