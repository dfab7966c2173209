"""The painted film shows boxes, trails, the line and the zone, and plays."""

import numpy as np

from tests.surveillance.watched import Truth, stream
from vidlearn import video
from vidlearn.datasets.street import street
from vidlearn.show import draw
from vidlearn.surveillance.film import Painter
from vidlearn.surveillance.watch import Watch

LINE, ZONE = (105, 119, 105, 20), [(95, 60), (150, 60), (150, 115), (95, 115)]


def films(clip, **places):
    """The painter, and the painted frames."""
    person = Truth(clip, (clip.kinds == 0).sum())
    watch = Watch(person.detect, person, **places)
    painter = Painter(watch, trail=.4)
    return painter, [painter.paint(moment) for moment in watch.moments(stream(clip))]


def test_boxes_have_the_colour_of_their_number_and_trails_end():
    clip = street(3, frames=40, people=1, cars=0, noise=0)
    painter, painted = films(clip)
    assert (clip.visible > .2).sum() > 30
    for t in np.flatnonzero(clip.visible[:, 0] > .2):
        x0, y0, x1, y1 = clip.boxes[t, 0]
        assert (painted[t][y0:y1, x0] == draw.COLOURS[0]).all()
        assert (painted[t][y1 - 1, x0:x1] == draw.COLOURS[0]).all()
    assert all(len(way) <= 11 for way in painter._trails.values())
    far = np.ones(clip.frames.shape[1:3], bool)
    far[20:] = False
    assert (painted[0][far] == clip.frames[0][far]).all()


def test_the_line_and_the_zone_are_painted():
    clip = street(3, frames=2, people=0, cars=0, noise=0)
    _, painted = films(clip, line=LINE, zone=ZONE)
    whole = painted[0].astype(int)
    assert np.abs(whole[70:110, 105] - draw.ORANGE).max() < 40
    assert np.abs(whole[60, 110:150] - draw.SKY).max() < 40
    assert (painted[0][:12, :60] // 4 != clip.frames[0][:12, :60]).any()
    assert np.abs(clip.frames[0][70:110, 105].astype(int) - draw.ORANGE).max() > 80     # as it was


def test_a_film_with_odd_sides_plays(tmp_path):
    clip = street(3, frames=12, people=3, cars=0, size=(61, 83))
    _, painted = films(clip)
    assert painted[0].shape == (60, 82, 3)
    video.write(tmp_path / "out.mp4", painted, 25)
    assert len(video.read(tmp_path / "out.mp4")) == 12
