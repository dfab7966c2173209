"""The widget of lesson 02: it judges as the running mean does, and colours what it says."""

import numpy as np
import pytest

from vidlearn.show import draw, watching
from vidlearn.show.widgets.motion import EMPTY, WIDE, coloured, weights
from vidlearn.vision.background import RunningMean, iou, watch

RNG = np.random.default_rng(2)
FRAMES = RNG.integers(0, 256, (9, 12, 16, 3)).astype(np.uint8)
TRUTH = (RNG.random((9, 12, 16)) < 0.4).astype(np.uint8) * 7


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.6, 1.0])
@pytest.mark.parametrize("threshold", [40, 90.5])
def test_it_judges_as_the_running_mean_does(rate, threshold):
    masks = watch(RunningMean(rate, threshold), FRAMES)
    draws = watching(FRAMES, TRUTH)
    for t in (0, 3, 8):
        real = TRUTH[t] > 0
        line = draws(t, threshold, rate)[1]
        assert line == (f"found {(masks[t] & real).sum()} of {real.sum()} pixels, "
                        f"{(masks[t] & ~real).sum()} false: IoU {iou(masks[t], real):.2f}; "
                        f"whole clip {iou(masks, TRUTH > 0):.2f}")


def test_the_weights_are_the_mean_of_all_that_came_before_where_the_rate_is_zero():
    rows = weights(5, 0.0)
    np.testing.assert_allclose(rows[4], [0.25, 0.25, 0.25, 0.25, 0])
    np.testing.assert_allclose(weights(5, 1.0)[4], [0, 0, 0, 1, 0])
    np.testing.assert_allclose(weights(20, 0.3).sum(1), 1)


def test_found_false_and_missed_have_their_colours():
    sheet = coloured([[1, 1, 0, 0]], [[5, 0, 5, 0]])
    assert [tuple(p) for p in sheet[0]] == [draw.GREEN, draw.RED, draw.BLUE, EMPTY]


def test_the_picture_shows_the_frame_and_marks_it_on_the_curve():
    draws = watching(FRAMES, TRUTH)
    first, last = draws(0)[0], draws(8)[0]
    assert first.shape == last.shape and first.shape[1] <= 800
    room = draw.titled(draw.canvas(1, 1), "x").shape[0] - 1
    assert (first[room + 2, 2] == FRAMES[0, 0, 0]).all()
    assert (last[room + 2, 2] == FRAMES[8, 0, 0]).all()
    marks = [np.nonzero((p[room + WIDE * 12 // 16 + 20:] == draw.RED).all(2))[1].mean()
             for p in (first, last)]
    assert marks[0] < 60 and marks[1] > first.shape[1] - 60


def test_its_input_is_left_as_it_was():
    before = FRAMES.copy(), TRUTH.copy()
    watching(FRAMES, TRUTH)(2, 30, 0.2)
    assert (before[0] == FRAMES).all() and (before[1] == TRUTH).all()
