"""What datasets in memory have in common: uint8 arrays with labels, given out as float32."""

import numpy as np


class InMemory:
    """Clips or pictures in memory, uint8 with the channels last, and `labels` (N,) int64."""

    array_name = "clips"             # of the attribute that holds them

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        """One of them, (3, T, H, W) or (3, H, W) float32 in 0..1, and its label."""
        x, labels = self.batch([index])
        return x[0], int(labels[0])

    def batch(self, indices):
        """Many at once, (n, 3, T, H, W) or (n, 3, H, W) float32 in 0..1, and their labels (n,)."""
        x = np.moveaxis(getattr(self, self.array_name)[indices], -1, 1)
        return np.ascontiguousarray(x, np.float32) / np.float32(255), self.labels[indices]
