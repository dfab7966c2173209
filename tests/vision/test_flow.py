"""Lucas-Kanade: its parts against OpenCV and PyTorch, its flow against known motions."""

import cv2
import numpy as np
import pytest
import torch

from vidlearn.scratch.core.errors import ShapeError
from vidlearn.vision.flow import halve, lucas_kanade, shift, slopes, solve, warp, window_mean

RNG = np.random.default_rng(0)


def waves(height=60, width=80, u=0.0, v=0.0, seed=0):
    """A smooth picture (H, W) of many waves, moved by exactly (u, v)."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width].astype(float)
    picture = np.zeros((height, width))
    for _ in range(12):
        a, b, phase = *rng.uniform(-0.35, 0.35, 2), rng.uniform(0, 6.3)
        picture += np.sin(a * (x - u) + b * (y - v) + phase)
    return 128 + 12 * picture


@pytest.mark.parametrize("size", [(6, 8), (7, 5), (3, 3)])
def test_halve_equals_opencv(size):
    picture = RNG.uniform(0, 255, size)
    np.testing.assert_allclose(halve(picture), cv2.pyrDown(picture), atol=1e-10)


@pytest.mark.parametrize("window", [1, 3, 7, 21])
def test_a_window_mean_is_that_of_the_part_inside(window):
    picture, half = RNG.normal(size=(6, 9)), window // 2
    for (i, j), value in np.ndenumerate(window_mean(picture, window)):
        seen = picture[max(0, i - half):i + half + 1, max(0, j - half):j + half + 1]
        assert value == pytest.approx(seen.mean(), abs=1e-12)


@pytest.mark.parametrize("channels", [(), (3,)])
def test_warp_equals_grid_sample(channels):
    picture, flow = RNG.normal(size=(6, 9, *channels)), RNG.normal(0, 3, (6, 9, 2))
    y, x = np.mgrid[:6, :9]
    grid = np.stack([(x + flow[..., 0]) / 8, (y + flow[..., 1]) / 5], -1) * 2 - 1
    planes = torch.tensor(picture.reshape(6, 9, -1)).permute(2, 0, 1)[None]
    theirs = torch.nn.functional.grid_sample(planes, torch.tensor(grid)[None],
                                             padding_mode="border", align_corners=True)
    np.testing.assert_allclose(warp(picture, flow).reshape(6, 9, -1),
                               theirs[0].permute(1, 2, 0).numpy(), atol=1e-10)


def test_warp_by_whole_pixels_only_moves():
    picture = RNG.normal(size=(5, 7))
    np.testing.assert_array_equal(warp(picture, (2, 1))[:4, :5], picture[1:, 2:])
    np.testing.assert_array_equal(warp(picture, (0, 0)), picture)
    np.testing.assert_array_equal(warp(np.ones((1, 1)), (3, -2)), [[1]])


def test_slopes_of_a_plane():
    y, x = np.mgrid[:5, :6].astype(float)
    across, down = slopes(3 * x - 2 * y)
    assert (across[:, 1:-1] == 3).all() and (down[1:-1] == -2).all()


def test_two_equations_are_solved():
    xx, yy, xt, yt = RNG.uniform(1, 2, (4, 3, 5))
    xy = RNG.uniform(-0.9, 0.9, (3, 5))
    found = solve(xx, xy, yy, xt, yt)
    for i in np.ndindex(3, 5):
        wanted = np.linalg.solve([[xx[i], xy[i]], [xy[i], yy[i]]], [-xt[i], -yt[i]])
        np.testing.assert_allclose(found[i], wanted, atol=1e-10)
    assert (solve(4.0, 2.0, 1.0, 1.0, 1.0) == 0).all() and (solve(0, 0, 0, 1, 1) == 0).all()


@pytest.mark.parametrize("u, v, levels", [(0.6, -0.3, 1), (-1.2, 0.8, 1), (4.5, -3.0, 3),
                                          (0, 0, 2)])
def test_a_known_motion_is_found(u, v, levels):
    first, second = waves(97, 120), waves(97, 120, u, v)
    flow, eigenvalue = lucas_kanade(first, second, 15, levels)
    inner = (slice(24, -24), slice(24, -24))              # near the edge nothing is known
    assert np.abs(flow[inner] - (u, v)).max() < 0.1
    assert (eigenvalue[inner] > 1).all() and flow.shape == (97, 120, 2)


@pytest.mark.parametrize("u, v, levels", [(0.6, -0.3, 1), (-2.2, 1.4, 2), (4.5, -3.0, 3)])
def test_flow_equals_opencv_at_points(u, v, levels):
    first, second = (np.rint(waves(97, 120, a, b)).clip(0, 255).astype(np.uint8)
                     for a, b in ((0, 0), (u, v)))
    flow, _ = lucas_kanade(first, second, 15, levels, steps=10)
    points = np.array([[x, y] for y in range(24, 72, 8) for x in range(24, 96, 8)])
    there, found, _ = cv2.calcOpticalFlowPyrLK(first, second, points[:, None].astype(np.float32),
                                               None, winSize=(15, 15), maxLevel=levels - 1)
    assert found.all()
    theirs = there[:, 0] - points
    assert np.abs(flow[points[:, 1], points[:, 0]] - theirs).max() < 0.12


@pytest.mark.parametrize("u, v", [(0.4, 0.2), (-3.5, 2.25), (5.0, 0.0)])
def test_a_shift_is_found(u, v):
    np.testing.assert_allclose(shift(waves(), waves(u=u, v=v)), (u, v), atol=0.03)


def test_a_large_motion_needs_the_pyramid():
    first, second = waves(seed=3), waves(u=7, v=-5, seed=3)
    inner = (slice(15, -15), slice(15, -15))
    errors = [np.abs(lucas_kanade(first, second, 15, n)[0][inner] - (7, -5)).mean() for n in (1, 3)]
    assert errors[0] > 1 and errors[1] < 0.2


def test_motion_along_a_stripe_cannot_be_known():
    stripes = np.broadcast_to(np.sin(np.arange(30) / 2) * 50, (30, 30))
    flow, eigenvalue = lucas_kanade(stripes, np.roll(stripes, 1, 1))
    assert (flow == 0).all() and np.abs(eigenvalue).max() < 1e-9
    for picture in (stripes, np.full((30, 30), 7.0)):
        with pytest.raises(ValueError, match="slopes in one direction only"):
            shift(picture, picture)


def test_wrong_pictures_are_refused_and_the_input_is_unchanged():
    with pytest.raises(ShapeError, match=r"first \(4, 5\) and second \(4, 6\) must be"):
        lucas_kanade(np.zeros((4, 5)), np.zeros((4, 6)))
    with pytest.raises(ShapeError, match=r"\(4, 5, 3\).*take one channel"):
        shift(np.zeros((4, 5, 3)), np.zeros((4, 5, 3)))
    with pytest.raises(ShapeError, match="a window of 14 has no middle pixel: take 15"):
        lucas_kanade(np.zeros((20, 20)), np.zeros((20, 20)), window=14)
    first, second = waves(), waves(u=1)
    before = first.copy(), second.copy()
    lucas_kanade(first, second, levels=2)
    shift(first, second)
    assert (first == before[0]).all() and (second == before[1]).all()
