"""Unusual files: the right frame for each of 100 random requests, or a clear error."""

import numpy as np
import pytest

from tools import odd_videos, random_requests
from vidlearn import video

REQUESTS = 100


@pytest.fixture(scope="module", params=odd_videos.KINDS)
def film(request, tmp_path_factory):
    """Each unusual file in turn."""
    return odd_videos.KINDS[request.param](tmp_path_factory.mktemp("odd") / request.param)


def test_all_its_frames_come_at_their_times(film):
    clip = video.read(film.path)
    assert [film.number(frame) for frame in clip.frames] == list(range(len(film.times)))
    np.testing.assert_allclose(clip.seconds, film.times / 1000, atol=1e-3)


def test_a_frame_is_found_by_number_and_by_second(film):
    rng, count = np.random.default_rng(0), len(film.times)
    edges = [*(film.times / 1000 - 5e-4), None]
    for by, wanted in zip(rng.integers(2, size=REQUESTS), rng.integers(count, size=REQUESTS),
                          strict=True):
        place = {"start": int(wanted), "stop": int(wanted) + 1}
        if by:
            place = {"start": max(edges[wanted], 0), "stop": edges[wanted + 1], "unit": "seconds"}
        clip = video.read(film.path, **place)
        assert [film.number(frame) for frame in clip.frames] == [wanted], place


def test_parts_of_it_equal_those_of_the_whole(film):
    assert random_requests.wrong(film.path, REQUESTS) == []


def test_an_animated_webp_is_named_and_the_suggested_conversion_works(tmp_path):
    film = odd_videos.by_pillow(tmp_path / "clip.webp", lossless=True)
    with pytest.raises(video.VideoError, match=r"animated WebP.*\.save\('out.gif', save_all=True"):
        video.read(film.path)
    odd_videos.Image.open(film.path).save(tmp_path / "out.gif", save_all=True)
    clip = video.read(tmp_path / "out.gif")
    assert [film.number(frame) for frame in clip.frames] == list(range(odd_videos.COUNT))
