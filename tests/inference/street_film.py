"""A drawn street with people and a car, and the detectors of all engines."""

from functools import cache

import numpy as np

from vidlearn import video
from vidlearn.datasets.street import street
from vidlearn.inference import detector

ENGINES = detector.ENGINES


@cache
def clip(frames=4):
    return street(2, frames=frames, people=4, cars=1)


@cache
def load(engine="opencv"):
    return detector.load(engine)


def write(path, frames=None, fps=8):
    video.write(path, clip().frames if frames is None else frames, fps)
    return path


def empty(count=3):
    """Frames that show nobody: one colour, and no box is found."""
    return np.full((count, 60, 80, 3), 90, np.uint8)
