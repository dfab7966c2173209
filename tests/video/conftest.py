"""Small videos of numbered frames, one for each codec that OpenCV writes."""

import pytest

from tools import numbered_frames

CODECS = {"mjpg.avi": "MJPG", "mpeg4.mp4": "mp4v", "ffv1.mkv": "FFV1", "vp9.webm": "VP90"}
COUNT = 40


@pytest.fixture(scope="session")
def films(tmp_path_factory):
    """{name: path} of four videos of 40 numbered frames, 25 per second."""
    folder = tmp_path_factory.mktemp("films")
    return {name: numbered_frames.film(folder / name, codec, COUNT)
            for name, codec in CODECS.items()}


@pytest.fixture(params=CODECS)
def film(request, films):
    """Each of these videos in turn."""
    return films[request.param]


@pytest.fixture
def lossless(films):
    return films["ffv1.mkv"]
