"""Sequences of unequal length in one batch: pad them, mark what is real, find each last state.

    sequence 0   x x x x x        mask   1 1 1 1 1        last   . . . . h
    sequence 1   x x 0 0 0               1 1 0 0 0               . h . . .

A recurrent layer reads the padding like anything else, and its state goes on changing there. What
it says *before* the padding does not know of it; so it is enough to look away in time.
"""

import numpy as np

from vidlearn.scratch.core.errors import ShapeError


def pad(sequences):
    """Lay sequences (T, F) side by side, zeros behind the shorter ones.

    Shapes   N arrays (T_n, F)  ->  x (T, N, F) with T of the longest, lengths (N,) int64
    Twin     torch.nn.utils.rnn.pad_sequence
    """
    lengths = np.array([len(s) for s in sequences])
    x = np.zeros((lengths.max(), len(sequences), *sequences[0].shape[1:]), sequences[0].dtype)
    for n, sequence in enumerate(sequences):
        x[:len(sequence), n] = sequence
    return x, lengths


def mask(lengths, steps):
    """True where a sequence is real, False where it is padding: (steps, N)."""
    return np.arange(steps)[:, None] < np.asarray(lengths)


def last_forward(y, lengths):
    """The state of each sequence after its own last step.

    Shapes   y (T, N, U), lengths (N,)  ->  (N, U)
    Raises   ShapeError if a length is not in 1..T, or there is not one for each sequence
    Twin     h_n of a packed sequence, torch.nn.utils.rnn.pack_padded_sequence
    """
    lengths = np.asarray(lengths)
    if lengths.shape != y.shape[1:2] or lengths.min() < 1 or lengths.max() > len(y):
        raise ShapeError(f"y {y.shape} needs {y.shape[1]} lengths in 1..{len(y)}, not "
                         f"{lengths.tolist()}")
    return y[lengths - 1, np.arange(len(lengths))], (y.shape, lengths)


def last_backward(dy, cache):
    """Back to the step that was taken; every other step, padding above all, gets 0.

    Shapes   dy (N, U)  ->  (T, N, U)
    """
    shape, lengths = cache
    dx = np.zeros(shape, dy.dtype)
    dx[lengths - 1, np.arange(len(lengths))] = dy
    return dx
