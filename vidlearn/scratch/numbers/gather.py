"""Choose numbers along one axis by their indices: gather, index_select, take_along_dim.

A number that is chosen several times gets the sum of the gradients.
"""

import numpy as np

from vidlearn.checks import kinds
from vidlearn.scratch.core.errors import ShapeError, UnsupportedOption, not_broadcast
from vidlearn.scratch.core.tensor import Tensor, lift
from vidlearn.scratch.core.tensor_kinds import as_tensor
from vidlearn.scratch.numbers.shape import axis_of, expand, reshape


def _take_indices(value):
    index = as_tensor(value)
    if index.data.size and index.dtype not in (np.int64, np.int32):
        raise TypeError("convert it with .long() first")
    return index


INDICES = kinds.Kind("a Tensor of int64 or int32", _take_indices, placed=True,
                     right=lambda value: isinstance(value, Tensor) and value.dtype == np.int64)


def gather_forward(x, index, axis):
    """y[i, j] = x[index[i, j], j] for axis 0, y[i, j] = x[i, index[i, j]] for axis 1."""
    places = _places(x, np.atleast_1d(index), axis)
    return np.atleast_1d(x)[places].reshape(index.shape), (x.shape, places)


def gather_backward(dy, cache):
    """Add each dy to the number it came from."""
    shape, places = cache
    dx = np.zeros(shape or 1, dy.dtype)
    np.add.at(dx, places, np.atleast_1d(dy))
    return dx.reshape(shape), None


def _places(x, index, axis):
    """An index into each axis of x: `index` itself along `axis`, and its own places elsewhere."""
    if not index.size:                                # torch lets it have any number of axes
        return (index.astype(np.int64),) * max(x.ndim, 1)
    places = [*np.ogrid[tuple(map(slice, index.shape))]]
    places[axis] = index
    return tuple(places)


def index_select_forward(x, index, axis):
    """The slices of x at `index` along an axis."""
    array, index = np.atleast_1d(x), np.atleast_1d(index)
    y = array.take(index, axis)
    return y if x.ndim else y.reshape(()), (x.shape, index, axis)


def index_select_backward(dy, cache):
    """Add each slice of dy to the slice it came from."""
    shape, index, axis = cache
    dx = np.zeros(shape or 1, dy.dtype)
    np.add.at(np.moveaxis(dx, axis, 0), index, np.moveaxis(np.atleast_1d(dy), axis, 0))
    return dx.reshape(shape), None


_gather = lift(gather_forward, gather_backward)
_index_select = lift(index_select_forward, index_select_backward)


def gather(input, dim, index: INDICES, *, sparse_grad=False):
    """For each index, the number there along `dim`: y[i, j] = input[i, index[i, j]] for dim=1.

    Shapes   index has as many axes as input, each at most as long, except `dim`  ->  y as index
    Raises   IndexError if an index is negative or too large
    Twin     torch.gather
    """
    if sparse_grad:
        raise UnsupportedOption("gather: sparse_grad=True is not implemented")
    axis, shape = axis_of(dim, input.ndim), np.atleast_1d(index.data).shape
    longest = [*(input.shape or (1,))]
    length, longest[axis] = longest[axis], np.inf
    if index.numel() and (len(shape) != len(longest) or any(
            size > most for size, most in zip(shape, longest, strict=True))):
        raise ShapeError(f"gather: index {index.shape} must have as many axes as input "
                         f"{input.shape}, each at most as long, except axis {axis}")
    _check_range("gather: index", index.data, 0, length, axis, input)
    return _gather(input, index, axis=axis)


def index_select(input, dim, index: INDICES):
    """The slices of input at `index` along `dim`, in this order.

    Shapes   input (N, F), index (K,)  ->  (K, F) for dim=0, and alike for other axes
    Raises   IndexError if an index is negative or too large
    Twin     torch.index_select
    """
    axis = axis_of(dim, input.ndim)
    if index.ndim > 1 or not input.ndim and index.numel() != 1:
        raise ShapeError(f"index_select: index {index.shape} must be (K,), and (1,) for an input "
                         f"without axes; input is {input.shape}")
    length = input.shape[axis] if input.ndim else 1
    _check_range("index_select: index", index.data, 0, length, axis, input)
    return _index_select(input, index.long() if not index.numel() else index, axis=axis)


def take_along_dim(input, indices: INDICES, dim=None):
    """The numbers at `indices` along `dim`; without `dim`, of the flat Tensor.

    The other axes are broadcast. An index of -1 along `dim` is the last one.

    Raises   IndexError if an index is out of range
    Twin     torch.take_along_dim
    """
    if dim is None:
        _check_range("take_along_dim: indices", indices.data, 0, input.numel(), None, input)
        return gather(reshape(input, -1), 0, reshape(indices, -1))
    if not input.ndim or input.ndim != indices.ndim:
        raise ShapeError(f"take_along_dim: indices {indices.shape} must have as many axes as input "
                         f"{input.shape}, and at least one")
    axis = axis_of(dim, input.ndim)
    length, count = input.shape[axis], indices.shape[axis]
    try:
        shape = [*np.broadcast_shapes(*((*x.shape[:axis], 1, *x.shape[axis + 1:])
                                        for x in (input, indices)))]
    except ValueError as error:
        raise not_broadcast("take_along_dim", input=input, indices=indices) from error
    _check_range("take_along_dim: indices", indices.data, -length, length, axis, input)
    from_front = Tensor(indices.data % max(length, 1))
    wide = expand(input, *shape[:axis], length, *shape[axis + 1:])
    return gather(wide, axis, expand(from_front, *shape[:axis], count, *shape[axis + 1:]))


def _check_range(name, index, least, length, axis, x):
    """Refuse an index that is not from `least` to `length` - 1.

    Raises   IndexError that says which one it is
    """
    wrong = index[(index < least) | (index >= length)] if index.size else index
    if wrong.size:
        along = "the flat Tensor" if axis is None else f"axis {axis}"
        raise IndexError(f"{name} has {wrong.flat[0]}, which is out of range for {along} of input "
                         f"{x.shape}, {length} long")
