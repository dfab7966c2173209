"""What a long video shows over time: its plot, its plot in a file, and the copy with captions."""

import cv2
import numpy as np
import pytest

from vidlearn import show, video
from vidlearn.inference import timeline
from vidlearn.inference.weights import Header

HEADER = Header("c3d", ("dark", "bright", "never"), frames=4, size=(8, 10), seconds=1.0)


class Light:
    """A classifier by hand: the brighter the clip, the likelier it is "bright"."""

    header, classes = HEADER, HEADER.classes

    def probabilities(self, clips):
        light = clips.mean((1, 2, 3, 4))
        return np.stack([1 - light, light, 0 * light], 1)


def write(path, light, fps=10, size=(16, 20)):
    """A video whose frames are of these greys."""
    frames = [np.full((*size, 3), round(255 * v), np.uint8) for v in light]
    video.write(path, frames, fps)
    return path


@pytest.fixture
def day(tmp_path):
    """Three seconds of night, three of day."""
    return write(tmp_path / "day.mkv", [0.1] * 30 + [0.8] * 30)


def test_the_plot_is_a_picture(day, tmp_path):
    show.save_timeline(timeline.timeline(day, Light()), tmp_path / "plot.png")
    assert cv2.imread(str(tmp_path / "plot.png")).std() > 5


def test_the_captioned_copy_is_as_long_and_has_a_strip(day, tmp_path):
    found = timeline.timeline(day, Light())
    show.caption_video(found, tmp_path / "said.webm", height=90)
    copy = video.read(tmp_path / "said.webm")
    assert copy.frames.shape == (60, 90 + 18, 112, 3) and copy.fps == pytest.approx(10, rel=0.01)
    picture = copy.frames[:, :90].mean((1, 2, 3))
    assert picture[:25].max() < 60 and picture[35:].min() > 180        # what was there is there


def test_the_bar_is_as_long_as_the_answer_is_probable(tmp_path):
    path = write(tmp_path / "a.mkv", [0.75] * 10, size=(240, 320))
    found = timeline.timeline(path, Light())
    show.caption_video(found, tmp_path / "a.webm", height=240, top=2)
    strip = video.read(tmp_path / "a.webm").frames[5, 240:].astype(int)
    blue = strip[..., 2] - strip[..., 0] > 90
    first, second = blue[2:14], blue[18:30]
    assert first[:, :234].mean() > 0.6 and first[:, 246:].mean() < 0.02           # bright 75 %
    assert second[:, :74].mean() > 0.5 and second[:, 86:].mean() < 0.02           # dark 25 %


@pytest.mark.parametrize("size, height", [((202, 302), 101), ((34, 20), 97)])
def test_every_copy_has_even_sides(size, height, tmp_path):
    path = write(tmp_path / "a.mkv", [0.5] * 6, size=size)
    show.caption_video(timeline.timeline(path, Light()), tmp_path / "a.webm", height, top=3)
    copy = video.read(tmp_path / "a.webm").frames
    assert (copy.shape[1] % 2, copy.shape[2] % 2) == (0, 0)
    assert copy.shape[2] == pytest.approx(size[1] * height / size[0], abs=1.5)


def test_a_fast_video_is_thinned_out_and_lasts_as_long(tmp_path):
    found = timeline.timeline(write(tmp_path / "a.mkv", [0.5] * 60, fps=30), Light())
    show.caption_video(found, tmp_path / "a.webm", height=60)
    copy = video.read(tmp_path / "a.webm")
    assert len(copy) == 30 and copy.fps == pytest.approx(15, rel=0.01)


def test_a_captioned_copy_replaces_an_older_one(day, tmp_path):
    found = timeline.timeline(day, Light(), window=6.0)
    for _ in range(2):
        show.caption_video(found, tmp_path / "said.webm", height=60)
    assert len(video.read(tmp_path / "said.webm")) == 60


def test_a_timeline_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"not \(2, 3\)"):
        show.timeline(np.zeros((2, 3)), ["a", "b"], [0, 1])
