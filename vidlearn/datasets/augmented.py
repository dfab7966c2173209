"""A dataset whose clips are changed at random in training, and their labels along with them."""

import numpy as np

from vidlearn import video
from vidlearn.checks import ArgumentError, checked, kinds

DATA = kinds.having("a dataset: with clips, labels and classes", "clips", "labels", "classes")


@checked
class Augmented:
    """A dataset with `clips` and `labels`, and a random change that may change the label too.

    `change(frames, label, rng)` gets frames (T, H, W, C) uint8 and returns frames and a label: one
    draw for the whole clip, and the label that is true afterwards, such as *right* for a mirrored
    *left*. Only training calls `draw`, and only `draw` calls `change`: clips for testing stay as
    they are.
    """

    def __init__(self, data: DATA, change: kinds.FUNCTION):
        self.data, self.change, self.classes = data, change, data.classes

    def __len__(self):
        return len(self.data)

    def __getitem__(self, i):
        """Clip `i` unchanged, (C, T, H, W) float32 in 0..1, and its label."""
        return self.data[i]

    def draw(self, i: kinds.COUNT, rng):
        """Clip `i` changed at random, (C, T, H, W) float32 in 0..1, and its label afterwards.

        Raises   ArgumentError if that label is none of the classes
        """
        frames, label = self.change(self.data.clips[i], int(self.data.labels[i]), rng)
        if not 0 <= label < len(self.classes):
            raise ArgumentError(
                f"the change of clip {i} turned label {int(self.data.labels[i])} into {label}: "
                f"it must be 0 to {len(self.classes) - 1}")
        return video.to_tensor(np.ascontiguousarray(frames)), int(label)
