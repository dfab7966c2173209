"""Recall: remember the first symbol while noise follows, for `lag` steps.

    step                0      1      2    ...   lag
    features 0 .. S-1   one 1  0      0    ...   0        which of the S symbols it is
    feature S           0      noise  noise ...  noise    useless, and hard to ignore

After step 0 nothing tells the symbols apart, so a model that is right at the end has remembered.
"""

from dataclasses import dataclass

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds


@checked
@dataclass(eq=False, repr=False)
class Recall:
    """Sequences in memory, each labelled by its first symbol: a dataset for both engines.

    Shapes   sequences (N, T, F) float64 with T = lag + 1 and F = symbols + 1, labels (N,) int64
    """

    sequences: kinds.array("sequences (N, T, F)", 3, empty=True)
    labels: kinds.LABELS

    def __repr__(self):
        n, steps, features = self.sequences.shape
        return f"Recall({n} sequences, {features - 1} symbols, a lag of {steps - 1})"

    @property
    def classes(self):
        """The names of the symbols: "0", "1", ..."""
        return tuple(map(str, range(self.sequences.shape[2] - 1)))

    def __len__(self):
        return len(self.sequences)

    def __getitem__(self, index):
        """One sequence (T, F) and its label."""
        return self.sequences[index], int(self.labels[index])

    def batch(self, indices):
        """Many sequences at once, (n, T, F), and their labels (n,)."""
        return self.sequences[indices], self.labels[indices]


@checked
def recall(n: kinds.POSITIVE_COUNT, lag: kinds.INTEGER, seed, symbols=4,
           noise: kinds.NOT_NEGATIVE = 1.0):
    """Draw `n` sequences; the same arguments give the same ones, and a longer lag the same labels.

    Units    lag in steps from the symbol to the answer; noise is a standard deviation
    Raises   ArgumentError if there is nothing to remember: a lag below 1, or fewer than 2 symbols
    """
    if lag < 1 or symbols < 2:
        raise ArgumentError(f"lag {lag} and symbols {symbols}: at least 1 and 2 are needed")
    rng = np.random.default_rng(seed)
    labels = rng.integers(symbols, size=n)
    sequences = np.zeros((n, lag + 1, symbols + 1))
    sequences[np.arange(n), 0, labels] = 1
    sequences[:, 1:, symbols] = noise * rng.normal(size=(n, lag))
    return Recall(sequences, labels)
