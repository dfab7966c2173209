"""Change the shape or the order of axes: reshape, permute, expand, flip.

No numbers are computed, so the backward pass undoes the change. A number that `expand` repeats
gets the sum of the gradients. Results share memory with the input where that is possible.
"""

import math
import operator

import numpy as np

from vidlearn.checks import ArgumentError
from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.core.tensor import array_of, lift


def unbroadcast(dy, shape):
    """Sum `dy` along the axes on which an array of `shape` was broadcast."""
    if dy.shape == shape:
        return dy
    new = dy.ndim - len(shape)
    repeated = (new + i for i, size in enumerate(shape) if size == 1)
    return dy.sum((*range(new), *repeated)).reshape(shape)


def reshape_forward(x, shape):
    """The same numbers, in row order, in another shape; -1 stands for the remaining size."""
    return x.reshape(shape), x.shape


def reshape_backward(dy, shape):
    """Reshape `dy` to the old shape."""
    return dy.reshape(shape)


def permute_forward(x, dims):
    """Put the axes in another order: axis dims[i] of x becomes axis i."""
    return x.transpose(dims), dims


def permute_backward(dy, dims):
    """Put the axes of `dy` back in the old order."""
    inverse = sorted(range(len(dims)), key=lambda i: dims[i] % len(dims))
    return dy.transpose(inverse)


def expand_forward(x, size):
    """Repeat axes of length 1 and new leading axes, without copying; -1 keeps a length."""
    kept = (-1,) * (len(size) - x.ndim) + x.shape
    size = tuple(old if new == -1 else new for new, old in zip(size, kept, strict=True))
    return np.broadcast_to(x, size), x.shape


def expand_backward(dy, shape):
    """Sum `dy` along the axes that were repeated."""
    return unbroadcast(dy, shape)


def flip_forward(x, dims):
    """Reverse the order along axes."""
    return np.flip(x, dims), dims


def flip_backward(dy, dims):
    """Reverse the order of `dy` along the same axes."""
    return np.flip(dy, dims)


_reshape = lift(reshape_forward, reshape_backward)
_permute = lift(permute_forward, permute_backward)
_expand = lift(expand_forward, expand_backward)
_flip = lift(flip_forward, flip_backward)


def as_ints(sizes):
    """(2, 3) for a call f(2, 3) as for f((2, 3)): torch takes sizes and axes either way."""
    try:
        if len(sizes) == 1 and isinstance(sizes[0], (tuple, list)):
            sizes = sizes[0]
        return tuple(map(operator.index, sizes))
    except TypeError as error:
        raise ArgumentError(f"sizes and axes must be whole numbers, not {sizes!r:.60}") from error


def as_shape(sizes):
    """As `as_ints`, for the shape of a new Tensor.

    Raises   ShapeError if a size is negative
    """
    sizes = as_ints(sizes)
    if min(sizes, default=0) < 0:
        raise ShapeError(f"a shape must have sizes of 0 or more, not {sizes}")
    return sizes


def _axes_or_dims(name, axes, dims):
    """The axes of a call f(0, 1) or f(dims=(0, 1))."""
    if axes and not (isinstance(dims, tuple) and dims == ()):
        raise ArgumentError(f"{name}: the axes are given twice, as {axes} and as dims={dims!r:.60}")
    return as_ints(axes or (dims,))


def axis_of(dim, ndim, name="dim", new=0):
    """The axis `dim`, counted from the front. A Tensor without axes counts as having one.

    Raises   IndexError if there is no such axis, ArgumentError if it is not a whole number
    """
    try:
        number = operator.index(dim)
    except TypeError:
        number = None
    if number is None or isinstance(dim, bool):
        raise ArgumentError(f"{name} must be a whole number, not {dim!r:.60}")
    count = max(ndim + new, 1)
    if not -count <= number < count:
        raise IndexError(f"{name} {dim} is out of range for a Tensor with {ndim} axes")
    return number % count


def axes_of(dim, ndim, name="dim"):
    """The axes `dim` (one, several, or all for None and ()), counted from the front."""
    if ndim == 0 or dim is None or isinstance(dim, (tuple, list)) and not dim:
        return tuple(range(ndim))
    axes = [axis_of(d, ndim, name) for d in (dim if isinstance(dim, (tuple, list)) else (dim,))]
    if len(set(axes)) < len(axes):
        raise ArgumentError(f"{name} {dim} names an axis twice")
    return tuple(axes)


def reshape(x, *shape):
    """The same numbers, in row order, in another shape; -1 stands for the remaining size."""
    shape = as_ints(shape)
    known = math.prod(size for size in shape if size != -1)
    fits = x.numel() % known == 0 if -1 in shape and known else x.numel() == known
    if not fits or shape.count(-1) > 1:
        raise ShapeError(f"reshape: {x.numel()} numbers of shape {x.shape} do not fit in shape "
                         f"{shape}")
    return _reshape(x, shape=shape)


def view(x, *shape):
    """The same as reshape; unlike torch's view, it copies where a view is impossible."""
    return reshape(x, *shape)


def flatten(x, start_dim=0, end_dim=-1):
    """Merge the axes from `start_dim` to `end_dim` into one."""
    start, end = axis_of(start_dim, x.ndim, "start_dim"), axis_of(end_dim, x.ndim, "end_dim")
    return reshape(x, *x.shape[:start], math.prod(x.shape[start:end + 1]), *x.shape[end + 1:])


def unflatten(x, dim, sizes):
    """Split one axis into several."""
    axis, sizes = axis_of(dim, x.ndim), as_ints((sizes,))
    known = math.prod(size for size in sizes if size != -1)
    sizes = [x.shape[axis] // max(known, 1) if size == -1 else size for size in sizes]
    if math.prod(sizes) != x.shape[axis]:
        raise ShapeError(f"unflatten: axis {axis} of shape {x.shape} cannot be split into "
                         f"{tuple(sizes)}")
    return reshape(x, *x.shape[:axis], *sizes, *x.shape[axis + 1:])


def squeeze(x, dim=None):
    """Remove the axes of length 1: all, or those of `dim`."""
    axes = () if isinstance(dim, tuple) and not dim else axes_of(dim, x.ndim)
    return reshape(x, *(size for i, size in enumerate(x.shape) if size != 1 or i not in axes))


def unsqueeze(x, dim):
    """Insert an axis of length 1 at `dim`."""
    axis = axis_of(dim, x.ndim, new=1)
    return reshape(x, *x.shape[:axis], 1, *x.shape[axis:])


def permute(x, *order, dims=()):
    """Put the axes in another order: axis dims[i] of x becomes axis i. Or: permute(0, 2, 1)."""
    dims = tuple(axis_of(dim, x.ndim) for dim in _axes_or_dims("permute", order, dims))
    if sorted(dims) != list(range(x.ndim)):
        raise ShapeError(f"permute: dims {dims} must name each axis of shape {x.shape} once")
    return _permute(x, dims=dims)


def transpose(x, dim0, dim1):
    """Swap two axes."""
    order = list(range(x.ndim))
    a, b = axis_of(dim0, x.ndim, "dim0"), axis_of(dim1, x.ndim, "dim1")
    if a != b:
        order[a], order[b] = b, a
    return permute(x, order)


def t(x):
    """Swap the two axes of a matrix; with fewer axes, x itself."""
    if x.ndim > 2:
        raise ShapeError(f"t() of shape {x.shape}: for more than two axes, use transpose or mT")
    return transpose(x, 0, 1) if x.ndim == 2 else x


def movedim(x, source, destination):
    """Move axes from `source` to `destination`; the others keep their order."""
    from_, to = axes_of(source, x.ndim, "source"), axes_of(destination, x.ndim, "destination")
    if len(from_) != len(to):
        raise ShapeError(f"movedim: source {source} and destination {destination} must name the "
                         "same number of axes")
    order = [axis for axis in range(x.ndim) if axis not in from_]
    for position, axis in sorted(zip(to, from_, strict=True)):
        order.insert(position, axis)
    return permute(x, order)


def expand(x, *size):
    """Repeat axes of length 1 and new leading axes, without copying; -1 keeps a length."""
    size = as_ints(size)
    kept = (1,) * (len(size) - x.ndim) + x.shape
    if len(kept) != len(size) or any(new not in (-1, old) and old != 1
                                     for new, old in zip(size, kept, strict=True)):
        raise ShapeError(f"a Tensor of shape {x.shape} cannot be expanded to {size}")
    return _expand(x, size=size)


def expand_as(x, other):
    """Expand x to the shape of another Tensor."""
    return expand(x, *np.shape(array_of(other)))


def flip(x, *order, dims=()):
    """Reverse the order along axes; flip(0, 1) and flip(dims=(0, 1)) are the same."""
    dims = _axes_or_dims("flip", order, dims)
    return _flip(x, dims=axes_of(dims, x.ndim, "order" if order else "dims") if dims else ())
