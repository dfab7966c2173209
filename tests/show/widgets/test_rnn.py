"""The widget of lesson 20: its gradient norms are PyTorch's, and the picture shows them."""

import numpy as np
import pytest
import torch

from vidlearn.datasets.recall import recall
from vidlearn.show import draw, unrolling
from vidlearn.show.widgets.rnn import UNITS, rotation, unrolled


def test_a_rotation_keeps_lengths():
    q = rotation(7, seed=3)
    np.testing.assert_allclose(q.T @ q, np.eye(7), atol=1e-12)
    assert (q != rotation(7, seed=4)).any()


@pytest.mark.parametrize("radius, lag, loudness", [(0.8, 5, 0.1), (1.3, 9, 0.01), (1.0, 1, 1.0)])
def test_the_norms_are_those_of_pytorch(radius, lag, loudness):
    rng = np.random.default_rng(1)
    weight_ih, dy = rng.normal(size=(UNITS, 5)), rng.normal(size=(1, UNITS))
    weight_hh = torch.tensor(radius * rotation(UNITS), requires_grad=True)
    h, seen = torch.zeros(1, UNITS, dtype=torch.float64), []
    for x in loudness * recall(1, lag, seed=20).sequences[0]:
        h = torch.tanh(torch.tensor(weight_ih @ x) + h @ weight_hh.T)
        h.retain_grad()
        seen.append(h)
    h.backward(torch.tensor(dy / np.linalg.norm(dy)))
    states, norms, weight = unrolled(radius, lag, loudness)
    np.testing.assert_allclose(states, torch.cat(seen).detach().numpy(), atol=1e-12)
    np.testing.assert_allclose(norms, [state.grad.norm().item() for state in seen], rtol=1e-10)
    assert weight == pytest.approx(weight_hh.grad.norm().item(), rel=1e-10)


def test_in_silence_the_gradient_is_a_power_of_the_radius():
    for radius in (0.5, 1.0, 1.5):
        _, norms, _ = unrolled(radius, 12, 0)
        np.testing.assert_allclose(norms, radius ** np.arange(12.0, -1, -1), rtol=1e-10)


def test_columns_hang_below_one_or_stand_above_it():
    def painted(colour, **options):
        return (unrolling()(loudness=0.0, **options)[0] == colour).all(2).sum()
    assert painted(draw.BLUE, radius=0.5) > 20 * painted(draw.RED, radius=0.5)
    assert painted(draw.RED, radius=1.4) > 20 * painted(draw.BLUE, radius=1.4)
    assert painted(draw.BLUE, radius=0.5, lag=25) > painted(draw.BLUE, radius=0.9, lag=25)


def test_clipping_shortens_all_steps_and_says_so():
    _, norms, weight = unrolled(1.2, 20, 0.1)
    free, line = unrolling()(radius=1.2, lag=20, loudness=0.1)
    cut, clipped = unrolling()(radius=1.2, lag=20, loudness=0.1, clip=1.0)
    assert weight > 1 and line == (f"from step 20 back to 0 the gradient goes from 1 to "
                                   f"{norms[0]:.1e}; norm of dweight_hh {weight:.1e}")
    assert clipped == f"{line}, clipped to 1.0e+00" and (free != cut).any()
    short = unrolling()(radius=1.2, lag=20, loudness=0.1, clip=9.0 * weight)
    np.testing.assert_array_equal(short[0], free)
    assert short[1] == f"{line}, clipped to {weight:.1e}"


@pytest.mark.parametrize("lag", [1, 40])
def test_every_lag_fits_the_page(lag):
    assert unrolling()(lag=lag)[0].shape[1] <= 800
