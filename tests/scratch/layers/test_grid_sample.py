"""Sampling at any position against PyTorch: its samples, ends, reflections, and odd sizes."""

from itertools import product

import numpy as np
import pytest

from tests.scratch.pair_agreement import normal, spread
from tests.scratch.torch_samples import agree_by_name, ops_agree
from vidlearn.scratch import ShapeError
from vidlearn.scratch.layers.grid_sample import MODES, PADDING_MODES, grid_sample_forward
from vidlearn.scratch.nn import functional as F

test_ops = ops_agree({"nn.functional.grid_sample": F.grid_sample})


@pytest.mark.parametrize("mode, padding_mode, align_corners",
                         [*product(MODES, PADDING_MODES, [False, True])])
def test_far_outside_on_odd_sizes_and_on_axes_of_one(mode, padding_mode, align_corners):
    options = dict(mode=mode, padding_mode=padding_mode, align_corners=align_corners)
    for size in ((5, 4), (1, 3), (1, 1)):
        grid = normal(2, 3, 5, 2, seed=1) * 3
        agree_by_name("grid_sample", [spread(normal(2, 3, *size)), spread(grid)], learn=2,
                      **options)
    if mode != "bicubic":
        grid = normal(1, 2, 3, 2, 3, seed=2) * 2
        agree_by_name("grid_sample", [normal(1, 2, 3, 4, 5), grid], learn=2, **options)


@pytest.mark.parametrize("padding_mode, align_corners", [*product(PADDING_MODES, [False, True])])
def test_at_the_ends_and_between_two_pixels(padding_mode, align_corners):
    x, at = normal(1, 1, 4, 4), np.array([-1, -0.75, -0.5, 0, 0.25, 0.75, 1])
    grid = np.stack(np.meshgrid(at, at), -1)[None]
    agree_by_name("grid_sample", [x, grid], learn=1, padding_mode=padding_mode,
                  align_corners=align_corners)


def test_the_grid_of_the_centres_gives_the_picture_back():
    x = normal(1, 2, 3, 5)
    rows, columns = (np.linspace(-1, 1, n) for n in (3, 5))
    grid = np.stack(np.meshgrid(columns, rows), -1)[None]
    y, _ = grid_sample_forward(x, grid, align_corners=True)
    np.testing.assert_allclose(y, x, atol=1e-12)


def test_what_does_not_fit_is_refused():
    picture, clip = np.ones((1, 1, 3, 3)), np.ones((1, 1, 3, 3, 3))
    for x, grid in ((picture, np.ones((1, 2, 2, 3))), (picture, np.ones((2, 2, 2, 2))),
                    (clip, np.ones((1, 2, 2, 3))), (np.ones((1, 1, 3)), np.ones((1, 2, 1)))):
        with pytest.raises(ShapeError, match="grid_sample: input .* and grid .*"):
            F.grid_sample(x, grid)
    with pytest.raises(ValueError, match="'bicubic' is for"):
        F.grid_sample(clip, np.ones((1, 2, 2, 2, 3)), mode="bicubic")
