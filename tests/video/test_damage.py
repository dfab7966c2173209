"""A damaged file gives all its frames or an error that counts them; a healthy one is let be."""

import re
import struct

import cv2
import numpy as np
import pytest

from tests.video.conftest import COUNT
from tools import painted
from vidlearn import video
from vidlearn.video import matroska
from vidlearn.video.reel import Reel


@pytest.fixture
def damage(tmp_path):
    """Write a copy of a film whose bytes `change` has changed in place."""
    def copy(film, change):
        data = bytearray(film.read_bytes())
        change(data)
        path = tmp_path / film.name
        path.write_bytes(data)
        return path
    return copy


def opencv_alone(path):
    capture, count = cv2.VideoCapture(str(path)), 0
    while capture.grab():
        count += 1
    return count


def cut(start, stop=None):
    def change(data):
        del data[int(start * len(data)):stop and int(stop * len(data))]
    return change


@pytest.mark.parametrize("name", ["mjpg.avi", "ffv1.mkv", "vp9.webm"])
@pytest.mark.parametrize("change", [cut(0.6), cut(0.5, 0.55)], ids=["cut off", "a piece is gone"])
def test_what_is_missing_is_counted(films, damage, name, change):
    path = damage(films[name], change)
    came = opencv_alone(path)
    assert 0 < came < COUNT                           # OpenCV says nothing of it
    with pytest.raises(video.VideoError, match=rf"{came} of {COUNT} declared frames") as error:
        video.read(path)
    assert (error.value.declared, error.value.decoded) == (COUNT, came)
    assert "damaged: " in str(error.value)
    assert str(path) in str(error.value)


def test_what_came_can_be_taken(films, damage):
    path = damage(films["mjpg.avi"], cut(0.6))
    clip = video.read(path, strict=False)
    assert painted.numbers(clip.frames) == list(range(len(clip)))
    assert 0 < len(clip) < COUNT


def test_a_stream_ends_with_the_error(films, damage):
    path, seen = damage(films["mjpg.avi"], cut(0.6)), []
    with pytest.raises(video.VideoError, match="declared frames came"):
        for _, frame in video.frames(path):
            seen.append(painted.number(frame))
    assert seen == list(range(opencv_alone(path)))


def test_a_part_before_the_damage_is_read(films, damage):
    path = damage(films["mjpg.avi"], cut(0.6))
    assert painted.numbers(video.read(path, stop=5).frames) == [0, 1, 2, 3, 4]


def test_a_file_that_cannot_be_opened_any_more_says_why(films, damage):
    def without_index(data):
        del data[data.index(b"moov") - 4:]

    with pytest.raises(video.VideoError, match="damaged: [0-9,]+ bytes are missing at its end"):
        video.read(damage(films["mpeg4.mp4"], cut(0.6)))
    with pytest.raises(video.VideoError, match=r"moov box\) is missing"):
        video.read(damage(films["mpeg4.mp4"], without_index))


def lose(data):
    del data[21:26]                                   # of what the container begins with


def test_a_file_that_cannot_be_opened_says_of_how_many_frames_none_came(film, damage):
    path = damage(film, lose)
    with pytest.raises(video.VideoError, match="0 of 40 declared frames came, and it is damaged: "
                       ) as error:
        video.read(path)
    assert (error.value.declared, error.value.decoded) == (COUNT, 0)


def test_a_file_whose_tables_are_gone_does_not_say_of_how_many(films, damage):
    def cut_off(data):
        del data[data.index(b"moov"):]
    with pytest.raises(video.VideoError, match=r"0 frames came \(of how many, the file does not say"
                       ) as error:
        video.read(damage(films["mpeg4.mp4"], cut_off))
    assert (error.value.declared, error.value.decoded) == (0, 0)


def test_frames_that_do_not_decode_are_missed(films, damage):
    def zero(data):
        chunk = [found.end() for found in re.finditer(b"00dc(?=....\xff\xd8)", data, re.DOTALL)][20]
        size = int.from_bytes(data[chunk:chunk + 4], "little")
        data[chunk + 4:chunk + 4 + size] = bytes(size)

    path = damage(films["mjpg.avi"], zero)
    assert 0 < opencv_alone(path) < COUNT
    with pytest.raises(video.VideoError, match="holds 40 frames, of which the decoder gave up"):
        video.read(path)


def lie(name, value):
    """A change that makes a number in the file's head say `value` (Matroska: a float)."""
    def change(data):
        at = data.index(name) + len(name)
        data[at:at + 9] = b"\x88" + struct.pack(">d", value)
    return change


DURATION, TIMESTAMP = b"\x44\x89", 0xE7


@pytest.mark.parametrize("seconds, declared", [(14.0, 350), (0.4, 10)])
def test_a_healthy_file_whose_head_lies_is_read_whole(films, damage, seconds, declared):
    path = damage(films["vp9.webm"], lie(DURATION, seconds * 1000))
    assert video.probe(path).declared == declared
    assert painted.numbers(video.read(path).frames) == list(range(COUNT))
    assert painted.numbers(video.read(path, count=4).frames) == [5, 15, 25, 35]


FRAME = painted.HEIGHT * painted.WIDTH * 3            # bytes


def test_a_budget_holds_for_the_frames_that_are_there_not_for_those_declared(films, damage):
    path = damage(films["vp9.webm"], lie(DURATION, 1e6))
    assert video.probe(path).declared == 25_000
    assert len(video.read(path, budget=COUNT * FRAME)) == COUNT
    with pytest.raises(video.VideoError, match="about 40 frames of 128x32 take"):
        video.read(path, budget=COUNT * FRAME - 1)


@pytest.mark.parametrize("options, frames", [({}, 40), ({"stop": 30}, 30)])
def test_a_budget_is_kept_at_once_where_the_file_does_not_say_how_long_it_is(
        films, damage, monkeypatch, options, frames):
    path, looked, look = damage(films["vp9.webm"], lie(DURATION, 0)), [], Reel.picture
    assert video.probe(path).declared == 0
    monkeypatch.setattr(Reel, "picture", lambda *args: looked.append(args) or look(*args))
    with pytest.raises(video.VideoError, match=f"about {frames} frames of 128x32 take"):
        video.read(path, budget=20 * FRAME, **options)
    assert len(looked) == 1


class TestVaryingRate:
    """Frames that come at any time, made by writing other time stamps into a Matroska file."""

    gaps = np.tile([20, 20, 200, 40], 10)
    stamps = np.cumsum(gaps) - gaps[0]                # milliseconds

    @pytest.fixture
    def varying(self, lossless, damage):
        def change(data):
            stamps, cluster = iter(self.stamps), 0
            for name, start, end in matroska._walk(bytes(data)):
                if name == TIMESTAMP:
                    cluster = int.from_bytes(data[start:end])
                elif name in (matroska.SIMPLE, matroska.BLOCK):
                    data[start + 1:start + 3] = struct.pack(">h", next(stamps) - cluster)
        return damage(lossless, change)

    def test_seconds_are_those_of_the_file(self, varying):
        clip = video.read(varying)
        assert painted.numbers(clip.frames) == list(range(COUNT))
        np.testing.assert_allclose(clip.seconds, self.stamps / 1000, atol=1e-6)
        assert clip.fps == pytest.approx(39 / (self.stamps[-1] / 1000))

    def test_a_part_in_seconds_is_found_by_time(self, varying):
        clip = video.read(varying, start=0.28, stop=0.56, unit="seconds")
        assert painted.numbers(clip.frames) == [4, 5, 6, 7]    # at 0.28, 0.30, 0.50, 0.54 s

    def test_a_frame_is_found_by_number(self, varying):
        assert painted.numbers(video.read(varying, start=20, stop=22).frames) == [20, 21]
