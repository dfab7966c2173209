"""Padding and interpolation: each element of y is a weighted sum of one or two elements of x.

Images and clips are treated one axis after the other. Along an axis of y, `sources` says where its
elements come from: pairs of (index, weight).  y[i] = Σ over the pairs of weight[i] · x[index[i]].
Reflected padding, nearest neighbours and linear interpolation are all of this kind.
"""

import numpy as np

from vidlearn.checks import checked, kinds
from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.layers.arguments import array

PADDING_MODES = ("reflect", "replicate", "circular")


@checked
def resample_forward(x: array("*S"), sources: kinds.DICT):
    """Compute each element of y from its sources in x, along one axis after the other.

    `sources` is a dict: axis -> list of (index, weight), two arrays as long as y on that axis.

    Returns  y, and the cache that `resample_backward` needs
    """
    shape = x.shape
    for axis, pairs in sources.items():
        x = sum(np.take(x, index, axis) * _along(weight, axis, x.ndim) for index, weight in pairs)
    return x, (shape, sources)


@checked
def resample_backward(dy: array("*S'"), cache):
    """Add each element of `dy`, times the weights, to its sources in dx."""
    shape, sources = cache
    for axis, pairs in sources.items():
        dx = np.zeros((*dy.shape[:axis], shape[axis], *dy.shape[axis + 1:]), dy.dtype)
        for index, weight in pairs:
            for i, (source, w) in enumerate(zip(index, weight, strict=True)):
                dx[_at(axis, source)] += w * dy[_at(axis, i)]         # one source serves several
        dy = dx
    return dy


@checked
def pad_forward(x: array("*S"), pad: kinds.LIST, value: kinds.REAL = 0):
    """Pad x with `value`; negative padding crops.

    `pad` holds the numbers before and after along the last axis, then along the one before it, ...

    Returns  y, and the cache that `pad_backward` needs
    Raises   ShapeError if `pad` is not made of pairs, has too many, or crops too much
    Twin     torch.nn.functional.pad
    """
    margins = _margins(x.shape, pad)
    y = np.full([s + a + b for s, (a, b) in zip(x.shape, margins, strict=True)], value, x.dtype)
    in_x = tuple(slice(max(0, -a), s - max(0, -b))
                 for s, (a, b) in zip(x.shape, margins, strict=True))
    in_y = tuple(slice(max(0, a), s - max(0, b))
                 for s, (a, b) in zip(y.shape, margins, strict=True))
    y[in_y] = x[in_x]
    return y, (x.shape, in_x, in_y)


@checked
def pad_backward(dy: array("*S'"), cache):
    """Crop the gradient: the padding does not depend on x."""
    shape, in_x, in_y = cache
    dx = np.zeros(shape, dy.dtype)
    dx[in_x] = dy[in_y]
    return dx


def padding_sources(x, pad, mode):
    """The sources for padding that reflects x, repeats its edge, or continues at its other end.

    `pad` is as in `pad_forward`; `mode` is "reflect", "replicate" or "circular".

    Raises   ShapeError as `pad_forward`, or if x is too short for this padding
    """
    sources = {}
    for axis, (before, after) in enumerate(_margins(x.shape, pad)):
        if before or after:
            longest = x.shape[axis] - (mode == "reflect")
            if mode != "replicate" and max(before, after) > longest:
                raise ShapeError(f"pad ({before}, {after}) is too much for axis {axis} of "
                                 f"{x.shape} in mode {mode!r}: {longest} at most")
            index = _padded_index(x.shape[axis], before, after, mode)
            sources[axis] = [(index, np.ones(len(index), x.dtype))]
    return sources


def nearest_sources(x, size, scales, exact=False):
    """The sources for interpolation with the nearest element.

    Element i of y comes from i · scale, rounded down; with `exact`, from (i + ½) · scale.

    Shapes   size (*S') and scales, one for each of the last axes of x
    """
    sources, image = {}, x.ndim == 4
    for axis, places, scale in _last_axes(x, size, scales):
        if image and not exact and places == x.shape[axis]:           # torch: for images only
            continue
        scale = np.float32(scale) if image else x.dtype.type(scale)
        at = (np.arange(places) + (0.5 if exact else 0)) * scale
        index = np.minimum(at.astype(np.float32).astype(np.int64), x.shape[axis] - 1)
        sources[axis] = [(index, np.ones(places, x.dtype))]
    return sources


def linear_sources(x, size, scales, align_corners=False):
    """The sources for linear interpolation.

    Each element lies in the centre of its pixel. With `align_corners`, the first and the last
    element of y are those of x.

    Shapes   size (*S') and scales, one for each of the last axes of x
    """
    sources = {}
    for axis, places, scale in _last_axes(x, size, scales):
        if places == x.shape[axis]:                   # even by a scale of 1.2, as in torch
            continue
        last, i = x.shape[axis] - 1, np.arange(places, dtype=x.dtype)
        if align_corners:
            at = i * x.dtype.type(last / max(1, places - 1))
        else:
            at = np.maximum((i + x.dtype.type(0.5)) * x.dtype.type(scale) - x.dtype.type(0.5), 0)
        low = np.minimum(at.astype(np.int64), last)
        weight = np.clip(at - low, 0, 1).astype(x.dtype)
        sources[axis] = [(low, 1 - weight), (np.minimum(low + 1, last), weight)]
    return sources


def _padded_index(size, before, after, mode):
    """The position in x that each position of the padded x is copied from."""
    at, last = np.arange(-before, size + after), size - 1
    if mode == "replicate":
        return np.clip(at, 0, last)
    if mode == "reflect":
        return last - abs(last - abs(at))
    first, left = max(0, -before), size + min(0, before) + min(0, after)      # what is not cropped
    return first + (at - first) % left


def _last_axes(x, size, scales):
    first = x.ndim - len(size)
    return [(first + i, *pair) for i, pair in enumerate(zip(size, scales, strict=True))]


def _margins(shape, pad):
    """`pad` as (before, after) for each axis, in the order of the axes."""
    if len(pad) % 2 or len(pad) > 2 * len(shape):
        raise ShapeError(f"pad {tuple(pad)} must be pairs (before, after), at most {len(shape)} "
                         f"of them for x {shape}")
    pairs = list(zip(pad[::2], pad[1::2], strict=True))[::-1]
    margins = [(0, 0)] * (len(shape) - len(pairs)) + pairs
    if any(min(s + a, s + b, s + a + b) < 0 for s, (a, b) in zip(shape, margins, strict=True)):
        raise ShapeError(f"pad {tuple(pad)} crops more than there is of x {shape}")
    return margins


def _along(weight, axis, ndim):
    return weight.reshape(-1, *[1] * (ndim - 1 - axis))


def _at(axis, i):
    return (slice(None),) * axis + (i,)
