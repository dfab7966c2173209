"""Read `count` evenly spaced frames: right whatever length the file declares, and in one pass if
what it declares is true."""

import importlib
import struct
import weakref

import cv2
import numpy as np
import pytest

from tests.video.conftest import COUNT
from tools import numbered_frames
from vidlearn import video
from vidlearn.video import sample
from vidlearn.video.decoder import Decoder

reading = importlib.import_module("vidlearn.video.read")          # video.read is its function
MIDDLES = [5, 15, 25, 35]                             # of four equal parts of 40 frames
FRAME = numbered_frames.HEIGHT * numbered_frames.WIDTH * 3            # bytes
DURATION = b"\x44\x89"


@pytest.fixture
def declaring(films, tmp_path):
    """Write a video of 40 frames whose header declares `frames`."""
    def write(frames):
        data = bytearray(films["vp9.webm"].read_bytes())
        at = data.index(DURATION) + len(DURATION)
        data[at:at + 9] = b"\x88" + struct.pack(">d", frames * 40)
        path = tmp_path / "declared.webm"
        path.write_bytes(data)
        assert video.probe(path).declared == frames
        return path
    return write


@pytest.fixture
def calls(monkeypatch):
    """How often a decoder's methods grab and picture were called."""
    calls = {}

    def count(name, method):
        def counted(decoder, *args):
            calls[name] += 1
            return method(decoder, *args)
        calls[name] = 0
        monkeypatch.setattr(Decoder, name, counted)

    count("grab", Decoder.grab)
    count("picture", Decoder.picture)
    return calls


LIES = pytest.mark.parametrize("declared", [0, 1, 3, 10, 39, 40, 41, 400, 25_000])


@LIES
def test_the_frames_are_the_middles_whatever_the_file_declares(declaring, declared):
    clip = video.read(declaring(declared), count=4)
    assert numbered_frames.numbers(clip.frames) == MIDDLES
    np.testing.assert_allclose(clip.seconds, np.array(MIDDLES) / 25, atol=1e-3)


@LIES
@pytest.mark.parametrize("options, expected", [
    ({"start": 20, "count": 2}, [25, 35]),
    ({"stop": 20, "count": 2}, [5, 15]),
    ({"start": 10, "stop": 14, "count": 4}, [10, 11, 12, 13]),
    ({"start": 38, "count": 4}, [38, 38, 39, 39]),
    ({"start": 0.4, "unit": "seconds", "count": 3}, [15, 25, 35]),
    ({"stop": 0.8, "unit": "seconds", "count": 2}, [5, 15]),
    ({"start": 0.4, "stop": 0.8, "unit": "seconds", "count": 1}, [15]),
])
def test_the_frames_of_a_part_are_its_middles(declaring, declared, options, expected):
    assert numbered_frames.numbers(video.read(declaring(declared), **options).frames) == expected


@LIES
@pytest.mark.parametrize("options", [{"stop": 50}, {"start": 40}, {"start": 2, "unit": "seconds"}])
def test_a_part_beyond_the_end_is_refused(declaring, declared, options):
    with pytest.raises(video.VideoError, match="ends after 40 frames"):
        video.read(declaring(declared), count=2, **options)


@pytest.mark.parametrize("declared, passes", [(40, 1), (0, 1), (39, 2), (41, 2)])
def test_a_true_declaration_takes_one_pass(declaring, calls, declared, passes):
    """So does none at all: then the stored frames are counted without decoding them."""
    path = declaring(declared)
    calls.update(grab=0, picture=0)
    video.read(path, count=4)
    assert calls == {"grab": passes * (COUNT + 1), "picture": passes * 4}


def test_decoding_stops_at_the_end_of_a_part(films, calls):
    video.read(films["mjpg.avi"], stop=10, count=2)
    assert calls["grab"] == 11


def test_the_memory_of_a_first_pass_is_freed_before_a_second(declaring, monkeypatch):
    alive, before = weakref.WeakSet(), []

    class Watched(reading._Buffer):
        def __init__(self, *args):
            before.append(len(alive))
            alive.add(self)
            super().__init__(*args)

    monkeypatch.setattr(reading, "_Buffer", Watched)
    video.read(declaring(41), count=4)
    assert before == [0, 0]


@LIES
def test_a_budget_for_the_count_is_enough_whatever_the_file_declares(declaring, declared):
    path = declaring(declared)
    assert len(video.read(path, count=4, budget=4 * FRAME)) == 4
    with pytest.raises(video.VideoError, match="about 4 frames of 128x32 take .* over the budget"):
        video.read(path, count=4, budget=4 * FRAME - 1)


def test_a_count_beyond_all_memory_is_refused_at_the_first_frame(lossless, calls):
    with pytest.raises(video.VideoError, match="about 1,000,000,000,000 frames of 128x32"):
        video.read(lossless, count=10**12)
    assert calls["picture"] == 1


def test_frames_are_repeated_as_often_as_the_sampler_names_them():
    for total in range(1, 30):
        for count in range(1, 40):
            named = np.bincount(sample.uniform(total, count), minlength=total + 3)
            assert [reading._repeats(n, total, count) for n in range(total + 3)] == named.tolist()


@pytest.mark.parametrize("name, value", [
    ("count", 0), ("count", -1), ("count", 2.5), ("count", float("nan")),
    ("step", 0), ("step", 1.5), ("step", float("nan")), ("step", float("inf"))])
def test_count_and_step_are_whole_numbers(lossless, name, value):
    with pytest.raises(ValueError, match=rf"{name} must be a whole number, 1 or more, not {value}"):
        video.read(lossless, **{name: value})


def test_count_may_be_a_number_of_any_type(lossless):
    for count in (4.0, np.int8(4), np.float32(4)):
        assert numbered_frames.numbers(video.read(lossless, count=count).frames) == MIDDLES


class TestDamaged:
    """A video that is cut off."""

    @pytest.fixture
    def cut(self, films, tmp_path):
        data = films["mjpg.avi"].read_bytes()
        path = tmp_path / "cut.avi"
        path.write_bytes(data[:len(data) * 6 // 10])
        return path

    def test_it_is_an_error(self, cut):
        with pytest.raises(video.VideoError, match="17 of 40 declared frames were") as error:
            video.read(cut, count=4)
        assert (error.value.declared, error.value.decoded) == (COUNT, 17)

    def test_the_rest_is_spaced_evenly_on_request(self, cut):
        clip = video.read(cut, count=4, strict=False)
        assert numbered_frames.numbers(clip.frames) == [2, 6, 10, 14]     # the middles of 17

    def test_a_part_before_the_damage_is_read(self, cut):
        assert numbered_frames.numbers(video.read(cut, stop=16, count=2).frames) == [4, 12]


class TestSizes:
    """A video with pictures of two sizes: JPEGs one after another, which declare no length."""

    @pytest.fixture
    def film(self, tmp_path):
        pictures = [numbered_frames.picture(number)[..., ::-1] for number in range(20)]
        pictures[12:] = [cv2.resize(picture, (256, 64)) for picture in pictures[12:]]
        path = tmp_path / "sizes.mjpeg"
        path.write_bytes(b"".join(cv2.imencode(".jpg", picture)[1].tobytes()
                                  for picture in pictures))
        return path

    @pytest.mark.parametrize("options, place", [
        ({}, 12), ({"count": 5}, 14), ({"count": 2, "start": 8}, 17), ({"step": 5}, 15)])
    def test_a_change_of_size_is_an_error_with_its_second(self, film, options, place):
        with pytest.raises(video.VideoError, match="from 128x32 to 256x64 at "
                                                   f"{place / 25:.3f} seconds"):
            video.read(film, **options)

    @pytest.mark.parametrize("options, expected", [
        ({"count": 5}, [2, 6, 10, 14, 18]), ({"count": 2, "start": 10}, [12, 17]),
        ({"step": 5}, [0, 5, 10, 15]), ({"stop": 12, "count": 3}, [2, 6, 10])])
    def test_all_get_the_size_that_is_asked_for(self, film, options, expected):
        clip = video.read(film, size=(32, 128), **options)
        assert numbered_frames.numbers(clip.frames) == expected
