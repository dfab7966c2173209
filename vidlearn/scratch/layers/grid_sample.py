"""Sampling a picture or a clip at any positions: a grid says where each element of y comes from.

Along an axis, a position lies between elements of x. Its taps say which: for each, the index in x,
the weight, and the slope of the weight as the position moves. An element of y is the sum over one
tap of each axis: the product of the weights times x at these indices.
"""

from itertools import product
from typing import NamedTuple

import numpy as np

from vidlearn.checks import checked, kinds
from vidlearn.scratch.layers.arguments import array

MODES, PADDING_MODES = ("bilinear", "nearest", "bicubic"), ("zeros", "border", "reflection")
CUBIC = -0.75                        # PyTorch's choice of the cubic's parameter


class Taps(NamedTuple):
    """What the elements of y read along one axis of x: one array (N, *S') for each tap."""

    indices: list
    weights: list
    slopes: list                     # of the weights, by the grid's coordinate


@checked
def grid_sample_forward(x: array("N, C, H, W", "N, C, T, H, W"), grid: array("N, *S, D"),
                        mode: kinds.choice(*MODES) = "bilinear",
                        padding_mode: kinds.choice(*PADDING_MODES) = "zeros", align_corners=False):
    """Read x at the positions in `grid`, -1 and 1 the two ends of an axis, the last axis first.

    The ends are the outer edges of the first and last element, or, with `align_corners`, their
    centres. Beyond them x is 0, its "border", or its "reflection".

    Shapes   x (N, C, *S), grid (N, *S', D) with D the number of axes S  ->  y (N, C, *S')
    Source   Jaderberg et al., arXiv:1506.02025
    Twin     torch.nn.functional.grid_sample
    """
    size = x.shape[2:]
    taps = [_taps(grid[..., len(size) - 1 - axis], size[axis], mode, padding_mode, align_corners)
            for axis in range(len(size))]
    y = np.zeros((*x.shape[:2], *grid.shape[1:-1]), x.dtype)
    for _, weights, _, seen in _corners(taps, size, x):
        y += seen * np.prod(weights, axis=0)[:, None]
    return y, (x, grid, taps)


@checked
def grid_sample_backward(dy: array("N, C, *S'"), cache, needs=(True, True)):
    """dx adds dy times the weights where x was read; dgrid follows the slopes of the weights.

    Shapes   dy (N, C, *S')  ->  dx (N, C, *S), dgrid (N, *S', D)
    """
    x, grid, taps = cache
    dx, dgrid = np.zeros_like(x), np.zeros_like(grid)
    for at, weights, slopes, seen in _corners(taps, x.shape[2:], x):
        if needs[0]:
            share = np.moveaxis(dy * np.prod(weights, axis=0)[:, None], 1, -1)
            np.add.at(np.moveaxis(dx, 1, -1), at, share)
        for axis, slope in enumerate(slopes):
            others = np.prod(weights[:axis] + weights[axis + 1:], axis=0)
            dgrid[..., len(taps) - 1 - axis] += (dy * seen).sum(1) * slope * others
    return dx, dgrid


def _corners(taps, size, x):
    """For one tap of each axis: the index into x, weights, slopes, and what x holds there, or 0."""
    sample = np.arange(len(x)).reshape(-1, *[1] * (taps[0].indices[0].ndim - 1))
    for corner in product(*(range(len(axis.indices)) for axis in taps)):
        indices = [axis.indices[k] for axis, k in zip(taps, corner, strict=True)]
        inside = np.logical_and.reduce([(i >= 0) & (i < n)
                                        for i, n in zip(indices, size, strict=True)])
        at = (sample, *(np.clip(i, 0, n - 1) for i, n in zip(indices, size, strict=True)))
        weights = [axis.weights[k] * inside for axis, k in zip(taps, corner, strict=True)]
        slopes = [axis.slopes[k] * inside for axis, k in zip(taps, corner, strict=True)]
        yield at, weights, slopes, np.moveaxis(np.moveaxis(x, 1, -1)[at], -1, 1)


def _taps(coordinate, size, mode, padding_mode, align_corners):
    """The taps along an axis of `size` elements, for coordinates -1 to 1 (N, *S')."""
    scale = (size - align_corners) / 2                               # elements a unit of the grid
    position = (coordinate + 1) * scale - (0 if align_corners else 0.5)
    ends = (0, size - 1) if align_corners else (-0.5, size - 0.5)
    if mode == "bicubic":                                            # each tap stays in x by itself
        low = np.floor(position)
        indices = [_into(low + k, size, ends, padding_mode)[0] for k in (-1, 0, 1, 2)]
        weights, slopes = _cubic(position - low)
    else:
        position, sign = _into(position, size, ends, padding_mode)
        scale = scale * sign
        if mode == "nearest":
            indices = [np.rint(position)]
            weights, slopes = [np.ones_like(position)], [np.zeros_like(position)]
        else:
            low = np.floor(position)
            indices, part = [low, low + 1], position - low
            weights, slopes = [1 - part, part], [-np.ones_like(part), np.ones_like(part)]
    return Taps([i.astype(np.int64) for i in indices], weights, [s * scale for s in slopes])


def _into(position, size, ends, padding_mode):
    """The position moved into x, and its slope: 1, -1 where it is reflected, 0 at the border."""
    slope = np.ones_like(position)
    if padding_mode == "zeros":
        return position, slope
    if padding_mode == "reflection":
        low, span = ends[0], ends[1] - ends[0]
        distance = np.abs(position - low)
        turns, rest = np.divmod(distance, span) if span else (0 * distance, 0 * distance)
        slope = np.where(position < low, -1.0, 1.0) * np.where(turns % 2, -1, 1)
        position = low + np.where(turns % 2, span - rest, rest)
    slope = np.where((position > 0) & (position < size - 1), slope, 0)
    return np.clip(position, 0, size - 1), slope.astype(position.dtype)


def _cubic(part):
    """The weights of four taps by the distance `part` from the second, and their slopes."""
    a = CUBIC
    distances = [part + 1, part, 1 - part, 2 - part]
    weights, slopes = [], []
    for k, d in enumerate(distances):
        sign = 1 if k < 2 else -1                                    # of the distance's own slope
        if k in (1, 2):
            weights.append(((a + 2) * d - (a + 3)) * d * d + 1)
            slopes.append(sign * (3 * (a + 2) * d - 2 * (a + 3)) * d)
        else:
            weights.append(((a * d - 5 * a) * d + 8 * a) * d - 4 * a)
            slopes.append(sign * ((3 * a * d - 10 * a) * d + 8 * a))
    return weights, slopes
