"""People: one person of the street at a time, cut out around the true box, with what they do.

Sitting, lying or an arm in the air can be seen in a single frame. Walking and running differ by how
far the legs go, and there are frames of both that look alike.
"""

from collections import Counter
from dataclasses import dataclass

import cv2
import numpy as np

from vidlearn.checks import given, kinds
from vidlearn.datasets.in_memory import Held
from vidlearn.datasets.street import ACTIONS, street

CLASSES = ("walk", "run", "wave", "sit", "fall")
FILMED = dict(frames=100, people=5, cars=0)        # one person in each role
MOST = 4                                           # clips of one person in one action
ROOM = 1.25                                        # sides of the crop and of the box
SMALL, CLEAR = 12, 0.6                             # pixels of a box; share that nothing may hide


@dataclass(eq=False, repr=False)
class People(Held):
    """Clips of one person each, in memory with their labels: a dataset for both engines.

    Shapes   clips (N, T, H, W, 3) uint8 RGB, labels (N,) int64, streets (N,) int64: the seed of
             the street that each was cut from
    """

    clips: np.ndarray
    labels: np.ndarray
    streets: np.ndarray
    classes: tuple = CLASSES

    def __repr__(self):
        n, frames, height, width, _ = self.clips.shape
        return (f"People({n} clips of {frames} frames, {width}x{height}, "
                f"from {len(set(self.streets))} streets)")

    def subset(self, numbers):
        """The clips of these numbers, or of a slice."""
        return People(self.clips[numbers], self.labels[numbers], self.streets[numbers],
                      self.classes)

    def frames(self):
        """Every frame as a clip of its own, with its clip's label."""
        n, count, *size = self.clips.shape
        return People(self.clips.reshape(n * count, 1, *size), self.labels.repeat(count),
                      self.streets.repeat(count), self.classes)


def people(seeds, frames=6, step=2, size=32):
    """Cut clips of people out of streets with these seeds.

    Shapes   ->  clips (N, frames, size, size, 3); N depends on who can be seen well
    Units    every `step`-th frame of a film with 25 a second
    Returns  People; a clip shows one action from its first frame to its last
    Raises   ValueError if nobody does one thing for so long
    """
    cut = [(clip, label, seed) for seed in seeds
           for clip, label in _clips(street(seed, **FILMED), frames, step, size)]
    if not cut:
        raise ValueError(f"no clip of {frames} frames, every {step} of a film of "
                         f"{FILMED['frames']}, in the streets {list(seeds)}: ask for fewer frames")
    clips, labels, streets = zip(*cut, strict=True)
    return People(np.stack(clips), np.array(labels), np.array(streets))


def follow(filmed, person, size=32):
    """Cut one person out of every frame of a street.

    Shapes   filmed: a Street of T frames  ->  frames (T, size, size, 3) uint8 RGB, and clear (T,):
             True where the person can be seen well
    """
    boxes, visible = filmed.boxes[:, person], filmed.visible[:, person]
    height, width = filmed.frames.shape[1:3]
    inside = ((boxes[:, :2] > 0) & (boxes[:, 2:] < (width, height))).all(1)
    large = (boxes[:, 2:] - boxes[:, :2]).max(1) >= SMALL
    crops = [_crop(frame, box, size) for frame, box in zip(filmed.frames, boxes, strict=True)]
    return np.stack(crops), inside & large & (visible >= CLEAR)


def _crop(frame, box, size):
    """A square around a box, `size` pixels a side; what lies outside the frame repeats its edge."""
    x0, y0, x1, y1 = box.tolist()
    side = max(1, round(ROOM * max(x1 - x0, y1 - y0)))
    left, top = (x0 + x1 - side) // 2, (y0 + y1 - side) // 2
    padded = cv2.copyMakeBorder(frame, side, side, side, side, cv2.BORDER_REPLICATE)
    square = padded[top + side:top + 2 * side, left + side:left + 2 * side]
    return cv2.resize(square, (size, size), interpolation=cv2.INTER_AREA)


def _clips(filmed, frames, step, size):
    """(clip, label) for every stretch of a street in which somebody does one thing, well seen."""
    span = (frames - 1) * step + 1
    for person in range((filmed.kinds == 0).sum()):
        crops, clear = follow(filmed, person, size)
        actions, start, count = filmed.actions[:, person], 0, Counter()
        while start + span <= len(crops):
            shown = slice(start, start + span)
            action = ACTIONS[actions[start]]
            same = (actions[shown] == actions[start]).all()
            wanted = action in CLASSES and count[action] < MOST
            if wanted and same and clear[shown].all():
                count[action] += 1
                yield crops[shown][::step], CLASSES.index(action)
                start += span
            else:
                start += 1


given.check(globals(), {
    "seeds": kinds.row("a list of seeds, whole numbers of 0 or more", kinds.ONE_SEED),
    "filmed": kinds.having("a Street", "frames", "boxes", "visible", runs=False),
    "person": kinds.whole(), "classes": kinds.WORDS,
    "clips": kinds.array("clips (N, T, H, W, 3) of uint8", 5, dtypes="B", empty=True),
    "labels streets": kinds.LABELS,
    "numbers": kinds.CLIPS,
})
