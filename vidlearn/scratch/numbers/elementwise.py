"""Functions that treat each number on its own: exp, log, sqrt, abs, sin, round.

The slope of abs at 0 is 0, and so is that of a staircase everywhere. NaN has the sign 0, as in
torch.
"""

from functools import partial

import numpy as np

from vidlearn.checks import ArgumentError
from vidlearn.scratch.core.errors import broadcast_shape
from vidlearn.scratch.core.tensor import Tensor, array_of, lift


def _real(x):
    """An array of whole numbers as float32, as in torch."""
    return x if x.dtype.kind == "f" else x.astype(np.float32)


def exp_forward(x):
    """e to the power x."""
    y = np.exp(_real(x))
    return y, y


def exp_backward(dy, y):
    """(e^x)' = e^x."""
    return dy * y


def log_forward(x):
    """The natural logarithm."""
    return np.log(_real(x)), x


def log_backward(dy, x):
    """(log x)' = 1 / x."""
    return dy / x


def sqrt_forward(x):
    """The square root."""
    y = np.sqrt(_real(x))
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


def sign_of(x):
    """-1, 0 or 1; 0 for NaN, too."""
    return np.sign(np.where(np.isnan(x), 0, x))


def gate(dy, share):
    """dy by the share of it that passes; a shut gate gives 0, whatever comes.

    A product is six times as fast as a choice, but 0 · inf is NaN: what is not finite is chosen.
    """
    if np.isfinite(dy.sum()):
        return dy * share
    with np.errstate(invalid="ignore"):
        return np.where(np.equal(share, 0), 0, dy * share)


def abs_forward(x):
    """x without its sign."""
    return np.abs(x), x


def abs_backward(dy, x):
    """|x|' is the sign of x, and 0 at 0."""
    return dy * sign_of(x)


def sin_forward(x):
    """The sine of x."""
    return np.sin(_real(x)), x


def sin_backward(dy, x):
    """(sin x)' = cos x."""
    return dy * np.cos(x)


def cos_forward(x):
    """The cosine of x."""
    return np.cos(_real(x)), x


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
    """A function that goes up in steps: sign_of, np.floor, np.ceil, np.round."""
    return step(x), None


def flat_backward(dy, cache):
    """A staircase has no slope."""
    return np.zeros_like(dy)


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
clone = lift(clone_forward, cast_backward)
_flat = lift(flat_forward, flat_backward)
_cast = lift(cast_forward, cast_backward)


def sign(x):
    """-1, 0 or 1."""
    return _flat(x, step=sign_of)


def floor(x):
    """The whole number at or under x."""
    return _flat(x, step=np.floor)


def ceil(x):
    """The whole number at or over x."""
    return _flat(x, step=np.ceil)


def round(x, decimals=0):
    """The nearest number with so many decimals; halves go to the even neighbour."""
    return _flat(x, step=partial(np.round, decimals=decimals))


def isnan(x):
    """True where x is not a number."""
    return Tensor(np.isnan(x.data))


def isfinite(x):
    """True where x is neither infinite nor not a number."""
    return Tensor(np.isfinite(x.data))


def allclose(a, b, rtol=1e-5, atol=1e-8, equal_nan=False):
    """Is |a - b| <= atol + rtol |b| everywhere?"""
    a, b = array_of(a), array_of(b)
    broadcast_shape("allclose", a=a, b=b)
    return bool(np.allclose(a, b, rtol, atol, equal_nan))


def cast(x, dtype):
    """The same numbers in another type."""
    dtype = dtype_of(dtype)
    return x if x.dtype == dtype else _cast(x, dtype=dtype)


def dtype_of(dtype):
    """What `dtype` names.

    Raises   TypeError if that is no type of numbers
    """
    try:
        found = np.dtype(dtype) if isinstance(dtype, (np.dtype, type, str)) else None
    except (TypeError, ValueError):
        found = None
    if found is None or found.kind not in "biuf":
        raise ArgumentError(f"dtype must be one of scratch's, such as float32, not {dtype!r:.60}")
    return found


def real(x):
    """x, if it holds real numbers; whole ones as float32."""
    return x if x.dtype.kind == "f" else cast(x, np.dtype("float32"))
