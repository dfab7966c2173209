"""The widget of lesson 24: a tilted kernel responds most to a bar of its own speed."""

import numpy as np
import pytest
import torch

from vidlearn.show import tilted_kernel
from vidlearn.show.widgets.conv3d import SPEEDS, moving_bar, response, spacetime_kernel


def test_a_bar_moves_with_its_speed_and_stays_three_pixels_wide():
    for speed in (-1, 0, 2):
        bar = moving_bar(speed, frames=5, size=24)
        np.testing.assert_allclose(bar.sum(1), 3)
        np.testing.assert_allclose(bar[1:], np.roll(bar[:-1], speed, axis=1), atol=1e-12)


@pytest.mark.parametrize("tilt", [-1.5, 0.0, 1.0])
def test_a_kernel_is_loudest_at_about_the_speed_of_its_tilt(tilt):
    kernel = spacetime_kernel(tilt)
    np.testing.assert_allclose(kernel.sum(1), 0, atol=1e-12)
    loudness = [(np.maximum(response(moving_bar(s), kernel), 0) ** 2).mean() for s in SPEEDS]
    assert abs(SPEEDS[np.argmax(loudness)] - tilt) <= 0.25
    draws = tilted_kernel()
    picture, line = draws(tilt, tilt)
    here = loudness[list(SPEEDS).index(tilt)]
    assert line == f"bar {tilt:+.2f}, kernel {tilt:+.2f} pixels a frame: loudness {here:.2f}"
    assert (draws(tilt, tilt + 0.5)[0] != picture).any()


def test_the_response_is_a_convolution():
    bar, kernel = moving_bar(1.0), spacetime_kernel(0.5)
    y = torch.nn.functional.conv2d(torch.tensor(bar)[None, None], torch.tensor(kernel)[None, None])
    np.testing.assert_allclose(response(bar, kernel), y[0, 0].numpy(), atol=1e-12)
