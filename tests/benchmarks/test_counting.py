"""The benchmark of counting pairs events as it says, and true boxes count nearly right."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from vidlearn.datasets.street import street
from vidlearn.surveillance.counting import Crossing


@pytest.fixture(scope="module")
def counting():
    folder = Path(__file__).parents[2] / "benchmarks"
    sys.path.insert(0, str(folder))                          # for its tables
    spec = importlib.util.spec_from_file_location("counting", folder / "counting.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    sys.path.remove(str(folder))


def test_events_are_paired_once_in_one_direction_and_within_a_second(counting):
    true = [Crossing(1, 100, "left"), Crossing(2, 110, "left"), Crossing(3, 50, "right")]
    assert counting.right([Crossing(9, 105, "left"), Crossing(8, 101, "left")], true) == 2
    assert counting.right([Crossing(9, 105, "left")] * 3, true) == 2
    assert counting.right([Crossing(9, 50, "left"), Crossing(9, 76, "right")], true) == 0
    assert counting.right([Crossing(9, 75, "right")], true) == 1
    assert counting.right([], true) == counting.right(true, []) == 0


@pytest.mark.parametrize("crowd", [False, True])
def test_true_boxes_count_nearly_right(counting, crowd):
    clip = street(73, frames=200, people=counting.PEOPLE, cars=0, crowd=crowd)
    found, right, true, seconds, dwell, pace = counting.score(clip, counting.true_boxes(clip))
    assert true >= 8 and right >= .85 * max(true, found)
    assert abs(seconds - dwell) < .1 * dwell and pace < .4
    nobody = {1: (np.arange(2), np.zeros((2, 4)))}
    assert counting.score(clip, nobody)[:2] == [0, 0]
