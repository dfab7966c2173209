"""Find the known cuts, flashes and fades of drawn videos."""

import cv2
import numpy as np
import pytest

from vidlearn import video
from vidlearn.datasets.motion import motion
from vidlearn.video import shots

SHOTS = motion(12, 3, frames=30, size=40, noise=4.0).clips          # (12, T, H, W, 3)


def film(*lengths):
    """A video of several shots, and where each but the first begins."""
    frames = np.concatenate([SHOTS[k, :n] for k, n in enumerate(lengths)])
    return frames, np.cumsum(lengths)[:-1].tolist()


@pytest.mark.parametrize("bins", [2, 16, 64, 256])
def test_histograms_equal_those_of_opencv(bins):
    frames = np.random.default_rng(0).integers(0, 256, (3, 7, 9, 3)).astype(np.uint8)
    kept = frames.copy()
    shares = shots.histograms(frames, bins)
    for t, channel in np.ndindex(3, 3):
        theirs = cv2.calcHist([frames[t]], [channel], None, [bins], [0, 256])
        np.testing.assert_array_equal(shares[t, channel], theirs.ravel() / np.float64(63))
    np.testing.assert_allclose(shares.sum(2), 1, atol=1e-12)
    np.testing.assert_array_equal(frames, kept)


def test_frames_may_come_one_by_one():
    frames, _ = film(5, 5)
    streamed = shots.histograms(frame for frame in frames)
    np.testing.assert_array_equal(streamed, shots.histograms(frames))
    assert shots.histograms(frames[..., :1]).shape == (10, 1, 16)


def test_the_distance_is_the_share_of_pixels_that_change_their_bin():
    dark, light = np.zeros((2, 4, 4, 3), np.uint8), np.full((1, 4, 4, 3), 200, np.uint8)
    dark[1, :2] = 200                                               # half of the pixels
    a, b, c = shots.histograms([*dark, *light])
    assert [shots.distance(a, x) for x in (a, b, c)] == [0, 0.5, 1]
    assert shots.distance(b, c) == shots.distance(c, b) == 0.5


@pytest.mark.parametrize("lengths", [(30, 30), (20, 9, 25, 30), (30,), (1, 30), (30, 1), (4, 4, 4),
                                     (30, 30, 30, 30, 30, 30)])
def test_known_cuts_are_found_and_nothing_else(lengths):
    frames, expected = film(*lengths)
    assert shots.cuts(shots.histograms(frames)).tolist() == expected


@pytest.mark.parametrize("seed", range(5))
def test_cuts_are_found_in_other_videos(seed):
    clips = motion(5, 10 + seed, frames=24, size=32, noise=4.0).clips
    found = shots.cuts(shots.histograms(np.concatenate(clips)))
    assert found.tolist() == [24, 48, 72, 96]


@pytest.mark.parametrize("length", [1, 2])
def test_a_flash_is_not_a_cut_unless_it_is_as_long_as_the_reach(length):
    frames, expected = film(30, 30)
    frames[10:10 + length] = 250
    shares = shots.histograms(frames)
    assert shots.cuts(shares).tolist() == expected
    assert len(shots.cuts(shares, reach=length)) > 1
    assert shots.fades(shares).tolist() == []


def fading(length):
    """The histograms of two shots, with a fade of `length` frames between them."""
    mix = np.clip((np.arange(60) - 30 + length / 2) / length, 0, 1)[:, None, None, None]
    mixed = SHOTS[0, 0] * (1 - mix) + SHOTS[1, 0] * mix
    return shots.histograms(np.rint(mixed).astype(np.uint8))


@pytest.mark.parametrize("length", [14, 16, 20])
def test_a_fade_is_not_a_cut_and_its_middle_is_found(length):
    assert shots.cuts(fading(length), floor=0.12).tolist() == []
    (middle,) = shots.fades(fading(length), floor=0.12)
    assert abs(middle - 30) <= 2


def test_a_quick_fade_is_one_cut():
    (cut,) = shots.cuts(fading(6))
    assert abs(cut - 30) <= 3
    assert shots.fades(fading(6)).tolist() == []


def test_a_cut_is_not_a_fade():
    frames, expected = film(30, 30)
    assert shots.fades(shots.histograms(frames)).tolist() == []
    assert shots.cuts(shots.histograms(frames)).tolist() == expected


def test_the_threshold_rises_where_everything_changes():
    values = np.concatenate([np.zeros(40), np.random.default_rng(0).uniform(0.2, 0.4, 40)])
    limits = shots.threshold(values, floor=0.1)
    assert (limits[:30] == 0.1).all()
    assert (limits[50:] > 0.4).all()
    assert shots.threshold([0.3], floor=0.1) == [0.3]               # one frame: nothing nearby


def test_one_frame_has_no_cut():
    shares = shots.histograms(SHOTS[0, :1])
    assert shots.contrast(shares).tolist() == [0]
    assert shots.cuts(shares).tolist() == shots.fades(shares).tolist() == []


def test_spans_lie_between_the_cuts():
    assert shots.spans([3, 7], 9).tolist() == [[0, 3], [3, 7], [7, 9]]
    assert shots.spans([], 4).tolist() == [[0, 4]]
    for wrong in ([0], [4], [3, 2]):
        with pytest.raises(ValueError, match="must rise, and lie inside 1 to 3"):
            shots.spans(wrong, 4)


@pytest.mark.parametrize("frames, bins, message", [
    ([], 16, "no frame"), (SHOTS[0] / 255, 16, "must be .* uint8"), (SHOTS[0], 10, "divide 256"),
    (SHOTS[0, ..., 0], 16, "must be .* uint8"), (SHOTS[0], 0, "divide 256"),
])
def test_wrong_frames_and_bins_are_refused(frames, bins, message):
    with pytest.raises(ValueError, match=message):
        shots.histograms(frames, bins)


def test_the_shots_of_a_file(tmp_path):
    frames, expected = film(20, 15)
    video.write(tmp_path / "film.mkv", frames, 10)
    shares = shots.histograms(frame for _, frame in video.frames(tmp_path / "film.mkv"))
    assert shots.cuts(shares).tolist() == expected
