"""Batches for either engine: drawn, decoded and stacked by torch's DataLoader, returned as NumPy.

A dataset is anything with

    len(data)                  the number of clips
    data[i]                    (clip float32 (C, T, H, W) in 0..1, label int): always the same
    data.classes               the names of the labels
    data.draw(i, rng)          optional: the same pair with the random changes of training
"""

import signal

import cv2
import numpy as np
import torch
from torch.utils.data import DataLoader

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.checks.words import said
from vidlearn.datasets import picklable

DATASET = kinds.fitting("a dataset: with len(data) and data[i]", lambda data: not isinstance(
    data, (str, bytes, dict)) and hasattr(data, "__len__") and hasattr(data, "__getitem__"))


@checked
def batches(data: DATASET, batch: kinds.POSITIVE_COUNT, *, shuffle=False, augment=False,
            seed: kinds.ONE_SEED = 0, epoch=0, workers=0):
    """Go once through `data`, `batch` clips at a time; the last batch may be smaller.

    The same `seed` and `epoch` give the same batches for any number of `workers`, so that training
    can resume at any epoch. With `augment`, clips come from `data.draw` where it exists.

    Shapes   each batch: clips (N, C, T, H, W) float32, labels (N,) int64
    Units    pixels in 0..1
    Raises   ArgumentError if there is no clip, clips of one batch differ in shape, or a dataset
             cannot be sent to workers
    Twin     torch.utils.data.DataLoader
    """
    if not len(data):
        raise ArgumentError("data is empty: there is no clip in this dataset")
    order = np.arange(len(data))
    if shuffle:
        np.random.default_rng([seed, epoch]).shuffle(order)
    if workers:
        picklable.check(data)
    loader = DataLoader(
        _Seeded(data, augment, seed, epoch), batch, sampler=order.tolist(), num_workers=workers,
        collate_fn=_stack, worker_init_fn=_start_worker,
        generator=torch.Generator(),                  # so that torch's global one is not used
    )
    for clips, labels in loader:
        yield clips.numpy(), labels.numpy()


class _Seeded:
    """A dataset whose random numbers depend on seed, epoch and clip, but not on the worker."""

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
    """Clips and labels as tensors, which pass from a worker to the main process without a copy."""
    for item in items:
        if not isinstance(item, (tuple, list)) or len(item) != 2:
            raise ArgumentError(f"data[i] must be a pair (clip, label), not {said(item)}")
    clips, labels = zip(*items, strict=True)
    shapes = {np.shape(clip) for clip in clips}
    if len(shapes) > 1:
        raise ArgumentError(f"clips of one batch have shapes {sorted(shapes)}: "
                            "give the dataset one number of frames and one size")
    return torch.from_numpy(np.stack(clips).astype(np.float32, copy=False)), torch.tensor(labels)


def _start_worker(_):
    """Leave Ctrl-C to the main process, which then asks for no more clips."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(0)          # OpenCV's thread pool does not survive the fork of a worker
