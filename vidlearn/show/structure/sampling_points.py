"""RoIAlign: the points at which a region of a feature map is read, and their four pixels."""

from typing import NamedTuple

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.show.structure import grids
from vidlearn.show.structure.sheet import BLUE, FAINT, OCHRE, ORANGE, RED, Sheet

SIZE = kinds.row("(height, width)", kinds.POSITIVE_COUNT, 2)
REGION = kinds.row("left, top, right, bottom in pixels of the map", kinds.NUMBER, 4)
CELL = kinds.row("(row, column) of the result", kinds.COUNT, 2)
EDGE, TOP, UNDER, GAP, SIDE = 0.3, 0.5, 0.62, 0.9, 0.62          # inches


class Reading(NamedTuple):
    """Where a point lies, in centres of pixels, and the four pixels with the share of each."""

    y: float
    x: float
    pixels: tuple
    shares: tuple


@checked
def read_points(region: REGION, output_size: SIZE, points: kinds.POSITIVE_COUNT, cell: CELL):
    """The points of one cell of RoIAlign's result, row by row, with the pixels that each reads.

    Pixel i has its centre at i + 0.5 of the region's coordinates: `aligned=True`.
    """
    x0, y0, x1, y1 = region
    tall, wide = (y1 - y0) / output_size[0], (x1 - x0) / output_size[1]
    found = []
    for p, q in np.ndindex(points, points):
        y = y0 + (cell[0] + (p + 0.5) / points) * tall - 0.5
        x = x0 + (cell[1] + (q + 0.5) / points) * wide - 0.5
        i, j = int(np.floor(y)), int(np.floor(x))
        a, b = y - i, x - j
        found.append(Reading(y, x, ((i, j), (i, j + 1), (i + 1, j), (i + 1, j + 1)),
                             ((1 - a) * (1 - b), (1 - a) * b, a * (1 - b), a * b)))
    return found


@checked
def sampling_points(size: SIZE = (6, 8), region: REGION = (1.6, 1.5, 7.3, 4.9),
                    output_size: SIZE = (2, 3), points: kinds.POSITIVE_COUNT = 2,
                    cell: CELL = (0, 1), caption=""):
    """Show a region on a feature map, the points that RoIAlign reads, and the pixels of one point.

    Shapes   a map of `size` (H, W), a result of `output_size`
    Raises   ArgumentError if a point lies outside of the centres of the map's pixels
    """
    x0, y0, x1, y1 = region
    if any(i >= n for i, n in zip(cell, output_size, strict=True)):
        raise ArgumentError(f"cell {cell} is not in a result of {output_size}")
    chosen = read_points(region, output_size, points, cell)
    every = [place for here in np.ndindex(*output_size)
             for one in read_points(region, output_size, points, here) for place in one.pixels]
    if not (x0 < x1 and y0 < y1) or any(
            not (0 <= i < size[0] and 0 <= j < size[1]) for i, j in every):
        raise ArgumentError(f"region {region}: all its points must lie in a map of {size}")
    side = min(SIDE, (8 - 2 * EDGE - GAP) / (size[1] + output_size[1]),
               (5 - TOP - UNDER) / max(size[0], output_size[0]))
    sheet = Sheet(2 * EDGE + GAP + (size[1] + output_size[1]) * side,
                  TOP + max(size[0], output_size[0]) * side + UNDER)
    pixels = grids.grid(sheet, np.full(size, np.nan), EDGE, TOP, side)
    middle = TOP + (size[0] - output_size[0]) * side / 2
    result = grids.grid(sheet, np.full(output_size, np.nan), EDGE + GAP + size[1] * side,
                        max(TOP, middle), side)

    def at(y, x):                                      # in pixels of the map, corners at 0
        return pixels.x + x * side, pixels.y + y * side
    for i, j in np.ndindex(*size):
        sheet.dot(*at(i + 0.5, j + 0.5), 0.035, FAINT)
    _region(sheet, at, region, output_size)
    _points(sheet, at, region, output_size, points, cell)
    _one(sheet, at, chosen[0])
    grids.mark(sheet, result.at(*cell), RED, 0.35)
    _words(sheet, pixels, result, chosen, cell, points)
    sheet.show(caption or "A region is read between the pixels")


def _region(sheet, at, region, output_size):
    """The region and its cells."""
    x0, y0, x1, y1 = region
    sheet.shade([at(y0, x0), at(y0, x1), at(y1, x1), at(y1, x0)], ORANGE, 0.15, edge=True,
                above=1.6)
    for k in range(1, output_size[0]):
        y = y0 + k * (y1 - y0) / output_size[0]
        sheet.stroke([at(y, x0), at(y, x1)], OCHRE, 1.2, dashed=True, above=1.7)
    for k in range(1, output_size[1]):
        x = x0 + k * (x1 - x0) / output_size[1]
        sheet.stroke([at(y0, x), at(y1, x)], OCHRE, 1.2, dashed=True, above=1.7)


def _points(sheet, at, region, output_size, points, cell):
    """All points: those of the chosen cell in red."""
    for here in np.ndindex(*output_size):
        for one in read_points(region, output_size, points, here):
            sheet.dot(*at(one.y + 0.5, one.x + 0.5), 0.055, RED if here == cell else OCHRE)


def _one(sheet, at, one):
    """The four pixels of one point, each with a line as thick as its share."""
    spot = at(one.y + 0.5, one.x + 0.5)
    for (i, j), share in zip(one.pixels, one.shares, strict=True):
        centre = at(i + 0.5, j + 0.5)
        sheet.stroke([centre, spot], BLUE, 0.6 + 4 * share, above=2)
        sheet.dot(*centre, 0.06, BLUE)


def _words(sheet, pixels, result, chosen, cell, points):
    height, width = pixels.shape
    sheet.text(f"feature map $x$:  {height} x {width} pixels and their centres",
               pixels.whole.top[0], TOP - 0.24, 11)
    sheet.text("result $y$", result.whole.top[0], result.y - 0.22, 11)
    sheet.text(f"$y_{{{cell[0]},{cell[1]}}}$", *result.at(*cell).middle, 12)
    shares = " + ".join(f"{share:.2f} $x_{{{i},{j}}}$" for (i, j), share in zip(
        chosen[0].pixels, chosen[0].shares, strict=True))
    sheet.text(f"the first of its {points ** 2} points:  {shares}", EDGE, sheet.height - 0.24, 11,
               BLUE, align="left")
