"""The widget of lesson 42: which windows of one height reach a score."""

import numpy as np
import pytest

from vidlearn.detection.linear_svm import LinearSVM
from vidlearn.detection.sliding_window import detect_windows
from vidlearn.show import draw, window_search


@pytest.fixture(scope="module")
def scene():
    rng = np.random.default_rng(0)
    return (rng.integers(0, 256, (2, 120, 150, 3), np.uint8),
            LinearSVM(rng.normal(size=3780) * 0.05, 0.0))


def count(line):
    return int(line.split()[0])


def test_a_lower_score_shows_more_windows(scene):
    search = window_search(*scene)
    counts = [count(search(0, 80, score)[1]) for score in (5.0, 0.0, -1.0)]
    assert counts[0] == 0 < counts[1] < counts[2]


def test_it_counts_what_the_detector_finds(scene):
    frames, svm = scene
    for nms, iou in ((False, 1.0), (True, 0.3)):
        found = detect_windows(frames[1], svm, [60], 0.2, iou)
        picture, line = window_search(frames, svm)(1, 60, 0.2, nms)
        assert line == f"{len(found['boxes'])} windows for people of 60 pixels reach 0.2"
        assert (picture == draw.ORANGE).all(2).any() == bool(len(found["boxes"]))


def test_the_frame_stays_as_it_is(scene):
    before = scene[0].copy()
    window_search(*scene)(0, 80, -1.0)
    assert (scene[0] == before).all()


def test_too_small_a_frame_has_no_windows(scene):
    picture, line = window_search(scene[0][:, :20, :20], scene[1])(0, 90, -1.0)
    assert picture.shape == (20, 20, 3) and count(line) == 0
