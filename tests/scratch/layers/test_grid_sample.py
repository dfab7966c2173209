"""Grid sample against PyTorch: images and clips, all modes, ends of the image, far positions."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scratch.pair_agreement import normal
from tests.scratch.torch_samples import agree_by_name
from vidlearn.checks import ArgumentError
from vidlearn.scratch import ShapeError, Tensor
from vidlearn.scratch.nn import functional as F

PADDINGS = ("zeros", "border", "reflection")
OPTIONS = [*product(("bilinear", "nearest", "bicubic"), PADDINGS, (True, False))]


@settings(max_examples=200, derandomize=True)
@given(st.lists(st.integers(1, 5), min_size=2, max_size=3), st.data(), st.sampled_from(PADDINGS),
       st.booleans(), st.integers(0, 999))
def test_any_positions_in_images_and_clips(size, data, padding_mode, align_corners, seed):
    mode = data.draw(st.sampled_from(["bilinear", "nearest", "bicubic"][:5 - len(size)]))
    places = data.draw(st.tuples(*[st.integers(1, 4)] * len(size)))
    rng, n = np.random.default_rng(seed), data.draw(st.integers(1, 2))
    grid = rng.uniform(-3, 3, (n, *places, len(size)))
    agree_by_name("grid_sample", [rng.normal(size=(n, 2, *size)), grid], mode=mode,
                  padding_mode=padding_mode, align_corners=align_corners)


@pytest.mark.parametrize("mode, padding_mode, align_corners", OPTIONS)
def test_the_kinks_are_on_elements_halfway_between_and_at_the_ends(mode, padding_mode,
                                                                   align_corners):
    size = (5, 3) if align_corners else (4, 8)           # positions without rounding
    steps = np.concatenate([np.arange(-3, 3, 0.25), [-np.pi, 9.0, 1e6 + 0.5]])
    steps = steps if align_corners else [*steps, 1 / 8, 3 / 8]
    grid = np.stack(np.meshgrid(steps, steps), -1)[None]
    agree_by_name("grid_sample", [normal(1, 2, *size), grid], mode=mode,
                  padding_mode=padding_mode, align_corners=align_corners)


def test_infinity_is_outside_and_nan_counts_as_the_first_corner():
    x = np.arange(1.0, 5).reshape(1, 1, 2, 2)
    grid = np.array([[[[np.inf, -np.inf], [np.nan, np.nan], [1e30, 0]]]])
    border = F.grid_sample(x, grid, padding_mode="border", align_corners=True)
    np.testing.assert_array_equal(border.data.ravel(), [2, 1, 3])
    zeros = F.grid_sample(x, grid, align_corners=True)
    np.testing.assert_array_equal(zeros.data.ravel(), [0, 1, 0])


def test_the_last_axis_comes_first_and_minus_1_to_1_spans_the_image():
    x = np.arange(6.0).reshape(1, 1, 2, 3)
    corners = np.array([[[[-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0], [0.0, 0.0]]]])
    y = F.grid_sample(x, corners, align_corners=True)
    np.testing.assert_array_equal(y.data.ravel(), [0, 2, 3, 2.5])
    y = F.grid_sample(x, corners)                        # -1 is the outer edge: a quarter is inside
    np.testing.assert_array_equal(y.data.ravel(), [0, 0.5, 0.75, 2.5])


@pytest.mark.parametrize("mode", ["bilinear", "nearest", "bicubic"])
def test_single_precision_stays_single(mode):
    x, grid = (Tensor(normal(1, 2, 3, 2).astype(np.float32), requires_grad=True) for _ in range(2))
    y = F.grid_sample(x, grid, mode, "reflection")
    y.sum().backward()
    assert y.dtype == x.grad.dtype == grid.grad.dtype == np.float32


@pytest.mark.parametrize("shape, grid, options, error, words", [
    ((1, 2, 3), (1, 2, 2), {}, ShapeError, r"input must have 4 or 5 axes, but it has 3"),
    ((2, 2, 3, 3), (1, 4, 4, 2), {}, ShapeError, r"grid \(1, 4, 4, 2\) must be \(2, H, W, 2\)"),
    ((2, 2, 3, 3), (2, 4, 4, 3), {}, ShapeError, "2 numbers for each position"),
    ((2, 2, 3, 3, 3), (2, 4, 4, 2), {}, ShapeError, r"must be \(2, T, H, W, 3\)"),
    ((1, 2, 0, 3), (1, 4, 4, 2), {}, ShapeError, "has an empty axis"),
    ((1, 2, 3, 3, 3), (1, 1, 1, 1, 3), {"mode": "bicubic"}, ShapeError, r"for x \(N, C, H, W\)"),
    ((1, 2, 3, 3), (1, 4, 4, 2), {"mode": "linear"}, ArgumentError, "mode must be 'bilinear'"),
    ((1, 2, 3, 3), (1, 4, 4, 2), {"padding_mode": "circular"}, ArgumentError, "padding_mode must"),
])
def test_what_does_not_fit_is_refused_by_name(shape, grid, options, error, words):
    with pytest.raises(error, match=words):
        F.grid_sample(np.ones(shape), np.ones(grid), **options)
