"""Grid sample: read x at any positions, between its elements, too.

Along an axis, each position has a few taps: elements of x, each with a weight and with the slope of
that weight as the position moves. A value of y is a sum over all combinations of the axes' taps:

    y = Σ  weight[t] · weight[h] · weight[w] · x[t, h, w]

"nearest" has one tap for each axis, "bilinear" two, "bicubic" four.
"""

from itertools import product
from math import prod
from typing import NamedTuple

import numpy as np

from vidlearn.checks import checked, kinds
from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.layers.arguments import array

MODES, PADDINGS = ("bilinear", "nearest", "bicubic"), ("zeros", "border", "reflection")
FAR = 2.0**30                # no position lies farther outside


class Tap(NamedTuple):
    """One element of x along one axis, for each position (N, *P)."""

    index: np.ndarray
    weight: np.ndarray
    slope: np.ndarray       # of the weight, for a step of 1 in the grid


@checked
def grid_sample_forward(x: array("N, C, H, W", "N, C, T, H, W"),
                        grid: array("N, H, W, 2", "N, T, H, W, 3"),
                        mode: kinds.choice(*MODES) = "bilinear",
                        padding_mode: kinds.choice(*PADDINGS) = "zeros", align_corners=False):
    """Read every channel of x at the positions of the grid.

    A position holds one number for each axis of x, the last axis first: (w, h) or (w, h, t). -1 and
    1 are the two ends of x: the centres of its outer elements with `align_corners`, their outer
    edges without. Outside, x is 0, or its border continues, or its mirror image. NaN counts as -1.

    Kinks: on an element, the slope is that towards the next one; at an end of x, "border" and
    "reflection" have the slope 0.

    Shapes   x (N, C, *S), grid (N, *P, axes)  ->  y (N, C, *P)
    Raises   ShapeError if clips or axes do not fit
    Source   Jaderberg et al., arXiv:1506.02025
    Twin     torch.nn.functional.grid_sample
    """
    _check(x, grid, mode)
    axes = [_taps(grid[..., -1 - i], size, mode, padding_mode, align_corners)
            for i, size in enumerate(x.shape[2:])]
    channels_last = np.moveaxis(x, 1, -1)                            # (N, *S, C)
    y = sum(channels_last[_where(taps)] * prod(tap.weight for tap in taps)[..., None]
            for taps in product(*axes))
    return np.ascontiguousarray(np.moveaxis(y, -1, 1)), (x, axes)


@checked
def grid_sample_backward(dy: array("N, C, *P"), cache, needs=(True, True)):
    """Add `dy`, times the weights, to the taps in dx; the grid moves along the slopes of x.

    Shapes   dy (N, C, *P)  ->  dx (N, C, *S), dgrid (N, *P, axes)
    """
    x, axes = cache
    x, dy = np.moveaxis(x, 1, -1), np.moveaxis(dy, 1, -1)            # (N, *S, C), (N, *P, C)
    dx, dgrid = np.zeros_like(x), np.zeros((*dy.shape[:-1], len(axes)), dy.dtype)
    for taps in product(*axes):
        where, weights = _where(taps), [tap.weight for tap in taps]
        if needs[0]:
            np.add.at(dx, where, dy * prod(weights)[..., None])
        if needs[1]:
            along = (dy * x[where]).sum(-1)                          # of this product of weights
            for i, tap in enumerate(taps):
                others = prod(weights[:i] + weights[i + 1:])
                dgrid[..., -1 - i] += along * others * tap.slope
    return np.moveaxis(dx, -1, 1), dgrid


def _check(x, grid, mode):
    """Refuse a grid that does not fit x."""
    axes = x.ndim - 2
    if grid.ndim != x.ndim or len(grid) != len(x) or grid.shape[-1] != axes:
        positions = ", ".join("THW"[-axes:])
        raise ShapeError(f"grid_sample: grid {grid.shape} must be ({len(x)}, {positions}, {axes}) "
                         f"for x {x.shape}: {len(x)} clips, and {axes} numbers for each position")
    if 0 in x.shape[2:]:
        raise ShapeError(f"grid_sample: x {x.shape} has an empty axis")
    if mode == "bicubic" and axes != 2:
        raise ShapeError(f"grid_sample: mode 'bicubic' is for x (N, C, H, W), not {x.shape}")


def _where(taps):
    """The index of one combination of taps in x (N, *S, C)."""
    clips = np.arange(len(taps[0].index)).reshape(-1, *[1] * (taps[0].index.ndim - 1))
    return clips, *(tap.index for tap in taps)


def _taps(grid, size, mode, padding_mode, align_corners):
    """The taps along one axis of `size`, for positions of -1..1."""
    scale = grid.dtype.type((size - 1) / 2 if align_corners else size / 2)
    grid = np.clip(np.where(np.isnan(grid), -1, grid), -FAR, FAR)
    at = (grid + 1) * scale - (0 if align_corners else grid.dtype.type(0.5))
    slope = np.full_like(at, scale)
    if mode != "bicubic":                             # its taps are moved inside, one by one
        at, direction = _inside(at, size, padding_mode, align_corners)
        slope = slope * direction
    first, weights, slopes = WEIGHTS[mode](at)
    return [_tap(first + i, weight, slope * along, size, mode, padding_mode, align_corners)
            for i, (weight, along) in enumerate(zip(weights, slopes, strict=True))]


def _tap(place, weight, slope, size, mode, padding_mode, align_corners):
    """The tap at one place; outside of x it weighs nothing."""
    if mode == "bicubic":
        place, _ = _inside(place, size, padding_mode, align_corners)
    exists = (place >= 0) & (place < size)
    index = np.where(exists, place, 0).astype(np.int64)
    return Tap(index, np.where(exists, weight, 0), np.where(exists, slope, 0))


def _inside(at, size, padding_mode, align_corners):
    """Move positions into x, and say how they move with the grid: 1, 0 or, mirrored, -1."""
    direction = np.ones_like(at)
    if padding_mode == "zeros":
        return at, direction
    if padding_mode == "reflection":
        at, direction = _reflect(at, size, align_corners)
    direction = np.where((at > 0) & (at < size - 1), direction, 0)
    return np.clip(at, 0, size - 1), direction


def _reflect(at, size, align_corners):
    """Mirror positions at the ends of x: at its outer elements, or at their outer edges."""
    low, span = (0, size - 1) if align_corners else (-0.5, size)
    if not span:
        return np.zeros_like(at), np.zeros_like(at)
    side, distance = np.where(at < low, -1, 1).astype(at.dtype), np.abs(at - low)
    flips, rest = np.divmod(distance, at.dtype.type(span))
    even = flips % 2 == 0
    return np.where(even, rest, span - rest) + at.dtype.type(low), np.where(even, side, -side)


def _nearest(at):
    """The nearest element; halfway between two, the even one. The slope is 0."""
    return np.rint(at), [np.ones_like(at)], [np.zeros_like(at)]


def _linear(at):
    """The elements before and after; the nearer one weighs more."""
    first = np.floor(at)
    part, one = at - first, np.ones_like(at)
    return first, [1 - part, part], [-one, one]


def _cubic(at, a=-0.75):
    """Four elements with the weights of cubic convolution. Source: Keys, 1981."""
    first = np.floor(at)
    part = at - first
    near = [(d, ((a + 2) * d - (a + 3)) * d * d + 1, (3 * (a + 2) * d - 2 * (a + 3)) * d)
            for d in (part, 1 - part)]                               # distance, weight, slope
    far = [(d, ((a * d - 5 * a) * d + 8 * a) * d - 4 * a, (3 * a * d - 10 * a) * d + 8 * a)
           for d in (1 + part, 2 - part)]
    weights = [far[0][1], near[0][1], near[1][1], far[1][1]]
    return first - 1, weights, [far[0][2], near[0][2], -near[1][2], -far[1][2]]


WEIGHTS = {"nearest": _nearest, "bilinear": _linear, "bicubic": _cubic}
