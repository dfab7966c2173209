"""Writing: what was written comes back, and a failure leaves nothing behind."""

import os
import re
import subprocess
import sys
from fractions import Fraction

import cv2
import numpy as np
import pytest

from tools import painted
from vidlearn import video

REAL = cv2.VideoWriter
FRAMES = np.stack([painted.picture(i) for i in range(12)])


def test_without_loss(tmp_path):
    video.write(tmp_path / "a.mkv", FRAMES, 12.5)
    clip = video.read(tmp_path / "a.mkv")
    np.testing.assert_array_equal(clip.frames, FRAMES)
    np.testing.assert_allclose(clip.seconds, np.arange(12) / 12.5, atol=1e-3)


def test_for_a_browser(tmp_path):
    video.write(tmp_path / "a.webm", FRAMES, 29.97)
    clip = video.read(tmp_path / "a.webm")
    assert painted.numbers(clip.frames) == list(range(12))
    assert video.probe(tmp_path / "a.webm").codec == "VP90"
    assert np.abs(clip.frames.astype(int) - FRAMES).mean() < 20
    assert clip.fps == pytest.approx(29.97, rel=0.01)


def test_to_bytes():
    data = video.to_webm_bytes(FRAMES, 5)
    assert data[:4] == b"\x1a\x45\xdf\xa3" and b"V_VP9" in data


def test_frames_may_come_one_by_one(tmp_path):
    video.write(tmp_path / "a.mkv", (painted.picture(i) for i in range(7)), 5)
    assert painted.numbers(video.read(tmp_path / "a.mkv").frames) == list(range(7))


def test_frames_may_lie_in_memory_in_any_way(tmp_path):
    video.write(tmp_path / "a.mkv", FRAMES[::-1, ::-1, ::2], 5)
    np.testing.assert_array_equal(video.read(tmp_path / "a.mkv").frames, FRAMES[::-1, ::-1, ::2])


def test_the_callers_frames_are_left_alone(tmp_path):
    frames = FRAMES.copy()
    video.write(tmp_path / "a.mkv", frames, 5)
    np.testing.assert_array_equal(frames, FRAMES)


@pytest.mark.parametrize("frames, match", [
    (FRAMES / 255, r"frame 0 is \(32, 128, 3\) float64.*uint8.*0\.\.255"),
    (FRAMES[..., :1], r"\(32, 128, 1\)"),
    (FRAMES[..., 0], r"\(32, 128\)"),
    (FRAMES[0], r"frame 0 is \(128, 3\)"),
    (FRAMES.transpose(0, 3, 1, 2), r"frame 0 is \(3, 32, 128\)"),
    (FRAMES.astype(np.int64), "int64"),
    (FRAMES > 128, "bool"),
    (["a", "b"], r"frame 0 is \(\)"),
    ([FRAMES[0], None], r"frame 1 is \(\) object"),
    ([FRAMES[0], FRAMES[1] / 255], r"frame 1 is \(32, 128, 3\) float64"),
    (FRAMES[:, 1:], "128 wide and 31 high.*even"),
    (FRAMES[:0], "no frame"),
    ([FRAMES[0], FRAMES[1, :16]], r"frame 1 is \(16, 128, 3\)"),
])
def test_frames_of_another_kind_are_refused(tmp_path, frames, match):
    with pytest.raises(ValueError, match=match):
        video.write(tmp_path / "a.mkv", frames, 5)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name, fps, error, match", [
    ("a.mp4", 5, video.VideoError, r"no codec for \.mp4; \.webm"),
    ("a", 5, video.VideoError, "no codec for no suffix"),
    ("no/such/a.mkv", 5, video.VideoError, "there is no folder"),
    ("a.mkv", 0, ValueError, "fps 0"),
    ("a.mkv", float("nan"), ValueError, "fps nan"),
])
def test_a_target_that_cannot_be_is_refused(tmp_path, name, fps, error, match):
    with pytest.raises(error, match=match):
        video.write(tmp_path / name, FRAMES, fps)
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_replaced_only_on_request(tmp_path):
    path = tmp_path / "a.mkv"
    path.write_text("precious")
    with pytest.raises(video.VideoError, match="overwrite=True"):
        video.write(path, FRAMES, 5)
    assert path.read_text() == "precious"
    video.write(path, FRAMES, 5, overwrite=True)
    assert len(video.read(path)) == 12


class Full:
    """A writer on a full disk: it takes everything and keeps the first few frames."""

    def __init__(self, *args):
        self.writer, self.left = REAL(*args), 4

    def __getattr__(self, name):
        return getattr(self.writer, name)

    def write(self, frame):
        self.left -= 1
        if self.left >= 0:
            self.writer.write(frame)


def test_a_full_disk_is_noticed(tmp_path, monkeypatch):
    monkeypatch.setattr(cv2, "VideoWriter", Full)
    with pytest.raises(video.VideoError, match="12 frames were written and 4 came back") as error:
        video.write(tmp_path / "a.mkv", FRAMES, 5)
    assert (error.value.declared, error.value.decoded) == (12, 4)
    assert list(tmp_path.iterdir()) == []


LIMITED = """
import resource, sys
import numpy as np
from vidlearn import video
resource.setrlimit(resource.RLIMIT_FSIZE, (16384, 16384))
frames = np.random.default_rng(0).integers(0, 256, (60, 64, 64, 3), np.uint8)
try:
    video.write(sys.argv[1], frames, 5, overwrite=True)
except video.VideoError as error:
    print(f"{error.decoded} of {error.declared}: {error}")
"""


@pytest.mark.parametrize("name", ["a.mkv", "a.webm"])
def test_a_system_that_takes_no_more_bytes_is_noticed(tmp_path, name):
    """As a full disk does, it refuses in the middle; what was there stays."""
    pytest.importorskip("resource", reason="Windows has no limit on the size of files")
    (tmp_path / name).write_text("precious")
    said, printed = run(LIMITED, tmp_path / name, stderr=subprocess.PIPE).communicate()
    assert re.search(r"^\d+ of 60: .*60 frames were written and \d+ came back. Is the disk", said)
    assert printed == ""
    assert os.listdir(tmp_path) == [name]
    assert (tmp_path / name).read_text() == "precious"


ENDLESS = """
import sys
import numpy as np
from vidlearn import video

def frames():
    for n in range(1000):
        if n == 100:
            print("half done", flush=True)
            sys.stdin.readline()
        yield np.full((64, 64, 3), n % 256, np.uint8)

video.write(sys.argv[1], frames(), 5, overwrite=True)
"""


def run(program, path, **options):
    return subprocess.Popen([sys.executable, "-c", program, str(path)], text=True,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, **options)


@pytest.fixture
def half_done(tmp_path):
    """A process that has written half of a.mkv, over one that was there."""
    (tmp_path / "a.mkv").write_text("precious")
    process = run(ENDLESS, tmp_path / "a.mkv")
    assert process.stdout.readline() == "half done\n"
    yield process
    process.kill()
    process.communicate()


def test_a_killed_process_leaves_what_was_there(tmp_path, half_done):
    half_done.kill()
    half_done.wait()
    assert (tmp_path / "a.mkv").read_text() == "precious"
    video.write(tmp_path / "b.mkv", FRAMES, 5)
    assert sorted(os.listdir(tmp_path)) == ["a.mkv", "b.mkv"]      # and its draft is swept away


def test_the_draft_of_a_process_that_lives_is_let_be(tmp_path, half_done):
    video.write(tmp_path / "b.mkv", FRAMES, 5)
    assert (tmp_path / "a.mkv").read_text() == "precious"
    assert half_done.communicate("go on\n") and half_done.returncode == 0
    assert len(video.read(tmp_path / "a.mkv")) == 1000
    assert sorted(os.listdir(tmp_path)) == ["a.mkv", "b.mkv"]


def test_a_rate_may_be_a_fraction(tmp_path):
    video.write(tmp_path / "a.mkv", FRAMES, Fraction(30000, 1001))
    assert video.read(tmp_path / "a.mkv").fps == pytest.approx(29.97, rel=0.01)


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, RuntimeError])
def test_an_interrupt_leaves_what_was_there(tmp_path, interrupt):
    def frames():
        yield from FRAMES[:5]
        raise interrupt

    (tmp_path / "a.mkv").write_text("precious")
    with pytest.raises(interrupt):
        video.write(tmp_path / "a.mkv", frames(), 5, overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["a.mkv"]
    assert (tmp_path / "a.mkv").read_text() == "precious"
