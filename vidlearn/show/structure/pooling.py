"""Pooling: the windows of a picture in colours, the winner of each circled, and the result."""

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.scratch.layers import pool
from vidlearn.show.structure import grids
from vidlearn.show.structure.sheet import BLUE, GREEN, ORANGE, PURPLE, SKY, Sheet, tint
from vidlearn.show.structure.window import each_axis

COLOURS = BLUE, ORANGE, GREEN, PURPLE, SKY
LARGEST, SMALLEST = 0.6, 0.3         # inches: the side of a cell
TOP, GAP, EDGE = 0.56, 1.1, 0.4      # inches above the grids, between them, and beside them


@checked
def pooling_winners(x: kinds.MATRIX, size: kinds.STEPS = 2, stride: kinds.STEPS = None):
    """The cell (row, column) that is the maximum of each window; of equal ones the first.

    Returns  {(i, j) of the result: (row, column)}

    >>> pooling_winners([[1, 5, 0, 0], [3, 5, 0, 2]])
    {(0, 0): (0, 1), (0, 1): (1, 3)}
    """
    (y, where), _ = pool.max_pool_forward(np.asarray(x, float)[None, None], size, stride,
                                          return_indices=True)
    return {place: tuple(map(int, divmod(where[0, 0][place], x.shape[1])))
            for place in np.ndindex(*y.shape[2:])}


@checked
def pooling(x: kinds.MATRIX, size: kinds.STEPS = 2, stride: kinds.STEPS = None,
            kind: kinds.choice("max", "mean") = "max", answers=True, caption=""):
    """Show the windows of a pooling in colours, and each result in the colour of its window.

    The winner of a maximum is circled. Without `answers`, results and circles are left out.

    Shapes   x (H, W)
    Raises   ArgumentError if windows share cells, which colours cannot show, or do not fit a page
    """
    size = each_axis(size)
    stride = size if stride is None else each_axis(stride)
    if any(step < side for step, side in zip(stride, size, strict=True)):
        raise ArgumentError(f"windows of {size} at stride {stride} share cells: colours cannot "
                            "show them; show.window shows one")
    forward = pool.max_pool_forward if kind == "max" else pool.avg_pool_forward
    y = forward(np.asarray(x, float)[None, None], size, stride)[0][0, 0]
    sheet, cell = _sheet(x.shape, y.shape)
    left = grids.grid(sheet, x, EDGE, TOP, cell)
    right = grids.grid(sheet, y if answers else np.full(y.shape, np.nan),
                       left.whole.right[0] + GAP, TOP + (x.shape[0] - y.shape[0]) * cell / 2, cell)
    winners = pooling_winners(x, size, stride) if kind == "max" and answers else {}
    _colour(sheet, left, right, size, stride, winners)
    for placed, words in ((left, "$x$"), (right, "$y$")):
        grids.title(sheet, placed, words)
        grids.number_rows(sheet, placed)
        grids.number_columns(sheet, placed)
    start, end = left.whole.right[0] + 0.14, right.x - 0.3
    sheet.arrow((start, left.whole.middle[1]), (end, left.whole.middle[1]))
    sheet.text(kind, (start + end) / 2, left.whole.middle[1] - 0.16, bold=True)
    sheet.show(caption or f"Each window of {size[0]} x {size[1]} becomes one number: its {kind}")


def _sheet(source, result):
    across = source[1] + result[1]
    cell = min(LARGEST, (8 - 2 * EDGE - GAP) / across, (5 - TOP - 0.2) / source[0])
    if cell < SMALLEST:
        raise ArgumentError(f"a picture of {source[0]} x {source[1]} cannot be read on one page: "
                            "take a smaller one")
    return Sheet(2 * EDGE + GAP + across * cell, TOP + source[0] * cell + 0.2), cell


def _colour(sheet, left, right, size, stride, winners):
    """Tint each window and its result alike; neighbours get different colours."""
    for i, j in np.ndindex(*right.shape):
        colour = COLOURS[(2 * i + j) % len(COLOURS)]
        top, start = i * stride[0], j * stride[1]
        for p, q in np.ndindex(*size):
            grids.paint(sheet, left.at(top + p, start + q), tint(colour, 0.3))
        grids.outline(sheet, left.at(top, start, *size), colour, 2.2)
        grids.mark(sheet, right.at(i, j), colour)
        if (i, j) in winners:
            sheet.ring(*left.at(*winners[i, j]).middle, 0.4 * left.cell)
