"""Time stamps that repeat, go back or pause, in real files; and hidden frames and covers."""

import struct
from fractions import Fraction

import av
import cv2
import numpy as np
import pytest

from tools import numbered_frames, odd_videos
from vidlearn import video
from vidlearn.video import demux

COUNT = 40
STEADY = np.arange(COUNT) * 40


def stamped_film(path, stamps, codec="ffv1", pixels="bgr0"):
    """A film of numbered frames whose packets carry these time stamps, in milliseconds."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, 25)
        stream.width, stream.height = numbered_frames.WIDTH, numbered_frames.HEIGHT
        stream.pix_fmt = pixels
        stream.codec_context.time_base = Fraction(1, 1000)
        packets = []
        for number, time in enumerate(STEADY):
            frame = av.VideoFrame.from_ndarray(numbered_frames.picture(number), "rgb24")
            frame = frame.reformat(format=pixels)
            frame.pts, frame.time_base = int(time), Fraction(1, 1000)
            packets += stream.encode(frame)
        for number, packet in enumerate(packets + stream.encode()):
            packet.pts, packet.dts = 5000 + int(stamps[number]), number
            container.mux(packet)
    return path


PAUSE = np.r_[np.arange(10) * 40, 1360, 1360 + np.arange(29) * 40]


def test_a_pause_and_a_stamp_that_comes_twice(tmp_path):
    path = stamped_film(tmp_path / "x.mkv", PAUSE)
    clip = video.read(path)
    assert numbered_frames.numbers(clip.frames) == list(range(COUNT))
    assert (np.diff(clip.seconds) > 0).all()
    right = np.arange(COUNT) != 11
    np.testing.assert_allclose(clip.seconds[right], PAUSE[right] / 1000, atol=1e-3)
    part = video.read(path, start=1.6, stop=2.2, unit="seconds")
    assert set(range(18, 31)) <= set(numbered_frames.numbers(part.frames))
    with pytest.raises(video.VideoError, match="ends after 40 frames"):
        video.read(path, start=3, stop=10, unit="seconds")


@pytest.mark.parametrize("place", [1, 7, 20, 38, 39])
@pytest.mark.parametrize("wrong", [0, -1000, 700])
def test_one_wrong_stamp_does_not_set_the_clock_astray(tmp_path, place, wrong):
    stamps = STEADY.copy()
    stamps[place] = wrong
    clip = video.read(stamped_film(tmp_path / "x.mkv", stamps))
    assert numbered_frames.numbers(clip.frames) == list(range(COUNT))
    assert (np.diff(clip.seconds) > 0).all()
    np.testing.assert_allclose(clip.seconds, STEADY / 1000, atol=0.04)


@pytest.mark.parametrize("head, shown", [(b"\x10", True), (b"\x11", True), (b"\x00", False)])
def test_hidden_frames_of_vp8_are_not_counted(tmp_path, head, shown):
    """Some encoders write frames that only help to decode others, in packets of their own."""
    path = odd_videos.by_pyav(tmp_path / "x.webm", "libvpx", "yuv420p").path
    container, stream = demux.open_film(path)
    with container:
        packet = next(demux.packets(container, stream, []))
        changed = av.Packet(head + bytes(packet)[1:])
        changed.stream = stream
        assert demux.is_shown(packet)
        assert demux.is_shown(changed) == shown


def test_an_av1_film_is_read(tmp_path):
    film = odd_videos.by_pyav(tmp_path / "x.mp4", "libsvtav1", "yuv420p", size=(64, 128))
    assert video.probe(film.path).codec == "av1"
    assert numbered_frames.numbers(video.read(film.path).frames) == list(range(odd_videos.COUNT))


def song(path, codec):
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, 44100, layout="mono")
        for n in range(20):
            samples = np.zeros((1, 1152), np.int16 if codec == "flac" else np.float32)
            frame = av.AudioFrame.from_ndarray(
                samples, "s16" if codec == "flac" else "fltp", layout="mono")
            frame.sample_rate, frame.pts = 44100, 1152 * n
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


@pytest.mark.parametrize("options", [{}, {"count": 8}])
def test_sound_with_a_cover_is_no_film(tmp_path, options):
    path = song(tmp_path / "x.mp3", "libmp3lame")
    cover = cv2.imencode(".jpg", numbered_frames.picture(7))[1].tobytes()
    inside = b"\0image/jpeg\0\3\0" + cover
    tag = b"APIC" + struct.pack(">I", len(inside)) + b"\0\0" + inside
    size = bytes(len(tag) >> 7 * k & 127 for k in (3, 2, 1, 0))
    path.write_bytes(b"ID3\3\0\0" + size + tag + path.read_bytes())
    with pytest.raises(video.VideoError, match="sound with a cover picture, and no film"):
        video.read(path, **options)


def test_sound_alone_is_no_film(tmp_path):
    with pytest.raises(video.VideoError, match="sound but no video"):
        video.read(song(tmp_path / "x.flac", "flac"))


def test_text_is_not_drawn(tmp_path):
    """FFmpeg would show it as a screen full of letters."""
    (tmp_path / "notes.txt").write_text("a word\n" * 50)
    with pytest.raises(video.VideoError, match="not a video"):
        video.read(tmp_path / "notes.txt")
