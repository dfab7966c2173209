"""A kernel in a stack of frames: frames stand one behind another, and time goes to the right."""

from typing import NamedTuple

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.show.structure.sheet import BLUE, GREY, OCHRE, ORANGE, PAPER, Sheet
from vidlearn.show.structure.window import each_axis, window_cells

SIZE = kinds.row("(height, width)", kinds.POSITIVE_COUNT, 2)
KERNEL = kinds.row("(KT, KH, KW)", kinds.POSITIVE_COUNT, 3)
PLACE = kinds.row("(t, row, column) of the result", kinds.COUNT, 3)
LEAN, RISE = 0.38, 0.3               # cells: how far one column goes to the right and up
EDGE, GAP, TOP, UNDER = 0.52, 0.6, 0.5, 0.62         # inches
LARGEST, SMALLEST = 0.3, 0.13        # inches: the side of a cell


class Stack(NamedTuple):
    """Frames in oblique projection: the lower left corner of the first, a cell, and their pitch."""

    x: float
    y: float
    cell: float
    pitch: float
    shape: tuple

    def point(self, t, row, column):
        """The point (x, y) of a corner of cells: t, row and column need not be whole."""
        return (self.x + t * self.pitch + column * LEAN * self.cell,
                self.y - (self.shape[1] - row) * self.cell - column * RISE * self.cell)

    def patch(self, t, row, column, height=1, width=1):
        """The four corners of a patch of cells of frame t."""
        return [self.point(t, row + i, column + j)
                for i, j in ((0, 0), (0, width), (height, width), (height, 0))]


@checked
def kernel_in_clip(frames: kinds.POSITIVE_COUNT = 8, size: SIZE = (6, 6),
                   kernel: KERNEL = (3, 2, 2), place: PLACE = (2, 1, 2), stride: kinds.STEPS = 1,
                   dilation: kinds.STEPS = 1, caption=""):
    """Show which cells of a clip a 3-D kernel reads for one result, and the clip of results.

    Shapes   a clip (T, H, W) of `frames` frames of `size`, kernel (KT, KH, KW)
    Raises   ArgumentError if the kernel or its place is not in the clip, or it does not fit a page
    """
    shape, stride, dilation = (frames, *size), each_axis(stride, 3), each_axis(dilation, 3)
    result = tuple((n - d * (k - 1) - 1) // s + 1 for n, k, s, d in zip(
        shape, kernel, stride, dilation, strict=True))
    if any(i >= n for i, n in zip(place, result, strict=True)):
        raise ArgumentError(f"place {place} is outside of the result, which has shape "
                            f"{tuple(max(n, 0) for n in result)}")
    sheet, clip, answer = _stacks(shape, result)
    cells = window_cells(place, kernel, stride, 0, dilation)
    _frames(sheet, clip, cells, BLUE)
    _frames(sheet, answer, [place], ORANGE)
    _kernel(sheet, clip, cells[0], cells[-1], kernel)
    _words(sheet, clip, answer, kernel, place)
    sheet.show(caption or f"A {' x '.join(map(str, kernel))} kernel reads {len(cells)} cells of a "
               "clip for one result")


def _stacks(shape, result):
    """A sheet with room for the clip at the left and the clip of results at the right."""
    pitches = [max(size[2] * LEAN + 0.32, 1.4) for size in (shape, result)]       # cells
    widths = [pitch * size[0] for pitch, size in zip(pitches, (shape, result), strict=True)]
    tall = max(rows + columns * RISE for _, rows, columns in (shape, result))
    cell = min(LARGEST, (8.3 - 2 * EDGE - 2 * GAP) / sum(widths), (5 - TOP - UNDER) / tall)
    if cell < SMALLEST:
        raise ArgumentError(f"{shape[0]} frames of {shape[1]} x {shape[2]} cannot be read on one "
                            "page: take fewer or smaller ones")
    sheet = Sheet(2 * EDGE - 0.3 + 2 * GAP + sum(widths) * cell, TOP + tall * cell + UNDER)
    y = sheet.height - UNDER
    return (sheet, Stack(EDGE, y, cell, pitches[0] * cell, shape),
            Stack(EDGE + widths[0] * cell + 2 * GAP, y, cell, pitches[1] * cell, result))


def _frames(sheet, stack, cells, colour):
    """The frames, each with its number, and the cells that are marked."""
    frames, height, width = stack.shape
    for t in range(frames):
        sheet.shade(stack.patch(t, 0, 0, height, width), PAPER, 1, above=1)
        for row in range(height + 1):
            sheet.stroke([stack.point(t, row, 0), stack.point(t, row, width)], above=1.1)
        for column in range(width + 1):
            sheet.stroke([stack.point(t, 0, column), stack.point(t, height, column)], above=1.1)
        sheet.shade(stack.patch(t, 0, 0, height, width), GREY, 0, edge=True, above=1.3)
    for cell in cells:
        sheet.shade(stack.patch(*cell), colour, 0.4, edge=True, above=1.4)
    read = {cell[0] for cell in cells}
    for t in range(frames):
        x, y = stack.point(t, height, 0)
        ink = {BLUE: BLUE, ORANGE: OCHRE}[colour] if t in read else GREY
        sheet.text(t, x + 0.02, y + 0.13, 9, ink, bold=t in read)


def _kernel(sheet, clip, first, last, kernel):
    """The edges of the kernel from its first frame to its last, and its three sizes."""
    (t0, top, start), (t1, bottom, stop) = first, last
    bottom, stop = bottom + 1, stop + 1
    for row, column in ((top, start), (top, stop), (bottom, start), (bottom, stop)):
        sheet.stroke([clip.point(t0, row, column), clip.point(t1, row, column)], BLUE, 1.6,
                     dashed=(row, column) == (bottom, stop), above=1.6)
    (x, y), (right, _) = clip.point(t0, top, stop), clip.point(t1, top, stop)
    sheet.text("$K_T$", (x + right) / 2, y - 0.14, 12, BLUE, halo=True)
    at_edge = t0 == start == 0                         # beside it H is written
    x, y = clip.point(t1 if at_edge else t0, (top + bottom) / 2, stop if at_edge else start)
    sheet.text("$K_H$", x + (0.16 if at_edge else -0.14), y, 12, BLUE, halo=True)
    x, y = clip.point(t1, bottom, (start + stop) / 2)
    sheet.text("$K_W$", x + 0.12, y + 0.1, 12, BLUE, halo=True)


def _words(sheet, clip, answer, kernel, place):
    """The axes of both clips with their lengths, and what joins them."""
    for stack, mark, name in ((clip, "", "$x$"), (answer, "'", "$y$")):
        frames, height, width = stack.shape
        (x, y), (end, _) = stack.point(0, height, 0), stack.point(frames - 1, height, width)
        sheet.arrow((x, y + 0.26), (max(end, x + 0.3), y + 0.26), colour=GREY, thickness=1)
        sheet.text(f"$T{mark} = {frames}$", (x + max(end, x + 0.3)) / 2, y + 0.43, 10)
        sheet.text(f"$H{mark} = {height}$", x - 0.27, (y + stack.point(0, 0, 0)[1]) / 2, 10)
        x, y = stack.point(0, 0, width / 2)
        sheet.text(f"$W{mark} = {width}$", x - 0.04, y - 0.09, 10, align="right")
        sheet.text(name, (stack.x + end) / 2, 0.18, 12)
    (x, y), (end, _) = clip.point(clip.shape[0] - 1, 0, clip.shape[2]), answer.point(0, 0, 0)
    y = clip.point(0, clip.shape[1] * 0.55, clip.shape[2])[1]
    sheet.arrow((x + 0.12, y), (end - 0.58, y))
    sheet.text(r"$\Sigma\,x\,w$", (x + end) / 2 - 0.23, y - 0.17, 12)
