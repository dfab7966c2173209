"""Unusual real files, where a checkout has them beside it."""

import csv
from pathlib import Path

import av
import numpy as np
import pytest

from tools import random_requests
from vidlearn import video

ODD = Path(__file__).parents[3] / "shared" / "realdata" / "odd"
ROWS = list(csv.DictReader((ODD / "frames.csv").open())) if ODD.is_dir() else []
if not ROWS:
    pytest.skip("the real files are not on this machine", allow_module_level=True)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_every_file_is_read_correctly_or_refused_with_a_reason(row):
    if not row["codec"]:
        with pytest.raises(video.VideoError, match="sound"):
            video.read(ODD / row["file"])
        return
    clip = video.read(ODD / row["file"], square=False)
    size = int(row["height"]), int(row["width"])
    size = size[::-1] if row["rotation"] else size
    assert clip.frames.shape == (int(row["decoded_frames_by_ffmpeg"]), *size, 3)
    assert clip.seconds[0] == 0
    assert (np.diff(clip.seconds) > 0).all()
    rate = np.divide(*map(float, row["average_rate"].split("/")))
    assert len(clip) == 1 or clip.fps == pytest.approx(rate, rel=0.01)


SMALL = [row for row in ROWS if row["codec"] and int(row["height"]) <= 256]


@pytest.mark.parametrize("row", SMALL, ids=lambda row: row["file"])
def test_evenly_spaced_frames_equal_those_of_the_whole_video(row):
    whole = video.read(ODD / row["file"], size=32)
    some = video.read(ODD / row["file"], size=32, count=5)
    picked = video.sample.uniform(len(whole), 5)
    np.testing.assert_array_equal(some.frames, whole.frames[picked])
    np.testing.assert_array_equal(some.seconds, whole.seconds[picked])


@pytest.mark.parametrize("row", SMALL, ids=lambda row: row["file"])
def test_parts_of_it_equal_those_of_the_whole(row):
    assert random_requests.wrong(ODD / row["file"], 5) == []


@pytest.mark.parametrize("row", SMALL, ids=lambda row: row["file"])
def test_a_real_frame_is_the_one_that_pyav_finds(row):
    """Five random frames by number and by second; PyAV decodes in order and rotates nothing."""
    if "hdr" in row["file"] and int(av.__version__.partition(".")[0]) < 17:
        pytest.skip("this PyAV takes BT.601 for all films")
    with av.open(str(ODD / row["file"]), metadata_errors="replace") as container:
        theirs = list(container.decode(video=0))
    times = np.array([frame.time - theirs[0].time for frame in theirs])
    whole, rng = video.read(ODD / row["file"], grey=True, size=16), np.random.default_rng(0)
    assert len(theirs) == len(whole)
    if (np.diff(times) > 0).all():                    # (they do not, in an AVI with B-frames)
        np.testing.assert_allclose(whole.seconds, times, atol=1e-3)
    for n in rng.integers(len(theirs), size=5):
        edges = [*whole.seconds - 1e-4, None]
        by_second = {"start": max(edges[n], 0), "stop": edges[n + 1], "unit": "seconds"}
        expected = np.rot90(theirs[n].to_ndarray(format="rgb24"), -int(row["rotation"] or 0) // 90)
        for place in ({"start": int(n), "stop": int(n) + 1}, by_second):
            frame, = video.read(ODD / row["file"], square=False, **place).frames
            assert np.abs(frame.astype(int) - expected).mean() < 4
