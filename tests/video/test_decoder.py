"""Opening a file: what it says of itself, and why it cannot be opened."""

import os
import re
import subprocess
import sys

import cv2
import numpy as np
import pytest

from tests.video.conftest import COUNT
from tools import numbered_frames, odd_videos
from vidlearn import video


@pytest.mark.parametrize("name, codec", [
    ("mjpg.avi", "mjpeg"), ("mpeg4.mp4", "mpeg4"), ("vp9.webm", "vp9"), ("ffv1.mkv", "ffv1")])
def test_probe_gives_what_the_file_declares(films, name, codec):
    probe = video.probe(films[name])
    assert (probe.width, probe.height) == (numbered_frames.WIDTH, numbered_frames.HEIGHT)
    assert (probe.declared, probe.fps) == (COUNT, pytest.approx(25))
    assert probe.seconds == pytest.approx(1.6)
    assert probe.codec == codec
    assert probe.path == str(films[name])


def write(path, content):
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("content, why", [
    (b"", r"is empty \(0 bytes\)"),
    (b"ID3\4" + bytes(500), r"sound \(MP3\)"),
    (b"RIFF\x24\0\0\0WAVEfmt " + bytes(50), r"sound \(WAV\)"),
    (b"<!DOCTYPE html><html>Not found</html>", "web page"),
    (b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
    (b"PK\3\4" + bytes(50), "ZIP"),
    (b"just a note", "not a video that FFmpeg knows"),
    (b"\0", "not a video that FFmpeg knows"),
])
def test_a_file_that_is_not_a_video_is_named(tmp_path, content, why):
    with pytest.raises(video.VideoError, match=why):
        video.read(write(tmp_path / "clip.mp4", content))


def test_a_missing_file_suggests_a_similar_name(films):
    with pytest.raises(video.VideoError, match=r"no such file. Did you mean mjpg.avi\?"):
        video.probe(films["mjpg.avi"].with_name("mjpeg.avi"))
    with pytest.raises(video.VideoError, match="(?m)no such file$"):
        video.probe("nowhere/at/all.xyz")


def test_a_broken_link_is_named(tmp_path):
    (tmp_path / "clip.mp4").symlink_to("gone.mp4")
    with pytest.raises(video.VideoError, match="clip.mp4 is a link to a file that does not exist"):
        video.probe(tmp_path / "clip.mp4")


def test_a_folder_suggests_the_dataset(tmp_path):
    with pytest.raises(video.VideoError, match="is a folder, not a video.*datasets.Folder"):
        video.read(tmp_path)


def test_a_folder_of_pictures_suggests_how_to_make_a_video(tmp_path):
    for n in range(3):
        cv2.imwrite(str(tmp_path / f"{n:03}.png"), numbered_frames.picture(n))
    (tmp_path / "notes.txt").touch()
    with pytest.raises(video.VideoError, match=r"is a folder.* 3 pictures: ffmpeg .*'\*\.png'"):
        video.read(tmp_path)


@pytest.mark.parametrize("name, picture, sound", [
    ("mpeg4.mp4", b"vide", b"soun"),
    ("ffv1.mkv", b"\x83\x81\x01", b"\x83\x81\x02"),
    ("mjpg.avi", b"vids", b"auds"),
])
def test_a_file_with_sound_only_is_named(films, tmp_path, name, picture, sound):
    data = films[name].read_bytes().replace(picture, sound)
    with pytest.raises(video.VideoError, match="sound but no video|cannot open|not a video"):
        video.read(write(tmp_path / name, data))


def test_a_file_without_decodable_frames_suggests_a_conversion(films, tmp_path):
    data = films["mjpg.avi"].read_bytes()
    blank = re.sub(rb"\xff\xd8\xff.*?\xff\xd9", lambda found: bytes(len(found[0])), data,
                   flags=re.DOTALL)
    for look in (video.probe, video.read):
        with pytest.raises(video.VideoError) as error:
            look(write(tmp_path / "blank.avi", blank))
        assert "cannot decode its 40 declared frames (codec mjpeg)" in str(error.value)
        assert "ffmpeg -i blank.avi" in str(error.value)
        assert (error.value.declared, error.value.decoded) == (COUNT, 0)


def test_a_file_without_frames_that_is_damaged_says_so(films, tmp_path):
    data = films["ffv1.mkv"].read_bytes()
    first = data.index(b"\x1f\x43\xb6\x75")             # the start of its first cluster
    with pytest.raises(video.VideoError, match="0 of 40 declared frames were decoded, and it is "
                       "damaged: [0-9,]+ bytes are missing at its end. Copy or"):
        video.read(write(tmp_path / "cut.mkv", data[:first + 40]))


@pytest.mark.parametrize("name", [
    "with space.mkv", "片段.mkv", "🎬.mkv", "100%d done.mkv", "a'b\"c;&.mkv", "-dash.mkv",
    "x" * 251 + ".mkv", "img_%03d.mkv", "片" * 83 + ".mkv", "#1?x=[a]{b}.MKV"])
def test_any_name_is_read_and_written(tmp_path, name):
    """As the name of a file, and of the folder that holds it."""
    frames = np.stack([numbered_frames.picture(i) for i in range(3)])
    path = tmp_path / name / name
    try:
        path.parent.mkdir()
        path.touch()
        path.unlink()
    except OSError:
        pytest.skip("this file system has no such name")
    video.write(path, frames, 10)
    np.testing.assert_array_equal(video.read(path).frames, frames)
    np.testing.assert_array_equal(video.read(path, start=2, stop=3).frames, frames[2:])
    assert os.listdir(path.parent) == [name]


def test_a_path_is_relative_to_the_current_folder(films, monkeypatch):
    monkeypatch.chdir(films["mjpg.avi"].parent)
    assert len(video.read("mjpg.avi")) == COUNT


def test_nothing_is_printed(films, tmp_path):
    broken = write(tmp_path / "broken.mp4", films["mpeg4.mp4"].read_bytes()[:900])
    program = f"""
from vidlearn import video
import numpy as np
video.write({str(tmp_path / 'new.webm')!r}, np.zeros((2, 16, 16, 3), np.uint8), 5)
for path in ({str(broken)!r}, {str(__file__)!r}):
    try:
        video.read(path)
    except video.VideoError:
        print("error")
"""
    env = {k: v for k, v in os.environ.items() if not k.startswith("OPENCV")}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=env)
    assert (done.stdout, done.stderr) == ("error\nerror\n", "")


def test_a_film_is_closed_while_its_threads_decode_and_pyav_logs(tmp_path):
    """A thread of FFmpeg then waits for Python: torchvision 0.19, for one, lets PyAV log."""
    film = odd_videos.by_pyav(tmp_path / "x.mp4", "libx264", "yuv420p", size=(720, 1280))
    program = f"""
import logging, os, av
from vidlearn import video
logging.disable()
os.cpu_count = lambda: 4
av.logging.set_level(av.logging.DEBUG)
for n in range(60):
    video.read({str(film.path)!r}, stop=1 + n % 12, size=32)
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=100)


def test_the_users_log_level_is_kept():
    program = "import os; from vidlearn import video; print(os.environ['OPENCV_FFMPEG_LOGLEVEL'])"
    env = os.environ | {"OPENCV_FFMPEG_LOGLEVEL": "32"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=env)
    assert done.stdout.strip() == "32"
