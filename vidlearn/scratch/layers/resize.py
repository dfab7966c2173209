"""Margins and stretching: each number of y is one number of x, or a mix of two neighbours.

Images and clips are treated one axis after the other. Along an axis of y, `sources` says where its
numbers come from: pairs of (index, share), and y[i] = Σ over the pairs of share[i] · x[index[i]].
A mirrored margin, the nearest neighbour and the straight line between two are all of this kind.
"""

import numpy as np

from vidlearn.scratch.core.errors import ShapeError

EDGES = ("reflect", "replicate", "circular")


def mix_forward(x, sources):
    """Make each number of y from numbers of x, along one axis after the other.

    `sources` is a dict: axis -> list of (index, share), two arrays as long as y on that axis.

    Returns  y, and the cache that `mix_backward` needs
    """
    shape = x.shape
    for axis, pairs in sources.items():
        x = sum(np.take(x, index, axis) * _lay(share, axis, x.ndim) for index, share in pairs)
    return x, (shape, sources)


def mix_backward(dy, cache):
    """Hand each number of `dy` back to the numbers of x it was made from, by their shares."""
    shape, sources = cache
    for axis, pairs in sources.items():
        dx = np.zeros((*dy.shape[:axis], shape[axis], *dy.shape[axis + 1:]), dy.dtype)
        for index, share in pairs:
            for i, (source, part) in enumerate(zip(index, share, strict=True)):
                dx[_at(axis, source)] += part * dy[_at(axis, i)]      # one source serves several
        dy = dx
    return dy


def pad_forward(x, pad, value=0):
    """Put a margin of `value` around x; a negative margin cuts away.

    `pad` holds before and behind of the last axis, then of the one before it, and so on.

    Returns  y, and the cache that `pad_backward` needs
    Raises   ShapeError if `pad` has no pair for each axis it names, or cuts away too much
    Twin     torch.nn.functional.pad
    """
    margins = _margins(x.shape, pad)
    y = np.full([s + a + b for s, (a, b) in zip(x.shape, margins, strict=True)], value, x.dtype)
    here = tuple(slice(max(0, -a), s - max(0, -b))
                 for s, (a, b) in zip(x.shape, margins, strict=True))
    there = tuple(slice(max(0, a), s - max(0, b))
                  for s, (a, b) in zip(y.shape, margins, strict=True))
    y[there] = x[here]
    return y, (x.shape, here, there)


def pad_backward(dy, cache):
    """The margin came from nowhere: its gradient is dropped."""
    shape, here, there = cache
    dx = np.zeros(shape, dy.dtype)
    dx[here] = dy[there]
    return dx


def edge_sources(x, pad, mode):
    """The sources of a margin that mirrors x at its edge, repeats the edge, or goes round.

    `pad` is as in `pad_forward`; `mode` is "reflect", "replicate" or "circular".

    Raises   ShapeError as `pad_forward`, or if x is too short for such a margin
    """
    sources = {}
    for axis, (before, behind) in enumerate(_margins(x.shape, pad)):
        if before or behind:
            longest = x.shape[axis] - (mode == "reflect")
            if mode != "replicate" and max(before, behind) > longest:
                raise ShapeError(f"pad ({before}, {behind}) is too much for axis {axis} of "
                                 f"{x.shape} in mode {mode!r}: {longest} at most")
            index = _edge(x.shape[axis], before, behind, mode)
            sources[axis] = [(index, np.ones(len(index), x.dtype))]
    return sources


def nearest_sources(x, size, scales, exact=False):
    """The sources of a stretched x by its nearest numbers.

    Number i asks at i · scale, rounded down; with `exact`, from its middle: (i + ½) · scale.

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
    """The sources of a stretched x by straight lines between its numbers.

    A number is thought to sit in the middle of its pixel; with `align_corners`, the first and the
    last number of y are those of x.

    Shapes   size (*S') and scales, one for each of the last axes of x
    """
    sources = {}
    for axis, places, scale in _last_axes(x, size, scales):
        if places == x.shape[axis]:                   # a scale of 1.2 that adds no place: as torch
            continue
        last, i = x.shape[axis] - 1, np.arange(places, dtype=x.dtype)
        if align_corners:
            at = i * x.dtype.type(last / max(1, places - 1))
        else:
            at = np.maximum((i + x.dtype.type(0.5)) * x.dtype.type(scale) - x.dtype.type(0.5), 0)
        low = np.minimum(at.astype(np.int64), last)
        share = np.clip(at - low, 0, 1).astype(x.dtype)
        sources[axis] = [(low, 1 - share), (np.minimum(low + 1, last), share)]
    return sources


def _edge(size, before, behind, mode):
    """The position in x for each position in its margins and in x itself."""
    at, last = np.arange(-before, size + behind), size - 1
    if mode == "replicate":
        return np.clip(at, 0, last)
    if mode == "reflect":
        return last - abs(last - abs(at))
    first, left = max(0, -before), size + min(0, before) + min(0, behind)     # what is not cut away
    return first + (at - first) % left


def _last_axes(x, size, scales):
    first = x.ndim - len(size)
    return [(first + i, *pair) for i, pair in enumerate(zip(size, scales, strict=True))]


def _margins(shape, pad):
    """`pad` as (before, behind) for each axis, in the order of the axes."""
    if len(pad) % 2 or len(pad) > 2 * len(shape):
        raise ShapeError(f"pad {tuple(pad)} must be pairs (before, behind), at most {len(shape)} "
                         f"of them for x {shape}")
    pairs = list(zip(pad[::2], pad[1::2], strict=True))[::-1]
    margins = [(0, 0)] * (len(shape) - len(pairs)) + pairs
    if any(min(s + a, s + b, s + a + b) < 0 for s, (a, b) in zip(shape, margins, strict=True)):
        raise ShapeError(f"pad {tuple(pad)} cuts more away than there is of x {shape}")
    return margins


def _lay(share, axis, ndim):
    return share.reshape(-1, *[1] * (ndim - 1 - axis))


def _at(axis, i):
    return (slice(None),) * axis + (i,)
