"""Feet and tracks, and what is no track."""

import numpy as np
import pytest

from tests.surveillance.walks import track
from vidlearn.checks import ArgumentError
from vidlearn.surveillance.feet import checked_tracks, feet, frame_by_frame


def test_feet_of_no_boxes():
    assert feet(np.zeros((0, 4))).shape == (0, 2)


def test_frames_come_in_order_and_hold_everybody():
    tracks = {5: track([(0, 50), (1, 50)], start=3), 2: track([(9, 60), (8, 60)], start=4)}
    found = list(frame_by_frame(tracks))
    assert [frame for frame, _, _ in found] == [3, 4, 5]
    assert [ids.tolist() for _, ids, _ in found] == [[5], [2, 5], [2]]
    assert feet(found[1][2]).tolist() == [[9, 60], [1, 50]]
    assert list(frame_by_frame({})) == []


def test_lists_are_tracks_too():
    frames, boxes = checked_tracks({1: ([0, 2], [[0, 0, 4, 8], [1, 0, 5, 8]])})[1]
    assert frames.tolist() == [0, 2] and boxes.dtype == float


@pytest.mark.parametrize("wrong, words", [
    (([0, 1], [[0, 0, 4, 8]]), "track 7 has 2 frames and 1 boxes"),
    (([1, 0], [[0, 0, 4, 8]] * 2), "the frames of track 7 must rise"),
    (([1, 1], [[0, 0, 4, 8]] * 2), "the frames of track 7 must rise"),
    (([0, 1], [[0, 0, 4, 8], [0, 0, np.nan, 8]]), "boxes of track 7 must be finite: box 1 has a N"),
    (([0], [[9, 0, 4, 8]]), "must be xyxy with x0 <= x1 and y0 <= y1: box 0 is"),
    (([0], [[0, 0, 4]]), r"the boxes of track 7 must be boxes \(N, 4\)"),
    (([.5], [[0, 0, 4, 8]]), "the frames of track 7 must be ids"),
    ([0, 1, 2], r"track 7 must be a pair \(frames \(n,\), boxes \(n, 4\)\)"),
    (None, "track 7 must be a pair"),
])
def test_what_is_no_track_is_refused(wrong, words):
    with pytest.raises(ArgumentError, match=words):
        checked_tracks({7: wrong})
