"""A picture that is turned: where one pixel of the result was before, and what it is mixed of."""

import math
from typing import NamedTuple

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.show.structure import grids
from vidlearn.show.structure.sheet import BLUE, FAINT, INK, OCHRE, ORANGE, Block, Sheet

PIXEL = kinds.row("(row, column) of the result", kinds.COUNT, 2)
SIZE = kinds.row("(height, width)", kinds.POSITIVE_COUNT, 2)
CELL, ZOOM, GAP, EDGE = 0.45, 1.6, 0.5, 0.25           # inches
TOP, UNDER = 0.45, 0.75                                # inches above and below the pictures


class Origin(NamedTuple):
    """Where a pixel was before the turn: p rows down and a of the way to the next; q and b."""

    row: float
    column: float

    p = property(lambda self: math.floor(self.row))
    q = property(lambda self: math.floor(self.column))
    a = property(lambda self: self.row - self.p)
    b = property(lambda self: self.column - self.q)


@checked
def turned_from(pixel: PIXEL, degrees: kinds.NUMBER, size: SIZE):
    """Where a pixel of a picture, turned counter-clockwise about its middle, was before.

    Shapes   pixel (row, column), size (H, W)
    Returns  an Origin: row, column, and the shares a and b of the way from p to p + 1, q to q + 1

    >>> turned_from((0, 0), 90, (3, 3))
    Origin(row=0.0, column=2.0)
    """
    row, column = _before(np.asarray(pixel, float), degrees, size)
    return Origin(round(float(row), 12), round(float(column), 12))


@checked
def turned_pixel(size: SIZE = (4, 5), degrees: kinds.NUMBER = 20.0, pixel: PIXEL = (2, 3),
                 caption=""):
    """Show where one pixel of a turned picture was before, and the four that it is mixed of.

    Shapes   size (H, W) of the picture, pixel (row, column) of the result
    Units    degrees, counter-clockwise
    Raises   ArgumentError if one of the four lies outside of the picture, or it does not fit a page
    """
    origin = turned_from(pixel, degrees, size)
    if any(n >= limit for n, limit in zip(pixel, size, strict=True)) or not (
            0 <= origin.p < size[0] - 1 and 0 <= origin.q < size[1] - 1):
        raise ArgumentError(f"pixel {pixel} of {size} was at row {origin.row:.3g}, column "
                            f"{origin.column:.3g}: not all four pixels round it are in the "
                            "picture; take one nearer to the middle")
    corners = _before(np.array([(0, 0), (0, size[1]), size, (size[0], 0)]) - 0.5, degrees, size)
    (above, before), (below, after) = (                                  # cells beyond the picture
        np.maximum(0, beyond) for beyond in (-0.5 - corners.min(0), corners.max(0) + 0.5 - size))
    across, down = 2 * size[1] + before + after, size[0] + above + below
    cell = min(CELL, (8 - 2 * EDGE - 2 * GAP - ZOOM) / across, (5 - TOP - UNDER) / down)
    tall = max(down * cell, ZOOM + 0.5)
    sheet = Sheet(2 * EDGE + across * cell + 2 * GAP + ZOOM, TOP + tall + UNDER)
    y = TOP + (tall - down * cell) / 2 + above * cell
    left, middle = (grids.grid(sheet, np.full(size, np.nan), x, y, cell)
                    for x in (EDGE, EDGE + GAP + (size[1] + before) * cell))
    zoom = Block(middle.whole.right[0] + after * cell + GAP, TOP + (tall - ZOOM) / 2, ZOOM, ZOOM)
    spot = _overlay(sheet, middle, size, degrees, pixel, origin)
    _enlarged(sheet, middle, zoom, origin)
    _titles(sheet, left, middle, zoom)
    grids.mark(sheet, left.at(*pixel), ORANGE)
    grids.number_rows(sheet, left, pixel[:1], OCHRE)
    grids.number_columns(sheet, left, pixel[1:], OCHRE)
    sheet.arrow(left.at(*pixel).middle, spot, colour=OCHRE)
    _lines(sheet, pixel, origin)
    turn = grids.minus(f"{degrees:g}")
    sheet.show(caption or f"Turned by {turn} degrees: where was this pixel before?")


def _before(places, degrees, size):
    """Where places (..., 2), in rows and columns, were before the turn."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    middle = np.subtract(size, 1) / 2
    y, x = np.moveaxis(places - middle, -1, 0)
    return middle + np.stack([cos * y + sin * x, cos * x - sin * y], -1)


def _on(grid, place):
    """The point (x, y) of a place in rows and columns, which need not be whole."""
    return (grid.x + (float(place[1]) + 0.5) * grid.cell,
            grid.y + (float(place[0]) + 0.5) * grid.cell)


def _overlay(sheet, grid, size, degrees, pixel, origin):
    """Lay the result's pixels over the picture, mark one and its four, and give its point."""
    def turned(*places):
        return [_on(grid, place) for place in _before(np.array(places, float), degrees, size)]
    height, width = size
    for k in range(height + 1):
        sheet.stroke(turned((k - 0.5, -0.5), (k - 0.5, width - 0.5)), ORANGE, 0.8)
    for k in range(width + 1):
        sheet.stroke(turned((-0.5, k - 0.5), (height - 0.5, k - 0.5)), ORANGE, 0.8)
    i, j = pixel
    sheet.shade(turned(*((i + a, j + b) for a, b in (
        (-0.5, -0.5), (-0.5, 0.5), (0.5, 0.5), (0.5, -0.5)))), ORANGE, 0.45, edge=True, above=1.6)
    for p, q in np.ndindex(*size):
        near = p - origin.p in (0, 1) and q - origin.q in (0, 1)
        sheet.dot(*_on(grid, (p, q)), 0.055 if near else 0.02, BLUE if near else FAINT)
    return _on(grid, origin[:2])


def _enlarged(sheet, grid, zoom, origin):
    """The square between the four pixels, enlarged, with the shares a and b."""
    near, far = (_on(grid, (origin.p + k, origin.q + k)) for k in (0, 1))
    for y, edge in ((near[1], zoom.y), (far[1], zoom.y + zoom.height)):
        sheet.stroke([(far[0], y), (zoom.x, edge)], BLUE, 0.7)
    sheet.shade([near, (far[0], near[1]), far, (near[0], far[1])], BLUE, 0.15, edge=True, above=1.7)
    grids.outline(sheet, zoom, BLUE, 1.2)
    x, y = zoom.x + origin.b * zoom.width, zoom.y + origin.a * zoom.height
    sheet.stroke([(x, zoom.y), (x, y)], INK, 1.4)
    sheet.stroke([(zoom.x, y), (x, y)], INK, 1.4)
    sheet.text("$a$", x + (0.12 if origin.b < 0.5 else -0.12), (zoom.y + y) / 2, 12)
    sheet.text("$b$", (zoom.x + x) / 2, y + (0.14 if origin.a < 0.5 else -0.14), 12)
    sheet.dot(x, y, 0.07, ORANGE)
    for p, q in np.ndindex(2, 2):
        corner = zoom.x + q * zoom.width, zoom.y + p * zoom.height
        sheet.dot(*corner, 0.06, BLUE)
        sheet.text(f"$p_{{{p}{q}}}$", corner[0], corner[1] + (-0.2, 0.22)[p], 12, BLUE)


def _titles(sheet, left, middle, zoom):
    for block, words in ((left.whole, "the result"), (zoom, "between four pixels"),
                         (middle.whole, "the picture, and the result on it")):
        sheet.text(words, block.top[0], 0.18)


def _lines(sheet, pixel, origin):
    """The numbers, and how the four are mixed."""
    sheet.text(f"pixel $y$ = {pixel[0]}, $x$ = {pixel[1]}  was at  row {origin.row:.2f}, column "
               f"{origin.column:.2f}:   $a$ = {origin.a:.2f},  $b$ = {origin.b:.2f}",
               0.2, sheet.height - 0.5, 10.5, align="left")
    sheet.text(r"$v = (1 - a)\,((1 - b)\,p_{00} + b\,p_{01}) + a\,((1 - b)\,p_{10} + b\,p_{11})$",
               0.2, sheet.height - 0.22, 10.5, align="left")
