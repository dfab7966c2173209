"""An hour of 4K video: refused before it fills the memory, and streamed with memory for a frame."""

import re
from pathlib import Path

import pytest

from tools import long_video
from vidlearn import video
from vidlearn.video import demux

FRAMES = 40                                  # of 90,000: memory stays level from the third on


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    return long_video.film(tmp_path_factory.mktemp("hour") / "hour.webm")


@pytest.fixture(scope="module")
def hevc(tmp_path_factory):
    return long_video.hevc(tmp_path_factory.mktemp("hour") / "hour.mkv")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux says the most")
@pytest.mark.parametrize("kind", ["film", "hevc"])
def test_it_is_refused_before_it_is_read_and_streams_in_300_mb(kind, request):
    said = long_video.look(request.getfixturevalue(kind), FRAMES)
    before, refused, most = [int(megabytes) for megabytes in re.findall(r"(\d+) MB", said)]
    assert "about 90,000 frames of 3840x2160 take 2,085.7 GiB" in said
    assert f"in {FRAMES} frames of (2160, 3840, 3), the last at {(FRAMES - 1) / 25:.2f} s" in said
    assert refused - before < 150 and most < long_video.MOST, said


def test_a_part_of_it_is_read(film):
    assert video.read(film, start=60, stop=66, step=2, size=90).frames.shape == (3, 90, 160, 3)
    assert video.read(film, start=2.0, stop=2.2, unit="seconds", grey=True, size=9).seconds[0] == 2


def test_a_machine_with_many_cores_decodes_large_frames_with_one_thread(film, films, monkeypatch):
    monkeypatch.setattr("os.cpu_count", lambda: 64)
    for path, threads in ((film, 1), (films["mpeg4.mp4"], 4)):
        container, stream = demux.open_film(path)
        with container:
            assert stream.thread_count == threads
