"""Written frames can be read back, and a failure leaves nothing behind."""

import importlib
import os
import subprocess
import sys
from fractions import Fraction

import av
import numpy as np
import pytest

from tools import numbered_frames
from vidlearn import video

writing = importlib.import_module("vidlearn.video.write")        # video.write is its function
FRAMES = np.stack([numbered_frames.picture(i) for i in range(12)])


def test_mkv_is_lossless(tmp_path):
    video.write(tmp_path / "a.mkv", FRAMES, 12.5)
    clip = video.read(tmp_path / "a.mkv")
    np.testing.assert_array_equal(clip.frames, FRAMES)
    np.testing.assert_allclose(clip.seconds, np.arange(12) / 12.5, atol=1e-3)


def test_webm_is_close(tmp_path):
    video.write(tmp_path / "a.webm", FRAMES, 29.97)
    clip = video.read(tmp_path / "a.webm")
    assert numbered_frames.numbers(clip.frames) == list(range(12))
    assert video.probe(tmp_path / "a.webm").codec == "vp9"
    assert np.abs(clip.frames.astype(int) - FRAMES).mean() < 20
    assert clip.fps == pytest.approx(29.97, rel=0.01)


def test_mp4_plays_everywhere(tmp_path):
    """H.264 with colours as every browser decodes them, and its index before its frames."""
    video.write(tmp_path / "a.mp4", FRAMES, 29.97)
    clip, data = video.read(tmp_path / "a.mp4"), (tmp_path / "a.mp4").read_bytes()
    assert numbered_frames.numbers(clip.frames) == list(range(12))
    assert np.abs(clip.frames.astype(int) - FRAMES).mean() < 4
    assert clip.fps == pytest.approx(29.97, rel=1e-4)
    with av.open(str(tmp_path / "a.mp4")) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.pix_fmt) == ("h264", "yuv420p")
        assert (stream.colorspace, stream.color_range) == (6, 1)     # BT.601, limited: not guessed
    assert data.index(b"moov") < data.index(b"mdat")


def test_to_webm_bytes():
    data = video.to_webm_bytes(FRAMES, 5)
    assert data[:4] == b"\x1a\x45\xdf\xa3" and b"V_VP9" in data


def test_frames_may_come_one_by_one(tmp_path):
    video.write(tmp_path / "a.mkv", (numbered_frames.picture(i) for i in range(7)), 5)
    assert numbered_frames.numbers(video.read(tmp_path / "a.mkv").frames) == list(range(7))


def test_frames_need_not_be_contiguous(tmp_path):
    video.write(tmp_path / "a.mkv", FRAMES[::-1, ::-1, ::2], 5)
    np.testing.assert_array_equal(video.read(tmp_path / "a.mkv").frames, FRAMES[::-1, ::-1, ::2])


def test_the_input_is_unchanged(tmp_path):
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
def test_wrong_frames_are_refused(tmp_path, frames, match):
    with pytest.raises(ValueError, match=match):
        video.write(tmp_path / "a.mkv", frames, 5)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name, fps, error, match", [
    ("a.avi", 5, video.VideoError, r"no codec for \.avi; \.mp4"),
    ("a", 5, video.VideoError, "no codec for no suffix"),
    ("no/such/a.mkv", 5, video.VideoError, "there is no folder"),
    ("a.mkv", 0, ValueError, "fps 0"),
    ("a.mkv", float("nan"), ValueError, "fps nan"),
])
def test_an_impossible_target_is_refused(tmp_path, name, fps, error, match):
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


def test_a_file_that_holds_fewer_frames_than_were_written_is_noticed(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "read_frames", lambda draft: iter(range(4)))
    with pytest.raises(video.VideoError, match="12 frames were written and 4 could") as error:
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
    print(error)
"""


@pytest.mark.parametrize("name", ["a.mkv", "a.webm", "a.mp4"])
def test_a_limit_on_the_file_size_is_noticed(tmp_path, name):
    """It refuses in the middle, as a full disk does; the old file stays."""
    pytest.importorskip("resource", reason="Windows has no limit on the size of files")
    (tmp_path / name).write_text("precious")
    output, errors = run(LIMITED, tmp_path / name, stderr=subprocess.PIPE).communicate()
    assert f"{name}: " in output and "Is the disk full?" in output
    assert errors == ""
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
    """A process that has written half of a.mkv, which is to replace an old file."""
    (tmp_path / "a.mkv").write_text("precious")
    process = run(ENDLESS, tmp_path / "a.mkv")
    assert process.stdout.readline() == "half done\n"
    yield process
    process.kill()
    process.communicate()


def test_a_killed_process_leaves_the_old_file(tmp_path, half_done):
    half_done.kill()
    half_done.wait()
    assert (tmp_path / "a.mkv").read_text() == "precious"
    video.write(tmp_path / "b.mkv", FRAMES, 5)
    assert sorted(os.listdir(tmp_path)) == ["a.mkv", "b.mkv"]      # and its draft is removed


def test_the_draft_of_a_running_process_is_kept(tmp_path, half_done):
    video.write(tmp_path / "b.mkv", FRAMES, 5)
    assert (tmp_path / "a.mkv").read_text() == "precious"
    assert half_done.communicate("go on\n") and half_done.returncode == 0
    assert len(video.read(tmp_path / "a.mkv")) == 1000
    assert sorted(os.listdir(tmp_path)) == ["a.mkv", "b.mkv"]


def test_fps_may_be_a_fraction(tmp_path):
    video.write(tmp_path / "a.mkv", FRAMES, Fraction(30000, 1001))
    assert video.read(tmp_path / "a.mkv").fps == pytest.approx(29.97, rel=0.01)


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, RuntimeError])
def test_an_interrupt_leaves_the_old_file(tmp_path, interrupt):
    def frames():
        yield from FRAMES[:5]
        raise interrupt

    (tmp_path / "a.mkv").write_text("precious")
    with pytest.raises(interrupt):
        video.write(tmp_path / "a.mkv", frames(), 5, overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["a.mkv"]
    assert (tmp_path / "a.mkv").read_text() == "precious"
