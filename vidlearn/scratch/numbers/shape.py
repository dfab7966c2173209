"""The same numbers in another arrangement: reshape, permute, expand, flip.

Nothing is computed here, so the way back is the arrangement undone; what was spread out over
several places (`expand`) gets the sum of their gradients. Results share memory with the input
where they can.
"""

import math
import operator

import numpy as np

from vidlearn.checks import ArgumentError
from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.core.tensor import array_of, lift


def unbroadcast(dy, shape):
    """Sum `dy` along the axes on which an array of `shape` was spread."""
    if dy.shape == shape:
        return dy
    new = dy.ndim - len(shape)
    spread = (new + i for i, size in enumerate(shape) if size == 1)
    return dy.sum((*range(new), *spread)).reshape(shape)


def reshape_forward(x, shape):
    """The same numbers, row by row, in another shape; a -1 takes what is left."""
    return x.reshape(shape), x.shape


def reshape_backward(dy, shape):
    """Carry `dy` back into the old shape."""
    return dy.reshape(shape)


def permute_forward(x, dims):
    """Put the axes in another order: axis dims[i] of x becomes axis i."""
    return x.transpose(dims), dims


def permute_backward(dy, dims):
    """Carry `dy` back into the old order."""
    back = sorted(range(len(dims)), key=lambda i: dims[i] % len(dims))
    return dy.transpose(back)


def expand_forward(x, size):
    """Spread axes of length 1, and new axes in front, without copying; -1 keeps a length."""
    kept = (-1,) * (len(size) - x.ndim) + x.shape
    size = tuple(old if new == -1 else new for new, old in zip(size, kept, strict=True))
    return np.broadcast_to(x, size), x.shape


def expand_backward(dy, shape):
    """Sum `dy` along the axes that were spread."""
    return unbroadcast(dy, shape)


def flip_forward(x, dims):
    """Turn axes round: the last comes first."""
    return np.flip(x, dims), dims


def flip_backward(dy, dims):
    """Turn them round once more."""
    return np.flip(dy, dims)


_reshape = lift(reshape_forward, reshape_backward)
_permute = lift(permute_forward, permute_backward)
_expand = lift(expand_forward, expand_backward)
_flip = lift(flip_forward, flip_backward)


def numbers_of(sizes):
    """(2, 3), whether a call said f(2, 3) or f((2, 3)): torch takes sizes and axes either way."""
    try:
        if len(sizes) == 1 and isinstance(sizes[0], (tuple, list)):
            sizes = sizes[0]
        return tuple(map(operator.index, sizes))
    except TypeError:
        raise ArgumentError(f"sizes and axes are whole numbers, not {sizes!r:.60}") from None


def sizes_of(sizes):
    """As `numbers_of`, for the shape of something new.

    Raises   ShapeError if one is negative
    """
    sizes = numbers_of(sizes)
    if min(sizes, default=0) < 0:
        raise ShapeError(f"a Tensor of shape {sizes} cannot be: no axis is shorter than 0")
    return sizes


def _one_way(name, axes, dims):
    """The axes, said as f(0, 1) or as f(dims=(0, 1))."""
    if axes and not (isinstance(dims, tuple) and dims == ()):
        raise ArgumentError(f"{name}: axes {axes} are given already, and dims {dims!r:.60}, too")
    return numbers_of(axes or (dims,))


def axis_of(dim, ndim, name="dim", new=0):
    """The axis `dim` counted from the front; a Tensor without axes counts as one with one.

    Raises   IndexError if there is no such axis, TypeError if it is no whole number
    """
    try:
        number = operator.index(dim)
    except TypeError:
        number = None
    if number is None or isinstance(dim, bool):
        raise ArgumentError(f"{name} must be a whole number, not {dim!r:.60}")
    room = max(ndim + new, 1)
    if not -room <= number < room:
        raise IndexError(f"{name} {dim} asked of a Tensor with {ndim} axes")
    return number % room


def axes_of(dim, ndim, name="dim"):
    """The axes `dim` (one, several, or all for None and ()) counted from the front."""
    if ndim == 0 or dim is None or isinstance(dim, (tuple, list)) and not dim:
        return tuple(range(ndim))
    axes = [axis_of(d, ndim, name) for d in (dim if isinstance(dim, (tuple, list)) else (dim,))]
    if len(set(axes)) < len(axes):
        raise ArgumentError(f"{name} {dim} names an axis twice")
    return tuple(axes)


def reshape(x, *shape):
    """The same numbers, row by row, in another shape; a -1 takes what is left."""
    shape = numbers_of(shape)
    known = math.prod(size for size in shape if size != -1)
    fits = x.numel() % known == 0 if -1 in shape and known else x.numel() == known
    if not fits or shape.count(-1) > 1:
        raise ShapeError(f"{x.numel()} numbers of shape {x.shape} do not fit in shape {shape}")
    return _reshape(x, shape=shape)


def view(x, *shape):
    """Reshape, under torch's other name; here it copies where a view is impossible."""
    return reshape(x, *shape)


def flatten(x, start_dim=0, end_dim=-1):
    """Run the axes from `start_dim` to `end_dim` together into one."""
    start, end = axis_of(start_dim, x.ndim, "start_dim"), axis_of(end_dim, x.ndim, "end_dim")
    return reshape(x, *x.shape[:start], math.prod(x.shape[start:end + 1]), *x.shape[end + 1:])


def unflatten(x, dim, sizes):
    """Cut one axis into several."""
    axis, sizes = axis_of(dim, x.ndim), numbers_of((sizes,))
    known = math.prod(size for size in sizes if size != -1)
    sizes = [x.shape[axis] // max(known, 1) if size == -1 else size for size in sizes]
    if math.prod(sizes) != x.shape[axis]:
        raise ShapeError(f"unflatten: axis {axis} of {x.shape} cannot be cut into {tuple(sizes)}")
    return reshape(x, *x.shape[:axis], *sizes, *x.shape[axis + 1:])


def squeeze(x, dim=None):
    """Drop the axes of length 1: all, or those of `dim`."""
    axes = () if isinstance(dim, tuple) and not dim else axes_of(dim, x.ndim)
    return reshape(x, *(size for i, size in enumerate(x.shape) if size != 1 or i not in axes))


def unsqueeze(x, dim):
    """A new axis of length 1 in place `dim`."""
    axis = axis_of(dim, x.ndim, new=1)
    return reshape(x, *x.shape[:axis], 1, *x.shape[axis:])


def permute(x, *order, dims=()):
    """Put the axes in another order: axis dims[i] of x becomes axis i; permute(0, 2, 1) will do."""
    dims = tuple(axis_of(dim, x.ndim) for dim in _one_way("permute", order, dims))
    if sorted(dims) != list(range(x.ndim)):
        raise ShapeError(f"permute {dims} must name each axis of {x.shape} once")
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
        raise ShapeError(f"t() of shape {x.shape}: more than two axes, use transpose or mT")
    return transpose(x, 0, 1) if x.ndim == 2 else x


def movedim(x, source, destination):
    """Move axes from `source` to `destination`; the others keep their order."""
    from_, to = axes_of(source, x.ndim, "source"), axes_of(destination, x.ndim, "destination")
    if len(from_) != len(to):
        raise ShapeError(f"movedim: source {source} and destination {destination} must name as "
                         "many axes each")
    order = [axis for axis in range(x.ndim) if axis not in from_]
    for place, axis in sorted(zip(to, from_, strict=True)):
        order.insert(place, axis)
    return permute(x, order)


def expand(x, *size):
    """Spread axes of length 1, and new axes in front, without copying; -1 keeps a length."""
    size = numbers_of(size)
    kept = (1,) * (len(size) - x.ndim) + x.shape
    if len(kept) != len(size) or any(new not in (-1, old) and old != 1
                                     for new, old in zip(size, kept, strict=True)):
        raise ShapeError(f"a Tensor {x.shape} cannot be expanded to {size}")
    return _expand(x, size=size)


def expand_as(x, other):
    """Spread x to the shape of another Tensor."""
    return expand(x, *np.shape(array_of(other)))


def flip(x, *order, dims=()):
    """Turn axes round: the last comes first; flip(0, 1) and flip(dims=(0, 1)) are the same."""
    dims = _one_way("flip", order, dims)
    return _flip(x, dims=axes_of(dims, x.ndim, "order" if order else "dims") if dims else ())
