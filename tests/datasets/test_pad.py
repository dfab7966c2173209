"""Clips of unequal length in one batch: as torch pads, with a mask, and in a DataLoader."""

import numpy as np
import pytest
import torch
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader

from vidlearn.datasets.pad import collate, pad_clips
from vidlearn.scratch.core.errors import ShapeError

RNG = np.random.default_rng


def clips(*lengths, kind=np.float32, shape=(3, 4, 5)):
    rng = RNG(len(lengths))
    return [(rng.normal(size=(shape[0], t, *shape[1:])) + 3).astype(kind) for t in lengths]


@pytest.mark.parametrize("lengths", [(5, 2, 7), (1,), (1, 1), (3, 3, 3), (1, 9)])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_padding_equals_torch(lengths, kind):
    given = clips(*lengths, kind=kind)
    before = [clip.copy() for clip in given]
    batch, mask = pad_clips(given)
    theirs = pad_sequence([torch.tensor(c).swapaxes(0, 1) for c in given], batch_first=True)
    np.testing.assert_array_equal(batch, theirs.swapaxes(1, 2).numpy())
    assert batch.dtype == kind and batch.flags.c_contiguous
    assert mask.dtype == bool and mask.shape == (len(lengths), max(lengths))
    assert mask.sum(axis=1).tolist() == list(lengths)
    for n, clip in enumerate(given):
        np.testing.assert_array_equal(batch[n][:, mask[n]], clip)
        assert not batch[n][:, ~mask[n]].any()
        np.testing.assert_array_equal(clip, before[n])


@pytest.mark.parametrize("given", [
    [], [np.zeros((3, 4, 5))], [np.zeros((3, 0, 4, 5))],
    [np.zeros((3, 2, 4, 5)), np.zeros((3, 2, 4, 6))],
    [np.zeros((3, 2, 4, 5)), np.zeros((1, 2, 4, 5))],
])
def test_clips_of_unlike_shapes_are_refused(given):
    with pytest.raises(ShapeError, match=r"must be \(C, T, H, W\), alike in C, H and W"):
        pad_clips(given)


def test_a_loader_makes_padded_batches():
    items = list(zip(clips(4, 2, 6, 1, 3), (0, 1, 2, 3, 4), strict=True))
    loader = DataLoader(items, 2, collate_fn=collate)
    shapes = [(batch.shape[2], mask.sum(axis=1).tolist(), labels.tolist())
              for batch, mask, labels in loader]
    assert shapes == [(4, [4, 2], [0, 1]), (6, [6, 1], [2, 3]), (3, [3], [4])]
