"""A line is crossed once for each time that somebody gets to the other side between its ends."""

import numpy as np
import pytest

from tests.surveillance.walks import straight, track
from vidlearn.checks import ArgumentError
from vidlearn.surveillance.counting import Crossing, LineCounter, crossings

UP = (50, 100, 50, 0)                                        # x = 50, drawn from below


def test_right_is_right_for_whoever_walks_along_the_line():
    there = track(straight((20, 80), (80, 80), 31))
    back = track(straight((80, 60), (20, 60), 31))
    assert crossings({1: there}, UP) == [Crossing(1, 16, "right")]
    assert crossings({1: back}, UP) == [Crossing(1, 15, "left")]
    down = UP[2:] + UP[:2]
    assert crossings({1: there}, down)[0].direction == "left"


@pytest.mark.parametrize("turn", np.linspace(0, 2 * np.pi, 9)[:-1])
def test_a_turned_scene_has_the_same_crossings(turn):
    """Everything turned round the point (50, 50): feet, and the line."""
    def turned(points):
        cos, sin = np.cos(turn), np.sin(turn)
        return (np.reshape(points, (-1, 2)) - 50) @ [[cos, sin], [-sin, cos]] + 50
    walk = track(turned(straight((20, 80), (80, 40), 31)), height=20)
    assert crossings({1: walk}, turned(UP).ravel()) == [Crossing(1, 16, "right")]


def test_a_foot_that_trembles_on_the_line_is_counted_once():
    rng = np.random.default_rng(0)
    points = np.concatenate([straight((30, 50), (50, 50), 20), np.full((200, 2), (50, 50.)),
                             straight((50, 50), (70, 50), 20)])
    points[20:220, 0] += rng.normal(0, 1.2, 200)             # 3 % of the box's height
    assert len(crossings({1: track(points)}, UP)) == 1
    assert len(crossings({1: track(points)}, UP, margin=0)) > 20


def test_somebody_who_comes_up_to_the_line_and_goes_back_has_not_crossed_it():
    points = np.concatenate([straight((30, 50), (53, 50), 24), straight((53, 50), (30, 50), 24)])
    assert crossings({1: track(points)}, UP, margin=.1) == []           # 4 pixels
    assert [c.direction for c in crossings({1: track(points)}, UP, margin=.05)] == ["right", "left"]


def test_the_margin_grows_with_the_box():
    points = straight((30, 50), (54.5, 50), 24)
    assert crossings({1: track(points, height=40)}, UP) and not crossings(
        {1: track(points, height=60)}, UP)


def test_who_walks_round_an_end_is_not_counted_and_then_counts_again():
    line = (50, 60, 50, 0)
    points = np.concatenate([straight((30, 80), (70, 80), 40), straight((70, 80), (70, 40), 40),
                             straight((70, 40), (30, 40), 40)])
    assert crossings({1: track(points)}, line) == [Crossing(1, 100, "left")]


def test_the_place_of_the_last_meeting_decides():
    """Along the line in its margin: met within the line, left behind its end, and not counted."""
    line = (50, 60, 50, 0)
    points = [(30, 50), (49, 50), (51, 50), (49, 65), (51, 70), (70, 70)]
    assert crossings({1: track(points)}, line) == []
    assert len(crossings({1: track([(30, 50), (49, 50), (51, 50), (51, 70), (70, 70)])}, line)) == 1


def test_somebody_first_seen_on_the_line_is_not_counted():
    assert crossings({1: track(straight((51, 50), (20, 50), 30))}, UP) == []


def test_a_gap_in_a_track_does_not_hide_a_crossing():
    frames, boxes = track(straight((30, 50), (70, 50), 41))
    kept = np.r_[0:10, 30:41]
    assert crossings({1: (frames[kept], boxes[kept])}, UP) == [Crossing(1, 30, "right")]


def test_one_frame_and_nobody_cross_nothing():
    assert crossings({1: track([(50, 50)])}, UP) == [] and crossings({}, UP) == []


def test_counts_are_kept_and_who_is_long_gone_is_forgotten():
    counter = LineCounter(UP)
    for frame, x in enumerate((40, 60, 40, 60)):
        counter.update(frame, [3], [[x - 5, 10, x + 5, 50]])
    assert counter.counts == {"left": 1, "right": 2}
    counter.update(9000, np.zeros(0, int), np.zeros((0, 4)))
    assert not counter._walkers


def test_many_people_do_not_disturb_each_other():
    tracks = {k: track(straight((20, 10 + k), (80, 10 + k), 61), start=k) for k in range(80)}
    found = crossings(tracks, UP)
    assert sorted(c.id for c in found) == list(range(80))
    assert all(c.frame == 31 + c.id for c in found)


@pytest.mark.parametrize("arguments, words", [
    (((5, 5, 5, 5),), "starts where it ends: give two points"),
    (((5, 5, 5),), r"line must be a line \(x0, y0, x1, y1\) in pixels"),
    (((5, 5, np.nan, 5),), r"line must be a line \(x0, y0, x1, y1\) in pixels"),
    ((UP, -1), "margin must be a finite number, 0 or more")])
def test_a_wrong_line_is_refused(arguments, words):
    with pytest.raises(ArgumentError, match=words):
        crossings({}, *arguments)


def test_wrong_boxes_are_refused():
    counter = LineCounter(UP)
    with pytest.raises(ArgumentError, match="boxes must be finite: box 0 has a NaN"):
        counter.update(0, [1], [[0, 0, np.nan, 1]])
    with pytest.raises(ArgumentError, match="2 ids and 1 boxes: give one id a box"):
        counter.update(0, [1, 2], [[0, 0, 1, 1]])
