"""Two boxes: what both cover, what either covers, and the sides of the overlap."""

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.scratch.layers.boxes import box_area
from vidlearn.show.structure.sheet import BLUE, GREEN, GREY, OCHRE, ORANGE, Sheet

BOX = kinds.row("left, top, right, bottom in whole pixels", kinds.INTEGER, 4)
EDGE, TOP, UNDER, CELL = 0.75, 0.42, 0.95, 0.3         # inches
LEAST = 0.03                                           # inches: a smaller pixel is not seen


@checked
def shared_and_union(first: BOX, second: BOX):
    """How many pixels two boxes share, and how many at least one of them covers.

    >>> shared_and_union((0, 0, 10, 10), (5, 0, 15, 10))
    (50, 150)
    """
    a, b = box_area(np.array([first, second])).tolist()
    sides = np.minimum(first[2:], second[2:]) - np.maximum(first[:2], second[:2])
    shared = int(np.maximum(sides, 0).prod())
    return shared, a + b - shared


@checked
def overlap(first: BOX, second: BOX, answers=True, caption=""):
    """Show two boxes on their pixels, with what they share shaded; without `answers`, no number.

    Units    left, top, right, bottom in pixels, right and bottom excluded
    Raises   ArgumentError for a box without area, or boxes too far apart for a page
    """
    corners = np.array([first, second])
    if (box_area(corners) == 0).any():
        raise ArgumentError(f"{first} and {second}: each box must have an area")
    low, high = corners[:, :2].min(0) - 1, corners[:, 2:].max(0) + 1
    across, down = (high - low).tolist()
    cell = min(CELL, (8 - 2 * EDGE) / across, (5 - TOP - UNDER) / down)
    if cell < LEAST:
        raise ArgumentError(f"{first} and {second}: {max(across, down)} pixels are too many for a "
                            "page; take smaller boxes")
    sheet = Sheet(max(5.2, 2 * EDGE + across * cell), TOP + down * cell + UNDER)
    left = (sheet.width - across * cell) / 2

    def at(x, y):
        return left + (x - low[0]) * cell, TOP + (y - low[1]) * cell
    _pixels(sheet, at, low, high)
    for box, colour in ((first, BLUE), (second, ORANGE)):
        sheet.shade(_corners(at, box), colour, 0.25, edge=True, above=1.6)
    _common(sheet, at, first, second)
    _edges(sheet, at, first, second)
    _words(sheet, first, second, answers)
    sheet.show(caption or "Two boxes on their pixels")


def _corners(at, box):
    x0, y0, x1, y1 = box
    return [at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1)]


def _pixels(sheet, at, low, high):
    for x in range(low[0], high[0] + 1):
        sheet.stroke([at(x, low[1]), at(x, high[1])], above=1.1)
    for y in range(low[1], high[1] + 1):
        sheet.stroke([at(low[0], y), at(high[0], y)], above=1.1)


def _common(sheet, at, first, second):
    """Shade what both cover, if anything."""
    x0, y0 = np.maximum(first[:2], second[:2]).tolist()
    x1, y1 = np.minimum(first[2:], second[2:]).tolist()
    if x1 > x0 and y1 > y0:
        sheet.shade(_corners(at, (x0, y0, x1, y1)), GREEN, 0.55, edge=True, above=1.7)


def _edges(sheet, at, first, second):
    """Name the edges: those of a above and at the left, those of b below and at the right."""
    for box, name, colour, above in ((first, "a", BLUE, True), (second, "b", OCHRE, False)):
        x0, y0, x1, y1 = box
        for x, words in ((x0, "x_0"), (x1, "x_1")):
            px, py = at(x, y0 if above else y1)
            sheet.text(f"${words}^{name}$", px, py - 0.2 if above else py + 0.21, 12, colour,
                       halo=True)
        for y, words in ((y0, "y_0"), (y1, "y_1")):
            px, py = at(x0 if above else x1, y)
            sheet.text(f"${words}^{name}$", px + (-0.26 if above else 0.26), py, 12, colour,
                       halo=True)


def _words(sheet, first, second, answers):
    y = sheet.height - 0.24
    names = ("blue: $a$     orange: $b$     green: what both cover",
             "blue: $a$     orange: $b$")[shared_and_union(first, second)[0] == 0]
    sheet.text(names, sheet.width / 2, y - 0.27 * answers, 11, GREY)
    if answers:
        shared, union = shared_and_union(first, second)
        sheet.text(f"$a \\cap b$ = {shared} pixels,   $a \\cup b$ = {union} pixels,   "
                   f"IoU = {shared} / {union} = {shared / union:.3f}", sheet.width / 2, y, 12)
