"""Outlines: which of six figures is in the picture? Place, size, angle and shades are random.

The figure may be brighter or darker than its background, so that the mean of the picture does not
tell. With one channel and few pixels, a network written by hand learns it in seconds.
"""

from dataclasses import dataclass

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds

CLASSES = ("disc", "ring", "triangle", "square", "cross", "star")
PICTURES = kinds.array("pictures (N, 1, H, W)", 4, dtypes="f", empty=True)


@checked
@dataclass(eq=False, repr=False)
class Outlines:
    """Pictures in memory with their labels: a dataset for both engines.

    Shapes   pictures (N, 1, H, W) float32 in 0..1, labels (N,) int64
    """

    pictures: PICTURES
    labels: kinds.LABELS
    classes: kinds.WORDS = CLASSES

    def __repr__(self):
        n, _, height, width = self.pictures.shape
        return f"Outlines({n} pictures of {width}x{height})"

    def __len__(self):
        return len(self.pictures)

    def __getitem__(self, index):
        """One picture (1, H, W) and its label."""
        return self.pictures[index], int(self.labels[index])

    def batch(self, indices):
        """Many pictures at once, (n, 1, H, W), and their labels (n,)."""
        return self.pictures[indices], self.labels[indices]


@checked
def outlines(n: kinds.POSITIVE_COUNT, seed, size=24, noise: kinds.NOT_NEGATIVE = 0.03):
    """Draw `n` pictures, labels 0 1 2 ... 5 0 1 ...; the same arguments give the same ones.

    Units    size in pixels, at least 12; noise is a standard deviation: black is 0, white is 1
    Raises   ArgumentError if the pictures are too small to tell a star from a disc
    """
    if size < 12:
        raise ArgumentError(f"size {size}: below 12 pixels a star looks like a disc")
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % len(CLASSES)
    radius = rng.uniform(0.24, 0.34, n) * size                       # pixels
    middle = size / 2 + rng.uniform(-1, 1, (2, n)) * (0.48 * size - radius)
    cover = _cover(size, middle, radius, rng.uniform(0, 2 * np.pi, n), labels)
    ground = rng.uniform(0.35, 0.65, n)
    step = rng.uniform(0.25, 0.35, n) * rng.choice([-1, 1], n)       # from background to figure
    pictures = ground[:, None, None] + step[:, None, None] * cover
    pictures += rng.normal(0, noise, pictures.shape)
    return Outlines(pictures.clip(0, 1).astype(np.float32)[:, None], labels)


def _cover(size, middle, radius, turn, labels):
    """How much of each pixel the figure covers, 0..1: (N, size, size)."""
    pixel, each = np.arange(size) + 0.5, (slice(None), None, None)
    across = ((pixel - middle[0][:, None]) / radius[:, None])[:, None, :]        # in radii
    down = ((pixel - middle[1][:, None]) / radius[:, None])[:, :, None]
    cos, sin = np.cos(turn)[each], np.sin(turn)[each]
    x, y = cos * across + sin * down, cos * down - sin * across
    depth = np.empty(x.shape)
    for label, inside in enumerate(INSIDE):
        depth[labels == label] = inside(x[labels == label], y[labels == label])
    return np.clip(depth * radius[each] + 0.5, 0, 1)


def _triangle(x, y):
    return 0.6 - np.maximum(x, np.abs(y) * 3 ** 0.5 / 2 - x / 2)


def _cross(x, y):
    a, b = np.abs(x), np.abs(y)
    return np.minimum(1 - np.maximum(a, b), 0.28 - np.minimum(a, b))


INSIDE = (  # for each class: how deep (x, y) lies inside, in radii; below 0 is outside
    lambda x, y: 0.85 - np.hypot(x, y),
    lambda x, y: 0.2 - np.abs(np.hypot(x, y) - 0.75),
    _triangle,
    lambda x, y: 0.75 - np.maximum(np.abs(x), np.abs(y)),
    _cross,
    lambda x, y: 0.75 + 0.25 * np.cos(5 * np.arctan2(y, x)) - np.hypot(x, y),
)
