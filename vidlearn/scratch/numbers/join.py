"""Join Tensors and split them: cat, stack, split, chunk, unbind."""

import numpy as np

from vidlearn.checks import ArgumentError, kinds
from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.core.tensor import lift
from vidlearn.scratch.numbers.shape import axis_of, unsqueeze


def cat_forward(*xs, dim=0):
    """Join arrays along an axis. (An empty array of shape (0,) fits any others, as in torch.)"""
    if not all(x.ndim for x in xs):
        raise ShapeError(f"cat of {[x.shape for x in xs]}: each needs an axis to join along; use "
                         "stack")
    axis = axis_of(dim, max(x.ndim for x in xs))
    kept = [x for x in xs if x.shape != (0,)] or xs[:1]
    if len({x.shape[:axis] + x.shape[axis + 1:] for x in kept}) > 1:
        raise ShapeError(f"cat along axis {axis}: {[x.shape for x in xs]} differ in another axis")
    return np.concatenate(kept, axis), (axis, [x.shape for x in xs])


def cat_backward(dy, cache):
    """Split `dy` where the arrays were joined."""
    axis, shapes = cache
    lengths = [0 if shape == (0,) else shape[axis] for shape in shapes]
    parts = np.split(dy, np.cumsum(lengths)[:-1], axis)
    return tuple(part.reshape(shape) for part, shape in zip(parts, shapes, strict=True))


def split_forward(x, sizes, axis):
    """Split an axis into pieces of the given sizes."""
    return tuple(np.split(x, np.cumsum(sizes)[:-1], axis)), axis


def split_backward(dys, axis):
    """Join the gradients of the pieces."""
    return np.concatenate(dys, axis)


def unbind_forward(x, axis):
    """The slices along an axis, without that axis."""
    return tuple(np.moveaxis(x, axis, 0)), axis


def unbind_backward(dys, axis):
    """Stack the gradients of the slices."""
    return np.stack(dys, axis)


_cat = lift(cat_forward, cat_backward)
_split = lift(split_forward, split_backward)
_unbind = lift(unbind_forward, unbind_backward)


def cat(tensors, dim=0):
    """Join Tensors along an axis."""
    if not len(tensors):
        raise ShapeError("cat and stack need at least one Tensor, and got none")
    return _cat(*tensors, dim=dim)


def stack(tensors, dim=0):
    """Join Tensors of one shape along a new axis."""
    return cat([unsqueeze(x, dim) for x in tensors], dim)


def split(x, split_size_or_sections, dim=0):
    """Split an axis into pieces of one size (the last may be smaller), or of the listed sizes."""
    axis = _axis_of("split", dim, x)
    length, sizes = x.shape[axis], split_size_or_sections
    if isinstance(sizes, int):
        kinds.POSITIVE_COUNT.look(sizes, "split: a size")
        sizes = [min(sizes, length - start) for start in range(0, length, sizes)]
    elif not isinstance(sizes, (list, tuple)):
        raise ArgumentError(f"split: split_size_or_sections must be a size or a list of sizes, not "
                            f"{sizes!r:.60}")
    elif any(kinds.COUNT.look(size, "split: a size") < 0 for size in sizes) or sum(sizes) != length:
        raise ShapeError(f"split: the sizes {list(sizes)} must add up to {length}, the length of "
                         f"axis {axis}")
    return _split(x, sizes=sizes, axis=axis)


def chunk(x, chunks: kinds.POSITIVE_COUNT, dim=0):
    """Split an axis into at most `chunks` pieces of equal size; the last may be smaller."""
    return split(x, max(1, -(-x.shape[_axis_of("chunk", dim, x)] // chunks)), dim)


def unbind(x, dim=0):
    """The slices along an axis, without that axis."""
    return _unbind(x, axis=_axis_of("unbind", dim, x))


def _axis_of(name, dim, x):
    if not x.ndim:
        raise ShapeError(f"{name} of shape (): a Tensor without axes cannot be split")
    return axis_of(dim, x.ndim)
