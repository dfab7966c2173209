"""Read what a clip of Motion shows by arithmetic alone: nothing is learned.

If each point of the shape moves u pixels right and v down per frame, and the shape turns by w and
grows by s about its middle, then its brightness I changes in time, to first order, as

    -It = u Ix + v Iy + w (X Iy - Y Ix) + s (X Ix + Y Iy)

Thousands of pixels, four unknowns: least squares.
"""

import numpy as np

from vidlearn.checks import checked, kinds

LABELS = ((0, 1), (2, 3), (5, 4), (7, 6))   # of a negative and a positive u, v, w, s
ARM = 6                                     # pixels from the middle, where w and s are measured


@checked
def movement(frames: kinds.COLOURS, reach: kinds.POSITIVE = 10):
    """The movement that fits a clip of one bright shape best.

    Shapes   frames (T, H, W, 3) uint8, T at least 2  ->  (4,): right, down, clockwise, outwards
    Units    pixels per frame, the last two at 6 pixels from the middle; `reach` in pixels: what is
             farther from the middle is ignored
    """
    f = frames / 255
    step, between = np.diff(f, axis=0), (f[1:] + f[:-1]) / 2         # (T-1, H, W, 3)
    iy, ix = np.gradient(between, axis=(1, 2))
    x, y = _from_the_middle(between.sum(axis=3))
    near = (np.hypot(x, y) < reach)[..., None]
    x, y = x[..., None] / ARM, y[..., None] / ARM
    slopes = ix, iy, x * iy - y * ix, x * ix + y * iy
    table = np.stack([(slope * near).ravel() for slope in slopes], axis=1)
    return np.linalg.lstsq(table, -(step * near).ravel())[0]


@checked
def action(frames: kinds.COLOURS):
    """The label (0 to 7, as in motion.CLASSES) of the largest of the four movements."""
    found = movement(frames)
    largest = int(np.abs(found).argmax())
    return LABELS[largest][int(found[largest] > 0)]


def _from_the_middle(light):
    """How far each pixel lies right of and below the middle of the shape: two (T, H, W)."""
    weight = np.clip(light - np.median(light), 0, None) ** 2 + 1e-12          # the shape is bright
    total = weight.sum(axis=(1, 2))
    rows, columns = np.indices(light.shape[1:])
    middles = ((weight * grid).sum(axis=(1, 2)) / total for grid in (columns, rows))
    x, y = (grid - middle[:, None, None]
            for grid, middle in zip((columns, rows), middles, strict=True))
    return x, y
