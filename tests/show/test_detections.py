"""What a detector found, over a frame and in a film."""

import numpy as np
import pytest

from vidlearn import video
from vidlearn.show import detections, draw, film_detections
from vidlearn.show.detections import frame_rate

NOTHING = {"boxes": np.zeros((0, 4)), "labels": np.zeros(0, int), "scores": np.zeros(0)}


def seen(*boxes, labels=(0, 1)):
    return {"boxes": np.array(boxes, float), "labels": np.array(labels[:len(boxes)]),
            "scores": np.linspace(0.9, 0.7, len(boxes))}


def frame(light=0, size=(60, 80)):
    return np.full((*size, 3), light, np.uint8)


def shown(path):
    """The light of each frame of a film, at its middle."""
    return [int(each[30, 40, 1]) for each in video.read(path).frames]


def test_each_class_has_its_colour_and_the_frame_stays():
    before = frame()
    picture = detections(before, seen([5, 25, 25, 50], [40, 25, 70, 50]), ["person", "car"])
    assert (picture[40, 5] == draw.COLOURS[1]).all() and (picture[40, 40] == draw.COLOURS[2]).all()
    assert not before.any() and not picture[30:45, 10:20].any()


def test_the_word_says_the_class_and_the_score(monkeypatch):
    words = []
    monkeypatch.setattr(draw, "text", lambda sheet, word, *_, **__: words.append(word))
    detections(frame(), seen([5, 25, 25, 50], [40, 25, 70, 50]), ["person", "car"])
    assert words == ["person 0.90", "car 0.70"]


def test_nothing_found_leaves_the_frame_as_it_is():
    assert (detections(frame(7), NOTHING, ["person"]) == 7).all()


def test_a_film_has_every_frame_once_at_its_rate(tmp_path):
    lights = [0, 60, 120, 180, 240]
    steps = [(0.2 + i / 8, frame(light), seen([2, 25, 12, 40])) for i, light in enumerate(lights)]
    film_detections(tmp_path / "a.mkv", steps, ["person"], 8)
    clip = video.read(tmp_path / "a.mkv")
    assert shown(tmp_path / "a.mkv") == lights and clip.fps == pytest.approx(8)
    assert (clip.frames[:, 35, 2] == draw.COLOURS[1]).all()


def test_a_film_of_variable_rate_keeps_its_times(tmp_path):
    steps = [(second, frame(light), NOTHING) for second, light in (
        (0, 10), (0.1, 20), (0.5, 30), (0.52, 40), (0.6, 50))]
    film_detections(tmp_path / "a.mkv", steps, ["person"], 10)
    assert shown(tmp_path / "a.mkv") == [10, 20, 20, 20, 20, 40, 50]


def test_a_film_of_odd_size_gets_a_row_and_a_column(tmp_path):
    film_detections(tmp_path / "a.mkv", [(0, frame(9, (61, 83)), NOTHING)], ["person"], 10)
    [only] = video.read(tmp_path / "a.mkv").frames
    assert only.shape == (62, 84, 3) and (only == 9).all()


@pytest.mark.parametrize("fps", [8, 30])
def test_the_rate_is_that_of_the_frames(fps, tmp_path):
    video.write(tmp_path / "a.mkv", np.stack([frame(10 * i) for i in range(7)]), fps)
    assert frame_rate(tmp_path / "a.mkv") == pytest.approx(fps, rel=0.02)


def test_stamps_in_whole_milliseconds_do_not_change_the_rate(tmp_path):
    frames = np.stack([frame(6 * i) for i in range(40)])
    video.write(tmp_path / "a.webm", frames, 30)
    gaps = np.diff(video.read(tmp_path / "a.webm").seconds)
    assert set(np.round(gaps, 6)) == {0.033, 0.034}
    assert frame_rate(tmp_path / "a.webm") == pytest.approx(30, rel=1e-3)
    steps = [(second, each, NOTHING) for second, each in video.frames(tmp_path / "a.webm")]
    film_detections(tmp_path / "b.mkv", steps, ["person"], frame_rate(tmp_path / "a.webm"))
    assert shown(tmp_path / "b.mkv") == shown(tmp_path / "a.webm")   # each once


def test_the_rate_of_the_variable_clip_is_the_usual_one_and_of_one_frame_is_some(tmp_path):
    assert frame_rate("data/variable.mp4") == pytest.approx(30, rel=1e-3)
    video.write(tmp_path / "a.mkv", frame()[None], 25)
    assert frame_rate(tmp_path / "a.mkv") == 10


def test_a_film_that_fails_half_way_leaves_no_file(tmp_path):
    def steps():
        yield 0, frame(), NOTHING
        raise video.VideoError("damaged", path="x")
    with pytest.raises(video.VideoError, match="damaged"):
        film_detections(tmp_path / "a.mp4", steps(), ["person"], 8)
    assert list(tmp_path.iterdir()) == []
