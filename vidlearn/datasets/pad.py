"""Clips of unlike length in one batch: black frames behind the shorter ones, and a mask."""

import numpy as np

from vidlearn.checks import given, kinds
from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.layers import lengths


def pad_clips(clips):
    """Lay clips in one batch, zeros behind the shorter ones, and say which frames are real.

    Shapes   N clips (C, T_n, H, W)  ->  batch (N, C, T, H, W) with T of the longest,
             mask (N, T) bool, True where a frame is real
    Raises   ShapeError if there is no clip, or they differ in more than their length
    Twin     torch.nn.utils.rnn.pad_sequence, which pads the first axis
    """
    shapes = [np.shape(clip) for clip in clips]
    if not shapes or any(len(s) != 4 or s[1] < 1 for s in shapes) or \
            len({(s[0], *s[2:]) for s in shapes}) > 1:
        raise ShapeError(f"clips {shapes[:5]} must be (C, T, H, W), alike in C, H and W; "
                         "only T may differ: resize first")
    x, steps = lengths.pad([np.moveaxis(clip, 1, 0) for clip in clips])     # (T, N, C, H, W)
    batch = np.ascontiguousarray(x.transpose(1, 2, 0, 3, 4))
    return batch, np.ascontiguousarray(lengths.mask(steps, len(x)).T)


def padded_items(items):
    """Make one batch of a dataset's items: the `collate_fn` of torch's DataLoader.

    Shapes   N pairs (clip (C, T_n, H, W), label)  ->  batch, mask and labels (N,) int64
    """
    clips, labels = zip(*items, strict=True)
    return *pad_clips(clips), np.asarray(labels, np.int64)


given.check(globals(), {
    "clips": kinds.LIST, "items": kinds.row("a list of pairs (clip, label)", kinds.having(
        "", "__len__")),
})
