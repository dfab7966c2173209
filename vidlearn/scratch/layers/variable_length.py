"""Sequences of different lengths in one batch: pad them, mask the padding, read the last states.

    sequence 0   x x x x x        mask   1 1 1 1 1        last   . . . . h
    sequence 1   x x 0 0 0               1 1 0 0 0               . h . . .

A recurrent layer goes on over the padding, and its state goes on changing there. Its outputs
*before* the padding do not depend on it, so it is enough to read the state at the last real step.
"""

import numpy as np

from vidlearn.checks import checked, kinds
from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.layers.arguments import array
from vidlearn.scratch.numbers.elementwise import zero_safe_product

LENGTHS = kinds.array("a list of lengths", empty=True)
MASK = kinds.array("a mask (N, T) of True and False", 2)


@checked
def pad_sequence(sequences: kinds.row("a list of arrays (T, F)", array("T, *F"))):
    """Stack sequences (T, F) side by side, with zeros after the shorter ones.

    Shapes   N arrays (T_n, F)  ->  x (T, N, F) with T of the longest, lengths (N,) int64
    Twin     torch.nn.utils.rnn.pad_sequence
    """
    lengths = np.array([len(s) for s in sequences])
    x = np.zeros((lengths.max(), len(sequences), *sequences[0].shape[1:]), sequences[0].dtype)
    for n, sequence in enumerate(sequences):
        x[:len(sequence), n] = sequence
    return x, lengths


@checked
def mask(lengths: LENGTHS, steps: kinds.COUNT):
    """True where a sequence is real, False where it is padding: (steps, N)."""
    return np.arange(steps)[:, None] < lengths


@checked
def last_forward(y: array("T, N, *U"), lengths: LENGTHS):
    """Take the state of each sequence after its own last step.

    Shapes   y (T, N, U), lengths (N,)  ->  (N, U)
    Raises   ShapeError if a length is not in 1..T, or there is not one for each sequence
    Twin     h_n of a packed sequence, torch.nn.utils.rnn.pack_padded_sequence
    """
    lengths = np.asarray(lengths)
    if lengths.shape != y.shape[1:2] or lengths.min() < 1 or lengths.max() > len(y):
        raise ShapeError(f"y {y.shape} needs {y.shape[1]} lengths in 1..{len(y)}, not "
                         f"{lengths.tolist()}")
    return y[lengths - 1, np.arange(len(lengths))], (y.shape, lengths)


@checked
def last_backward(dy: array("N, *U"), cache):
    """Give the gradient to the step that was taken; every other step, also the padding, gets 0.

    Shapes   dy (N, U)  ->  (T, N, U)
    """
    shape, lengths = cache
    dx = np.zeros(shape, dy.dtype)
    dx[lengths - 1, np.arange(len(lengths))] = dy
    return dx


@checked
def masked_mean_forward(x: array("N, T, F"), mask: MASK):
    """Average each sequence over its real steps.

    Shapes   x (N, T, F), mask (N, T) of True and False  ->  y (N, F)
    Raises   ShapeError if the mask is not (N, T), or a sequence has no real step
    """
    mask = np.asarray(mask, bool)
    if x.ndim != 3 or mask.shape != x.shape[:2]:
        raise ShapeError(f"x {x.shape} must be (N, T, F), and mask {mask.shape} its (N, T)")
    if not mask.any(axis=1).all():
        empty = int(np.argmin(mask.any(axis=1)))
        raise ShapeError(f"sequence {empty} has no real step: there is nothing to average")
    weight = (mask / mask.sum(axis=1, keepdims=True)).astype(x.dtype)[..., None]     # (N, T, 1)
    return (np.where(mask[..., None], x, 0) * weight).sum(axis=1), weight


@checked
def masked_mean_backward(dy: array("N, F"), weight):
    """Give each real step its part of the gradient; padding gets 0.

    Shapes   dy (N, F)  ->  (N, T, F)
    """
    return zero_safe_product(dy[:, None], weight)
