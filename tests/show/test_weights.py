"""Filters and kernels: red is positive, blue is negative, zero is white or grey."""

import numpy as np
import pytest
import torch

from tests.show.pixels import opened
from vidlearn.show import draw, filters, kernels, weights


def test_filters_are_red_where_positive_and_blue_where_negative(page):
    weight = np.zeros((1, 2, 1, 1))
    weight[0, :, 0, 0] = 2, -2
    filters(weight)
    picture = opened(page[0])[-20]
    assert np.abs(picture[5].astype(int) - draw.RED).max() <= 2
    assert np.abs(picture[60].astype(int) - draw.BLUE).max() <= 2


def test_filters_on_colour_are_shown_in_colour():
    kernel = np.zeros((3, 1, 1))
    kernel[0] = 0.1
    assert weights._coloured(kernel).tolist() == [[[255, 128, 128]]]


def test_kernels_play_and_stand_still(page):
    kernels(np.random.default_rng(0).normal(size=(2, 4, 3, 5, 5)))
    film, still = page
    assert "video/webm" in film["text/html"] and " autoplay" in film["text/html"]
    assert film["text/plain"].startswith("<player: 3 frames")
    assert still["text/plain"] == "<2 kernels of 3 x 5 x 5, frame by frame>"


def test_weights_of_a_torch_layer_are_taken_as_they_are(page):
    filters(torch.nn.Conv2d(3, 4, 5).weight)
    assert page[0]["text/plain"] == "<4 filters of 5 x 5>"


def test_weights_of_other_axes_are_refused():
    with pytest.raises(ValueError, match="5 axes"):
        kernels(np.zeros((4, 3, 3, 3)))
