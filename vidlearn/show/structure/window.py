"""A kernel's window on a picture: which cells it reads for one result, and which result it is."""

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.scratch.layers import conv
from vidlearn.show.structure import grids
from vidlearn.show.structure.sheet import BLUE, OCHRE, ORANGE, Sheet, text_size

PLACE = kinds.row("(row, column) of the result", kinds.COUNT, 2)
INDEX = kinds.row("the place of a result, one index an axis", kinds.COUNT)
LARGEST, SMALLEST = 0.46, 0.22       # inches: the side of a cell
GAP, EDGE = 0.62, 0.36               # inches between the grids, and beside the first and last
TOP, UNDER, SUM = 0.56, 0.68, 0.24   # inches above the grids, and for the lines below them
NARROWEST = 5.4                      # inches: the formula needs them


@checked
def window_cells(place: INDEX, kernel: kinds.WIDTHS, stride: kinds.STEPS = 1,
                 padding: kinds.PADS = 0, dilation: kinds.STEPS = 1):
    """The cells that a window reads for one result: at i·s + p·d − P along each axis.

    Cells of the padding have an index below 0, or not below the size of the picture or clip.

    Shapes   place and kernel: (row, column) and (KH, KW), or (t, row, column) and (KT, KH, KW)
    Returns  one tuple of indices for each weight of the kernel, in the weights' order

    >>> window_cells((0, 1), (1, 2), stride=2, padding=1)
    [(-1, 1), (-1, 2)]
    """
    axes = [each_axis(value, len(kernel)) for value in (place, stride, padding, dilation)]
    return [tuple(i * s + k * d - p for i, s, p, d, k in zip(*axes, tap, strict=True))
            for tap in np.ndindex(*kernel)]


@checked
def window(x: kinds.MATRIX, kernel: kinds.MATRIX, place: PLACE = (0, 0), stride: kinds.STEPS = 1,
           padding: kinds.PADS = 0, dilation: kinds.STEPS = 1, shaded=False, answers=True,
           caption=""):
    """Show a kernel's window on a picture, the kernel, and the result, as three grids of numbers.

    `shaded` paints the picture's cells as pixels. Without `answers` the results stay blank.

    Shapes   x (H, W), kernel (KH, KW): its weights
    Raises   ArgumentError if `place` is no place of the result, or the grids do not fit a page
    """
    stride, padding, dilation = map(each_axis, (stride, padding, dilation))
    y = conv.conv_forward(np.asarray(x, float)[None, None], np.asarray(kernel, float)[None, None],
                          None, stride, padding, dilation)[0][0, 0]
    if any(i >= size for i, size in zip(place, y.shape, strict=True)):
        raise ArgumentError(f"place {place} is outside of the result, which has shape {y.shape}")
    cells = window_cells(place, kernel.shape, stride, padding, dilation)
    rim = tuple(n + 2 * p for n, p in zip(x.shape, padding, strict=True))
    sheet, cell, tall = _sheet(rim, kernel.shape, y.shape, UNDER + SUM * answers)
    top = [TOP + (tall - rows * cell) / 2 for rows in (rim[0], kernel.shape[0], y.shape[0])]
    left = grids.grid(sheet, x, EDGE, top[0], cell, padding=padding, shaded=shaded)
    middle = grids.grid(sheet, kernel, left.whole.right[0] + GAP, top[1], cell)
    right = grids.grid(sheet, y if answers else np.full(y.shape, np.nan),
                       middle.whole.right[0] + GAP, top[2], cell, chosen=place)
    if not answers:
        sheet.text("?", *right.at(*place).middle, bold=True, inside=right.at(*place))
    _mark(sheet, left, middle, right, cells, place, shaded)
    _words(sheet, (left, middle, right), any(padding))
    _formula(sheet, left, right, (place, kernel.shape, stride, padding, dilation))
    if answers:
        _sum(sheet, x, kernel, cells, place, y[place])
    sheet.show(caption or f"Which cells of x make y[{place[0]}, {place[1]}]")


def each_axis(value, count=2):
    """One number for each axis: 3 for two axes is (3, 3).

    Raises   ArgumentError if there are more or fewer numbers than axes
    """
    found = (value,) * count if np.ndim(value) == 0 else tuple(value)
    if len(found) != count:
        raise ArgumentError(f"{count} axes need {count} numbers, or one for all, not {found}")
    return found


def _sheet(rim, kernel, result, under):
    """A sheet on which the three grids fit, the side of a cell, and the height of the highest."""
    across, down = rim[1] + kernel[1] + result[1], max(rim[0], kernel[0], result[0])
    cell = min(LARGEST, (8 - 2 * EDGE - 2 * GAP) / across, (5 - TOP - under) / down)
    if cell < SMALLEST:
        raise ArgumentError(f"{across} columns and {down} rows of numbers cannot be read on one "
                            "page: take a smaller picture")
    width = max(2 * EDGE + 2 * GAP + across * cell, NARROWEST)
    return Sheet(width, TOP + down * cell + under), cell, down * cell


def _mark(sheet, left, middle, right, cells, place, shaded):
    """Mark the cells of the window and of the result, and join them through the kernel."""
    (top, start), (end, stop) = cells[0], cells[-1]
    frame = left.at(top, start, end - top + 1, stop - start + 1)
    result = right.at(*place)
    for a, b in ((frame, middle.whole), (middle.whole, result)):
        sheet.shade([(a.right[0], a.y), (b.x, b.y), (b.x, b.y + b.height),
                     (a.right[0], a.y + a.height)], BLUE, 0.13, above=1.5)
    for cell in cells:
        grids.mark(sheet, left.at(*cell), BLUE, 0 if shaded else 0.3)
    if len(cells) < (end - top + 1) * (stop - start + 1):
        grids.outline(sheet, frame, BLUE, 1.2, dashed=True)
    grids.outline(sheet, middle.whole, BLUE)
    grids.mark(sheet, result, ORANGE, 0.35)


def _words(sheet, placed, padded):
    """Titles, and the signs between the grids."""
    for grid, words in zip(placed, ("$x$" + ", with padding" * padded, "$w$", "$y$"), strict=True):
        grids.title(sheet, grid, words)
    for a, b, sign in zip(placed, placed[1:], (r"$\times$", r"$\Sigma$"), strict=False):
        x = (a.whole.right[0] + b.whole.left[0]) / 2
        sheet.text(sign, x - 0.06, placed[1].whole.middle[1], 15, BLUE)


def _formula(sheet, left, right, chosen):
    """The rows and columns that the window reads, by the formula, and marked on the grid."""
    place, *rest = chosen
    lines = zip(("rows", "columns"), "ij", "pq", place, *rest, strict=True)
    number = grids.number_rows, grids.number_columns
    under = left.y + left.whole.height + 0.24
    for line, (name, i, p, at, size, s, border, d) in enumerate(lines):
        read = [at * s + k * d - border for k in range(size)]
        formula = rf"{i}\,s + {p}\,d - P \;=\; {at} \cdot {s} + {p} \cdot {d} - {border}"
        sheet.text(f"{name}  ${formula}$  =  {_listed(read)}   for  ${p}$ = {_listed(range(size))}",
                   0.15, under + 0.24 * line, 10.5, align="left")
        number[line](sheet, left, read, BLUE)
        number[line](sheet, right, (at,), OCHRE, *(("right",) if line == 0 else ()))


def _sum(sheet, x, kernel, cells, place, result):
    """The sum written out, if it fits on a line."""
    inside = [0 <= i < x.shape[0] and 0 <= j < x.shape[1] for i, j in cells]
    values = [x[cell] if seen else 0 for cell, seen in zip(cells, inside, strict=True)]
    terms = [f"{grids.written(a)}·{_in_brackets(b)}"
             for a, b in zip(values, kernel.ravel(), strict=True)]
    words = (f"$y$[{place[0]}, {place[1]}]  =  {' + '.join(terms)}  =  {grids.written(result)}")
    if text_size(words, 10.5)[0] < sheet.width - 0.3:
        sheet.text(words, 0.15, sheet.height - 0.2, 10.5, align="left")


def _in_brackets(value):
    return f"({grids.written(value)})" if value < 0 else grids.written(value)


def _listed(numbers):
    return ", ".join(map(grids.minus, numbers))
