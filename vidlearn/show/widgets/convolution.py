"""A kernel on a picture: sliding place by place, and with weights set by hand."""

import numpy as np

from vidlearn.checks import checked, kinds
from vidlearn.scratch.layers import conv
from vidlearn.show import draw

CELL = 34                            # pixels of a cell with a number
GREY_CLIP = kinds.array("grey frames (T, H, W) in 0..1", 3, dtypes="f")


@checked
def sliding_kernel(x: kinds.MATRIX, weight: kinds.MATRIX):
    """Make the `draw` of a widget: the kernel `weight` slides over `x`, place by place.

    Shapes   x (H, W), weight (KH, KW)
    Units    `place` counts the outputs row by row, and starts again after the last
    """
    x = np.asarray(x, float)

    def slide(place=0, stride=1, padding=0, dilation=1):
        y, _ = conv.conv_forward(x[None, None], weight[None, None], None, stride, padding, dilation)
        y = y[0, 0]
        i, j = np.unravel_index(place % y.size, y.shape)
        rim = np.pad(x, padding, constant_values=np.nan)      # drawn blank, added as 0
        left = draw.cells(rim, CELL, low=0, high=12)
        for p, q in np.ndindex(weight.shape):
            _mark(left, i * stride + p * dilation, j * stride + q * dilation)
        so_far = np.where(np.arange(y.size).reshape(y.shape) <= i * y.shape[1] + j, y, np.nan)
        right = draw.cells(so_far, CELL, colours="diverging", low=-30, high=30)
        _mark(right, i, j)
        line = f"y[{i}, {j}] = {y[i, j]:.0f}, one of {y.shape[0]} x {y.shape[1]} places"
        return draw.beside(draw.titled(left, "x, a blank rim counts as 0"),
                           draw.titled(draw.cells(weight, CELL, colours="diverging"), "weight"),
                           draw.titled(right, "y")), line
    return slide


@checked
def kernel_editor(frames: GREY_CLIP):
    """Make the `draw` of a widget: set the nine weights of a 3x3 kernel and see its response.

    Shapes   frames (T, H, W) in 0..1
    """
    def paint(frame=0, a=-1, b=0, c=1, d=-2, e=0, f=2, g=-1, h=0, i=1):
        weight = np.array([[a, b, c], [d, e, f], [g, h, i]], float)
        x = frames[frame]
        y, _ = conv.conv_forward(x[None, None], weight[None, None], None, padding=1)
        y = y[0, 0]
        scale = max(1, 288 // x.shape[1])
        reach = max(0.5, np.abs(weight).sum() / 6)       # scaling the kernel keeps the colours
        return draw.beside(
            draw.titled(draw.heat(x, scale, low=0, high=1), "the frame"),
            draw.titled(draw.cells(weight, CELL, colours="diverging", low=-4, high=4), "weight"),
            draw.titled(draw.heat(y, scale, "diverging", -reach, reach), "what it sees")), (
            f"sum of weights {weight.sum():.0f}, strongest answer {np.abs(y).max():.2f}")
    return paint


def _mark(sheet, row, column):
    y, x = row * CELL, column * CELL
    draw.box(sheet, x, y, x + CELL + 1, y + CELL + 1)
