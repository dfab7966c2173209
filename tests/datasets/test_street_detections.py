"""Detections that are spoiled by known amounts."""

import numpy as np
import pytest

from vidlearn.datasets.street import street
from vidlearn.datasets.street_detections import street_detections


@pytest.fixture(scope="module")
def clip():
    return street(3, frames=60, people=6, cars=1)


def test_without_faults_the_truth_is_found(clip):
    truth, found = street_detections(clip, missed=0, noise=0, false_alarms=0)
    assert sum(len(ids) for ids, _ in truth) > 150
    for (ids, boxes), (seen, scores) in zip(truth, found, strict=True):
        np.testing.assert_array_equal(seen, boxes)
        assert (scores >= 0.3).all() and (clip.kinds[ids] == 0).all()


def test_each_fault_has_its_amount(clip):
    truth, found = street_detections(clip, missed=0.5, noise=0, false_alarms=0)
    share = sum(len(b) for b, _ in found) / sum(len(ids) for ids, _ in truth)
    assert 0.4 < share < 0.6
    truth, found = street_detections(clip, missed=0, noise=0.1, false_alarms=0)
    moved = np.concatenate([
        (seen - boxes) / (boxes[:, 3] - boxes[:, 1])[:, None] for (_, boxes), (seen, _)
        in zip(truth, found, strict=True) if len(seen) == len(boxes)])
    assert 0.08 < moved.std() < 0.12
    truth, found = street_detections(clip, missed=0, noise=0, false_alarms=1)
    assert [len(b) - len(ids) for (ids, _), (b, _) in zip(truth, found, strict=True)] == [1] * 60


def test_the_hidden_are_less_sure_and_the_seed_decides(clip):
    truth, found = street_detections(clip, 1, missed=0, noise=0, false_alarms=0)
    visible = np.concatenate([clip.visible[t, ids] for t, (ids, _) in enumerate(truth)])
    scores = np.concatenate([s for _, s in found])
    assert scores[visible >= 0.7].min() >= 0.6 > scores[visible < 0.7].min()
    again, other = street_detections(clip, 1)[1], street_detections(clip, 2)[1]
    assert any(len(a[0]) != len(b[0]) or (a[0] != b[0]).any() for a, b in zip(again, other,
                                                                              strict=True))
