"""The widgets of lesson 10: the window is where the line says, and the response is PyTorch's."""

import numpy as np
import pytest
import torch

from vidlearn.show import draw, kernel_editor, sliding_kernel
from vidlearn.show.widgets.convolution import CELL

X = np.arange(25.0).reshape(5, 5) % 7
WEIGHT = np.array([[1.0, 0], [2, -1]])
ROOM = draw.titled(draw.canvas(1, 1), "x").shape[0] - 1        # the height of a title in pixels


def marked(picture, size):
    """The cells (row, column) of the matrix at the left marked as the window."""
    return [(i, j) for i, j in np.ndindex(size)
            if tuple(picture[ROOM + i * CELL + CELL // 2, j * CELL + 2]) == draw.RED]


@pytest.mark.parametrize("options, size, at, corners", [
    (dict(place=0), 5, (0, 0), [(0, 0), (0, 1), (1, 0), (1, 1)]),
    (dict(place=5), 5, (1, 1), [(1, 1), (1, 2), (2, 1), (2, 2)]),
    (dict(place=3, stride=2), 5, (1, 1), [(2, 2), (2, 3), (3, 2), (3, 3)]),
    (dict(place=4, dilation=2), 5, (1, 1), [(1, 1), (1, 3), (3, 1), (3, 3)]),
    (dict(place=0, padding=1), 7, (0, 0), [(0, 0), (0, 1), (1, 0), (1, 1)]),
    (dict(place=21), 5, (1, 1), [(1, 1), (1, 2), (2, 1), (2, 2)]),       # past the end
])
def test_the_window_stands_where_the_line_says(options, size, at, corners):
    picture, line = sliding_kernel(X, WEIGHT)(**options)
    padding = options.get("padding", 0)
    padded = np.pad(X, padding)
    value = sum(w * padded[corner] for w, corner in zip(WEIGHT.ravel(), corners, strict=True))
    assert line.startswith(f"y[{at[0]}, {at[1]}] = {value:.0f}, one of ")
    assert marked(picture, (size, size)) == corners


def test_outputs_that_are_not_reached_yet_are_blank():
    draws = sliding_kernel(np.ones((5, 5)), np.ones((2, 2)))          # the outputs are all 4
    inked = [(draws(place)[0][:, -4 * CELL - 1:] != 255).any(2).sum() for place in range(16)]
    assert (np.diff(inked) > 0.9 * CELL**2).all()


def test_whole_numbers_slide_too():
    line = sliding_kernel(X.astype(int), WEIGHT)(padding=1)[1]
    assert line.startswith("y[0, 0] = 0, one of 6 x 6")


def test_the_line_says_what_the_kernel_responds():
    frames = np.random.default_rng(0).random((2, 12, 16))
    weight = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1.0]])
    y = torch.nn.functional.conv2d(torch.tensor(frames[1])[None, None],
                                   torch.tensor(weight)[None, None], padding=1)
    picture, line = kernel_editor(frames)(frame=1)
    assert line == f"sum of weights 0, strongest answer {y.abs().max():.2f}"
    other, _ = kernel_editor(frames)(frame=0)
    assert picture.shape == other.shape and (picture != other).any()


def test_a_kernel_with_a_one_in_its_middle_shows_the_frame_in_two_colours():
    frame = np.random.default_rng(1).random((12, 16))
    picture, line = kernel_editor(frame[None])(a=0, c=0, d=0, e=1, f=0, g=0, i=0)
    assert line == f"sum of weights 1, strongest answer {frame.max():.2f}"
    seen = draw.heat(frame, 18, "diverging", -0.5, 0.5)
    assert (picture[-seen.shape[0]:, -seen.shape[1]:] == seen).all()
