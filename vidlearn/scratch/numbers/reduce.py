"""Reductions: sum, mean, maximum, minimum.

`axes` are the reduced axes, counted from the front; each backward broadcasts `dy` over them again.
If several numbers equal the maximum, they share its gradient evenly. But if its index is returned,
too (`max` along an axis), the number at that index gets the whole gradient, as in torch.
"""

import math
from typing import NamedTuple

import numpy as np

from vidlearn.checks import ArgumentError
from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.core.tensor import Tensor, lift
from vidlearn.scratch.numbers.choose import maximum, minimum
from vidlearn.scratch.numbers.elementwise import cast, zero_safe_product
from vidlearn.scratch.numbers.shape import axes_of, axis_of


def broadcast_over(dy, shape, axes):
    """Broadcast `dy` over the reduced axes, without copying."""
    return np.broadcast_to(keep_axes(dy, shape, axes), shape)


def keep_axes(y, shape, axes):
    """`y` with the reduced axes as axes of length 1."""
    return y.reshape([1 if i in axes else size for i, size in enumerate(shape)])


def check_not_empty(name, x, axes):
    """Refuse to choose from no numbers.

    Raises   ShapeError
    """
    for axis in axes:
        if not x.shape[axis]:
            raise ShapeError(f"axis {axis} of shape {x.shape} is empty, so there is no {name}")


def sum_forward(x, axes, keepdim, dtype=None):
    """The sum; integers and booleans sum to int64, unless a dtype is given."""
    dtype = (x.dtype if x.dtype.kind == "f" else np.int64) if dtype is None else dtype
    return x.sum(axes, dtype, keepdims=keepdim), (x.shape, axes)


def sum_backward(dy, cache):
    """Each number gets dy."""
    return broadcast_over(dy, *cache)


def mean_forward(x, axes, keepdim):
    """The sum divided by the number of elements."""
    if x.dtype.kind != "f":
        raise ArgumentError(f"the mean of {x.dtype} would be rounded: "
                            "convert it with .float() first")
    return x.mean(axes, keepdims=keepdim), (x.shape, axes)


def mean_backward(dy, cache):
    """Each of n numbers gets dy / n."""
    shape, axes = cache
    return broadcast_over(dy / math.prod(shape[axis] for axis in axes), shape, axes)


def extreme_forward(x, axes, keepdim, largest):
    """The maximum or the minimum."""
    check_not_empty("maximum" if largest else "minimum", x, axes)
    y = (x.max if largest else x.min)(axes, keepdims=keepdim)
    return y, (x, keep_axes(y, x.shape, axes), axes)


def extreme_backward(dy, cache):
    """All numbers that equal the extreme share dy evenly."""
    x, y, axes = cache
    ties = x == y
    return keep_axes(dy, x.shape, axes) * ties / ties.sum(axes, keepdims=True)


def extreme_of_all_backward(dy, cache):
    """All numbers that equal the extreme share dy evenly; if it is NaN, all NaNs do."""
    x, y, _ = cache
    ties = np.isnan(x) if np.isnan(y) else x == y
    return zero_safe_product(dy / ties.sum(), ties)


class ValuesAndIndices(NamedTuple):
    """Numbers that were chosen along an axis, such as the maxima, and their indices."""

    values: Tensor
    indices: Tensor


def extreme_along_forward(x, axis, keepdim, largest):
    """The maximum or minimum along one axis, and its index: the first one among equals."""
    check_not_empty("maximum" if largest else "minimum", x, [axis] if x.ndim else [])
    array = np.atleast_1d(x)
    indices = (array.argmax if largest else array.argmin)(axis, keepdims=True)
    shape = [1 if i == axis else size for i, size in enumerate(x.shape) if keepdim or i != axis]
    y = np.take_along_axis(array, indices, axis).reshape(shape)
    return ValuesAndIndices(y, indices.reshape(shape)), (x.shape, axis, indices)


def extreme_along_backward(dys, cache):
    """The number at the index gets all of dy."""
    shape, axis, indices = cache
    dx = np.zeros(shape or 1, dys[0].dtype)
    np.put_along_axis(dx, indices, dys[0].reshape(indices.shape), axis)
    return dx.reshape(shape)


_sum = lift(sum_forward, sum_backward)
_mean = lift(mean_forward, mean_backward)
_extreme = lift(extreme_forward, extreme_backward)
_extreme_of_all = lift(extreme_forward, extreme_of_all_backward)
_extreme_along = lift(extreme_along_forward, extreme_along_backward)


def sum(x, dim=None, keepdim=False, dtype=None):
    """The sum of all numbers, or along `dim`."""
    x = x if dtype is None else cast(x, dtype)
    return _sum(x, axes=axes_of(dim, x.ndim), keepdim=keepdim,
                dtype=None if dtype is None else x.dtype)


def mean(x, dim=None, keepdim=False, dtype=None):
    """The mean, of all numbers or along `dim`."""
    x = x if dtype is None else cast(x, dtype)
    return _mean(x, axes=axes_of(dim, x.ndim), keepdim=keepdim)


def amax(x, dim=None, keepdim=False):
    """The maximum; equal numbers share the gradient."""
    return _extreme(x, axes=axes_of(dim, x.ndim), keepdim=keepdim, largest=True)


def amin(x, dim=None, keepdim=False):
    """The minimum; equal numbers share the gradient."""
    return _extreme(x, axes=axes_of(dim, x.ndim), keepdim=keepdim, largest=False)


def max(x, dim=None, keepdim=False):
    """The maximum: of all numbers; (values, indices) along `dim`; or elementwise of two Tensors."""
    if isinstance(dim, Tensor):
        return maximum(x, dim)
    if dim is None:
        return _extreme_of_all(x, axes=axes_of(None, x.ndim), keepdim=False, largest=True)
    return _extreme_along(x, axis=axis_of(dim, x.ndim), keepdim=keepdim, largest=True)


def min(x, dim=None, keepdim=False):
    """The minimum: of all numbers; (values, indices) along `dim`; or elementwise of two Tensors."""
    if isinstance(dim, Tensor):
        return minimum(x, dim)
    if dim is None:
        return _extreme_of_all(x, axes=axes_of(None, x.ndim), keepdim=False, largest=False)
    return _extreme_along(x, axis=axis_of(dim, x.ndim), keepdim=keepdim, largest=False)


def argmax(x, dim=None, keepdim=False):
    """The index of the maximum, the first one among equals; without `dim`, of the flat Tensor."""
    return _index_of(np.argmax, "maximum", x, dim, keepdim)


def argmin(x, dim=None, keepdim=False):
    """The index of the minimum, the first one among equals; without `dim`, of the flat Tensor."""
    return _index_of(np.argmin, "minimum", x, dim, keepdim)


def _index_of(find, name, x, dim, keepdim):
    axis = None if dim is None else axis_of(dim, x.ndim)
    check_not_empty(name, x, range(x.ndim) if axis is None or not x.ndim else [axis])
    return Tensor(find(x.data, axis, keepdims=keepdim) if x.ndim else np.int64(0))


def any(x, dim=None, keepdim=False):
    """True if any number is not 0, of all numbers or along `dim`."""
    return Tensor(x.data.any(axes_of(dim, x.ndim), keepdims=keepdim))


def all(x, dim=None, keepdim=False):
    """True if no number is 0, of all numbers or along `dim`."""
    return Tensor(x.data.all(axes_of(dim, x.ndim), keepdims=keepdim))
