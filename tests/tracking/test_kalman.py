"""The Kalman filter computes what OpenCV's computes; its box filter follows a box."""

import cv2
import numpy as np
import pytest

from vidlearn.checks import ArgumentError
from vidlearn.tracking.kalman import BoxFilter, KalmanFilter, as_measured


def random_filter(n=4, m=2, seed=0):
    rng = np.random.default_rng(seed)
    square = [rng.normal(size=(k, k)) for k in (n, n, m)]
    P, Q, R = (a @ a.T + np.eye(len(a)) for a in square)
    F, H = np.eye(n) + 0.1 * rng.normal(size=(n, n)), rng.normal(size=(m, n))
    return KalmanFilter(rng.normal(size=n), P, F, H, Q, R)


def opencvs(ours):
    n, m = len(ours.x), len(ours.H)
    twin = cv2.KalmanFilter(n, m, 0, cv2.CV_64F)
    twin.statePost, twin.errorCovPost = ours.x[:, None].copy(), ours.P.copy()
    twin.transitionMatrix, twin.measurementMatrix = ours.F.copy(), ours.H.copy()
    twin.processNoiseCov, twin.measurementNoiseCov = ours.Q.copy(), ours.R.copy()
    return twin


@pytest.mark.parametrize("n, m", [(4, 2), (7, 4), (1, 1), (3, 3)])
def test_each_step_is_that_of_opencv(n, m):
    ours, rng = random_filter(n, m), np.random.default_rng(1)
    twin = opencvs(ours)
    for _ in range(8):
        np.testing.assert_allclose(ours.predict(), twin.predict()[:, 0], atol=1e-9)
        np.testing.assert_allclose(ours.P, twin.errorCovPre, atol=1e-9)
        z = rng.normal(size=m)
        np.testing.assert_allclose(ours.update(z), twin.correct(z[:, None])[:, 0], atol=1e-9)
        np.testing.assert_allclose(ours.P, twin.errorCovPost, atol=1e-9)


def test_a_box_filter_learns_the_speed_of_a_box():
    box, moved = np.array([10.0, 20, 30, 70]), np.array([3.0, -1, 3, -1])
    tracked = BoxFilter(box)
    for _ in range(30):
        tracked.predict()
        box = box + moved
        tracked.update(box)
    np.testing.assert_allclose(tracked.box, box, atol=0.1)
    np.testing.assert_allclose(tracked.predict(), box + moved, atol=0.2)
    np.testing.assert_allclose(tracked.x[4:6], moved[:2], atol=0.05)


def test_without_a_measurement_it_goes_on_and_grows_less_sure():
    tracked = BoxFilter(np.array([0.0, 0, 10, 20]))
    tracked.update(np.array([2.0, 0, 12, 20]))
    unsure = [tracked.P[0, 0]]
    for _ in range(3):
        tracked.predict()
        unsure.append(tracked.P[0, 0])
    assert (np.diff(unsure) > 0).all()


def test_an_area_that_would_fall_below_zero_stays():
    tracked = BoxFilter(np.array([0.0, 0, 4, 4]))
    tracked.x[6] = -20
    assert np.isfinite(tracked.predict()).all() and tracked.x[6] == 0


def test_a_box_by_hand():
    assert as_measured(np.array([10.0, 20, 30, 60])).tolist() == [20, 40, 800, 0.5]
    np.testing.assert_allclose(BoxFilter(np.array([10.0, 20, 30, 60])).box, [10, 20, 30, 60])


def test_sizes_that_do_not_fit_are_refused():
    with pytest.raises(ArgumentError, match=r"H must have the shape \(2, 3\) for a state of 3"):
        KalmanFilter(np.zeros(3), np.eye(3), np.eye(3), np.zeros((2, 4)), np.eye(3), np.eye(2))
