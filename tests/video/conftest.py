"""Small painted videos, one of each codec that OpenCV writes."""

import pytest

from tools import painted

CODECS = {"mjpg.avi": "MJPG", "mpeg4.mp4": "mp4v", "ffv1.mkv": "FFV1", "vp9.webm": "VP90"}
COUNT = 40


@pytest.fixture(scope="session")
def films(tmp_path_factory):
    """{name: path} of four videos of 40 painted frames, 25 a second."""
    folder = tmp_path_factory.mktemp("films")
    return {name: painted.film(folder / name, codec, COUNT) for name, codec in CODECS.items()}


@pytest.fixture(params=CODECS)
def film(request, films):
    """Each of them in turn."""
    return films[request.param]


@pytest.fixture
def lossless(films):
    return films["ffv1.mkv"]
