"""People: single people of the street, cropped around their true boxes, and what they do.

Sitting, lying or a raised arm can be seen in a single frame. Walking and running differ in how far
the legs swing, and some of their frames look alike.
"""

from collections import Counter
from dataclasses import dataclass

import cv2
import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.datasets.in_memory import InMemory
from vidlearn.datasets.street import ACTIONS, street

CLASSES = ("walk", "run", "wave", "sit", "fall")
STREET_OPTIONS = dict(frames=100, people=5, cars=0)          # one person in each role
MOST_CLIPS = 4                                     # of one person in one action
CROP_SCALE = 1.25                                  # side of the crop over side of the box
MIN_SIDE, MIN_VISIBLE = 12, 0.6                    # pixels of a box; visible share of a person
SEEDS = kinds.row("a list of seeds, whole numbers of 0 or more", kinds.ONE_SEED)
STREET = kinds.having("a Street", "frames", "boxes", "visible")
CLIPS = kinds.array("clips (N, T, H, W, 3) of uint8", 5, dtypes="B", empty=True)


@checked
@dataclass(eq=False, repr=False)
class People(InMemory):
    """Clips of one person each, in memory with their labels: a dataset for both engines.

    Shapes   clips (N, T, H, W, 3) uint8 RGB, labels (N,) int64, streets (N,) int64: the seed of
             the street that each comes from
    """

    clips: CLIPS
    labels: kinds.LABELS
    streets: kinds.LABELS
    classes: kinds.WORDS = CLASSES

    def __repr__(self):
        n, frames, height, width, _ = self.clips.shape
        return (f"People({n} clips of {frames} frames, {width}x{height}, "
                f"from {len(set(self.streets))} streets)")

    def subset(self, numbers: kinds.CLIPS):
        """The clips with these numbers, or of a slice."""
        return People(self.clips[numbers], self.labels[numbers], self.streets[numbers],
                      self.classes)

    def frames(self):
        """Every frame as a clip of one frame, with its clip's label."""
        n, count, *size = self.clips.shape
        return People(self.clips.reshape(n * count, 1, *size), self.labels.repeat(count),
                      self.streets.repeat(count), self.classes)


@checked
def people(seeds: SEEDS, frames=6, step=2, size=32):
    """Crop clips of people out of the streets with these seeds.

    Shapes   ->  clips (N, frames, size, size, 3); N depends on who is clearly visible
    Units    every `step`-th frame of a street with 25 frames per second
    Returns  People; a clip shows one action from its first frame to its last
    Raises   ArgumentError if nobody does one thing for that long
    """
    found = [(clip, label, seed) for seed in seeds
             for clip, label in _clips(street(seed, **STREET_OPTIONS), frames, step, size)]
    if not found:
        raise ArgumentError(
            f"there is no clip of {frames} frames, every {step} of {STREET_OPTIONS['frames']}, "
            f"in the streets {list(seeds)}: ask for fewer frames")
    clips, labels, streets = zip(*found, strict=True)
    return People(np.stack(clips), np.array(labels), np.array(streets))


@checked
def crop_person(scene: STREET, person: kinds.COUNT, size=32):
    """Crop one person out of every frame of a street.

    Shapes   scene: a Street of T frames  ->  frames (T, size, size, 3) uint8 RGB, and clear (T,):
             True where the person is clearly visible
    """
    boxes, visible = scene.boxes[:, person], scene.visible[:, person]
    height, width = scene.frames.shape[1:3]
    inside = ((boxes[:, :2] > 0) & (boxes[:, 2:] < (width, height))).all(1)
    large = (boxes[:, 2:] - boxes[:, :2]).max(1) >= MIN_SIDE
    crops = [_crop(frame, box, size) for frame, box in zip(scene.frames, boxes, strict=True)]
    return np.stack(crops), inside & large & (visible >= MIN_VISIBLE)


def _crop(frame, box, size):
    """A square around a box, scaled to `size` pixels; beyond the frame it repeats the edge."""
    x0, y0, x1, y1 = box.tolist()
    side = max(1, round(CROP_SCALE * max(x1 - x0, y1 - y0)))
    left, top = (x0 + x1 - side) // 2, (y0 + y1 - side) // 2
    padded = cv2.copyMakeBorder(frame, side, side, side, side, cv2.BORDER_REPLICATE)
    square = padded[top + side:top + 2 * side, left + side:left + 2 * side]
    return cv2.resize(square, (size, size), interpolation=cv2.INTER_AREA)


def _clips(scene, frames, step, size):
    """(clip, label) for each stretch of a street in which a visible person does one thing."""
    span = (frames - 1) * step + 1
    for person in range((scene.kinds == 0).sum()):
        crops, clear = crop_person(scene, person, size)
        actions, start, count = scene.actions[:, person], 0, Counter()
        while start + span <= len(crops):
            shown = slice(start, start + span)
            action = ACTIONS[actions[start]]
            same = (actions[shown] == actions[start]).all()
            wanted = action in CLASSES and count[action] < MOST_CLIPS
            if wanted and same and clear[shown].all():
                count[action] += 1
                yield crops[shown][::step], CLASSES.index(action)
                start += span
            else:
                start += 1
