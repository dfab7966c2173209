"""A watched film gives the events of its tracks, however its frames come."""

import numpy as np
import pytest

from tests.surveillance.watched import Truth, stream
from vidlearn.checks import ArgumentError
from vidlearn.datasets.street import street
from vidlearn.surveillance.counting import crossings
from vidlearn.surveillance.dwell import visits
from vidlearn.surveillance.watch import Watch

LINE, ZONE = (105, 119, 105, 20), [(95, 60), (150, 60), (150, 115), (95, 115)]


class Nobody:
    """Detects nothing."""

    def detect(self, picture):
        return {"boxes": np.zeros((0, 4)), "labels": np.zeros(0, int), "scores": np.zeros(0)}

    def update(self, boxes, scores=None, frame=None):
        return np.zeros(0, int), np.zeros((0, 4))


@pytest.fixture(scope="module")
def clip():
    return street(72, frames=200, people=6, cars=0, crowd=True)


def watched(clip, person, fps=25, **places):
    watch = Watch(person.detect, person, **places)
    return watch, list(watch.moments(stream(clip, fps)))


def test_the_report_is_that_of_the_whole_tracks(clip):
    watch, moments = watched(clip, Truth(clip, 6), line=LINE, zone=ZONE)
    tracks = {k: (t, clip.boxes[t, k]) for k in range(6)
              for t in [np.flatnonzero(clip.visible[:, k] > .2)] if len(t)}
    report, whole = watch.report, crossings(tracks, LINE)
    assert [(name, way) for name, _, way in report.crossings] == [
        (each.id, each.direction) for each in whole]
    np.testing.assert_allclose([s for _, s, _ in report.crossings], [c.frame / 25 for c in whole])
    stays = visits(tracks, ZONE, 25)
    assert len(whole) >= 3 and len(stays) >= 5
    assert [v[0] for v in report.visits] == [v.id for v in stays]
    np.testing.assert_allclose([v[2] for v in report.visits], [v.seconds for v in stays], atol=.05)
    assert report.frames == len(moments) == 200 and report.seconds == 199 / 25
    assert report.people == len(tracks)
    assert report.most == max(len(moment.ids) for moment in moments)
    assert report.detections == sum(len(moment.ids) for moment in moments)


def test_seconds_are_those_of_the_film_and_not_its_frames(clip):
    slow = watched(clip, Truth(clip, 6), fps=5, zone=ZONE)[0].report
    quick = watched(clip, Truth(clip, 6), fps=25, zone=ZONE)[0].report
    assert sum(v[2] for v in slow.visits) > 4.5 * sum(v[2] for v in quick.visits)


def test_frames_come_one_by_one(clip):
    person, taken = Truth(clip, 6), []
    frames = (taken.append(t) or (t / 25, frame) for t, frame in enumerate(clip.frames))
    for moment in Watch(person.detect, person).moments(frames):
        assert len(taken) == moment.number + 1


def test_a_film_without_people_and_one_of_one_frame(clip):
    watch, moments = watched(clip, Nobody(), line=LINE, zone=ZONE)
    assert len(moments) == 200 and not watch.report.crossings and not watch.report.visits
    assert (watch.report.people, watch.report.detections, watch.report.most) == (0, 0, 0)
    one = street(1, frames=1)
    watch, moments = watched(one, Truth(one, 6), line=LINE, zone=ZONE)
    assert watch.report.frames == 1 and not watch.report.crossings


def test_boxes_without_area_do_not_reach_the_tracker(clip):
    class Edge(Nobody):
        def detect(self, picture):
            return {"boxes": np.array([[0, 5, 0, 9], [3, 4, 9, 8.], [7, 9, 9, 9]]),
                    "scores": np.array([.9, .8, .7])}

        def update(self, boxes, scores=None, frame=None):
            assert boxes.tolist() == [[3, 4, 9, 8]] and scores.tolist() == [.8]
            return np.array([1]), boxes
    assert watched(clip, Edge())[0].report.detections == len(clip)


@pytest.mark.parametrize("places, words", [
    (dict(line=(300, 0, 300, 50)), "the line .* lies outside the picture, which is 160 wide"),
    (dict(zone=[(0, 130), (9, 130), (9, 150)]), "the zone .* lies outside the picture"),
    (dict(line=(-9, -9, -5, 200)), "the line .* lies outside the picture")])
def test_places_outside_the_picture_are_refused(clip, places, words):
    with pytest.raises(ArgumentError, match=words):
        watched(clip, Nobody(), **places)


def test_places_that_are_none_are_refused_before_the_film_begins():
    with pytest.raises(ArgumentError, match="starts where it ends"):
        Watch(Nobody().detect, Nobody(), line=(5, 5, 5, 5))
    with pytest.raises(ArgumentError, match="encloses no area"):
        Watch(Nobody().detect, Nobody(), zone=[(0, 0), (1, 1), (2, 2)])
    with pytest.raises(ArgumentError, match="tracker must be a tracker"):
        Watch(Nobody().detect, None)
