"""SORT and linking in two steps: who keeps an id, who gets a new one, and what is refused."""

import numpy as np
import pytest

from tests.tracking.walkers import tracked, walk
from vidlearn.checks import ArgumentError
from vidlearn.tracking.tracker import Sort, TwoStep

NOBODY = np.zeros((0, 4))
TWO = np.stack([walk((0, 0), (2, 0), 20), walk((80, 3), (-2, 0), 20)], 1)      # (T, 2, 4)


def ids(found):
    return [frame[0].tolist() for frame in found]


def test_two_people_keep_their_ids_in_any_order_of_boxes():
    shuffled = [boxes[::-1] if t % 2 else boxes for t, boxes in enumerate(TWO)]
    found = tracked(Sort(), shuffled)
    assert ids(found) == [[1, 2]] * 20
    np.testing.assert_allclose(found[-1][1], TWO[-1], atol=1)


def test_who_comes_later_is_shown_after_three_more_frames():
    late = [boxes[:1] if t < 8 else boxes for t, boxes in enumerate(TWO)]
    assert ids(tracked(Sort(), late))[7:12] == [[1], [1], [1], [1], [1, 2]]
    assert ids(tracked(Sort(min_hits=0), late))[7:9] == [[1], [1, 2]]


@pytest.mark.parametrize("max_age, after", [(1, [2]), (5, [1])])
def test_a_gap_is_bridged_only_up_to_the_age(max_age, after):
    gap = [NOBODY if 8 <= t < 11 else boxes[:1] for t, boxes in enumerate(TWO)]
    found = ids(tracked(Sort(max_age=max_age, min_hits=1), gap))
    assert found[8:11] == [[], [], []] and found[-1] == after


def test_a_confirmed_track_may_be_shown_again_at_once():
    gap = [NOBODY if t == 8 else boxes[:1] for t, boxes in enumerate(TWO)]
    assert ids(tracked(Sort(), gap))[7:13] == [[1], [], [], [], [1], [1]]
    assert ids(tracked(Sort(keep_confirmed=True), gap))[7:11] == [[1], [], [1], [1]]


def test_a_box_far_away_is_somebody_else():
    jump = [boxes[:1] + (200 if t >= 10 else 0) for t, boxes in enumerate(TWO)]
    assert ids(tracked(Sort(min_hits=0), jump))[9:11] == [[1], [2]]


def test_a_faint_box_keeps_a_track_and_begins_none():
    scores = [[0.9, 0.3] if t > 5 else [0.9, 0.9] for t in range(20)]
    assert ids(tracked(TwoStep(), TWO, scores))[-1] == [1, 2]
    assert ids(tracked(TwoStep(min_hits=1), TWO, [[0.9, 0.3]] * 20))[-1] == [1]
    assert ids(tracked(TwoStep(), TWO, [[0.9, 0.9 if t < 6 else 0.05] for t in range(20)]))[-1] \
        == [1]


def test_frames_without_anybody_and_a_film_of_one_frame():
    assert ids(tracked(Sort(), [NOBODY] * 3)) == [[], [], []]
    assert ids(tracked(TwoStep(), [TWO[0]])) == [[1, 2]]
    first = Sort().update(NOBODY)
    assert first[0].shape == (0,) and first[1].shape == (0, 4)


@pytest.mark.parametrize("boxes, words", [
    ([[0, 0, np.nan, 5]], "box 0 is .*nan"), ([[0, 0, 5, 5], [3, 3, 3, 9]], "box 1 is .* area"),
    ([[5, 0, 2, 5]], "box 0 is"), ([[0, 0, np.inf, 5]], "finite"), ([1, 2, 3, 4], "boxes must be"),
])
def test_boxes_that_are_none_are_refused_and_nothing_is_lost(boxes, words):
    tracker = Sort()
    tracker.update(TWO[0])
    with pytest.raises(ArgumentError, match=words):
        tracker.update(boxes)
    assert tracker.update(TWO[1])[0].tolist() == [1, 2]


def test_scores_that_do_not_fit_are_refused():
    with pytest.raises(ArgumentError, match="2 boxes and 1 scores"):
        TwoStep().update(TWO[0], [0.5])
    with pytest.raises(ArgumentError, match="score 1 is NaN"):
        TwoStep().update(TWO[0], [0.5, np.nan])
    with pytest.raises(ArgumentError, match="low 0.7 is more than high 0.6"):
        TwoStep(low=0.7)
