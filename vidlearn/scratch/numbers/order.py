"""Sort along an axis: sort, argsort, topk.

NaN counts as larger than any number. Equal numbers keep their order, also where the order is
descending and where `stable` does not ask for it. A gradient goes back to where its number came
from.
"""

import numpy as np

from vidlearn.checks import ArgumentError, kinds
from vidlearn.scratch.core.tensor import Tensor, lift
from vidlearn.scratch.numbers.reduce import ValuesAndIndices, extreme_along_backward
from vidlearn.scratch.numbers.shape import axis_of


def sort_forward(x, axis, descending, count=None):
    """The numbers in order along one axis, or the first `count` of them, and their indices."""
    array = np.atleast_1d(x)
    indices = order(array, axis, descending).take(range(array.shape[axis])[:count], axis)
    shape = indices.shape if x.ndim else ()
    y = np.take_along_axis(array, indices, axis).reshape(shape)
    return ValuesAndIndices(y, indices.reshape(shape)), (x.shape, axis, indices)


def sort_backward(dys, cache):
    """Put dy back in the old order; numbers that were left out get 0."""
    return extreme_along_backward(dys, cache)


def order(x, axis, descending):
    """The indices that sort an array along an axis."""
    if not descending:
        return np.argsort(x, axis, kind="stable")
    from_the_end = np.argsort(np.flip(x, axis), axis, kind="stable")  # equal numbers: last first
    return x.shape[axis] - 1 - np.flip(from_the_end, axis)


_sort = lift(sort_forward, sort_backward)


def sort(input, dim=-1, descending=False, *, stable=False):
    """The numbers in order along `dim`, as (values, indices).

    Twin     torch.sort
    """
    return _sort(input, axis=axis_of(dim, input.ndim), descending=descending)


def argsort(input, dim=-1, descending=False, *, stable=False):
    """The indices that put the numbers in order along `dim`.

    Twin     torch.argsort
    """
    indices = order(np.atleast_1d(input.data), axis_of(dim, input.ndim), descending)
    return Tensor(indices.reshape(input.shape))


def topk(input, k: kinds.COUNT, dim=-1, largest=True, sorted=True):
    """The `k` largest numbers along `dim`, or the smallest, as (values, indices).

    They come in order, also with `sorted=False`, which allows any order.

    Raises   ArgumentError if `k` is greater than the length of the axis
    Twin     torch.topk
    """
    axis = axis_of(dim, input.ndim)
    length = input.shape[axis] if input.ndim else 1
    if k > length:
        raise ArgumentError(f"topk: k must be at most {length}, the length of axis {axis} of shape "
                            f"{input.shape}, not {k}")
    if input.dtype == bool:
        raise ArgumentError("topk: input must hold numbers, not bool: convert it with .int() first")
    return _sort(input, axis=axis, descending=largest, count=k if input.ndim else 1)
