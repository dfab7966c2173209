"""A film is watched once, and what is written is whole or not there."""

import numpy as np
import pytest

from tests.surveillance.watched import Truth
from vidlearn import video
from vidlearn.checks import ArgumentError
from vidlearn.datasets.street import street
from vidlearn.surveillance.record import record, scene_of
from vidlearn.surveillance.watch import Watch
from vidlearn.tracking import mot

LINE = (105, 119, 105, 20)


@pytest.fixture(scope="module")
def clip():
    return street(72, frames=60, people=6, cars=0, crowd=True)


@pytest.fixture(scope="module")
def path(clip, tmp_path_factory):
    path = tmp_path_factory.mktemp("film") / "street.mkv"
    video.write(path, clip.frames, 25)
    return path


def watch(clip):
    person = Truth(clip, 6)
    return Watch(person.detect, person, line=LINE)


def test_tracks_come_back_from_the_file(clip, path, tmp_path):
    report = record(path, watch(clip), tracks=tmp_path / "new" / "tracks.txt")
    frames = mot.read(tmp_path / "new" / "tracks.txt", 60)
    assert sum(len(ids) for ids, _, _ in frames) == report.detections
    rows = np.loadtxt(tmp_path / "new" / "tracks.txt", delimiter=",")
    assert report.frames == 60 and len(rows) == report.detections > 100
    assert rows[0, 0] >= 1 and rows[-1, 0] <= 60 and (rows[:, 6:] == [1, -1, -1, -1]).all()
    for frame, name, left, top, width, height, *_ in rows:
        box = [left - 1, top - 1, left - 1 + width, top - 1 + height]
        np.testing.assert_allclose(box, clip.boxes[int(frame) - 1, int(name)], atol=.011)


def test_the_film_plays_and_has_every_frame(clip, path, tmp_path):
    record(path, watch(clip), film=tmp_path / "out.mp4")
    film = video.read(tmp_path / "out.mp4")
    assert film.frames.shape == clip.frames.shape and abs(film.fps - 25) < .1
    assert np.abs(film.frames[30].astype(int) - clip.frames[30]).max() > 100    # it is painted


def test_without_files_there_is_still_a_report(clip, path):
    report = record(path, watch(clip))
    assert report.people == 6 and report.frames == 60 and report.crossings


def test_an_older_file_stays_if_the_film_is_damaged(clip, path, tmp_path):
    damaged, tracks = tmp_path / "half.mkv", tmp_path / "tracks.txt"
    damaged.write_bytes(path.read_bytes()[:len(path.read_bytes()) // 2])
    tracks.write_text("old")
    with pytest.raises(video.VideoError):
        record(damaged, watch(clip), tracks=tracks, film=tmp_path / "out.mp4")
    assert tracks.read_text() == "old" and not (tmp_path / "out.mp4").exists()
    report = record(damaged, watch(clip), tracks=tracks, strict=False)
    assert 5 < report.frames < 60 and tracks.read_text() != "old"


def test_the_film_itself_is_never_replaced(clip, path):
    with pytest.raises(ArgumentError, match="street.mkv is the film itself"):
        record(path, watch(clip), film=path.parent / "." / "street.mkv")
    assert len(video.read(path)) == 60


def test_an_older_film_is_not_replaced(clip, path, tmp_path):
    (tmp_path / "out.mp4").write_bytes(b"mine")
    with pytest.raises(ArgumentError, match="out.mp4 exists already: choose another name"):
        record(path, watch(clip), film=tmp_path / "out.mp4")
    assert (tmp_path / "out.mp4").read_bytes() == b"mine"


def test_what_cannot_be_written_is_said_before_the_film_begins(clip, path, tmp_path):
    person = Truth(clip, 6)
    with pytest.raises(IsADirectoryError):
        record(path, Watch(person.detect, person), tracks=tmp_path)
    with pytest.raises(video.VideoError, match="no codec for .xyz"):
        record(path, Watch(person.detect, person), film=tmp_path / "a.xyz")
    assert person.t == -1


def test_the_scene_of_a_film(clip, path):
    scene = scene_of(path)
    assert scene.shape == (120, 160, 3)
    assert (np.abs(scene.astype(int) - clip.background).max(-1) > 25).mean() < .1


def test_a_large_film_has_a_small_scene(tmp_path):
    video.write(tmp_path / "a.mkv", np.zeros((3, 480, 640, 3), np.uint8), 25)
    assert scene_of(tmp_path / "a.mkv").shape == (240, 320, 3)
