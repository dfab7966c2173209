"""Splits into training and test that keep all clips of one source on one side.

Clips from the same video, person or camera look alike in ways that have nothing to do with their
label. A model that has seen one of them in training recognises the others.
"""

import re
from functools import partial
from pathlib import Path

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds

GROUPS = kinds.array("a list with one entry a clip", 1, dtypes="biufSUO", empty=True)


class LeakError(ValueError):
    """Clips of one source are on both sides of a split."""


@checked
def check_split(train_groups: GROUPS, test_groups: GROUPS):
    """Make sure that no source is on both sides of a split.

    Raises   LeakError that names the sources on both sides
    """
    both = np.intersect1d(train_groups, test_groups).tolist()
    if both:
        more = f" and {len(both) - 5} more" if len(both) > 5 else ""
        named = ", ".join(map(str, both[:5])) + more
        raise LeakError(f"{len(both)} sources are in training and in test: {named}. "
                        "Split by source: split_by_source or group_folds")


@checked
def split_by_source(groups: GROUPS, fractions: kinds.row("a list of shares", kinds.NUMBER) = (
        0.8, 0.2), seed=0, labels: GROUPS = None):
    """Divide whole sources at random so that each part gets about its fraction of the clips.

    Shapes   groups (N,): the source of each clip; labels (N,): then this holds for every class
    Returns  an array of clip numbers for each fraction
    Raises   ArgumentError if a part would be empty
    """
    groups = np.asarray(groups)
    share = np.asarray(fractions, float)
    if not share.min() > 0 or not np.isclose(share.sum(), 1):
        raise ArgumentError(f"fractions {tuple(fractions)} must be above 0 and add up to 1")
    counts = _table(groups, np.zeros(len(groups)) if labels is None else labels)
    order = np.random.default_rng(seed).permutation(len(counts))
    missing = np.outer(share, counts.sum(0)).astype(float)             # (parts, classes)
    owner = np.empty(len(counts), int)
    for source in sorted(order, key=lambda s: -counts[s].sum()):       # the largest first
        owner[source] = np.argmax(missing @ counts[source])
        missing[owner[source]] -= counts[source]
    return _parts(groups, owner, len(share))


@checked
def group_folds(groups: GROUPS, k: kinds.COUNT):
    """Divide the clips into `k` folds of about the same size, each source within one fold.

    Returns  k pairs (train, test) of clip numbers; every clip is in one test
    Raises   ArgumentError if there are fewer than `k` sources
    """
    groups = np.asarray(groups)
    if k < 2:
        raise ArgumentError(f"k {k} must be 2 folds or more")
    counts = _table(groups, np.zeros(len(groups)))[:, 0]
    owner, size = np.empty(len(counts), int), np.zeros(k)
    for source in np.argsort(-counts, kind="stable"):
        owner[source] = size.argmin()
        size[owner[source]] += counts[source]
    tests = _parts(groups, owner, k)
    return [(np.setdiff1d(np.arange(len(groups)), test), test) for test in tests]


@checked
def number_blocks(length: kinds.POSITIVE_COUNT):
    """A `source` for Folder that takes every `length` consecutively numbered clips as one source.

    Returns  a function of a path: with blocks of 18, clips 1 to 18 have one source

    >>> source = number_blocks(18)
    >>> source("clip7.mp4"), source("clip18.mp4"), source("clip19.mp4")
    ('0', '0', '1')
    """
    return partial(_block, length)                    # a function in here would not be pickled


def _block(length, path):
    numbers = re.findall(r"\d+", Path(path).stem)
    if not numbers:
        raise ArgumentError(f"{path}: its name has no number, so its source is not known")
    return str((int(numbers[-1]) - 1) // length)


def _table(groups, labels):
    """How many clips of each class each source has: (sources, classes)."""
    if len(groups) != len(labels) or not len(groups):
        raise ArgumentError(f"{len(groups)} groups and {len(labels)} labels: there must be one of "
                            "each per clip")
    _, source = np.unique(groups, return_inverse=True)
    _, label = np.unique(labels, return_inverse=True)
    table = np.zeros((source.max() + 1, label.max() + 1), int)
    np.add.at(table, (source, label), 1)
    return table


def _parts(groups, owner, k):
    _, source = np.unique(groups, return_inverse=True)
    parts = [np.flatnonzero(owner[source] == part) for part in range(k)]
    if not all(len(part) for part in parts):
        why = "each part needs one of its own" if len(owner) < k else \
            "by these shares a part gets none: take a larger share, or more sources"
        raise ArgumentError(f"{len(owner)} sources cannot be divided into {k} parts: {why}")
    return parts
