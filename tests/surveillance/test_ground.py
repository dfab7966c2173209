"""Speeds on the ground are those of the street, whose camera is known."""

import cv2
import numpy as np
import pytest

from tests.surveillance.walks import straight, track
from vidlearn.checks import ArgumentError
from vidlearn.datasets.street.camera import Camera
from vidlearn.surveillance.ground import homography, speeds, to_ground

METRES = np.array([(3, 6), (6, 8), (3, 14), (6, 16), (-2, 12), (0, 30)], float)


def seen(metres):
    """Where the street's camera sees points of the ground."""
    return Camera(120, 160).project(np.hstack([metres, np.zeros((len(metres), 1))]))[0]


@pytest.mark.parametrize("count", [4, 5, 6])
def test_a_homography_is_opencvs_and_exact_on_other_points(count):
    matrix = homography(seen(METRES[:count]), METRES[:count])
    theirs, _ = cv2.findHomography(seen(METRES[:count]), METRES[:count])
    # OpenCV takes float32
    np.testing.assert_allclose(matrix / matrix[2, 2], theirs, rtol=2e-5, atol=1e-7)
    others = np.array([(4., 9), (1, 20), (5, 12)])
    np.testing.assert_allclose(to_ground(matrix, seen(others)), others, atol=1e-9)
    assert abs(np.linalg.norm(matrix) - 1) < 1e-12


def test_noisy_points_are_fitted_nearly_as_opencv_fits_them():
    """The twin minimises the distance on the ground in further steps; both are near the truth."""
    rng = np.random.default_rng(0)
    metres = rng.uniform((2, 6), (7, 20), (30, 2))
    pixels = seen(metres) + rng.normal(0, .3, (30, 2))
    matrix, (theirs, _) = homography(pixels, metres), cv2.findHomography(pixels, metres)
    away, twin = (np.linalg.norm(to_ground(m, seen(metres)) - metres, axis=1).mean() for m in (
        matrix, theirs * np.sign(theirs[2, 2] * matrix[2, 2])))
    assert away < .3 and away < 1.5 * twin + .02


def test_large_pixel_numbers_do_not_harm_it():
    pixels = seen(METRES) * 40 + 4000
    matrix = homography(pixels, METRES)
    np.testing.assert_allclose(to_ground(matrix, pixels), METRES, atol=1e-8)


def test_the_sky_is_not_on_the_ground():
    matrix = homography(seen(METRES[:4]), METRES[:4])
    points = to_ground(matrix, [(80, 5), (80, 100), (0, -1000)])
    assert np.isnan(points[[0, 2]]).all() and np.isfinite(points[1]).all()
    assert to_ground(matrix, np.zeros((0, 2))).shape == (0, 2)


@pytest.mark.parametrize("pace", [.8, 1.4, 3])
def test_the_speed_is_the_one_walked(pace):
    feet = straight((4, 7), (5, 15), int(np.hypot(1, 8) / pace * 25) + 1)
    matrix = homography(seen(METRES[:4]), METRES[:4])
    walked = np.linalg.norm(feet[1] - feet[0]) * 25
    found = speeds({3: track(seen(feet))}, matrix, fps=25)[3]
    assert found.shape == (len(feet),)
    np.testing.assert_allclose(found, walked, rtol=1e-6)


def test_a_window_smooths_trembling_feet():
    rng = np.random.default_rng(1)
    feet = straight((4, 8), (4, 14), 126)                               # 1.2 m/s
    pixels = seen(feet) + rng.normal(0, .5, (126, 2))
    matrix = homography(seen(METRES[:4]), METRES[:4])
    wide, narrow = (speeds({1: track(pixels)}, matrix, 25, window)[1] for window in (1.6, .1))
    assert np.abs(np.median(wide) - 1.2) < .1
    assert np.std(wide) < .5 * np.std(narrow)


def test_one_frame_and_a_gap():
    matrix = homography(seen(METRES[:4]), METRES[:4])
    assert np.isnan(speeds({1: track(seen(METRES[:1]))}, matrix, 25)[1]).all()
    frames, boxes = track(seen(straight((4, 7), (4, 12), 101)))
    kept = np.r_[0:40, 60:101]
    found = speeds({1: (frames[kept], boxes[kept])}, matrix, 25)[1]
    np.testing.assert_allclose(found, 1.25, rtol=1e-6)
    assert speeds({}, matrix, 25) == {}


@pytest.mark.parametrize("pixels, metres, words", [
    (METRES[:3], METRES[:3], "needs four points or more, in pixels and in metres; these are 3 and"),
    (METRES[:5], METRES[:4], "these are 5 and 4"),
    (METRES[[0, 0, 0, 0]], METRES[:4], "no ground plane follows"),
    (METRES[:4], METRES[[1, 1, 1, 1]], "no ground plane follows"),
    ([(0, 0), (1, 1), (2, 2), (3, 3)], METRES[:4], "no ground plane follows"),
    ([(0, 0), (1, 1), (2, 2), (3, 5)], METRES[:4], "no ground plane follows"),
    (METRES[:4], [(0, 0), (1, 1), (2, 2), (3, 5)], "no ground plane follows"),
    ([(0, 0), (1, 0), (1, 1), (0, 1)], [(0, 0), (1, 0), (0, 1), (1, 1)], "both sides of the hor"),
    (METRES[:4] * np.nan, METRES[:4], "pixels and metres must be finite")])
def test_points_that_give_no_plane_are_refused(pixels, metres, words):
    with pytest.raises(ArgumentError, match=words):
        homography(pixels, metres)
