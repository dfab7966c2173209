"""Films of two shots, for the exercise that looks for the cut: each function makes a case.

The first shot has `first` frames, the second `second`; the camera sweeps over a wall in each.
"""

import numpy as np


def sweeps(first, second, flash=None, hue=False):
    """Two sweeps over textured walls, with a white frame or a cut that changes colours only."""
    def case(rng):
        wall = rng.integers(0, 2, (24, 32, 3)) * 200 + rng.integers(0, 40, (24, 32, 3))
        other = rng.integers(90, 160, wall.shape)
        if hue:
            wall[..., 0], other = wall[..., 0] // 3 + 160, None
        walls = wall, wall[::-1, ::-1, [1, 0, 2]] if other is None else other
        frames = np.stack([np.roll(walls[t >= first], 5 * t, axis=1)
                           for t in range(first + second)]).astype(np.uint8)
        if flash is not None:
            frames[flash] = 255
        return (frames,)
    return case


def recoloured(first, second, order):
    """A cut at which two colours change places; noise, and a wall that slowly gets brighter."""
    def case(rng):
        wall = rng.integers(0, 60, (24, 32, 3)) + [0, 80, 160]
        frames = [np.roll(wall if t < first else wall[:, ::-1, order], 5 * t, axis=1)
                  + rng.integers(0, 4, wall.shape) + t // 3 for t in range(first + second)]
        return (np.stack(frames).astype(np.uint8),)
    return case


def one_colour(first, second, channel):
    """A cut that cuts the upper half off one colour; the sweep changes more pixels than the cut."""
    def case(rng):
        wall = rng.integers(60, 100, (24, 32, 3))
        wall[..., channel] = 8 * np.arange(32)            # a sweep moves each pixel to another bin
        other = wall.copy()
        other[..., channel] = np.minimum(wall[..., channel], 120)
        return (np.stack([np.roll(other if t >= first else wall, 5 * t, axis=1)
                          for t in range(first + second)]).astype(np.uint8),)
    return case


def dim(first, second):
    """Two dark walls: their grey levels differ, and all lie in the lower half."""
    def case(rng):
        walls = rng.integers(0, 40, (24, 32, 3)), rng.integers(70, 110, (24, 32, 3))
        return (np.stack([np.roll(walls[t >= first], 5 * t, axis=1)
                          for t in range(first + second)]).astype(np.uint8),)
    return case
