"""A visit begins with the first foot in the zone and ends with the last."""

import cv2
import numpy as np
import pytest

from tests.surveillance.walks import straight, track
from vidlearn.checks import ArgumentError
from vidlearn.surveillance.dwell import Visit, ZoneWatch, inside, visits

SQUARE = [(40, 40), (60, 40), (60, 60), (40, 60)]
STAR = [(50, 0), (60, 40), (100, 40), (65, 60), (80, 100), (50, 75), (20, 100), (35, 60), (0, 40),
        (40, 40)]


@pytest.mark.parametrize("zone", [SQUARE, STAR, STAR[::-1], [(3, 2), (90, 10), (20, 95)]])
def test_inside_is_opencvs(zone):
    points = np.random.default_rng(0).uniform(-10, 110, (500, 2))
    polygon = np.float32(zone)
    theirs = [cv2.pointPolygonTest(polygon, point, False) > 0 for point in points.tolist()]
    assert (inside(points, zone) == theirs).all() and 8 < sum(theirs) < 480


def test_a_point_on_a_shared_border_lies_in_one_zone():
    right = [(60, 40), (80, 40), (80, 60), (60, 60)]
    border = [(60, y) for y in (40, 50, 59.5)]
    assert (inside(border, SQUARE) ^ inside(border, right)).all()
    corners = inside(SQUARE, SQUARE)
    assert corners.tolist() == [True, False, False, False]


def test_inside_of_no_points():
    assert inside(np.zeros((0, 2)), SQUARE).shape == (0,)


def test_a_visit_is_as_long_as_feet_are_in_the_zone():
    walk = track(straight((20, 50), (80, 50), 61), start=100)           # a pixel a frame
    assert visits({4: walk}, SQUARE, fps=10) == [Visit(4, 120, 139, 10)]
    assert visits({4: walk}, SQUARE, fps=10)[0].seconds == 2.0


def test_a_short_absence_does_not_end_a_visit_and_a_long_one_does():
    here, gone = np.full((10, 2), 50.), np.full((1, 2), 90.)
    for away, count in ((5, 1), (6, 2)):
        points = np.concatenate([here, gone.repeat(away, 0), here])
        found = visits({1: track(points)}, SQUARE, fps=10, gap=.5)
        assert len(found) == count and sum(v.seconds for v in found) == (2.5 if count == 1 else 2)


def test_a_gap_in_the_track_is_an_absence():
    frames, boxes = track(np.full((30, 2), 50.))
    kept = np.r_[0:10, 20:30]
    assert len(visits({1: (frames[kept], boxes[kept])}, SQUARE, fps=10, gap=.5)) == 2
    assert len(visits({1: (frames[kept], boxes[kept])}, SQUARE, fps=10, gap=1)) == 1


def test_a_short_visit_is_none():
    walk = {1: track(straight((20, 50), (80, 50), 7))}                  # two frames inside
    assert not visits(walk, SQUARE, fps=10, least=.3)
    assert visits(walk, SQUARE, fps=10, least=.2)[0].seconds == .2


def test_visits_end_when_they_are_over_and_only_then():
    watch = ZoneWatch(SQUARE, fps=10, gap=.2)
    nobody = np.zeros(0, int), np.zeros((0, 4))
    for frame in range(5):
        assert watch.update(frame, [8], [[45, 10, 55, 50]]) == []
    assert watch.present == [8]
    assert watch.update(7, *nobody) == [] and watch.update(8, *nobody) == [Visit(8, 0, 4, 10)]
    assert watch.present == [] and watch.finish() == []


def test_two_people_have_a_visit_each():
    tracks = {1: track(np.full((10, 2), 50.)), 2: track(np.full((20, 2), 45.), start=5)}
    assert visits(tracks, SQUARE, fps=10) == [Visit(1, 0, 9, 10), Visit(2, 5, 24, 10)]


def test_one_frame_and_nobody():
    assert visits({}, SQUARE, fps=10) == []
    assert visits({1: track([(50, 50)])}, SQUARE, fps=10, least=0) == [Visit(1, 0, 0, 10)]


@pytest.mark.parametrize("zone, words", [
    ([(0, 0), (5, 5)], "a zone needs three corners or more, all finite; this one has 2"),
    ([(0, 0), (5, 5), (np.inf, 0)], "a zone needs three corners or more, all finite"),
    ([(0, 0), (5, 5), (9, 9)], "encloses no area"),
    ([(0, 0), (9, 9), (9, 0), (0, 9)], "encloses no area: .* or its sides cross"),
    ([1, 2, 3], "zone must be the corners of a zone")])
def test_a_wrong_zone_is_refused(zone, words):
    with pytest.raises(ArgumentError, match=words):
        visits({}, zone, fps=10)


def test_wrong_boxes_are_refused():
    with pytest.raises(ArgumentError, match="1 ids and 2 boxes"):
        ZoneWatch(SQUARE, fps=10).update(0, [1], [[0, 0, 1, 1]] * 2)
    with pytest.raises(ArgumentError, match="fps must be a finite number, more than 0"):
        ZoneWatch(SQUARE, fps=0)
