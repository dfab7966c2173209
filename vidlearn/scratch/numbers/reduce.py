"""Many numbers into one: sum, mean, greatest and smallest.

`axes` are those that disappear, counted from the front; each backward spreads `dy` over them again.
A maximum that several numbers share divides its gradient among them, except where its place was
asked for too (`max` along an axis): then the one at that place gets it all, as in torch.
"""

import math
from typing import NamedTuple

import numpy as np

from vidlearn.checks import ArgumentError
from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.core.tensor import Tensor, lift
from vidlearn.scratch.numbers.choose import maximum, minimum
from vidlearn.scratch.numbers.elementwise import cast, gate
from vidlearn.scratch.numbers.shape import axes_of, axis_of


def spread(dy, shape, axes):
    """Lay `dy` over the axes that had disappeared, without copying."""
    return np.broadcast_to(kept(dy, shape, axes), shape)


def kept(y, shape, axes):
    """`y` with the axes that had disappeared, of length 1."""
    return y.reshape([1 if i in axes else size for i, size in enumerate(shape)])


def not_empty(name, x, axes):
    """Refuse to choose from nothing.

    Raises   ShapeError
    """
    if 0 in [x.shape[axis] for axis in axes]:
        raise ShapeError(f"{name} along {[*axes]} of shape {x.shape}: of no numbers there is none")


def sum_forward(x, axes, keepdim):
    """The sum; whole numbers and booleans sum to int64."""
    return x.sum(axes, None if x.dtype.kind == "f" else np.int64, keepdims=keepdim), (x.shape, axes)


def sum_backward(dy, cache):
    """Each number gets dy."""
    return spread(dy, *cache)


def mean_forward(x, axes, keepdim):
    """The sum divided by how many there are."""
    if x.dtype.kind != "f":
        raise ArgumentError(f"the mean of {x.dtype} is not {x.dtype}: make it .float() first")
    return x.mean(axes, keepdims=keepdim), (x.shape, axes)


def mean_backward(dy, cache):
    """Each number gets its share of dy."""
    shape, axes = cache
    return spread(dy / math.prod(shape[axis] for axis in axes), shape, axes)


def extreme_forward(x, axes, keepdim, largest):
    """The greatest number, or the smallest."""
    not_empty("the greatest or smallest", x, axes)
    y = (x.max if largest else x.min)(axes, keepdims=keepdim)
    return y, (x, kept(y, x.shape, axes), axes)


def extreme_backward(dy, cache):
    """Those that reach the extreme share dy evenly."""
    x, y, axes = cache
    ties = x == y
    return kept(dy, x.shape, axes) * ties / ties.sum(axes, keepdims=True)


def extreme_of_all_backward(dy, cache):
    """As before; and where the extreme is NaN, those that are NaN share dy."""
    x, y, _ = cache
    ties = np.isnan(x) if np.isnan(y) else x == y
    return gate(dy / ties.sum(), ties)


class Extreme(NamedTuple):
    """The greatest or smallest numbers along an axis, and where they lie."""

    values: Tensor
    indices: Tensor


def extreme_along_forward(x, axis, keepdim, largest):
    """The greatest or smallest number along one axis, and its place: the first of equals."""
    not_empty("the greatest or smallest", x, [axis] if x.ndim else [])
    line = np.atleast_1d(x)
    places = (line.argmax if largest else line.argmin)(axis, keepdims=True)
    shape = [1 if i == axis else size for i, size in enumerate(x.shape) if keepdim or i != axis]
    y = np.take_along_axis(line, places, axis).reshape(shape)
    return Extreme(y, places.reshape(shape)), (x.shape, axis, places)


def extreme_along_backward(dys, cache):
    """The number at the place gets all of dy."""
    shape, axis, places = cache
    dx = np.zeros(shape or 1, dys[0].dtype)
    np.put_along_axis(dx, places, dys[0].reshape(places.shape), axis)
    return dx.reshape(shape)


_sum = lift(sum_forward, sum_backward)
_mean = lift(mean_forward, mean_backward)
_extreme = lift(extreme_forward, extreme_backward)
_extreme_of_all = lift(extreme_forward, extreme_of_all_backward)
_extreme_along = lift(extreme_along_forward, extreme_along_backward)


def sum(x, dim=None, keepdim=False, dtype=None):
    """The sum, over all numbers or along `dim`."""
    x = x if dtype is None else cast(x, dtype)
    return _sum(x, axes=axes_of(dim, x.ndim), keepdim=keepdim)


def mean(x, dim=None, keepdim=False, dtype=None):
    """The mean, of all numbers or along `dim`."""
    x = x if dtype is None else cast(x, dtype)
    return _mean(x, axes=axes_of(dim, x.ndim), keepdim=keepdim)


def amax(x, dim=None, keepdim=False):
    """The greatest number; equal ones share the gradient."""
    return _extreme(x, axes=axes_of(dim, x.ndim), keepdim=keepdim, largest=True)


def amin(x, dim=None, keepdim=False):
    """The smallest number; equal ones share the gradient."""
    return _extreme(x, axes=axes_of(dim, x.ndim), keepdim=keepdim, largest=False)


def max(x, dim=None, keepdim=False):
    """The greatest of all; with a `dim` (values, indices) along it; of two Tensors, the greater."""
    if isinstance(dim, Tensor):
        return maximum(x, dim)
    if dim is None:
        return _extreme_of_all(x, axes=axes_of(None, x.ndim), keepdim=False, largest=True)
    return _extreme_along(x, axis=axis_of(dim, x.ndim), keepdim=keepdim, largest=True)


def min(x, dim=None, keepdim=False):
    """The smallest of all; with a `dim` (values, indices) along it; of two Tensors, the smaller."""
    if isinstance(dim, Tensor):
        return minimum(x, dim)
    if dim is None:
        return _extreme_of_all(x, axes=axes_of(None, x.ndim), keepdim=False, largest=False)
    return _extreme_along(x, axis=axis_of(dim, x.ndim), keepdim=keepdim, largest=False)


def argmax(x, dim=None, keepdim=False):
    """The place of the greatest number, the first of equals; without `dim`, counted row by row."""
    return _place(np.argmax, x, dim, keepdim)


def argmin(x, dim=None, keepdim=False):
    """The place of the smallest number, the first of equals; without `dim`, counted row by row."""
    return _place(np.argmin, x, dim, keepdim)


def _place(find, x, dim, keepdim):
    axis = None if dim is None else axis_of(dim, x.ndim)
    not_empty(find.__name__, x, range(x.ndim) if axis is None or not x.ndim else [axis])
    return Tensor(find(x.data, axis, keepdims=keepdim) if x.ndim else np.int64(0))


def any(x, dim=None, keepdim=False):
    """Is one of them not 0?"""
    return Tensor(x.data.any(axes_of(dim, x.ndim), keepdims=keepdim))


def all(x, dim=None, keepdim=False):
    """Is none of them 0?"""
    return Tensor(x.data.all(axes_of(dim, x.ndim), keepdims=keepdim))
