"""The widget of lesson 13: the probabilities of each frame, and of the clip so far."""

import numpy as np
import pytest

from vidlearn.inference.frame_pooling import POOLINGS
from vidlearn.show import draw, frame_probabilities
from vidlearn.show.widgets.frame_classifier import ROOM, WIDTH

CLASSES = ("a", "b", "c")
SCORES = np.array([[4, 0, 0], [0, 1, .5], [0, 1, .5], [0, .4, .5], [9, 0, 0]], float)


def film(count, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (count, 32, 32, 3), np.uint8)


def test_a_vote_that_ties_goes_to_the_first():
    scores = np.array([[0, 1, 0.], [1, 0, 0]])
    assert "in the end: a" in frame_probabilities([film(2)], [scores], CLASSES)()[1]


@pytest.mark.parametrize("how", POOLINGS)
def test_the_order_of_the_frames_does_not_change_the_last_answer(how):
    scrub = frame_probabilities([film(5)], [SCORES], CLASSES)
    ends = {scrub(0, 4, how, order)[1].split(";")[1] for order in (
        "as filmed", "backwards", "shuffled")}
    assert len(ends) == 1
    first = [scrub(0, 0, how, order)[1].split(";")[0] for order in ("as filmed", "backwards")]
    assert first[0] != first[1]


def test_the_line_says_what_frame_and_clip_are():
    line = frame_probabilities([film(5)], [SCORES], CLASSES)(frame=2)[1]
    assert line == "frame 2, the last is 4: b 0.51; the clip so far: b 0.67; in the end: a"


def test_a_frame_past_the_end_is_the_last():
    scrub = frame_probabilities([film(5), film(2)], [SCORES, SCORES[:2]], CLASSES)
    assert scrub(person=1, frame=99)[1] == scrub(person=1, frame=1)[1]
    assert scrub(person=1, frame=99)[1].startswith("frame 1, the last is 1:")


@pytest.mark.parametrize("frame", range(5))
def test_a_line_stands_at_the_frame_and_the_colours_are_the_classes(frame):
    picture = frame_probabilities([film(5)], [SCORES], CLASSES)(frame=frame)[0]
    bottom = picture[-30, ROOM:ROOM + WIDTH]                      # in the strip of the clip so far
    at = np.flatnonzero((bottom == draw.INK).all(1)).mean() / WIDTH * 5
    assert abs(at - frame - .5) < .05
    assert picture.shape[1] <= 800 and picture.dtype == np.uint8
    assert tuple(bottom[5]) == draw.COLOURS[0]                    # the first frame says a
    assert tuple(bottom[WIDTH * 5 // 10 - 20]) == draw.COLOURS[1]            # the third says b


def test_it_starts_at_the_given_frame():
    line = frame_probabilities([film(5)], [SCORES], CLASSES, start=3)()[1]
    assert line.startswith("frame 3, the last is 4:")


def test_one_frame_is_a_film():
    line = frame_probabilities([film(1)], [SCORES[:1]], CLASSES)()[1]
    assert line.startswith("frame 0, the last is 0: a")


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="4 frames and 3 classes need scores"):
        frame_probabilities([film(4)], [SCORES], CLASSES)
    with pytest.raises(ValueError, match="order='sorted' must be one of as filmed"):
        frame_probabilities([film(5)], [SCORES], CLASSES)(order="sorted")
