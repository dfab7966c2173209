"""The widget of the frame classifier: what frames say together, and what is drawn of it."""

import numpy as np
import pytest
import torch

from vidlearn.show import draw, strip
from vidlearn.show.widgets.frame_classifier import ROOM, WAYS, WIDTH, running

CLASSES = ("a", "b", "c")
SCORES = np.array([[4, 0, 0], [0, 1, .5], [0, 1, .5], [0, .4, .5], [9, 0, 0]], float)


def film(count, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (count, 32, 32, 3), np.uint8)


@pytest.mark.parametrize("how, pooled", [
    ("vote", lambda s: torch.nn.functional.one_hot(s.argmax(1), 4).double().mean(0)),
    ("mean of probabilities", lambda s: s.softmax(1).mean(0)),
    ("mean of logits", lambda s: s.mean(0).softmax(0)),
    ("maximum", lambda s: s.softmax(1).max(0).values),
])
@pytest.mark.parametrize("frames", [1, 2, 9])
def test_each_row_pools_the_frames_so_far(how, pooled, frames):
    scores = 3 * np.random.default_rng(frames).normal(size=(frames, 4))
    rows = running(scores, how)
    assert rows.shape == (frames, 4)
    for t in range(frames):
        np.testing.assert_allclose(rows[t], pooled(torch.tensor(scores[:t + 1])), atol=1e-12)


def test_the_mean_of_logits_is_the_geometric_mean_of_probabilities():
    logs = torch.tensor(SCORES).log_softmax(1).mean(0).softmax(0)
    np.testing.assert_allclose(running(SCORES, "mean of logits")[-1], logs, atol=1e-12)


def test_a_vote_that_ties_goes_to_the_first():
    assert running([[0, 1.], [1, 0]], "vote")[-1].tolist() == [.5, .5]
    assert "in the end: a" in strip([film(2)], [np.array([[0, 1, 0.], [1, 0, 0]])], CLASSES)()[1]


@pytest.mark.parametrize("how", WAYS)
def test_the_order_changes_the_way_and_not_the_end(how):
    scrub = strip([film(5)], [SCORES], CLASSES)
    ends = {scrub(0, 4, how, order)[1].split(";")[1] for order in (
        "as filmed", "backwards", "shuffled")}
    assert len(ends) == 1
    first = [scrub(0, 0, how, order)[1].split(";")[0] for order in ("as filmed", "backwards")]
    assert first[0] != first[1]


def test_the_line_says_what_frame_and_clip_are():
    line = strip([film(5)], [SCORES], CLASSES)(frame=2)[1]
    assert line == "frame 2, the last is 4: b 0.51; the clip so far: b 0.67; in the end: a"


def test_a_frame_past_the_end_is_the_last():
    scrub = strip([film(5), film(2)], [SCORES, SCORES[:2]], CLASSES)
    assert scrub(person=1, frame=99)[1] == scrub(person=1, frame=1)[1]
    assert scrub(person=1, frame=99)[1].startswith("frame 1, the last is 1:")


@pytest.mark.parametrize("frame", range(5))
def test_a_line_stands_at_the_frame_and_the_colours_are_the_classes(frame):
    picture = strip([film(5)], [SCORES], CLASSES)(frame=frame)[0]
    bottom = picture[-30, ROOM:ROOM + WIDTH]                      # in the strip of the clip so far
    at = np.flatnonzero((bottom == draw.INK).all(1)).mean() / WIDTH * 5
    assert abs(at - frame - .5) < .05
    assert picture.shape[1] <= 800 and picture.dtype == np.uint8
    assert tuple(bottom[5]) == draw.COLOURS[0]                    # the first frame says a
    assert tuple(bottom[WIDTH * 5 // 10 - 20]) == draw.COLOURS[1]            # the third says b


def test_it_starts_where_it_is_told():
    assert strip([film(5)], [SCORES], CLASSES, start=3)()[1].startswith("frame 3, the last is 4:")


def test_one_frame_is_a_film():
    assert strip([film(1)], [SCORES[:1]], CLASSES)()[1].startswith("frame 0, the last is 0: a")


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="4 frames and 3 classes need scores"):
        strip([film(4)], [SCORES], CLASSES)
    with pytest.raises(ValueError, match="how='median' must be one of vote"):
        running(SCORES, "median")
    with pytest.raises(ValueError, match="order='sorted' must be one of as filmed"):
        strip([film(5)], [SCORES], CLASSES)(order="sorted")
