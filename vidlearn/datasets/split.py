"""Splits that a model cannot cheat on: clips of one source stay on one side.

Clips cut from the same film, of the same person or of the same camera look alike in ways that have
nothing to do with their label. A model that has seen one in training knows the others.
"""

import re
from pathlib import Path

import numpy as np

from vidlearn.checks import given, kinds


class LeakError(ValueError):
    """Clips of one source are on both sides of a split."""


def check_split(train_groups, test_groups):
    """Make sure that no source is on both sides.

    Raises   LeakError naming the sources that are
    """
    both = np.intersect1d(train_groups, test_groups).tolist()
    if both:
        more = f" and {len(both) - 5} more" if len(both) > 5 else ""
        named = ", ".join(map(str, both[:5])) + more
        raise LeakError(f"{len(both)} sources are in training and in test: {named}. "
                        "Split by source: split_by_source or group_folds")


def split_by_source(groups, fractions=(0.8, 0.2), seed=0, labels=None):
    """Deal out whole sources, by chance, so that each part gets about its fraction of the clips.

    Shapes   groups (N,): the source of each clip; labels (N,): then every class is dealt out so
    Returns  an array of clip numbers for each fraction
    Raises   ValueError if a part would stay empty
    """
    groups = np.asarray(groups)
    share = np.asarray(fractions, float)
    if not share.min() > 0 or not np.isclose(share.sum(), 1):
        raise ValueError(f"fractions {tuple(fractions)} must be above 0 and add up to 1")
    counts = _table(groups, np.zeros(len(groups)) if labels is None else labels)
    order = np.random.default_rng(seed).permutation(len(counts))
    missing = np.outer(share, counts.sum(0)).astype(float)             # (parts, classes)
    owner = np.empty(len(counts), int)
    for source in sorted(order, key=lambda s: -counts[s].sum()):       # the big ones first
        owner[source] = np.argmax(missing @ counts[source])
        missing[owner[source]] -= counts[source]
    return _parts(groups, owner, len(share))


def group_folds(groups, k):
    """Cut the clips in `k` folds of about the same size, each source whole in one of them.

    Returns  k pairs (train, test) of clip numbers; every clip is in one test
    Raises   ValueError if there are fewer than `k` sources
    """
    groups = np.asarray(groups)
    if k < 2:
        raise ValueError(f"k {k} must be 2 folds or more")
    counts = _table(groups, np.zeros(len(groups)))[:, 0]
    owner, size = np.empty(len(counts), int), np.zeros(k)
    for source in np.argsort(-counts, kind="stable"):
        owner[source] = size.argmin()
        size[owner[source]] += counts[source]
    tests = _parts(groups, owner, k)
    return [(np.setdiff1d(np.arange(len(groups)), test), test) for test in tests]


def number_blocks(length):
    """A `source` for Folder where neighbouring numbers are of one film: 1 to `length`, and so on.

    Returns  a function of a path: clip 7 and clip 18 of blocks of 18 are of one source
    """
    def source(path):
        numbers = re.findall(r"\d+", Path(path).stem)
        if not numbers:
            raise ValueError(f"{path}: there is no number in its name to tell its source by")
        return str((int(numbers[-1]) - 1) // length)
    return source


def _table(groups, labels):
    """How many clips of each class each source has: (sources, classes)."""
    if len(groups) != len(labels) or not len(groups):
        raise ValueError(f"{len(groups)} groups and {len(labels)} labels: one of each per clip")
    _, source = np.unique(groups, return_inverse=True)
    _, label = np.unique(labels, return_inverse=True)
    table = np.zeros((source.max() + 1, label.max() + 1), int)
    np.add.at(table, (source, label), 1)
    return table


def _parts(groups, owner, k):
    _, source = np.unique(groups, return_inverse=True)
    parts = [np.flatnonzero(owner[source] == part) for part in range(k)]
    if not all(len(part) for part in parts):
        few = "each part needs one of its own" if len(owner) < k else \
            "by these fractions, a part gets none: give it more, or have more sources"
        raise ValueError(f"{len(owner)} sources cannot be dealt out to {k} parts: {few}")
    return parts


given.check(globals(), {
    "train_groups test_groups groups labels": kinds.array("a list with one entry a clip", 1,
                                                          dtypes="biufSUO", empty=True),
    "fractions": kinds.row("a list of shares", kinds.number()), "k": kinds.whole(),
    "length": kinds.whole(1),
})
