"""The widget of lesson 05: its paths are those of PyTorch's optimizers."""

import numpy as np
import pytest
import torch

from vidlearn.show import optimizer_paths
from vidlearn.show.widgets.descent import BOTTOM, METHODS, TOP, TURNS, UNIT, _pixel, landscape, walk


def by_torch(bowl, start, kind, options, lr, steps):
    place = torch.tensor(start, requires_grad=True)
    optimizer = getattr(torch.optim, kind.__name__)([place], lr=lr, **options)
    path = [place.detach().numpy().copy()]
    for _ in range(steps):
        optimizer.zero_grad()
        (place @ torch.tensor(bowl) @ place / 2).backward()
        optimizer.step()
        path.append(place.detach().numpy().copy())
    return np.array(path)


@pytest.mark.parametrize("valley", TURNS)
@pytest.mark.parametrize("name", METHODS)
def test_every_path_is_that_of_torch(name, valley):
    bowl, start = landscape(valley)
    made = METHODS[name][0](0.8)
    ours, theirs = (f(bowl, start, *made, 0.03, 40) for f in (walk, by_torch))
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-10)


def test_the_line_says_the_loss_of_each():
    x, y = -2 * (1 - 0.03), 0.9 * (1 - 0.03 * 20)             # one plain step
    line = optimizer_paths()(step=1)[1]
    assert line.startswith(f"after 1 steps the loss is: plain {(x * x + 20 * y * y) / 2:.4f}, ")
    assert [part.split()[0] for part in line.split(": ")[1].split(", ")] == list(METHODS)


def test_a_rotated_valley_changes_adam_alone():
    straight, turned = (dict(zip(METHODS, optimizer_paths()(valley)[1].split(": ")[1].split(", "),
                                 strict=True)) for valley in TURNS)
    assert [name for name in METHODS if straight[name] != turned[name]] == ["Adam"]


def test_a_path_that_diverges_is_still_drawn():
    picture, line = optimizer_paths()(lr=0.2, momentum=0.0, step=100)
    assert "plain fled" in line and picture.dtype == np.uint8


def test_without_momentum_three_paths_are_one():
    losses = optimizer_paths()(momentum=0.0)[1].split(": ")[1].split(", ")
    assert len({words.split()[1] for words in losses[:3]}) == 1


@pytest.mark.parametrize("name", METHODS)
def test_the_last_point_has_the_colour_of_its_method(name):
    made, colour = METHODS[name]
    picture, _ = optimizer_paths()(lr=0.02, momentum=0.9, step=7)
    x, y = _pixel(walk(*landscape("straight"), *made(0.9), 0.02, 7)[-1])
    sheet = picture[-round((TOP - BOTTOM) * UNIT):]            # below the legend
    assert tuple(sheet[y, x]) == colour
