"""A damaged file gives all its frames or an error that counts them; a healthy one gives all."""

import re
import struct

import av
import cv2
import numpy as np
import psutil
import pytest

from tests.video.conftest import COUNT
from tools import numbered_frames, odd_videos
from vidlearn import video
from vidlearn.video.decoder import Decoder


@pytest.fixture
def damage(tmp_path):
    """Write a copy of a video, with bytes that `change` changes in place."""
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
@pytest.mark.parametrize("change", [cut(0.6), cut(0.5, 0.55)], ids=["cut off", "a part is gone"])
def test_missing_frames_are_counted(films, damage, name, change):
    path = damage(films[name], change)
    assert 0 < opencv_alone(path) < COUNT             # OpenCV gives no warning
    with pytest.raises(video.VideoError, match=rf"\d+ of {COUNT} declared frames") as error:
        video.read(path)
    assert error.value.declared == COUNT
    assert opencv_alone(path) <= error.value.decoded < COUNT
    assert "damaged: " in str(error.value)
    assert str(path) in str(error.value)


def test_the_rest_can_be_read_on_request(films, damage):
    path = damage(films["mjpg.avi"], cut(0.6))
    clip = video.read(path, strict=False)
    assert numbered_frames.numbers(clip.frames) == list(range(len(clip)))
    assert 0 < len(clip) < COUNT


def test_a_stream_ends_with_the_error(films, damage):
    path, seen = damage(films["mjpg.avi"], cut(0.6)), []
    with pytest.raises(video.VideoError, match="declared frames were decoded"):
        for _, frame in video.frames(path):
            seen.append(numbered_frames.number(frame))
    assert seen == list(range(opencv_alone(path)))


def test_a_part_before_the_damage_is_read(films, damage):
    path = damage(films["mjpg.avi"], cut(0.6))
    assert numbered_frames.numbers(video.read(path, stop=5).frames) == [0, 1, 2, 3, 4]


def without_index(data):
    del data[data.index(b"moov") - 4:]


@pytest.mark.parametrize("change, words", [
    (cut(0.6), "damaged: [0-9,]+ bytes are missing at its end"),
    (without_index, r"its index \(the moov atom\) is missing or damaged")])
def test_an_mp4_that_was_never_finished_says_so(films, damage, change, words):
    with pytest.raises(video.VideoError, match=words) as error:
        video.read(damage(films["mpeg4.mp4"], change))
    assert error.value.decoded == 0


def test_an_mp4_that_begins_with_its_index_and_is_cut_off_counts_what_is_lost(tmp_path, damage):
    film = odd_videos.by_pyav(tmp_path / "film.mp4", "libx264", "yuv420p", flags="faststart")

    def cut_off(data):
        del data[data.index(b"mdat") + 1000:]
    with pytest.raises(video.VideoError, match=r"\d+ of 24 declared frames were decoded") as error:
        video.read(damage(film.path, cut_off))
    assert 0 < error.value.decoded < error.value.declared == 24


@pytest.mark.parametrize("first, last", [(1, 2), (2, None), (1, None)])
def test_a_hole_in_an_mp4_of_fragments_is_told_by_its_atoms(tmp_path, damage, first, last):
    """The packets that FFmpeg gives fit each other, and no index names those that are gone."""
    film = odd_videos.by_pyav(tmp_path / "film.mp4", "libx264", "yuv420p", odd_videos.REORDERED,
                              flags="dash+frag_keyframe+empty_moov+global_sidx")

    def hole(data):
        starts = [found.end() + 26 for found in re.finditer(b"moof", data)]
        del data[starts[first]:last and starts[last]]
    path = damage(film.path, hole)
    assert 0 < opencv_alone(path) < odd_videos.COUNT
    with pytest.raises(video.VideoError, match="should start an atom|missing at its end"):
        video.read(path)


def lose(data):
    del data[21:26]                                   # in the first bytes of the container


def test_a_file_too_damaged_to_open_says_why(film, damage):
    with pytest.raises(video.VideoError, match="damaged") as error:
        video.read(damage(film, lose))
    assert error.value.decoded == 0


def test_frames_that_cannot_be_decoded_are_counted(films, damage):
    def zero(data):
        chunk = [found.end() for found in re.finditer(b"00dc(?=....\xff\xd8)", data, re.DOTALL)][20]
        size = int.from_bytes(data[chunk:chunk + 4], "little")
        data[chunk + 4:chunk + 4 + size] = bytes(size)

    path = damage(films["mjpg.avi"], zero)
    assert 0 < opencv_alone(path) < COUNT
    with pytest.raises(video.VideoError, match="holds 40 frames, of which the decoder dropped"):
        video.read(path)


def test_errors_that_are_kept_keep_no_decoder(films, damage):
    """Each has threads, and pictures in memory; a worker that is forked hangs when it frees one."""
    path, kept = damage(films["ffv1.mkv"], cut(0.6)), []
    before = psutil.Process().num_threads()
    for _ in range(10):
        for read in (video.read, lambda path: list(video.frames(path))):
            with pytest.raises(video.VideoError) as error:
                read(path)
            kept.append(error.value)
    assert kept[0].__traceback__ and psutil.Process().num_threads() <= before + 4


def lie(name, value):
    """A change that sets a number in the header of a Matroska file, a float."""
    def change(data):
        at = data.index(name) + len(name)
        data[at:at + 9] = b"\x88" + struct.pack(">d", value)
    return change


DURATION = b"\x44\x89"


@pytest.mark.parametrize("seconds, declared", [(14.0, 350), (0.4, 10)])
def test_a_healthy_file_with_a_wrong_header_is_read_completely(films, damage, seconds, declared):
    path = damage(films["vp9.webm"], lie(DURATION, seconds * 1000))
    assert video.probe(path).declared == declared
    assert numbered_frames.numbers(video.read(path).frames) == list(range(COUNT))
    assert numbered_frames.numbers(video.read(path, count=4).frames) == [5, 15, 25, 35]


FRAME = numbered_frames.HEIGHT * numbered_frames.WIDTH * 3            # bytes


def test_a_budget_counts_the_stored_frames_not_the_declared_ones(films, damage):
    path = damage(films["vp9.webm"], lie(DURATION, 1e6))
    assert video.probe(path).declared == 25_000
    assert len(video.read(path, budget=COUNT * FRAME)) == COUNT
    with pytest.raises(video.VideoError, match="about 40 frames of 128x32 take"):
        video.read(path, budget=COUNT * FRAME - 1)


@pytest.mark.parametrize("options, frames", [({}, 40), ({"stop": 30}, 30)])
def test_a_file_without_a_declared_length_is_refused_at_its_first_frame(
        films, damage, monkeypatch, options, frames):
    path, looked, look = damage(films["vp9.webm"], lie(DURATION, 0)), [], Decoder.picture
    assert video.probe(path).declared == 0
    monkeypatch.setattr(Decoder, "picture", lambda *args: looked.append(args) or look(*args))
    with pytest.raises(video.VideoError, match=f"about {frames} frames of 128x32 take"):
        video.read(path, budget=20 * FRAME, **options)
    assert len(looked) == 1


class TestVaryingRate:
    """Frames at uneven times, with stamps of their own."""

    gaps = np.tile([20, 20, 200, 40], 10)
    stamps = np.cumsum(gaps) - gaps[0]                # milliseconds

    @pytest.fixture
    def varying(self, tmp_path):
        return odd_videos.by_pyav(tmp_path / "x.mkv", "ffv1", "bgr0", times=self.stamps).path

    def test_seconds_are_the_time_stamps_of_the_file(self, varying):
        clip = video.read(varying)
        assert numbered_frames.numbers(clip.frames) == list(range(COUNT))
        np.testing.assert_allclose(clip.seconds, self.stamps / 1000, atol=1e-6)
        assert clip.fps == pytest.approx(39 / (self.stamps[-1] / 1000))

    def test_a_part_in_seconds_is_found_by_time(self, varying):
        clip = video.read(varying, start=0.28, stop=0.56, unit="seconds")
        assert numbered_frames.numbers(clip.frames) == [4, 5, 6, 7]    # at 0.28, 0.30, 0.50, 0.54 s

    def test_a_frame_is_found_by_number(self, varying):
        assert numbered_frames.numbers(video.read(varying, start=20, stop=22).frames) == [20, 21]


def test_a_frame_whose_holes_the_decoder_filled_is_no_frame(tmp_path):
    rng = np.random.default_rng(0)
    video.write(tmp_path / "film.mp4", rng.integers(0, 256, (30, 64, 96, 3), np.uint8), fps=25)
    data = bytearray((tmp_path / "film.mp4").read_bytes())
    with av.open(tmp_path / "film.mp4") as container:
        packets = [(packet.pos, packet.size) for packet in container.demux(video=0) if packet.size]
    for start, size in packets[5::5]:                 # the decoder does not notice each of them
        data[start + size // 10:start + size // 10 + 30] = bytes(30)
    (tmp_path / "film.mp4").write_bytes(data)
    with pytest.raises(video.VideoError, match="the decoder found errors in [1-9]") as error:
        video.read(tmp_path / "film.mp4")             # though it gives all 30 of them
    assert error.value.declared == 30
    clip = video.read(tmp_path / "film.mp4", strict=False)
    assert 0 < clip.whole.sum() < len(clip)
