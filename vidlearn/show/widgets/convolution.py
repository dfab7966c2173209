"""A box of weights on a picture: what the widgets of the convolution lessons draw."""

import numpy as np

from vidlearn.checks import given, kinds
from vidlearn.scratch.layers import conv
from vidlearn.show import draw

CELL = 34                            # pixels a number


def sliding(x, weight):
    """Make the `draw` of a widget in which `weight` slides over `x`, place by place.

    Shapes   x (H, W), weight (KH, KW)
    Units    `place` counts results row by row; after the last it begins again
    """
    x = np.asarray(x, float)

    def slide(place=0, stride=1, padding=0, dilation=1):
        y, _ = conv.conv_forward(x[None, None], weight[None, None], None, stride, padding, dilation)
        y = y[0, 0]
        i, j = np.unravel_index(place % y.size, y.shape)
        rim = np.pad(x, padding, constant_values=np.nan)             # drawn blank, counted as zero
        left = draw.cells(rim, CELL, low=0, high=12)
        for p, q in np.ndindex(weight.shape):
            _mark(left, i * stride + p * dilation, j * stride + q * dilation)
        seen = np.where(np.arange(y.size).reshape(y.shape) <= i * y.shape[1] + j, y, np.nan)
        right = draw.cells(seen, CELL, colours="diverging", low=-30, high=30)
        _mark(right, i, j)
        line = f"y[{i}, {j}] = {y[i, j]:.0f}, one of {y.shape[0]} x {y.shape[1]} places"
        return draw.beside(draw.titled(left, "x, a blank rim counts as 0"),
                           draw.titled(draw.cells(weight, CELL, colours="diverging"), "weight"),
                           draw.titled(right, "y")), line
    return slide


def painting(frames):
    """Make the `draw` of a widget in which nine weights are set by hand and laid over a frame.

    Shapes   frames (T, H, W) in 0..1
    """
    def paint(frame=0, a=-1, b=0, c=1, d=-2, e=0, f=2, g=-1, h=0, i=1):
        weight = np.array([[a, b, c], [d, e, f], [g, h, i]], float)
        x = frames[frame]
        y, _ = conv.conv_forward(x[None, None], weight[None, None], None, padding=1)
        y = y[0, 0]
        scale = max(1, 288 // x.shape[1])
        reach = max(0.5, np.abs(weight).sum() / 6)       # so that a stronger box is not just louder
        return draw.beside(
            draw.titled(draw.heat(x, scale, low=0, high=1), "the frame"),
            draw.titled(draw.cells(weight, CELL, colours="diverging", low=-4, high=4), "weight"),
            draw.titled(draw.heat(y, scale, "diverging", -reach, reach), "what it sees")), (
            f"sum of weights {weight.sum():.0f}, strongest answer {np.abs(y).max():.2f}")
    return paint


def _mark(sheet, row, column):
    y, x = row * CELL, column * CELL
    draw.box(sheet, x, y, x + CELL + 1, y + CELL + 1)


given.check(globals(), {
    "x weight": kinds.MATRIX,
    "frames": kinds.array("grey frames (T, H, W) in 0..1", 3, dtypes="f"),
})
