"""Reading: the right frames, in the right colours, at the right time, or a clear error."""

import math

import numpy as np
import pytest

from tests.video.conftest import COUNT
from tools import numbered_frames
from vidlearn import video

MIDDLES = [2, 6, 10, 14, 18, 22, 26, 30, 34, 38]                # of ten equal parts of 40 frames


def test_every_frame_comes_in_order(film):
    clip = video.read(film)
    assert clip.frames.shape == (COUNT, numbered_frames.HEIGHT, numbered_frames.WIDTH, 3)
    assert clip.frames.dtype == np.uint8
    assert numbered_frames.numbers(clip.frames) == list(range(COUNT))
    np.testing.assert_allclose(clip.seconds, np.arange(COUNT) / 25, atol=1e-3)
    assert clip.fps == pytest.approx(25, abs=0.01)
    assert len(clip) == COUNT
    assert clip.path == str(film)


def test_a_lossless_codec_keeps_every_pixel(lossless):
    expected = np.stack([numbered_frames.picture(i) for i in range(COUNT)])
    np.testing.assert_array_equal(video.read(lossless).frames, expected)


def test_colours_stay_in_order_after_every_codec(film):
    bars = video.read(film, count=1).frames[0, 20:28]
    assert [bars[:, 16 * k + 4:16 * k + 12].mean((0, 1)).argmax() for k in range(3)] == [0, 1, 2]


@pytest.mark.parametrize("options, expected", [
    ({"start": 5, "stop": 9}, [5, 6, 7, 8]),
    ({"stop": 3}, [0, 1, 2]),
    ({"start": 37}, [37, 38, 39]),
    ({"step": 9}, [0, 9, 18, 27, 36]),
    ({"start": 3, "stop": 12, "step": 4}, [3, 7, 11]),
    ({"start": 0.2, "stop": 0.36, "unit": "seconds"}, [5, 6, 7, 8]),
    ({"start": 1.5, "stop": 1.6, "unit": "seconds"}, [38, 39]),
    ({"count": 10}, MIDDLES),
    ({"count": 3, "start": 10, "stop": 13}, [10, 11, 12]),
    ({"count": 4, "start": 38}, [38, 38, 39, 39]),
    ({"count": 1, "start": 0.4, "stop": 0.8, "unit": "seconds"}, [15]),
])
def test_a_part_has_the_requested_frames(films, options, expected):
    clip = video.read(films["mjpg.avi"], **options)
    assert numbered_frames.numbers(clip.frames) == expected
    np.testing.assert_allclose(clip.seconds, np.array(expected) / 25, atol=1e-3)


@pytest.mark.parametrize("start", range(39))
def test_a_frame_is_found_by_its_own_second(films, start):
    clip = video.read(films["mpeg4.mp4"], start=start / 25, stop=(start + 1) / 25, unit="seconds")
    assert numbered_frames.numbers(clip.frames) == [start]


def test_frames_stream_one_by_one(film):
    seconds, frames = zip(*video.frames(film, start=10, step=10), strict=True)
    assert numbered_frames.numbers(frames) == [10, 20, 30]
    np.testing.assert_allclose(seconds, [0.4, 0.8, 1.2], atol=1e-3)


@pytest.mark.parametrize("options, shape", [
    ({"size": (16, 20)}, (16, 20, 3)),
    ({"size": 16}, (16, 64, 3)),
    ({"size": 48}, (48, 192, 3)),
    ({"crop": (16, 0, 80, 32)}, (32, 64, 3)),
    ({"crop": (16, 0, 80, 32), "size": 8}, (8, 16, 3)),
    ({"grey": True}, (32, 128, 1)),
    ({"grey": True, "size": 8, "crop": (0, 0, 128, 16)}, (8, 64, 1)),
])
def test_pictures_are_cropped_and_scaled(lossless, options, shape):
    assert video.read(lossless, count=2, **options).frames.shape == (2, *shape)


def test_a_crop_is_the_pixels_of_its_rectangle(lossless):
    whole, part = video.read(lossless), video.read(lossless, crop=(3, 5, 100, 31))
    np.testing.assert_array_equal(part.frames, whole.frames[:, 5:31, 3:100])


def test_shrinking_averages_areas(lossless):
    whole = video.read(lossless).frames.astype(float)
    expected = whole.reshape(COUNT, 8, 4, 32, 4, 3).mean((2, 4))
    np.testing.assert_allclose(video.read(lossless, size=8).frames, expected, atol=0.51)


def test_a_clip_can_be_changed(lossless):
    clip = video.read(lossless, count=2)
    clip.frames[:] = 7
    assert clip.frames.min() == 7


def test_a_single_frame_has_no_rate(lossless):
    assert math.isnan(video.read(lossless, stop=1).fps)


@pytest.mark.parametrize("options, match", [
    ({"start": 30, "stop": 50}, r"frames 30 to 50 are wanted, and it ends after 40 frames"),
    ({"start": 40}, r"ends after 40 frames, 1\.600 seconds"),
    ({"stop": 2.0, "unit": "seconds"}, r"seconds 0 to 2\.0 are wanted"),
    ({"count": 2, "start": 99}, r"ends after 40 frames"),
    ({"start": 0.01, "stop": 0.03, "unit": "seconds"}, r"no frame is shown from 0\.01 to 0\.03"),
    ({"start": 0.01, "stop": 0.03, "unit": "seconds", "count": 2}, r"the next is at 0\.040 sec"),
])
def test_a_part_beyond_the_end_is_refused(lossless, options, match):
    with pytest.raises(video.VideoError, match=match):
        video.read(lossless, **options)


@pytest.mark.parametrize("options, match", [
    ({"unit": "minutes"}, "'frames' or 'seconds'"),
    ({"start": 5, "stop": 5}, "start before stop"),
    ({"start": -1}, "0 or more"),
    ({"step": 0}, "step must be a whole number, 1 or more, not 0"),
    ({"step": 2, "count": 3}, "give one of them"),
    ({"count": 0}, "count must be a whole number, 1 or more, not 0"),
    ({"size": (0, 5)}, "height, width"),
    ({"size": (5, 5, 5)}, "height, width"),
    ({"size": 100_000}, "1 to 32,767 pixels"),
    ({"crop": (0, 0, 500, 5)}, "128 wide and 32 high"),
    ({"crop": (5, 5, 5, 9)}, "left, top, right, bottom"),
])
def test_a_request_that_makes_no_sense_is_refused(lossless, options, match):
    with pytest.raises(ValueError, match=match):
        video.read(lossless, **options)


class TestBudget:
    """A harmless looking line does not fill the memory."""

    frame = numbered_frames.HEIGHT * numbered_frames.WIDTH * 3

    def test_the_refusal_names_the_size_and_what_to_do(self, lossless):
        with pytest.raises(video.VideoError) as refusal:
            video.read(lossless, budget=2**18)
        assert "about 40 frames of 128x32 take 0.5 MiB, over the budget of 0.2 MiB" \
            in str(refusal.value)
        assert all(way in str(refusal.value) for way in ("size=", "count=", "step=", "frames("))

    def test_what_it_suggests_works(self, lossless):
        budget = 10 * self.frame
        for options in ({"count": 10}, {"step": 4}, {"stop": 10}, {"size": 16}, {"grey": True}):
            options |= {"stop": 25} if "grey" in options else {}
            assert video.read(lossless, budget=budget, **options).frames.nbytes <= budget

    def test_exactly_the_budget_is_allowed(self, lossless):
        assert len(video.read(lossless, budget=COUNT * self.frame)) == COUNT
        with pytest.raises(video.VideoError, match="over the budget"):
            video.read(lossless, budget=COUNT * self.frame - 1)

    def test_a_count_beyond_it_is_refused_too(self, lossless):
        with pytest.raises(video.VideoError, match="about 1,000 frames"):
            video.read(lossless, count=1000, budget=40 * self.frame)
