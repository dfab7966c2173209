"""The pixel that each pooling window chose, and the gradient that comes back to it."""

import numpy as np

from vidlearn.checks import checked, kinds
from vidlearn.scratch.layers import pool
from vidlearn.show import draw

CELL = 34                            # pixels of a cell with a number


@checked
def pooling_switches(x: kinds.MATRIX):
    """Make the `draw` of a widget: pool `x`, mark the chosen pixels, and go backward.

    Every output gets a gradient of 1; what arrives at each pixel is drawn at the right.

    Shapes   x (H, W)
    Units    `place` counts the outputs row by row
    """
    x = np.asarray(x, float)

    def pooled(kind="max", window=2, stride=2, place=0):
        y, dx, chosen = _forward_and_back(x, kind, window, stride)
        i, j = np.unravel_index(min(place, y.size - 1), y.shape)
        left = draw.cells(x, CELL, low=-4, high=12)
        _mark(left, i * stride, j * stride, window)
        for p, q in chosen:
            _mark(left, p, q, colour=draw.RED)
        middle = draw.cells(y, CELL, int(kind == "mean"), low=-4, high=12, size=13)
        _mark(middle, i, j)
        right = draw.cells(dx, CELL, 2 * (kind == "mean"), "diverging", -3, 3, size=13)
        _mark(right, i * stride, j * stride, window)
        origin = _origin(kind, x, i * stride, j * stride, window)
        line = (f"y[{i}, {j}] = {y[i, j]:.4g}{origin}; "
                f"{np.count_nonzero(dx)} of {dx.size} pixels get a gradient")
        return draw.beside(draw.titled(left, "x"), draw.titled(middle, "y"),
                           draw.titled(right, "dx, for 1 from every result")), line
    return pooled


def _forward_and_back(x, kind, window, stride):
    """y, dx for a dy of ones, and the chosen pixels (row, column), none for the mean."""
    x, chosen = x[None, None], []
    if kind == "mean":
        y, cache = pool.avg_pool_forward(x, window, stride)
        dx = pool.avg_pool_backward(np.ones_like(y), cache)
    else:
        (y, where), cache = pool.max_pool_forward(x, window, stride, return_indices=True)
        dx = pool.max_pool_backward(np.ones_like(y), cache)
        chosen = sorted(set(divmod(int(n), x.shape[3]) for n in where.ravel()))
    return y[0, 0], dx[0, 0], chosen


def _origin(kind, x, row, column, window):
    """In words, where a maximum came from and how many pixels tied."""
    if kind == "mean":
        return f", the mean of {window * window}"
    seen = x[row:row + window, column:column + window]
    p, q = divmod(int(seen.argmax()), window)
    equals = int((seen == seen.max()).sum())
    tie = f", the first of {equals}" * (equals > 1)
    return f" from x[{row + p}, {column + q}]{tie}"


def _mark(sheet, row, column, side=1, colour=draw.BLUE):
    y, x, far = row * CELL, column * CELL, side * CELL + 1
    draw.box(sheet, x, y, x + far, y + far, colour)
