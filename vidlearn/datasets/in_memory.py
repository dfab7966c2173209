"""What datasets in memory share: bytes with their labels, handed to either engine as numbers."""

import numpy as np


class Held:
    """Clips or pictures in memory, uint8 with the colours last, and `labels` (N,) int64."""

    held = "clips"                   # the name of the array that holds them

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        """One of them, (3, T, H, W) or (3, H, W) float32 in 0..1, and its label."""
        x, labels = self.batch([index])
        return x[0], int(labels[0])

    def batch(self, indices):
        """Many at once, (n, 3, T, H, W) or (n, 3, H, W) float32 in 0..1, and their labels (n,)."""
        x = np.moveaxis(getattr(self, self.held)[indices], -1, 1)
        return np.ascontiguousarray(x, np.float32) / np.float32(255), self.labels[indices]
