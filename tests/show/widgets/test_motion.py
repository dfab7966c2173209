"""The widget of lesson 02: its masks are those of the running mean."""

import numpy as np
import pytest

from vidlearn.show import background_model, draw
from vidlearn.show.widgets.motion import WIDE, frame_weights
from vidlearn.vision.background import RunningMean, foreground_masks, iou

RNG = np.random.default_rng(2)
FRAMES = RNG.integers(0, 256, (9, 12, 16, 3)).astype(np.uint8)
TRUTH = (RNG.random((9, 12, 16)) < 0.4).astype(np.uint8) * 7


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.6, 1.0])
@pytest.mark.parametrize("threshold", [40, 90.5])
def test_the_masks_are_those_of_the_running_mean(rate, threshold):
    masks = foreground_masks(RunningMean(rate, threshold), FRAMES)
    draws = background_model(FRAMES, TRUTH)
    for t in (0, 3, 8):
        real = TRUTH[t] > 0
        line = draws(t, threshold, rate)[1]
        assert line == (f"found {(masks[t] & real).sum()} of {real.sum()} pixels, "
                        f"{(masks[t] & ~real).sum()} false: IoU {iou(masks[t], real):.2f}; "
                        f"whole clip {iou(masks, TRUTH > 0):.2f}")


def test_at_rate_zero_the_mean_is_that_of_all_frames_before():
    rows = frame_weights(5, 0.0)
    np.testing.assert_allclose(rows[4], [0.25, 0.25, 0.25, 0.25, 0])
    np.testing.assert_allclose(frame_weights(5, 1.0)[4], [0, 0, 0, 1, 0])
    np.testing.assert_allclose(frame_weights(20, 0.3).sum(1), 1)


def test_the_picture_shows_the_frame_and_marks_it_on_the_curve():
    draws = background_model(FRAMES, TRUTH)
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
    background_model(FRAMES, TRUTH)(2, 30, 0.2)
    assert (before[0] == FRAMES).all() and (before[1] == TRUTH).all()
