"""A dataset whose clips are changed by chance in training, and their labels along with them."""

import numpy as np

from vidlearn import video
from vidlearn.checks import given, kinds


class Augmented:
    """Motion, or what has its `clips` and `labels`, with a change that may turn the label.

    `change(frames, label, rng)` gets frames (T, H, W, C) uint8 and returns frames and a label: one
    draw for the clip, and where a flip turns *left* into *right*, the label that is true now. Only
    `draw` calls it, and only training calls `draw`: what is tested stays as it is.
    """

    def __init__(self, data, change):
        self.data, self.change, self.classes = data, change, data.classes

    def __len__(self):
        return len(self.data)

    def __getitem__(self, i):
        """Clip `i` as it is, (C, T, H, W) float32 in 0..1, and its label."""
        return self.data[i]

    def draw(self, i, rng):
        """Clip `i` changed by chance, (C, T, H, W) float32 in 0..1, and the label it has now.

        Raises   ValueError if the label is none of the classes
        """
        frames, label = self.change(self.data.clips[i], int(self.data.labels[i]), rng)
        if not 0 <= label < len(self.classes):
            raise ValueError(f"the change of clip {i} made label {label} of "
                             f"{int(self.data.labels[i])}: it must be 0 to {len(self.classes) - 1}")
        return video.to_tensor(np.ascontiguousarray(frames)), int(label)


given.check(globals(), {
    "data": kinds.having("a dataset: with clips, labels and classes", "clips", "labels", "classes"),
    "change": kinds.FUNCTION, "i": kinds.whole(),
})
