"""The files of data/ are small, as README.md describes them, and show what they should."""

import hashlib
import re
from pathlib import Path

import cv2
import numpy as np
import pytest

from tools import numbered_frames
from vidlearn import video
from vidlearn.datasets.motion import CLASSES, motion

DATA = Path(__file__).parents[2] / "data"
FILES = sorted(path for path in DATA.iterdir() if path.is_file()
               and path.suffix not in (".md", ".py"))          # not the page and the scripts


def test_there_is_a_clip_of_every_action_and_all_are_small():
    names = {path.name for path in FILES}
    assert {f"{name}.webm" for name in CLASSES} | {"actions.webm"} <= names
    detector = sum(path.stat().st_size for path in FILES if path.stem == "fastest_det")
    assert sum(path.stat().st_size for path in FILES) - detector < 3e6 and detector < 2.1e6


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_readme_has_its_size_and_hash(path):
    rows = re.findall(r"\| (\S+) \|[^|]*\| ([\d,]+) \| ([0-9a-f]{64}) \|",
                      (DATA / "README.md").read_text(encoding="utf-8"))
    data = path.read_bytes()
    assert (path.name, f"{len(data):,}", hashlib.sha256(data).hexdigest()) in rows, \
        "run python data/make.py"


def test_the_clips_are_what_the_generator_draws():
    drawn = motion(len(CLASSES), 5, size=96, noise=4.0).clips
    for name, clip in zip(CLASSES, drawn, strict=True):
        ours = video.read(DATA / f"{name}.webm").frames
        assert ours.shape == clip.shape
        assert np.abs(ours.astype(int) - clip).mean() < 6


def test_the_variable_rate_clip_is_read_in_order_and_at_its_times():
    clip = video.read(DATA / "variable.mp4")
    assert numbered_frames.numbers(clip.frames[:, :32]) == list(range(120))
    rates = np.repeat([30, 8, 30], [48, 48, 23])                  # from each frame to the next
    np.testing.assert_allclose(np.diff(clip.seconds), 1 / rates, atol=1e-6)


def test_seeking_by_frame_number_is_wrong_in_it():
    capture, wrong = cv2.VideoCapture(str(DATA / "variable.mp4")), 0
    for number in range(0, 120, 5):
        capture.set(cv2.CAP_PROP_POS_FRAMES, number)
        came, frame = capture.read()
        wrong += not came or numbered_frames.number(frame[:32]) != number
    capture.release()
    assert wrong >= 12                                            # of 24; 18 with OpenCV 5.0
