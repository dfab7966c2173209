"""Functions that treat each number on its own: exp, log, sqrt, abs, clamp, where.

Each is a pair. At a kink the slope is torch's: 0 for abs at 0, both sides half for a tie in
`maximum`, and 1 for `clamp` on its own limits.
"""

from functools import partial

import numpy as np

from vidlearn.scratch.arithmetic import meet, result_type
from vidlearn.scratch.shape import unbroadcast
from vidlearn.scratch.tensor import Tensor, lift


def exp_forward(x):
    """e to the power x."""
    y = np.exp(x)
    return y, y


def exp_backward(dy, y):
    """(e^x)' = e^x."""
    return dy * y


def log_forward(x):
    """The natural logarithm."""
    return np.log(x), x


def log_backward(dy, x):
    """(log x)' = 1 / x."""
    return dy / x


def sqrt_forward(x):
    """The square root."""
    y = np.sqrt(x)
    return y, y


def sqrt_backward(dy, y):
    """(√x)' = 1 / 2√x."""
    return dy / (2 * y)


def square_forward(x):
    """x²."""
    return x * x, x


def square_backward(dy, x):
    """(x²)' = 2x."""
    return 2 * dy * x


def abs_forward(x):
    """x without its sign."""
    return np.abs(x), x


def abs_backward(dy, x):
    """|x|' is the sign of x, and 0 at 0."""
    return dy * np.sign(x)


def sin_forward(x):
    """The sine of x."""
    return np.sin(x), x


def sin_backward(dy, x):
    """(sin x)' = cos x."""
    return dy * np.cos(x)


def cos_forward(x):
    """The cosine of x."""
    return np.cos(x), x


def cos_backward(dy, x):
    """(cos x)' = -sin x."""
    return -dy * np.sin(x)


def neg_forward(x):
    """-x."""
    return -x, None


def neg_backward(dy, cache):
    """(-x)' = -1."""
    return -dy


def flat_forward(x, step):
    """A function that goes up in steps: np.sign, np.floor, np.ceil, np.round."""
    return step(x), None


def flat_backward(dy, cache):
    """A staircase has no slope."""
    return np.zeros_like(dy)


def maximum_forward(a, b):
    """The greater of two numbers."""
    a, b = meet(a, b)
    return np.maximum(a, b), (a, b)


def maximum_backward(dy, cache):
    """dy goes to the greater; two equal numbers get half each."""
    a, b = cache
    return _to_winner(dy, a, b, np.greater(a, b))


def minimum_forward(a, b):
    """The smaller of two numbers."""
    a, b = meet(a, b)
    return np.minimum(a, b), (a, b)


def minimum_backward(dy, cache):
    """dy goes to the smaller; two equal numbers get half each."""
    a, b = cache
    return _to_winner(dy, a, b, np.less(a, b))


def _to_winner(dy, a, b, a_wins):
    da = np.where(np.equal(a, b), dy / 2, np.where(a_wins, dy, 0))
    return unbroadcast(da, np.shape(a)), unbroadcast(dy - da, np.shape(b))


def clamp_forward(x, low, high):
    """x, but not under `low` nor over `high`; None is no limit."""
    limits = [limit for limit in (low, high) if limit is not None]
    x = np.asarray(x, result_type(x, *limits))
    return np.clip(x, low, high), (x, low, high)


def clamp_backward(dy, cache, needs=(True, True, True)):
    """dy goes to x between the limits, else to the limit; on a limit half to each.

    A limit that is a plain number counts as a wall: on it the slope is 0.
    """
    x, low, high = cache
    lo, hi = -np.inf if low is None else low, np.inf if high is None else high
    if not isinstance(low, np.ndarray) and not isinstance(high, np.ndarray):
        return dy * ((x > lo) & (x < hi)), None, None
    half = dy / 2
    to_low = np.where((x < lo) & (lo <= hi), dy, np.where((x == lo) & (lo < hi), half, 0))
    to_high = np.where((x > hi) | (hi < lo), dy, np.where((x == hi) & (lo < hi), half, 0))
    return (unbroadcast(dy - to_low - to_high, x.shape),
            unbroadcast(to_low, np.shape(lo)) if needs[1] else None,
            unbroadcast(to_high, np.shape(hi)) if needs[2] else None)


def where_forward(condition, a, b):
    """a where the condition holds, b elsewhere."""
    a, b = meet(a, b)
    y = np.where(condition, a, b)
    return y.astype(result_type(a, b), copy=False), (condition, np.shape(a), np.shape(b))


def where_backward(dy, cache, needs=(False, True, True)):
    """dy goes to whichever was taken."""
    condition, a_shape, b_shape = cache
    return (None, unbroadcast(np.where(condition, dy, 0), a_shape) if needs[1] else None,
            unbroadcast(np.where(condition, 0, dy), b_shape) if needs[2] else None)


def cast_forward(x, dtype):
    """The same numbers in another type."""
    return x.astype(dtype, copy=False), None


def cast_backward(dy, cache):
    """The gradient goes back as it is; the Tensor that gets it has it in its own type."""
    return dy


def clone_forward(x):
    """A copy that gradients pass through."""
    return x.copy(), None


exp = lift(exp_forward, exp_backward)
log = lift(log_forward, log_backward)
sqrt = lift(sqrt_forward, sqrt_backward)
square = lift(square_forward, square_backward)
abs = lift(abs_forward, abs_backward)
sin = lift(sin_forward, sin_backward)
cos = lift(cos_forward, cos_backward)
neg = lift(neg_forward, neg_backward)
maximum = lift(maximum_forward, maximum_backward)
minimum = lift(minimum_forward, minimum_backward)
where = lift(where_forward, where_backward)
clone = lift(clone_forward, cast_backward)
_clamp = lift(clamp_forward, clamp_backward)
_flat = lift(flat_forward, flat_backward)
_cast = lift(cast_forward, cast_backward)


def sign(x):
    """-1, 0 or 1."""
    return _flat(x, step=np.sign)


def floor(x):
    """The whole number at or under x."""
    return _flat(x, step=np.floor)


def ceil(x):
    """The whole number at or over x."""
    return _flat(x, step=np.ceil)


def round(x, decimals=0):
    """The nearest number with so many decimals; halves go to the even neighbour."""
    return _flat(x, step=partial(np.round, decimals=decimals))


def clamp(x, min=None, max=None):
    """x, but not under `min` nor over `max`: numbers or Tensors, None is no limit."""
    if min is None and max is None:
        raise ValueError("clamp needs min, max or both")
    return _clamp(x, min, max)


def masked_fill(x, mask, value):
    """`value` where the mask is True, x elsewhere."""
    return where(mask, value, x)


def isnan(x):
    """True where x is not a number."""
    return Tensor(np.isnan(x.data))


def isfinite(x):
    """True where x is neither infinite nor not a number."""
    return Tensor(np.isfinite(x.data))


def allclose(a, b, rtol=1e-5, atol=1e-8, equal_nan=False):
    """Is |a - b| <= atol + rtol |b| everywhere?"""
    return bool(np.allclose(a.data, b.data, rtol, atol, equal_nan))


def cast(x, dtype):
    """The same numbers in another type."""
    return x if x.dtype == dtype else _cast(x, dtype=dtype)
