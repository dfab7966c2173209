"""A grid of numbers on a sheet: shaded cells, marked cells, and numbered rows and columns."""

import math
from typing import NamedTuple

import numpy as np
from matplotlib.patches import Rectangle

from vidlearn.checks import ArgumentError
from vidlearn.show.structure.sheet import FAINT, GREY, INK, PAPER, Block, text_size, tint

GOOD, LEAST = 9, 7                   # points: numbers easy to read, and the smallest there are
PADDING = (0.91, 0.92, 0.93)         # the ground of a cell that padding laid round the picture


class Grid(NamedTuple):
    """Where a grid lies on its sheet: its top left corner, the side of a cell, rows and columns.

    `first` is the index of the first row and of the first column: below 0 where there is padding.
    """

    x: float
    y: float
    cell: float
    shape: tuple
    first: tuple = (0, 0)

    def at(self, row, column, rows=1, columns=1):
        """The Block of a cell, or of a window of cells that begins there."""
        return Block(self.x + (column - self.first[1]) * self.cell,
                     self.y + (row - self.first[0]) * self.cell,
                     columns * self.cell, rows * self.cell)

    @property
    def whole(self):
        """The Block of all cells."""
        return self.at(*self.first, *self.shape)


def grid(sheet, matrix, x, y, cell, *, padding=(0, 0), shaded=False, chosen=None):
    """Draw a matrix as a grid of cells, with `padding` rows and columns of zeros round it.

    `shaded` paints each cell as a pixel, black for the smallest number. NaN stays blank. If a cell
    is `chosen`, its number is bold and all others are pale.
    """
    matrix = np.asarray(matrix, float)
    placed = Grid(x, y, cell, tuple(n + 2 * p for n, p in zip(matrix.shape, padding, strict=True)),
                  tuple(-p for p in padding))
    size, digits = number_size(matrix, cell)
    for row, column in np.ndindex(*placed.shape):
        i, j = row + placed.first[0], column + placed.first[1]
        outside = not (0 <= i < matrix.shape[0] and 0 <= j < matrix.shape[1])
        value = 0.0 if outside else matrix[i, j]
        ground = PADDING if outside else _grey(value, matrix) if shaded else PAPER
        block = placed.at(i, j)
        paint(sheet, block, ground)
        if np.isfinite(value):
            pale = outside or chosen not in (None, (i, j))
            ink = GREY if pale else _ink_on(ground) if shaded else INK
            sheet.text(written(value, digits), *block.middle, size=size, colour=ink, inside=block,
                       bold=chosen == (i, j))
    outline(sheet, placed.at(0, 0, *matrix.shape), GREY, 1.2)
    return placed


def paint(sheet, block, colour):
    """Fill a cell, with a thin grey edge."""
    sheet.patch(Rectangle((block.x, block.y), block.width, block.height, facecolor=colour,
                          edgecolor=FAINT, linewidth=0.7, zorder=1))


def mark(sheet, block, colour, strength=0.3):
    """Outline a cell, and tint it unless `strength` is 0: a pixel keeps its own shade."""
    if strength:
        sheet.patch(Rectangle((block.x, block.y), block.width, block.height, linewidth=0,
                              facecolor=tint(colour, strength), zorder=1.2))
    outline(sheet, block, colour, 1.8)


def outline(sheet, block, colour, thickness=1.8, dashed=False):
    """Outline a cell or a window."""
    sheet.patch(Rectangle((block.x, block.y), block.width, block.height, facecolor="none",
                          edgecolor=colour, linewidth=thickness, zorder=2.5, joinstyle="miter",
                          linestyle=(0, (3, 1.5)) if dashed else "-"))


def title(sheet, placed, words):
    """Write what a grid is above the indices of its columns."""
    sheet.text(words, placed.whole.top[0], placed.y - 0.36, 12)


def number_rows(sheet, placed, marked=(), colour=INK, side="left"):
    """Write the index of each row beside the grid, the marked ones bold and in colour."""
    for row in range(placed.first[0], placed.first[0] + placed.shape[0]):
        block, chosen = placed.at(row, placed.first[1]), row in marked
        x = block.x - 0.09 if side == "left" else placed.whole.right[0] + 0.09
        sheet.text(minus(row), x, block.middle[1], 9, colour if chosen else GREY,
                   "right" if side == "left" else "left", bold=chosen)


def number_columns(sheet, placed, marked=(), colour=INK):
    """Write the index of each column above the grid, the marked ones bold and in colour."""
    for column in range(placed.first[1], placed.first[1] + placed.shape[1]):
        block, chosen = placed.at(placed.first[0], column), column in marked
        sheet.text(minus(column), block.middle[0], block.y - 0.11, 9, colour if chosen else GREY,
                   bold=chosen)


def number_size(matrix, cell):
    """The size in points in which every number of a matrix fits into its cell, and the digits.

    Raises   ArgumentError if even three digits are too many for the cells
    """
    known = np.asarray(matrix)[np.isfinite(matrix)]
    for digits, least in ((None, GOOD), (3, LEAST)):
        words = {written(value, digits) for value in known} | {"0"}
        widest = max(text_size(word, 10)[0] for word in sorted(words, key=len)[-3:])
        size = min(12, cell * 30, 10 * 0.86 * cell / widest)
        if size >= least:
            return size, digits
    raise ArgumentError(f"numbers such as {max(words, key=len)} are too long for cells of "
                        f"{cell:.2f} inches: round them, or take a smaller matrix")


def written(value, digits=None):
    """A number with at most two decimals, or so many significant digits, and a true minus sign."""
    if digits and 0 < abs(value) < 10 ** (digits + 2):
        value = round(value, digits - 1 - math.floor(math.log10(abs(value))))
    return minus(f"{round(float(value), 2) + 0.0:.10g}")


def minus(number):
    """A number with a true minus sign."""
    return str(number).replace("-", "\N{MINUS SIGN}")


def _ink_on(ground):
    """Black or white, whichever is seen better on a grey."""
    return PAPER if ground[0] < 0.46 else (0, 0, 0)


def _grey(value, matrix):
    low, high = np.nanmin(matrix), np.nanmax(matrix)
    share = (value - low) / (high - low) if high > low else 1.0
    return (float(share),) * 3 if np.isfinite(share) else PAPER
