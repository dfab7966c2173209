"""The widget of lesson 11: the chosen pixels, and the gradient that arrives at them."""

import numpy as np
import pytest
import torch

from vidlearn.show import draw, pooling_switches
from vidlearn.show.widgets.pooling import CELL

X = np.array([[1, 5, 0, 0, 2], [2, 5, 0, 0, 1], [7, 1, -1, -4, 3], [0, 3, -2, -3, 9]], float)
ROOM = draw.titled(draw.canvas(1, 1), "x").shape[0] - 1        # the height of a title in pixels


def marked(picture):
    """The cells (row, column) of x marked as a maximum."""
    return [(i, j) for i, j in np.ndindex(X.shape)
            if tuple(picture[ROOM + i * CELL + 2, j * CELL + CELL // 2]) == draw.RED]


@pytest.mark.parametrize("options, line, chosen", [
    (dict(), "y[0, 0] = 5 from x[0, 1], the first of 2; 4 of 20", [(0, 1), (0, 2), (2, 0), (2, 2)]),
    (dict(place=1), "y[0, 1] = 0 from x[0, 2], the first of 4; 4 of 20", None),
    (dict(place=3), "y[1, 1] = -1 from x[2, 2]; 4 of 20", None),
    (dict(place=99), "y[1, 1] = -1 from x[2, 2]; 4 of 20", None),          # past the end: the last
    (dict(window=3, stride=1, place=2), "y[0, 2] = 3 from x[2, 4]; 5 of 20",
     [(0, 1), (1, 1), (2, 0), (2, 4), (3, 4)]),
    (dict(kind="mean"), "y[0, 0] = 3.25, the mean of 4; 16 of 20", []),
])
def test_it_says_and_marks_what_was_chosen(options, line, chosen):
    picture, words = pooling_switches(X)(**options)
    assert words.startswith(line + " pixels get a gradient")
    if chosen is not None:
        assert marked(picture) == chosen


@pytest.mark.parametrize("kind", ["max", "mean"])
@pytest.mark.parametrize("window, stride", [(2, 1), (3, 2), (2, 3)])
def test_the_number_of_pixels_that_get_a_gradient_is_that_of_pytorch(kind, window, stride):
    function = getattr(torch.nn.functional, {"max": "max_pool2d", "mean": "avg_pool2d"}[kind])
    x = torch.tensor(X[None, None], requires_grad=True)
    function(x, window, stride).sum().backward()
    words = pooling_switches(X)(kind, window, stride)[1]
    assert f"{x.grad.count_nonzero()} of 20 pixels" in words


def test_the_picture_changes_with_the_place_and_the_kind():
    draws = pooling_switches(X)
    pictures = [draws(place=0)[0], draws(place=1)[0], draws(kind="mean")[0]]
    assert (pictures[0] != pictures[1]).any() and (pictures[0] != pictures[2]).any()
