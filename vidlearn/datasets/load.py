"""Batches for either engine: drawn, decoded and stacked by torch's DataLoader, handed out as NumPy.

A dataset is anything with

    len(data)                  how many clips
    data[i]                    (clip float32 (C, T, H, W) in 0..1, label int): always the same
    data.classes               the names of the labels
    data.draw(i, rng)          optional: the same pair with the chances of training in it
"""

import signal

import cv2
import numpy as np
import torch
from torch.utils.data import DataLoader

from vidlearn.checks import given, kinds


def batches(data, batch, *, shuffle=False, augment=False, seed=0, epoch=0, workers=0):
    """Go once through `data`, `batch` clips at a time; the last batch may be smaller.

    The same `seed` and `epoch` give the same batches whatever `workers` is, so that a run can be
    taken up again at any epoch. With `augment`, clips come from `data.draw` where there is one.

    Shapes   each batch: clips (N, C, T, H, W) float32, labels (N,) int64
    Units    pixels in 0..1
    Raises   ValueError if there is no clip, or clips of one batch differ in shape
    Twin     torch.utils.data.DataLoader
    """
    if not len(data):
        raise ValueError("there is no clip in this dataset: nothing to make a batch of")
    order = np.arange(len(data))
    if shuffle:
        np.random.default_rng([seed, epoch]).shuffle(order)
    loader = DataLoader(
        _Drawn(data, augment, seed, epoch), batch, sampler=order.tolist(), num_workers=workers,
        collate_fn=_stack, worker_init_fn=_settle,
        generator=torch.Generator(),                  # so that torch's global one is left alone
    )
    for clips, labels in loader:
        yield clips.numpy(), labels.numpy()


class _Drawn:
    """A dataset whose chances depend on seed, epoch and clip alone, not on which worker asks."""

    def __init__(self, data, augment, seed, epoch):
        self.data, self.seed, self.epoch = data, seed, epoch
        self.draws = augment and hasattr(data, "draw")

    def __len__(self):
        return len(self.data)

    def __getitem__(self, i):
        if not self.draws:
            return self.data[i]
        return self.data.draw(i, np.random.default_rng([self.seed, self.epoch, i]))


def _stack(items):
    """Clips and labels as tensors: these cross from a worker to the main process uncopied."""
    for item in items:
        if not isinstance(item, (tuple, list)) or len(item) != 2:
            raise ValueError(f"data[i] must be a pair (clip, label), not {given.said(item)}")
    clips, labels = zip(*items, strict=True)
    shapes = {np.shape(clip) for clip in clips}
    if len(shapes) > 1:
        raise ValueError(f"clips of one batch have shapes {sorted(shapes)}: "
                         "give the dataset one number of frames and one size")
    return torch.from_numpy(np.stack(clips).astype(np.float32, copy=False)), torch.tensor(labels)


def _settle(_):
    """Begin a worker: Ctrl-C is the main process's to answer, which asks for no more clips."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(0)          # OpenCV's thread pool does not survive the fork of a worker


given.check(globals(), {
    "data": kinds.fitting("a dataset: with len(data) and data[i]", lambda it: not isinstance(
        it, (str, bytes, dict)) and hasattr(it, "__len__") and hasattr(it, "__getitem__"), True),
    "batch": kinds.whole(1), "seed": kinds.ONE_SEED,
})
