"""The widget of lesson 41: what two cuts leave of a detector's boxes, and what of it is right."""

import numpy as np

from vidlearn.show import detection_thresholds, draw
from vidlearn.show.widgets.faster_rcnn import sorted_out

TARGET = {"boxes": np.array([[0.0, 0, 10, 20], [30, 0, 50, 12]]), "labels": np.array([1, 2])}
FOUND = {"boxes": np.array([[0.0, 0, 10, 20], [1, 0, 11, 20], [0, 0, 10, 20], [30, 0, 50, 12]]),
         "labels": np.array([1, 1, 2, 2]), "scores": np.array([0.9, 0.8, 0.3, 0.2])}
NAMES = ["background", "person", "car"]


def kept(score, overlap):
    return [part.tolist() for part in sorted_out([FOUND], [TARGET], score, overlap)]


def test_a_second_box_on_the_same_object_is_wrong():
    assert kept(0.5, 1.0) == [[0, 1], [True, False], [True, False]]
    assert kept(0.5, 0.5) == [[0], [True], [True, False]]


def test_a_box_of_another_class_is_wrong_and_a_low_score_may_be_right():
    assert kept(0.0, 0.5) == [[0, 2, 3], [True, False, True], [True, True]]


def test_nothing_found_is_everything_missed():
    assert kept(0.95, 0.5) == [[], [], [False, False]]


def test_the_picture_shows_what_was_counted():
    cut = detection_thresholds(np.zeros((1, 24, 60, 3), np.uint8), [FOUND], [TARGET], NAMES)
    picture, line = cut(0, 0.5, 0.5)
    assert picture.shape[1] == 300 and line == "score 0.50, overlap 0.50"
    assert (picture == draw.GREEN).all(-1).any() and (picture == draw.ORANGE).all(-1).any()
    assert not (picture == draw.RED).all(-1).any()
    assert (cut(0, 0.0, 1.0)[0] == draw.RED).all(-1).any()
    head = picture.shape[0] - 120
    assert (cut(0, 1.0, 0.5)[0][:head] != picture[:head]).any()


def test_an_empty_picture_is_shown_too():
    nothing = {"boxes": np.zeros((0, 4)), "labels": np.zeros(0, int)}
    cut = detection_thresholds(np.zeros((1, 24, 60, 3), np.uint8),
                               [nothing | {"scores": np.zeros(0)}], [nothing], NAMES)
    assert cut(0, 0.5, 0.5)[0].shape[1] == 300
