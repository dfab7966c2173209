"""Running sums and products along an axis, cumsum and cumprod, and the product of all, prod.

The gradient of a product is the product of the other numbers. It is y / x, but where some x is 0
the others have to be multiplied. Integers and booleans give int64. Running sums and products of
float32 are computed in float64 and rounded at the end, as in torch.
"""

import numpy as np

from vidlearn.checks import ArgumentError
from vidlearn.scratch.core.tensor import lift
from vidlearn.scratch.numbers.elementwise import as_dtype, cast
from vidlearn.scratch.numbers.reduce import keep_axes
from vidlearn.scratch.numbers.shape import axis_of


def accumulate(ufunc, x, axis):
    """The running sum or product of an array along an axis."""
    wide = np.result_type(x.dtype, np.float64) if x.dtype.kind == "f" else x.dtype
    y = ufunc.accumulate(np.atleast_1d(x), axis, wide)
    return y.astype(x.dtype, copy=False).reshape(x.shape)


def cumsum_forward(x, axis):
    """Each number plus all numbers before it."""
    return accumulate(np.add, x, axis), axis


def cumsum_backward(dy, axis):
    """A number is part of its own sum and of all sums after it: dx sums their dy."""
    line = np.atleast_1d(dy)
    return np.flip(accumulate(np.add, np.flip(line, axis), axis), axis).reshape(dy.shape)


def cumprod_forward(x, axis):
    """Each number times all numbers before it."""
    y = accumulate(np.multiply, x, axis)
    return y, (x, y, axis)


def cumprod_backward(dy, cache):
    """x_k is a factor of y_k and of all after it: dx_k = (the sum over j >= k of dy_j y_j) / x_k.

    Where some x is 0, nothing is divided: dx_k = (the product before k) · s_k, computed from the
    end with s_k = dy_k + x_(k+1) s_(k+1).
    """
    x, y, axis = cache
    if not x.ndim or x.shape[axis] < 2:
        return dy
    if x.all():
        return cumsum_backward(dy * y, axis) / x
    line, sums = (np.moveaxis(a, axis, 0) for a in (x, dy.copy()))
    for k in reversed(range(len(line) - 1)):
        sums[k] += line[k + 1] * sums[k + 1]
    return np.moveaxis(product_before(line, 0) * sums, 0, axis)


def prod_forward(x, axis, keepdim):
    """The product along an axis, or of all numbers for None."""
    axes = tuple(range(x.ndim)) if axis is None or not x.ndim else (axis,)
    y = np.asarray(x.prod(axes, x.dtype, keepdims=keepdim))
    return y, (x, y, axes, axis)


def prod_backward(dy, cache):
    """dx = dy times the product of the other numbers."""
    x, y, axes, axis = cache
    if not x.ndim:
        return dy
    dy, y, zeros = keep_axes(dy, x.shape, axes), keep_axes(y, x.shape, axes), x == 0
    if axis is None and np.count_nonzero(zeros) > 1:
        return np.zeros_like(x)
    if not zeros.any():
        return dy * (y / x)
    line, axis = (x.reshape(-1), 0) if len(axes) != 1 else (x, axes[0])
    after = np.flip(product_before(np.flip(line, axis), axis), axis)
    return dy * (product_before(line, axis) * after).reshape(x.shape)


def product_before(x, axis):
    """For each number, the product of those before it; 1 for the first."""
    line = np.moveaxis(x, axis, 0)
    shifted = np.ones_like(line)
    shifted[1:] = line[:-1]
    return np.moveaxis(accumulate(np.multiply, shifted, 0), 0, axis)


_cumsum = lift(cumsum_forward, cumsum_backward)
_cumprod = lift(cumprod_forward, cumprod_backward)
_prod = lift(prod_forward, prod_backward)


def cumsum(input, dim, *, dtype=None):
    """The running sum along `dim`: each number plus all numbers before it.

    Twin     torch.cumsum
    """
    return _cumsum(_numbers("cumsum", input, dtype), axis=axis_of(dim, input.ndim))


def cumprod(input, dim, *, dtype=None):
    """The running product along `dim`: each number times all numbers before it.

    Twin     torch.cumprod
    """
    return _cumprod(_numbers("cumprod", input, dtype), axis=axis_of(dim, input.ndim))


def prod(input, dim=None, keepdim=False, *, dtype=None):
    """The product of all numbers, or along `dim`.

    Twin     torch.prod
    """
    if dim is None and keepdim:
        raise ArgumentError("prod: keepdim needs a dim, the one that is kept")
    return _prod(_in_dtype(input, dtype), keepdim=keepdim,
                 axis=None if dim is None else axis_of(dim, input.ndim))


def _in_dtype(x, dtype):
    """x in the dtype of its sums or products: `dtype`, or int64 for integers and booleans."""
    return cast(x, (x.dtype if x.dtype.kind == "f" else np.int64) if dtype is None else dtype)


def _numbers(name, x, dtype):
    if dtype is not None and as_dtype(dtype).kind == "b":
        raise ArgumentError(f"{name}: dtype must be a dtype of numbers, not bool")
    return _in_dtype(x, dtype)
