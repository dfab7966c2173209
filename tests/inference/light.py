"""A rule that classifies clips as bright or dark, and videos for it."""

import numpy as np

from vidlearn import video
from vidlearn.inference.weights import Header

HEADER = Header("c3d", ("dark", "bright", "never"), frames=4, size=(8, 10), seconds=1.0)


class Light:
    """A classifier that is a rule: the brighter the clip, the more probable is "bright"."""

    header, classes = HEADER, HEADER.classes

    def __init__(self):
        self.shapes = []

    def probabilities(self, clips):
        self.shapes.append(clips.shape)
        light = clips.mean((1, 2, 3, 4))
        return np.stack([1 - light, light, 0 * light], 1)


def write(path, light, fps=10, size=(16, 20)):
    """Write a video whose frames have these levels of grey."""
    frames = [np.full((*size, 3), round(255 * v), np.uint8) for v in light]
    video.write(path, frames, fps)
    return path
