"""Clips of unequal length in one batch: black frames after the shorter ones, and a mask."""

import numpy as np

from vidlearn.checks import checked, kinds
from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.layers import variable_length

PAIR = kinds.fitting("", lambda item: isinstance(item, (tuple, list)) and len(item) == 2)
ITEMS = kinds.row("a list of pairs (clip, label)", PAIR)


@checked
def pad_clips(clips: kinds.LIST):
    """Stack clips in one batch, with zeros after the shorter ones, and mark the real frames.

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
    # x (T, N, C, H, W)
    x, steps = variable_length.pad_sequence([np.moveaxis(clip, 1, 0) for clip in clips])
    batch = np.ascontiguousarray(x.transpose(1, 2, 0, 3, 4))
    return batch, np.ascontiguousarray(variable_length.mask(steps, len(x)).T)


@checked
def collate(items: ITEMS):
    """Make one padded batch of a dataset's items: the `collate_fn` of torch's DataLoader.

    Shapes   N pairs (clip (C, T_n, H, W), label)  ->  batch, mask and labels (N,) int64
    """
    clips, labels = zip(*items, strict=True)
    return *pad_clips(clips), np.asarray(labels, np.int64)
