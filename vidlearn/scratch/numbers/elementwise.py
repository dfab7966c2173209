"""Elementwise functions: exp, log, sqrt, abs, sin, round.

The derivative of abs at 0 is 0. The derivative of sign, floor, ceil and round is 0 everywhere. The
sign of NaN is 0, as in torch.
"""

from functools import partial

import numpy as np

from vidlearn.checks import ArgumentError
from vidlearn.scratch.core.errors import broadcast_shape
from vidlearn.scratch.core.tensor import Tensor, array_of, lift


def _as_float(x):
    """The array; integers as float32, as in torch."""
    return x if x.dtype.kind == "f" else x.astype(np.float32)


def exp_forward(x):
    """e to the power x."""
    y = np.exp(_as_float(x))
    return y, y


def exp_backward(dy, y):
    """(e^x)' = e^x."""
    return dy * y


def log_forward(x):
    """The natural logarithm."""
    return np.log(_as_float(x)), x


def log_backward(dy, x):
    """(log x)' = 1 / x."""
    return dy / x


def sqrt_forward(x):
    """The square root."""
    y = np.sqrt(_as_float(x))
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
    """-1, 0 or 1; the sign of NaN is 0."""
    return np.sign(np.where(np.isnan(x), 0, x))


def zero_safe_product(x, factor):
    """x * factor, which is 0 wherever the factor is 0, also if x is NaN or infinite there.

    The plain product is six times as fast, so it is used where all of x is finite.
    """
    if np.isfinite(x.sum()):
        return x * factor
    with np.errstate(invalid="ignore"):
        return np.where(np.equal(factor, 0), 0, x * factor)


def abs_forward(x):
    """The absolute value."""
    return np.abs(x), x


def abs_backward(dy, x):
    """|x|' is the sign of x, and 0 at 0."""
    return dy * sign_of(x)


def sin_forward(x):
    """The sine of x."""
    return np.sin(_as_float(x)), x


def sin_backward(dy, x):
    """(sin x)' = cos x."""
    return dy * np.cos(x)


def cos_forward(x):
    """The cosine of x."""
    return np.cos(_as_float(x)), x


def cos_backward(dy, x):
    """(cos x)' = -sin x."""
    return -dy * np.sin(x)


def neg_forward(x):
    """-x."""
    return -x, None


def neg_backward(dy, cache):
    """(-x)' = -1."""
    return -dy


def step_function_forward(x, function):
    """A function that is constant between jumps: sign_of, np.floor, np.ceil, np.round."""
    return function(x), None


def step_function_backward(dy, cache):
    """The gradient is 0 everywhere."""
    return np.zeros_like(dy)


def cast_forward(x, dtype):
    """The same numbers in another dtype."""
    return x.astype(dtype, copy=False), None


def cast_backward(dy, cache):
    """The gradient passes unchanged; the Tensor that receives it converts it to its own dtype."""
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
_step_function = lift(step_function_forward, step_function_backward)
_cast = lift(cast_forward, cast_backward)


def sign(x):
    """-1, 0 or 1."""
    return _step_function(x, function=sign_of)


def floor(x):
    """Round down to a whole number."""
    return _step_function(x, function=np.floor)


def ceil(x):
    """Round up to a whole number."""
    return _step_function(x, function=np.ceil)


def round(x, decimals=0):
    """Round to this many decimals; halves go to the even neighbour."""
    return _step_function(x, function=partial(np.round, decimals=decimals))


def isnan(x):
    """True where x is NaN."""
    return Tensor(np.isnan(x.data))


def isfinite(x):
    """True where x is neither infinite nor NaN."""
    return Tensor(np.isfinite(x.data))


def allclose(a, b, rtol=1e-5, atol=1e-8, equal_nan=False):
    """Is |a - b| <= atol + rtol |b| everywhere?"""
    a, b = array_of(a), array_of(b)
    broadcast_shape("allclose", a=a, b=b)
    return bool(np.allclose(a, b, rtol, atol, equal_nan))


def cast(x, dtype):
    """The same numbers in another dtype."""
    dtype = as_dtype(dtype)
    return x if x.dtype == dtype else _cast(x, dtype=dtype)


def as_dtype(dtype):
    """NumPy's dtype for `dtype`: a dtype, a Python type or a name.

    Raises   ArgumentError if it is not a dtype of real numbers
    """
    try:
        found = np.dtype(dtype) if isinstance(dtype, (np.dtype, type, str)) else None
    except (TypeError, ValueError):
        found = None
    if found is None or found.kind not in "biuf":
        raise ArgumentError(f"dtype must be a dtype of scratch such as float32, not {dtype!r:.60}")
    return found


def as_float(x):
    """The Tensor; integers as float32."""
    return x if x.dtype.kind == "f" else cast(x, np.dtype("float32"))
