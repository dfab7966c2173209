"""Shapes: one of four figures somewhere on a textured background, and where it lies.

Place and colours are random: only the outline tells the label. A *mark*, a small square of one
colour in the bottom right corner, can be added, like the stamp of a camera or a hospital. If the
mark depends on the label, a network can ignore the figure.
"""

from dataclasses import dataclass

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.datasets.in_memory import InMemory

CLASSES = ("disc", "ring", "cross", "triangle")
MARKS = np.array([[230, 60, 60], [60, 200, 80], [70, 110, 240], [235, 200, 60]], np.uint8)
MARK = 6                                        # side of a mark, in pixels
PICTURES = kinds.array("pictures (N, H, W, 3) of uint8", 4, dtypes="B", empty=True)
MASKS = kinds.either("masks (N, H, W), or None", kinds.fitting("", lambda value: value is None),
                     kinds.array("", 3, empty=True))


@checked
@dataclass(eq=False, repr=False)
class Shapes(InMemory):
    """Pictures in memory with their labels and masks: a dataset for both engines.

    Shapes   pictures (N, H, W, 3) uint8 RGB, labels (N,) int64, masks (N, H, W) bool: True in the
             bounding box of the figure
    """

    pictures: PICTURES
    labels: kinds.LABELS
    masks: MASKS
    classes: kinds.WORDS = CLASSES
    array_name = "pictures"

    def __repr__(self):
        n, height, width, _ = self.pictures.shape
        return f"Shapes({n} pictures, {width}x{height})"


@checked
def shapes(n: kinds.POSITIVE_COUNT, seed, size=32, marks: kinds.LABELS = None,
           noise: kinds.NOT_NEGATIVE = 30.0):
    """Draw `n` pictures; the same arguments give the same ones, and marks change nothing else.

    Shapes   marks (n,) of 0 to 3, the colour of each picture's mark; None: no marks
    Units    size in pixels, at least 24; noise is a standard deviation in grey levels (0..255)
    Raises   ArgumentError if the size is too small, or the marks are not `n` numbers from 0 to 3
    """
    if size < 24:
        raise ArgumentError(f"size {size}: a figure needs a picture of at least 24 pixels")
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % len(CLASSES)
    radius = rng.integers(4, 7, n)
    x, y = (rng.integers(radius + 1, size - MARK - 1 - radius) for _ in range(2))
    cover, masks = _figures(labels, x, y, radius, size)
    ground, colour = _grounds(rng, n, size), rng.uniform(90, 255, (n, 1, 1, 3))
    pictures = ground + cover[..., None] * (colour - ground)
    pictures += rng.normal(0, noise, pictures.shape)
    pictures = np.clip(np.rint(pictures), 0, 255).astype(np.uint8)
    if marks is not None:
        pictures[:, -MARK - 1:-1, -MARK - 1:-1] = MARKS[_valid_marks(marks, n)][:, None, None]
    return Shapes(pictures, labels, masks)


def _figures(labels, x, y, radius, size):
    """How much of each pixel the figure covers (N, H, W), and its box as a mask."""
    axis = np.arange(size)
    across = (axis - x[:, None])[:, None].astype(float)                  # (N, 1, W)
    down = (axis - y[:, None])[:, :, None].astype(float)                 # (N, H, 1)
    r, far = radius[:, None, None], np.hypot(across, down)
    a, b = np.abs(across), np.abs(down)
    edge = np.choose(labels[:, None, None], [                            # below 0: inside
        far - r, np.abs(far - r + 1) - 1, np.maximum(np.minimum(a, b) - 1, np.maximum(a, b) - r),
        np.maximum(a - (down + r) / 2, down - r)])
    return np.clip(0.5 - edge, 0, 1), (a <= r) & (b <= r)


def _grounds(rng, n, size):
    """Soft waves of one random, rather dark colour: (N, H, W, 3)."""
    axis = np.linspace(0, 1, size)
    waves = [f(np.pi * (p * axis[:, None] + q * axis)).ravel() for p, q in
             ((3, 2), (2, -5), (6, 1), (1, -7), (8, -3), (5, 9)) for f in (np.cos, np.sin)]
    field = rng.normal(0, 0.25, (n, len(waves))) @ np.stack(waves)
    shade = np.clip(70 * (1 + field), 0, 150).reshape(n, size, size, 1)
    return shade * rng.uniform(0.4, 1, (n, 1, 1, 3))


def _valid_marks(marks, n):
    marks = np.asarray(marks)
    if marks.shape != (n,) or not np.isin(marks, range(len(MARKS))).all():
        raise ArgumentError(f"marks {marks.shape} must be {n} numbers from 0 to {len(MARKS) - 1}")
    return marks
