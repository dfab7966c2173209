"""A net unrolled over one sequence: its gradient norms are PyTorch's."""

import numpy as np
import pytest
import torch

from vidlearn.checks import ArgumentError
from vidlearn.scratch.layers.unrolled import rotation, unroll_rnn

RNG = np.random.default_rng(3)


def test_a_rotation_keeps_lengths():
    q = rotation(7, seed=3)
    np.testing.assert_allclose(q.T @ q, np.eye(7), atol=1e-12)
    assert (q != rotation(7, seed=4)).any()


@pytest.mark.parametrize("radius, steps, units, seed", [(0.8, 6, 12, 1), (1.3, 10, 5, 2),
                                                        (1.0, 1, 12, 1)])
def test_the_norms_are_those_of_pytorch(radius, steps, units, seed):
    x = 0.3 * RNG.normal(size=(steps, 5))
    rng = np.random.default_rng(seed)
    weight_ih, dy = rng.normal(size=(units, 5)), rng.normal(size=(1, units))
    weight_hh = torch.tensor(radius * rotation(units), requires_grad=True)
    h, seen = torch.zeros(1, units, dtype=torch.float64), []
    for row in x:
        h = torch.tanh(torch.tensor(weight_ih @ row) + h @ weight_hh.T)
        h.retain_grad()
        seen.append(h)
    h.backward(torch.tensor(dy / np.linalg.norm(dy)))
    states, norms, weight = unroll_rnn(x, radius, units, seed)
    np.testing.assert_allclose(states, torch.cat(seen).detach().numpy(), atol=1e-12)
    np.testing.assert_allclose(norms, [state.grad.norm().item() for state in seen], rtol=1e-10)
    assert weight == pytest.approx(weight_hh.grad.norm().item(), rel=1e-10, abs=1e-12)


@pytest.mark.parametrize("radius", [0.5, 1.0, 1.5])
def test_without_input_the_gradient_is_a_power_of_the_radius(radius):
    _, norms, _ = unroll_rnn(np.zeros((13, 5)), radius)
    np.testing.assert_allclose(norms, radius ** np.arange(12.0, -1, -1), rtol=1e-10)


def test_the_sequence_is_left_as_it_was():
    x = RNG.normal(size=(4, 2))
    before = x.copy()
    unroll_rnn(x[::2, ::-1], 0.9)
    np.testing.assert_array_equal(x, before)


def test_a_batch_is_refused():
    with pytest.raises(ArgumentError, match=r"unroll_rnn: x array \(2, 3, 4\)|unroll_rnn: x \(2, "):
        unroll_rnn(np.zeros((2, 3, 4)), 0.9)
