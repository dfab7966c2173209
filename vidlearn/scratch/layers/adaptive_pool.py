"""Adaptive pooling: the caller gives the size of y, and the windows follow from it.

Along an axis of S positions, window i of S' reaches from  i S / S'  (rounded down)  to
(i + 1) S / S'  (rounded up). Where S' does not divide S, neighbouring windows overlap.
"""

from math import prod

import numpy as np

from vidlearn.checks import checked
from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.layers.arguments import PER_AXIS, array
from vidlearn.scratch.layers.sliding_window import each_axis


@checked
def adaptive_avg_pool_forward(x: array("N, C, *S"), output_size: PER_AXIS):
    """Take the mean of each window, along one axis after the other.

    Shapes   x (N, C, *S)  ->  y (N, C, *S'); S' is `output_size`, where None keeps an axis
    Returns  y, and the cache that `adaptive_avg_pool_backward` needs
    Twin     torch.nn.functional.adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d
    """
    size, y = _output_size(x, output_size), x
    for axis, places in enumerate(size, start=2):
        y = np.stack([y[_along(axis, window)].mean(axis) for window in
                      _windows(x.shape[axis], places)], axis)
    return y, x.shape


@checked
def adaptive_avg_pool_backward(dy: array("N, C, *S'"), shape):
    """Spread each element of `dy` evenly over its window.

    Shapes   dy (N, C, *S')  ->  dx (N, C, *S)
    """
    for axis in range(2, dy.ndim):
        dx = np.zeros((*dy.shape[:axis], shape[axis], *dy.shape[axis + 1:]), dy.dtype)
        for i, window in enumerate(_windows(shape[axis], dy.shape[axis])):
            dx[_along(axis, window)] += dy[_along(axis, slice(i, i + 1))] / (
                window.stop - window.start)
        dy = dx
    return dy


@checked
def adaptive_max_pool_forward(x: array("N, C, *S"), output_size: PER_AXIS,
                              return_indices=False):
    """Take the maximum of each window.

    Shapes   x (N, C, *S)  ->  y (N, C, *S'); S' is `output_size`, where None keeps an axis
    Returns  y, or with `return_indices` (y, indices), which count positions in the flattened *S;
             and the cache that `adaptive_max_pool_backward` needs
    Twin     torch.nn.functional.adaptive_max_pool1d, adaptive_max_pool2d, adaptive_max_pool3d
    """
    size = _output_size(x, output_size)
    along = [list(_windows(s, places)) for s, places in zip(x.shape[2:], size, strict=True)]
    numbers = np.arange(prod(x.shape[2:])).reshape(x.shape[2:])
    indices = np.zeros((*x.shape[:2], *size), np.int64)
    for place in np.ndindex(*size):
        window = (..., *(windows[i] for windows, i in zip(along, place, strict=True)))
        indices[(..., *place)] = numbers[window].ravel()[_argmax(x[window])]
    flat = indices.reshape(*x.shape[:2], prod(size))
    y = np.take_along_axis(x.reshape(*x.shape[:2], prod(x.shape[2:])), flat, 2)
    y = y.reshape(indices.shape)
    return ((y, indices) if return_indices else y), (x.shape, flat)


@checked
def adaptive_max_pool_backward(dy: array("N, C, *S'"), cache):
    """Give each element of `dy` to the maximum of its window; after a tie, to the first of them.

    Shapes   dy (N, C, *S')  ->  dx (N, C, *S)
    """
    dy = dy[0] if isinstance(dy, tuple) else dy       # indices have no gradient
    shape, flat = cache
    dx = np.zeros((*shape[:2], prod(shape[2:])), dy.dtype)
    n, c = np.ogrid[:shape[0], :shape[1]]
    np.add.at(dx, (n[..., None], c[..., None], flat), dy.reshape(flat.shape))
    return dx.reshape(shape)


def _argmax(windows):
    """The index of each flattened window's maximum: the first of equals; the last NaN, as in torch.

    Shapes   (N, C, *window)  ->  (N, C)
    """
    flat = windows.reshape(*windows.shape[:2], prod(windows.shape[2:]))
    first = flat.argmax(-1)
    nan = np.isnan(flat)
    return np.where(nan.any(-1), flat.shape[-1] - 1 - nan[..., ::-1].argmax(-1), first)


def _windows(size, places):
    """The windows along one axis, as slices."""
    for i in range(places):
        yield slice(i * size // places, -(-(i + 1) * size // places))


def _along(axis, part):
    return (slice(None),) * axis + (part,)


def _output_size(x, output_size):
    several = np.iterable(output_size) and not isinstance(output_size, (str, bytes, set, dict))
    sizes = output_size if several else [output_size]
    sizes = list(sizes) * (x.ndim - 2) if len(sizes) == 1 else sizes
    if len(sizes) != x.ndim - 2:
        raise ShapeError(f"output_size {output_size!r:.60} must be one number or {x.ndim - 2} "
                         f"for an input {x.shape}")
    if 0 in x.shape[2:]:
        raise ShapeError(f"x {x.shape} has an axis without elements: there is nothing to pool")
    sizes = each_axis("output_size", [s if asked is None else asked for s, asked in
                                      zip(x.shape[2:], sizes, strict=True)], x.ndim - 2, 1)
    np.empty((*x.shape[:2], *sizes), x.dtype)         # refuse what needs too much memory at once
    return sizes
