"""Matching and sampling: torchvision's rules, ties and edges included."""

import numpy as np
import pytest
import torch
from torchvision.models.detection._utils import BalancedPositiveNegativeSampler, Matcher

from vidlearn.checks import ArgumentError
from vidlearn.detection.matcher import match, sample


@pytest.mark.parametrize("low_quality", [False, True])
@pytest.mark.parametrize("high, low", [(0.7, 0.3), (0.5, 0.5), (1.0, 0.0)])
@pytest.mark.parametrize("seed", range(20))
def test_matches_are_torchvisions(seed, high, low, low_quality):
    rng = np.random.default_rng(seed)
    iou = rng.integers(0, 11, rng.integers(1, 9, 2)) / 10             # many ties, many edges
    theirs = Matcher(high, low, low_quality)(torch.tensor(iou))
    np.testing.assert_array_equal(match(iou, high, low, low_quality), theirs.numpy())


def test_each_rule_by_hand():
    iou = np.array([[0.7, 0.69, 0.3, 0.29, 0.0], [0.1, 0.1, 0.1, 0.1, 0.2]])
    assert match(iou, 0.7, 0.3).tolist() == [0, -2, -2, -1, -1]
    assert match(iou, 0.7, 0.3, allow_low_quality=True).tolist() == [0, -2, -2, -1, 1]
    assert match(np.zeros((0, 3)), 0.7, 0.3, True).tolist() == [-1, -1, -1]
    assert match(np.zeros((2, 0)), 0.7, 0.3, True).tolist() == []


def test_thresholds_in_the_wrong_order_are_refused():
    with pytest.raises(ArgumentError, match="low 0.7 is more than high 0.3"):
        match(np.zeros((1, 1)), 0.3, 0.7)


@pytest.mark.parametrize("objects, others", [(0, 50), (3, 50), (40, 50), (40, 2), (0, 0)])
@pytest.mark.parametrize("fraction", [0.25, 0.5, 1.0, 0.0])
def test_as_many_are_sampled_as_by_torchvision(objects, others, fraction):
    labels = np.random.default_rng(0).permutation([1] * objects + [0] * others + [-1] * 5)
    chosen = sample(labels, 16, fraction, np.random.default_rng(1))
    theirs = BalancedPositiveNegativeSampler(16, fraction)([torch.tensor(labels)])
    assert [len(part) for part in chosen] == [int(part[0].sum()) for part in theirs]
    assert (labels[chosen[0]] == 1).all() and (labels[chosen[1]] == 0).all()
    assert all((np.diff(part) > 0).all() for part in chosen)


def test_every_candidate_is_sampled_as_often():
    rng, labels, counts = np.random.default_rng(0), np.array([2, 0] * 20), np.zeros(40)
    for _ in range(2000):
        counts[np.concatenate(sample(labels, 10, 0.5, rng))] += 1
    assert counts.min() > 400 and counts.max() < 600                  # 500 are expected
