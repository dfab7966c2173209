"""RoIAlign, read point by point: the specification; test_ops.py compares it with torchvision."""

import numpy as np
import pytest

from tests.scratch.pair_agreement import spread
from vidlearn.checks import ArgumentError
from vidlearn.scratch import Tensor, gradcheck, ops
from vidlearn.scratch.layers.roi_align import roi_align_backward, roi_align_forward

REGIONS = np.array([[0, 1.0, 0.5, 6, 4], [1, -3, 2, 2.5, 9], [0, 2, 2, 2.2, 2.3],
                    [1, 9, 9, 30, 12]])


def read(picture, y, x):
    """The value between pixels; up to one pixel outside, that of the edge, and further out 0."""
    height, width = picture.shape
    if not (-1 <= y <= height and -1 <= x <= width):
        return 0.0
    y, x = min(max(y, 0), height - 1), min(max(x, 0), width - 1)
    i, j = int(y), int(x)
    below, right = min(i + 1, height - 1), min(j + 1, width - 1)
    upper = picture[i, j] + (x - j) * (picture[i, right] - picture[i, j])
    lower = picture[below, j] + (x - j) * (picture[below, right] - picture[below, j])
    return upper + (y - i) * (lower - upper)


def loops(x, regions, size, points):
    """The mean of points x points values in each cell, with aligned=True."""
    out = np.zeros((len(regions), x.shape[1], *size))
    for r, c, i, j in np.ndindex(out.shape):
        image, left, top, right, bottom = regions[r]
        height, width = (bottom - top) / size[0], (right - left) / size[1]
        for p, q in np.ndindex(points, points):
            out[r, c, i, j] += read(x[int(image), c],
                                    top + (i + (p + 0.5) / points) * height - 0.5,
                                    left + (j + (q + 0.5) / points) * width - 0.5) / points**2
    return out


@pytest.mark.parametrize("size, points", [((2, 3), 2), ((1, 1), 1), ((4, 2), 3)])
def test_each_cell_is_the_mean_of_its_points(size, points):
    x = np.random.default_rng(0).normal(size=(2, 2, 7, 5))
    y, _ = roi_align_forward(x, REGIONS, size, 1.0, points, True)
    np.testing.assert_allclose(y, loops(x, REGIONS, size, points), atol=1e-12)


def test_a_region_of_whole_pixels_is_the_picture_itself():
    x = np.arange(20.0).reshape(1, 1, 4, 5)
    y, _ = roi_align_forward(x, [[0, 1, 1, 4, 3]], (2, 3), aligned=True)
    np.testing.assert_allclose(y[0, 0], x[0, 0, 1:3, 1:4])
    halved, _ = roi_align_forward(x, [[0, 2, 2, 8, 6]], (2, 3), spatial_scale=0.5, aligned=True)
    np.testing.assert_allclose(halved, y)


def test_backward_is_the_transpose_and_changes_nothing():
    rng = np.random.default_rng(0)
    x, dy = rng.normal(size=(2, 3, 7, 5)), spread(rng.normal(size=(4, 3, 2, 3)))
    kept = x.copy(), REGIONS.copy(), dy.copy()
    y, cache = roi_align_forward(spread(x), REGIONS, (2, 3), sampling_ratio=2)
    dx = roi_align_backward(dy, cache)
    assert (dx * x).sum() == pytest.approx((dy * y).sum(), abs=1e-10)     # y is linear in x
    for now, was in zip((x, REGIONS, dy), kept, strict=True):
        np.testing.assert_array_equal(now, was)


def test_finite_differences_agree():
    assert gradcheck(lambda x: ops.roi_align(x, Tensor(REGIONS), (2, 3), 0.5, 2, True),
                     [np.random.default_rng(0).normal(size=(2, 2, 4, 3))])


def test_no_regions_at_all():
    y, cache = roi_align_forward(np.ones((2, 3, 4, 5), np.float32), np.zeros((0, 5)), (2, 3))
    assert y.shape == (0, 3, 2, 3) and y.dtype == np.float32
    assert not roi_align_backward(y, cache).any()


@pytest.mark.parametrize("regions, words", [
    ([[0, 0, 0, np.nan, 1]], r"region 0 is \[0.0, 0.0, 0.0, nan, 1.0\]: every number must be fin"),
    ([[0, 0, 0, np.inf, 1]], "must be finite"), ([[0, 0, 1, 1]], r"must be regions \(R, 5\)"),
    ([[2, 0, 0, 1, 1]], "images 2 to 2, but x has 2"), ([[-1, 0, 0, 1, 1]], "images -1"),
])
def test_what_is_no_region_is_refused(regions, words):
    with pytest.raises((ArgumentError, ValueError), match=words):
        roi_align_forward(np.ones((2, 1, 4, 4)), regions, 2)


def test_tensors_are_refused_alike():
    with pytest.raises(ArgumentError, match="roi_align: boxes must be regions .* must be finite"):
        ops.roi_align(Tensor(np.ones((1, 1, 4, 4))), Tensor(np.array([[0, 0, 0, np.nan, 1]])), 2)
