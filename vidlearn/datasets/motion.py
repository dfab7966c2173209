"""Motion: eight actions of one small sprite, made so that *time is the only clue*.

A sprite (a random outline in two random colours) lies on a random background and does one thing:
it slides left or right, up or down, turns clockwise or counter-clockwise, grows or shrinks. Every
path is symmetric about the middle of the clip, so a clip played backwards **is** a clip of the
opposite action, made from the same draws:

    clip(draws, "left")[::-1]  ==  clip(draws, "right")

A model that ignores the order of the frames, such as one of their mean, can tell the four pairs
apart but not the two actions of a pair: its accuracy is 0.50 at most.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.datasets.in_memory import InMemory

CLASSES = ("left", "right", "up", "down", "clockwise", "counter-clockwise", "grow", "shrink")
OPPOSITE = np.arange(8) ^ 1                     # the label of the reversed clip: pairs are 2k, 2k+1
MOVES = np.array([                              # slide along x, along y, turn, grow: a row a class
    [-1, 0, 0, 0], [1, 0, 0, 0], [0, -1, 0, 0], [0, 1, 0, 0],
    [0, 0, 1, 0], [0, 0, -1, 0], [0, 0, 0, 1], [0, 0, 0, -1],
], np.float32)
SPRITE = 64                                     # side of a sprite's own picture, in pixels
CHUNK = 8                                       # clips drawn at a time: their pixels stay in cache
CLIPS = kinds.array("clips (N, T, H, W, 3) of uint8", 5, dtypes="B", last=(3,), empty=True)


@checked
@dataclass(eq=False, repr=False)
class Motion(InMemory):
    """Clips in memory with their labels: a dataset for both engines.

    Shapes   clips (N, T, H, W, 3) uint8 RGB, labels (N,) int64
    """

    clips: CLIPS
    labels: kinds.LABELS
    classes: kinds.WORDS = CLASSES

    def __repr__(self):
        n, frames, height, width, _ = self.clips.shape
        return f"Motion({n} clips of {frames} frames, {width}x{height})"

    def subset(self, numbers: kinds.CLIPS):
        """The clips with these numbers, or of a slice."""
        return Motion(self.clips[numbers], self.labels[numbers], self.classes)

    def backwards(self):
        """The same clips played backwards, each with the label of the opposite action."""
        return Motion(self.clips[:, ::-1], OPPOSITE[self.labels], self.classes)

    def halved(self):
        """Half the frames at half the size, each pixel the mean of eight: 1/8 of the work."""
        n, t, h, w, c = self.clips.shape
        eights = self.clips.reshape(n, t // 2, 2, h // 2, 2, w // 2, 2, c)
        small = eights.sum((2, 4, 6), dtype=np.uint16)
        return Motion(((small + 4) // 8).astype(np.uint8), self.labels, self.classes)


@checked
def motion(n: kinds.POSITIVE_COUNT, seed, frames=16, size=32, labels: kinds.LABELS = None,
           noise: kinds.NOT_NEGATIVE = 8.0, speed=1.0, texture: kinds.NOT_NEGATIVE = 1.0):
    """Draw `n` clips; the same arguments give the same clips.

    Shapes   labels (n,), by default 0 1 2 ... 7 0 1 ...  ->  clips (n, frames, size, size, 3)
    Units    noise is a standard deviation in grey levels (0..255); speed and texture are factors:
             the course uses 1; less speed, more texture or more noise is harder
    Returns  Motion; the random draws do not depend on the labels
    Raises   ArgumentError if the labels are not `n` numbers from 0 to 7

    >>> data = motion(8, seed=0)
    >>> data
    Motion(8 clips of 16 frames, 32x32)
    >>> clip, label = data[0]
    >>> clip.shape, data.classes[label]
    ((3, 16, 32, 32), 'left')
    """
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % len(CLASSES) if labels is None else np.asarray(labels, np.int64)
    if labels.shape != (n,) or not np.isin(labels, range(len(CLASSES))).all():
        raise ArgumentError(f"labels {labels.shape} must be {n} numbers from 0 to "
                            f"{len(CLASSES) - 1}")
    poses = _poses(rng, labels, frames, speed)
    sprites, grounds = _sprites(rng, n), _grounds(rng, n, size, texture)
    clips = np.empty((n, frames, size, size, 3), np.uint8)
    for i in range(0, n, CHUNK):
        part = slice(i, i + CHUNK)
        clips[part] = _draw(poses[part], sprites[part], grounds[part], size)
        if noise:
            _add_noise(clips[part], rng, noise)
    return Motion(clips, labels)


def _poses(rng, labels, frames, speed):
    """Where the sprite is in each frame: x, y (0..1), angle (radians), radius: (N, T, 4)."""
    n, u = len(labels), np.arange(frames) - (frames - 1) / 2         # -u reversed is u: symmetric
    low, high = [.34, .34, 0, .13], [.66, .66, 2 * np.pi, .20]
    rest = rng.uniform(low, high, (n, 4))
    pace = rng.uniform([.015, .015, .10, .05], [.030, .030, .20, .08], (n, 4)) * 16 / frames
    path = (MOVES[labels] * pace * speed)[:, None] * u[:, None]      # (N, T, 4)
    x, y, angle = np.moveaxis(rest[:, None, :3] + path[..., :3], -1, 0)
    radius = rest[:, None, 3] * np.exp(path[..., 3])
    return np.stack([x, y, angle, radius], -1).astype(np.float32)


def _sprites(rng, n):
    """A random outline filled with two colours in stripes: (N, 64, 64, 4), colour and cover."""
    axis = np.linspace(-1.6, 1.6, SPRITE, dtype=np.float32)          # in radii
    around = np.arctan2(axis[:, None], axis).ravel()
    waves = np.concatenate([f(k * around)[None] for k in (1, 2, 3, 4) for f in (np.cos, np.sin)])
    outline = 1 + .45 * np.tanh(rng.normal(0, .35, (n, 8)).astype(np.float32) @ waves)
    cover = np.clip((outline - np.hypot(axis[:, None], axis).ravel()) * 6 + .5, 0, 1)
    turn, width = rng.uniform(0, np.pi, n), rng.uniform(2.5, 5, n)
    stripes = np.stack([width * np.cos(turn), width * np.sin(turn)], 1).astype(np.float32)
    grid = np.stack(np.meshgrid(axis, axis)).reshape(2, -1)
    mix = .5 + .5 * np.tanh(3 * np.sin(stripes @ grid))
    hue = rng.uniform(0, 1, n)
    first, second = _colour(hue, 255), _colour(hue + rng.uniform(.1, .35, n), 160)
    picture = np.empty((n, SPRITE * SPRITE, 4), np.float32)
    picture[..., :3] = first[:, None] + mix[..., None] * (second - first)[:, None]
    picture[..., 3] = cover
    return picture.reshape(n, SPRITE, SPRITE, 4)


def _grounds(rng, n, size, texture):
    """A dark background of soft random waves: (N, H, W, 3)."""
    axis = np.linspace(0, 1, size, dtype=np.float32)
    waves = [f(np.pi * (a * axis[:, None] + b * axis)).ravel() for a, b in
             ((1, 2), (2, -1), (3, 1), (1, -4), (4, -3), (2, 5), (6, 2)) for f in (np.cos, np.sin)]
    field = rng.normal(0, .2, (n, len(waves))).astype(np.float32) @ np.stack(waves)
    shade = np.clip(60 * (1 + texture * field), 0, 120)
    return (shade[..., None] * _colour(rng.uniform(0, 1, n), 1)[:, None]).reshape(n, size, size, 3)


def _colour(hue, value):
    """A pure, bright colour for each hue 0..1: (N, 3)."""
    return (value * (.6 + .4 * np.cos(2 * np.pi * (hue[:, None] - [0, 1/3, 2/3])))).astype("f4")


def _draw(poses, sprites, grounds, size):
    """Find for each pixel the place on the sprite that it shows, and take the colour there."""
    n, frames = poses.shape[:2]
    x, y, angle, radius = np.moveaxis(poses, -1, 0)[..., None]       # (N, T, 1)
    pixel = (np.arange(size, dtype=np.float32) + .5) / size
    scale = SPRITE / 3.2 / radius
    cos, sin = np.cos(angle) * scale, np.sin(angle) * scale
    column = cos * (pixel - x), -sin * (pixel - x)                   # (N, T, W)
    row = sin * (pixel - y), cos * (pixel - y)                       # (N, T, H)
    i, j = (np.clip(r[..., None] + c[..., None, :] + SPRITE / 2, 0, SPRITE - 1).astype(np.intp)
            for r, c in ((row[1], column[1]), (row[0], column[0])))
    clip = np.arange(n)[:, None, None, None]
    found = sprites.reshape(-1, 4)[(clip * SPRITE + i) * SPRITE + j]             # (N, T, H, W, 4)
    ground = grounds[:, None]
    return (ground + found[..., 3:] * (found[..., :3] - ground) + .5).astype(np.uint8)


def _add_noise(clips, rng, noise):
    """Add Gaussian noise, as 256 equally likely values: one random byte for each number."""
    values = np.array([NormalDist(0, noise).inv_cdf((k + .5) / 256) for k in range(256)])
    random = np.frombuffer(rng.bytes(clips.size), np.uint8).reshape(clips.shape)
    clips[:] = np.clip(clips + np.round(values).astype(np.int16)[random], 0, 255)
