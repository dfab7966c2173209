"""CLEAR, IDF1 and HOTA on small films, by hand."""

import numpy as np
import pytest

from tests.tracking.walkers import walk
from vidlearn.checks import ArgumentError
from vidlearn.tracking.scores import clear, hota, idf1

A, B = walk((0, 0), (2, 0), 10), walk((0, 60), (2, 0), 10)
TRUTH = [([1, 2], np.stack([a, b])) for a, b in zip(A, B, strict=True)]


def renamed(names):
    """The truth with other ids: a function of the frame gives them."""
    return [(names(t), boxes) for t, (_, boxes) in enumerate(TRUTH)]


def test_perfect_tracks_score_one_whatever_their_ids():
    tracks = renamed(lambda t: [70, 4])
    assert clear(TRUTH, tracks) == (1, 1, 0, 0, 0, 20)
    assert idf1(TRUTH, tracks) == 1
    np.testing.assert_allclose(hota(TRUTH, tracks), 1)


def test_ids_that_change_places_once_are_two_switches():
    tracks = renamed(lambda t: [1, 2] if t < 4 else [2, 1])
    found = clear(TRUTH, tracks)
    assert (found.switches, found.mota) == (2, 1 - 2 / 20)
    assert idf1(TRUTH, tracks) == 12 / 20                   # each keeps the longer part, 6 of 10
    assert hota(TRUTH, tracks).detection == 1
    by_hand = 2 * (4 * 4 / 16 + 6 * 6 / 14) / 20            # both people: 4 of 16, then 6 of 14
    np.testing.assert_allclose(hota(TRUTH, tracks).association, by_hand)


def test_misses_and_false_alarms():
    tracks = [([1], boxes[:1]) for _, boxes in TRUTH]
    assert clear(TRUTH, tracks)[2:] == (0, 10, 0, 20) and idf1(TRUTH, tracks) == 20 / 30
    extra = [([1, 2, 3], np.vstack([boxes, boxes[:1] + 200])) for _, boxes in TRUTH]
    assert clear(TRUTH, extra).mota == 0.5 and idf1(TRUTH, extra) == 40 / 50
    np.testing.assert_allclose(hota(TRUTH, extra), np.sqrt([2 / 3, 4 / 9, 1]))


def test_a_pair_stays_though_another_box_is_nearer():
    near = [([1], boxes[:1]) for _, boxes in TRUTH]
    tracks = [([7, 8], np.vstack([boxes, boxes + 2 * (t < 5)])) if t else ([7], boxes)
              for t, (_, boxes) in enumerate(near)]
    assert clear(near, tracks).switches == 0


def test_nothing_found_and_empty_frames():
    nothing = [([], np.zeros((0, 4)))] * 10
    assert clear(TRUTH, nothing)[:2] == (0, 0) and idf1(TRUTH, nothing) == 0
    assert hota(TRUTH, nothing) == (0, 0, 0)
    half = [frame if t % 2 else nothing[0] for t, frame in enumerate(TRUTH)]
    assert clear(half, half).mota == 1


@pytest.mark.parametrize("score", [clear, idf1, hota])
def test_what_has_no_score_is_refused(score):
    nothing = [([], np.zeros((0, 4)))] * 10
    with pytest.raises(ArgumentError, match="no box in any frame"):
        score(nothing, TRUTH)
    with pytest.raises(ArgumentError, match="truth of 10 frames, but tracks of 9"):
        score(TRUTH, TRUTH[:9])
    for bad, words in ((([1, 1], A[:2]), "twice"), (([1], A[:2]), "1 ids and 2 boxes"),
                       (([1], A[:1] * np.nan), "not finite")):
        with pytest.raises(ArgumentError, match=words):
            score(TRUTH, [bad] * 10)
