"""A map laid over a clip: bright where it says that something matters."""

import matplotlib
import numpy as np

from vidlearn.checks import given, kinds
from vidlearn.show import pictures


def overlay(clip, chance, strength=0.6):
    """Lay a map over the frames of a clip, for `player` and `contact_sheet` to show.

    Shapes   clip: a Clip or frames (T, H, W, 3), map (T, H, W)  ->  frames (T, H, W, 3) uint8
    Units    the map runs from 0, where the frame stays as it is but grey, to 1, bright yellow
    Raises   ValueError if clip and map differ in shape
    """
    frames, _, _ = pictures.opened(clip)
    chance = np.asarray(chance, float)
    if chance.shape != frames.shape[:3]:
        raise ValueError(f"clip {frames.shape[:3]} and chance {chance.shape}: "
                         "they must have the same frames, height and width")
    grey = frames.mean(axis=3, keepdims=True).repeat(3, axis=3)
    colour = 255 * matplotlib.colormaps["inferno"](np.clip(chance, 0, 1))[..., :3]
    mix = strength * np.clip(chance, 0, 1)[..., None]
    return np.rint(grey * (1 - mix) + colour * mix).astype(np.uint8)


given.check(globals(), {
    "clip": kinds.VIEW, "chance": kinds.array("a map (T, H, W)"), "strength": kinds.SHARE,
})
