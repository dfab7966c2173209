"""The widget of lesson 21: free gates are PyTorch's, forced ones stay where they are held."""

import numpy as np
import pytest
import torch

from vidlearn.show import draw, gates
from vidlearn.show.widgets.lstm import forced

RNG = np.random.default_rng(0)
X, LABELS = RNG.normal(size=(2, 7, 3)), np.array([1, 0])
WEIGHTS = RNG.normal(size=(8, 3)), RNG.normal(size=(8, 2)), RNG.normal(size=8)


def test_free_gates_are_those_of_pytorch():
    layer = torch.nn.LSTM(3, 2).double()
    layer.load_state_dict({name: torch.tensor(w) for name, w in zip(
        layer.state_dict(), (*WEIGHTS, np.zeros(8)), strict=True)})
    y, (_, c) = layer(torch.tensor(X[0]))
    _, cells, states = forced(X[0], WEIGHTS)
    np.testing.assert_allclose(states, y.detach().numpy(), atol=1e-12)
    np.testing.assert_allclose(cells[-1], c[0].detach().numpy(), atol=1e-12)


@pytest.mark.parametrize("name, block", [("i", 0), ("f", 1), ("o", 3)])
@pytest.mark.parametrize("value", [0.0, 0.3, 1.0])
def test_a_forced_gate_stays_and_the_cell_follows(name, block, value):
    opened, cells, states = forced(X[0], WEIGHTS, **{name: value})
    np.testing.assert_allclose(opened[:, block], value, atol=1e-12)
    i, f, g, o = opened.transpose(1, 0, 2)
    before = np.vstack([np.zeros((1, 2)), cells[:-1]])
    np.testing.assert_allclose(cells, f * before + i * g, atol=1e-12)
    np.testing.assert_allclose(states, o * np.tanh(cells), atol=1e-12)


def test_the_weights_are_left_as_they_were():
    before = [w.copy() for w in WEIGHTS]
    forced(X[0], WEIGHTS, i=1.0, f=0.0, o=0.5)
    for w, same in zip(WEIGHTS, before, strict=True):
        np.testing.assert_array_equal(w, same)


def test_the_line_says_what_was_shown_and_what_is_said():
    draws = gates(X, LABELS, WEIGHTS, lambda h: f"class {h.argmax()}")
    _, cells, states = forced(X[1], WEIGHTS)
    picture, line = draws(sequence=1)
    assert line == (f"it was shown 0 and says class {states[-1].argmax()}; largest number in the "
                    f"last cell {np.abs(cells[-1]).max():.2f}, in the last state "
                    f"{np.abs(states[-1]).max():.2f}")
    assert picture.shape[1] <= 800
    assert "says nothing;" in draws(output_gate=0.0)[1]
    assert "says nothing; largest number in the last cell 0.00" in draws(input_gate=0.0)[1]


def test_a_gate_held_open_is_white_and_one_held_shut_black():
    draws = gates(X, LABELS, WEIGHTS)
    shades = [(draws(forget_gate=value)[0] == colour).all(2).sum()
              for value in (0.0, 1.0) for colour in ((0, 0, 0), draw.PAPER)]
    assert shades[0] > 20_000 + shades[2] and shades[3] > 20_000 + shades[1]
    assert draws(forget_gate=-0.1)[1] == draws()[1]
