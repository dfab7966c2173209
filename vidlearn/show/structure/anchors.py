"""Anchors: the boxes of fixed sizes that belong to one cell of a feature map."""

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.show import draw, pictures
from vidlearn.show.structure import grids
from vidlearn.show.structure.sheet import BLUE, GREEN, INK, ORANGE, PAPER, PURPLE, RED, SKY, Sheet

SIZE = kinds.row("(height, width)", kinds.POSITIVE_COUNT, 2)
CELL = kinds.row("(row, column) of the feature map", kinds.COUNT, 2)
POSITIVES = kinds.row("a list of numbers, each more than 0", kinds.POSITIVE)
COLOURS = (RED, BLUE, GREEN, PURPLE, ORANGE, SKY)
EDGE, TOP, UNDER, GAP = 0.35, 0.5, 0.62, 1.0           # inches
WIDE, SMALL = 4.3, 2.0                                 # inches: the picture, and the map


@checked
def cell_anchors(sizes: POSITIVES, ratios: POSITIVES):
    """The anchors round one place, (A, 4): for each ratio, height through width, every size.

    All anchors of one size have the same area.

    >>> cell_anchors([16], [1.0, 4.0])
    array([[ -8.,  -8.,   8.,   8.],
           [ -4., -16.,   4.,  16.]])
    """
    roots = np.sqrt(np.asarray(ratios, float))[:, None]
    heights, widths = (sides.ravel() for sides in (roots * sizes, 1 / roots * sizes))
    return np.stack([-widths, -heights, widths, heights], 1) / 2


@checked
def anchors(picture: draw.ANY_PICTURE, feature_size: SIZE, cell: CELL, sizes: POSITIVES = (24,),
            ratios: POSITIVES = (0.5, 1, 2), caption=""):
    """Show the cells of a feature map on its picture, and the anchors of one of them.

    Shapes   picture (H, W, 3) or (H, W), feature_size (H', W')
    Raises   ArgumentError if the cell is not on the map, or there are more than six anchors
    """
    boxes = cell_anchors(sizes, ratios)
    if any(i >= n for i, n in zip(cell, feature_size, strict=True)):
        raise ArgumentError(f"cell {cell} is not on a feature map of {feature_size}")
    if len(boxes) > len(COLOURS):
        raise ArgumentError(f"{len(boxes)} anchors: at most {len(COLOURS)} can be told apart")
    height, width = picture.shape[:2]
    inch = min(WIDE / width, (5 - TOP - UNDER) / height)
    sheet = Sheet(2 * EDGE + SMALL + GAP + width * inch, TOP + height * inch + UNDER)
    whole = sheet.picture(EDGE + SMALL + GAP, TOP, width * inch, _pale(picture))
    step = height // feature_size[0] * inch, width // feature_size[1] * inch
    side = min(SMALL / feature_size[1], height * inch / feature_size[0])
    y = TOP + (height * inch - side * feature_size[0]) / 2
    placed = grids.Grid(EDGE, y, side, tuple(feature_size))
    for here in np.ndindex(*feature_size):
        grids.paint(sheet, placed.at(*here), PAPER)
    grids.mark(sheet, placed.at(*cell), RED, 0.5)
    corner = whole.x + cell[1] * step[1], whole.y + cell[0] * step[0]
    _cells(sheet, whole, step, feature_size)
    _boxes(sheet, whole, corner, boxes * inch)
    sheet.stroke([placed.at(*cell).right, corner], RED, 1.3, above=2.6)
    _words(sheet, placed, whole, feature_size, (height, width), boxes)
    sheet.show(caption or f"The {len(boxes)} anchors of one cell")


def _pale(picture):
    """The picture in light grey: the anchors on it have the colours."""
    grey = pictures.rgb(picture).mean(-1, keepdims=True)
    return np.rint(110 + grey * 0.57).astype(np.uint8).repeat(3, -1)


def _cells(sheet, whole, step, feature_size):
    """The borders of the cells on the picture."""
    for k in range(feature_size[0] + 1):
        sheet.stroke([(whole.x, whole.y + k * step[0]),
                      (whole.x + feature_size[1] * step[1], whole.y + k * step[0])], (1, 1, 1),
                     0.4, above=2.1)
    for k in range(feature_size[1] + 1):
        sheet.stroke([(whole.x + k * step[1], whole.y),
                      (whole.x + k * step[1], whole.y + feature_size[0] * step[0])], (1, 1, 1),
                     0.4, above=2.1)


def _boxes(sheet, whole, corner, boxes):
    """The anchors round their place, cut off where the picture ends."""
    low, high = whole[:2], (whole.x + whole.width, whole.y + whole.height)
    for box, colour in zip(boxes, COLOURS, strict=False):
        x0, y0 = np.clip(corner + box[:2], low, high).tolist()
        x1, y1 = np.clip(corner + box[2:], low, high).tolist()
        corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
        sheet.shade(corners, colour, 0.15, above=2.4)
        sheet.stroke([*corners, corners[0]], colour, 2.4, above=2.5)
    sheet.dot(*corner, 0.05, RED)


def _words(sheet, placed, whole, feature_size, size, boxes):
    sheet.text(f"map:  $H' = {feature_size[0]}$,  $W' = {feature_size[1]}$", placed.whole.top[0],
               TOP - 0.22, 12)
    sheet.text(f"picture:  $H = {size[0]}$,  $W = {size[1]}$,   step "
               f"$s = {size[0] // feature_size[0]}$", whole.top[0], TOP - 0.22, 12)
    sizes = ",   ".join(f"{x1 - x0:.0f} x {y1 - y0:.0f}" for x0, y0, x1, y1 in boxes)
    sheet.text(f"width x height of its {len(boxes)} anchors:  {sizes}", sheet.width / 2,
               sheet.height - 0.24, 11, INK)
