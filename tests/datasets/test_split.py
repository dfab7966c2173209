"""Splits keep each source on one side, and a leak is named."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidlearn.datasets.split import (
    LeakError,
    check_split,
    group_folds,
    number_blocks,
    split_by_source,
)

GROUPS = st.lists(st.integers(0, 30).map("g{}".format), min_size=12, max_size=200).filter(
    lambda groups: len(set(groups)) >= 6)


def check_whole(groups, parts):
    """Check that every clip is in one part, and no source in two."""
    assert sorted(np.concatenate(parts)) == list(range(len(groups)))
    for i, part in enumerate(parts):
        for other in parts[i + 1:]:
            check_split(groups[part], groups[other])


@given(GROUPS, st.integers(0, 9), st.sampled_from([(0.8, 0.2), (0.6, 0.2, 0.2), (0.5, 0.5)]))
def test_sources_stay_whole(groups, seed, fractions):
    groups = np.array(groups)
    parts = split_by_source(groups, fractions, seed)
    assert len(parts) == len(fractions)
    check_whole(groups, parts)
    biggest = np.unique(groups, return_counts=True)[1].max()
    for part, fraction in zip(parts, fractions, strict=True):
        assert abs(len(part) - fraction * len(groups)) <= biggest


@given(GROUPS, st.integers(2, 6))
def test_folds_are_whole_and_even(groups, k):
    groups = np.array(groups)
    folds = group_folds(groups, k)
    check_whole(groups, [test for _, test in folds])
    biggest = np.unique(groups, return_counts=True)[1].max()
    sizes = [len(test) for _, test in folds]
    assert max(sizes) - min(sizes) <= biggest
    for train, test in folds:
        assert sorted([*train, *test]) == list(range(len(groups)))
        check_split(groups[train], groups[test])


def test_every_class_is_divided():
    groups = np.repeat(np.arange(40), 5)
    labels = np.repeat(np.arange(40) % 4, 5)
    train, test = split_by_source(groups, (0.75, 0.25), 3, labels)
    share = np.bincount(labels[test]) / 50
    assert (np.abs(share - 0.25) <= 0.05).all()                  # a source is a tenth of a class
    assert len(train) + len(test) == 200


def test_a_seed_gives_the_same_split():
    groups = np.repeat(np.arange(30), 4)
    a, b, c = (split_by_source(groups, seed=seed)[1].tolist() for seed in (1, 1, 2))
    assert a == b != c


def test_a_leak_is_named():
    check_split(["a", "b"], ["c"])
    with pytest.raises(LeakError, match=r"2 sources are in training and in test: b, c\. Split by"):
        check_split(["a", "b", "c", "c"], ["c", "b", "d"])
    with pytest.raises(LeakError, match=r"9 sources .* 0, 1, 2, 3, 4 and 4 more\. "):
        check_split(range(8, -1, -1), range(9))
    assert issubclass(LeakError, ValueError)


def test_frames_of_one_clip_divided_at_random_leak():
    source = np.repeat(np.arange(20), 10)
    order = np.random.default_rng(0).permutation(200)
    with pytest.raises(LeakError):
        check_split(source[order[:160]], source[order[160:]])


@pytest.mark.parametrize("call, match", [
    (lambda: split_by_source(["a", "a"]), "1 sources cannot be divided into 2 parts"),
    (lambda: group_folds(["a", "b"], 3), "2 sources cannot be divided into 3 parts"),
    (lambda: group_folds(["a", "b"], 1), "2 folds or more"),
    (lambda: split_by_source(["a", "b"], (0.5, 0.6)), "add up to 1"),
    (lambda: split_by_source(["a", "b"], (1.0, 0.0)), "above 0"),
    (lambda: split_by_source(["a", "b"], labels=[1]), "2 groups and 1 labels"),
    (lambda: split_by_source([]), "0 groups"),
])
def test_an_impossible_split_is_refused(call, match):
    with pytest.raises(ValueError, match=match):
        call()


def test_blocks_of_numbers():
    source = number_blocks(18)
    assert source("fight/fi001.mp4") == source("fight/fi018.mp4") == source("no/nofi007.mp4")
    assert source("fight/fi019.mp4") != source("fight/fi018.mp4")
    assert len({source(f"{i}.avi") for i in range(1, 91)}) == 5
    with pytest.raises(ValueError, match="its name has no number"):
        source("clip.mp4")
    assert pickle.loads(pickle.dumps(source))("clip19.mp4") == "1"
