"""A person as HOG sees them: the pixels, the cells with their directions, and one block."""

import cv2
import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.show import draw, pictures
from vidlearn.vision.hog import cell_histograms, gradient

CELL, TIMES, GAP, HEAD = 8, 3, 24, 44      # pixels of a cell; how much larger; of paper
WINDOW = kinds.array("a picture (H, W, 3) of uint8", 3, last=(3,), dtypes="B")
PLACE = kinds.row("(row, column) of the block's first cell", kinds.COUNT, 2)


@checked
def cell_strokes(window: WINDOW):
    """How long the stroke of each direction is in each cell of the drawing, at most 1.

    Shapes   window (H, W, 3)  ->  (H // 8, W // 8, 9)
    """
    votes = cell_histograms(*gradient(window))
    return votes / max(votes.max(), 1e-12)


@checked
def hog_cells(window: WINDOW, block: PLACE = (3, 3), caption=""):
    """Show a window beside the directions of the edges in its cells, with one block marked.

    A stroke lies along the edge, at right angles to the gradient; the longer, the stronger.

    Raises   ArgumentError if the block does not lie in the window
    """
    strokes = cell_strokes(window)
    rows, columns = strokes.shape[:2]
    if not (block[0] + 2 <= rows and block[1] + 2 <= columns):
        raise ArgumentError(f"block {tuple(block)} must begin in a cell before ({rows - 1}, "
                            f"{columns - 1}): it is 2x2 cells of {rows}x{columns}")
    pixels = draw.enlarge(window[:rows * CELL, :columns * CELL], TIMES)
    sheet = draw.canvas(HEAD + pixels.shape[0], 2 * pixels.shape[1] + GAP)
    second = pixels.shape[1] + GAP
    sheet[HEAD:, :pixels.shape[1]] = pixels
    _grid(sheet[HEAD:, :pixels.shape[1]])
    _draw_strokes(sheet[HEAD:, second:], strokes)
    for left in (0, second):
        _mark(sheet[HEAD:, left:left + pixels.shape[1]], block)
    for words, y in (("cells: 8x8 pixels", 12), ("orange: one block", 32)):
        draw.text(sheet, words, 4, y, 14)
    for words, y in (("9 directions a cell,", 12), ("along its edges", 32)):
        draw.text(sheet, words, second + 4, y, 14)
    pictures.image(sheet, caption or "A person in 16x8 cells.", scale=1)


def _grid(part):
    part[::CELL * TIMES] = part[:, ::CELL * TIMES] = draw.FAINT


def _draw_strokes(part, strokes):
    side, part[...] = CELL * TIMES, draw.INK
    canvas = np.ascontiguousarray(part)
    for (i, j, k), length in np.ndenumerate(strokes):
        along = np.deg2rad((k + 0.5) * 180 / strokes.shape[2] + 90)
        reach = side / 2 * np.sqrt(length) * np.array([np.cos(along), np.sin(along)])
        middle = np.array([j + 0.5, i + 0.5]) * side
        ends = (np.rint(middle + sign * reach).astype(int).tolist() for sign in (-1, 1))
        light = int(60 + 195 * np.sqrt(length))
        if length > 0.02:
            cv2.line(canvas, *ends, (light,) * 3, 1, cv2.LINE_AA)
    part[...] = canvas


def _mark(part, block):
    top, left = (CELL * TIMES * first for first in block)
    side = 2 * CELL * TIMES
    draw.box(part, left, top, left + side, top + side, draw.ORANGE, 2)
