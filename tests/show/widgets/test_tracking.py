"""The widget of lesson 43: more faults, more switches; who crosses the line is counted."""

import numpy as np
import pytest

from vidlearn.datasets.street import street
from vidlearn.show import tracked_street


@pytest.fixture(scope="module")
def watch():
    return tracked_street(street(30, frames=80, people=6, cars=0, crowd=True))


def numbers(line):
    return [float(word.strip(",;")) for word in line.split() if word[0].isdigit() or word[0] == "-"]


def test_a_worse_detector_gives_worse_tracks(watch):
    good, bad = (numbers(watch(40, missed, noise)[1]) for missed, noise in ((0.0, 0.0), (0.5, 0.1)))
    assert good[0] > bad[0] and good[1] < bad[1]


def test_patience_and_the_line_change_what_is_said(watch):
    assert watch(patience=1)[1] != watch(patience=30)[1]
    at = [sum(numbers(watch(line=line)[1])[3:]) for line in (0, 50, 60, 70, 80)]
    assert at[0] == 0 and max(at) >= 2


def test_the_picture_has_boxes_and_the_line(watch):
    first, second = watch(40)[0], watch(40, line=20)[0]
    assert first.shape == (360, 480, 3)
    changed = np.flatnonzero((first != second).any((1, 2)))
    assert set(changed) == {71, 72, 233, 234}
