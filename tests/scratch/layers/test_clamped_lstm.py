"""An LSTM with clamped gates: free gates are PyTorch's, clamped ones stay at their value."""

import numpy as np
import pytest
import torch

from vidlearn.checks import ArgumentError
from vidlearn.scratch.layers.clamped_lstm import clamped_lstm

RNG = np.random.default_rng(0)
X = RNG.normal(size=(7, 3))
WEIGHTS = RNG.normal(size=(8, 3)), RNG.normal(size=(8, 2)), RNG.normal(size=8)


def test_free_gates_are_those_of_pytorch():
    layer = torch.nn.LSTM(3, 2).double()
    layer.load_state_dict({name: torch.tensor(w) for name, w in zip(
        layer.state_dict(), (*WEIGHTS, np.zeros(8)), strict=True)})
    y, (_, c) = layer(torch.tensor(X))
    _, cells, states = clamped_lstm(X, WEIGHTS)
    np.testing.assert_allclose(states, y.detach().numpy(), atol=1e-12)
    np.testing.assert_allclose(cells[-1], c[0].detach().numpy(), atol=1e-12)


@pytest.mark.parametrize("name, block", [("i", 0), ("f", 1), ("o", 3)])
@pytest.mark.parametrize("value", [0.0, 0.3, 1.0])
def test_a_clamped_gate_stays_and_the_cell_follows(name, block, value):
    opened, cells, states = clamped_lstm(X, WEIGHTS, **{name: value})
    np.testing.assert_allclose(opened[:, block], value, atol=1e-12)
    i, f, g, o = opened.transpose(1, 0, 2)
    before = np.vstack([np.zeros((1, 2)), cells[:-1]])
    np.testing.assert_allclose(cells, f * before + i * g, atol=1e-12)
    np.testing.assert_allclose(states, o * np.tanh(cells), atol=1e-12)


def test_the_weights_are_left_as_they_were():
    before = [w.copy() for w in WEIGHTS]
    clamped_lstm(X, WEIGHTS, i=1.0, f=0.0, o=0.5)
    for w, same in zip(WEIGHTS, before, strict=True):
        np.testing.assert_array_equal(w, same)


def test_a_gate_is_clamped_between_shut_and_open():
    with pytest.raises(ArgumentError, match="clamped_lstm: f must be a finite number from 0 to 1"):
        clamped_lstm(X, WEIGHTS, f=1.5)
