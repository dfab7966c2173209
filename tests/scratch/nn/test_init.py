"""Initial values: PyTorch's distributions, drawn from our own generator."""

import math

import numpy as np
import pytest
import torch

from vidlearn import scratch
from vidlearn.scratch import ShapeError, Tensor, nn

LAYERS = {
    "Linear": lambda nn: nn.Linear(30, 400),
    "Conv3d": lambda nn: nn.Conv3d(8, 40, (2, 3, 3), groups=2),
    "ConvTranspose2d": lambda nn: nn.ConvTranspose2d(20, 16, 4, groups=2),
    "Embedding": lambda nn: nn.Embedding(100, 60),
    "GRU": lambda nn: nn.GRU(30, 40, bidirectional=True),
    "LSTMCell": lambda nn: nn.LSTMCell(50, 30), "BatchNorm2d": lambda nn: nn.BatchNorm2d(50),
    "LayerNorm": lambda nn: nn.LayerNorm([5, 6]),
}


@pytest.mark.parametrize("name", LAYERS)
def test_layers_start_from_the_distribution_of_pytorch(name):
    scratch.manual_seed(0)
    torch.manual_seed(0)
    ours, theirs = LAYERS[name](nn).state_dict(), LAYERS[name](torch.nn).state_dict()
    for key, value in theirs.items():
        same_distribution(ours[key].numpy(), value.numpy())


FILLS = {
    "uniform_": (-2, 3), "normal_": (1, 2), "constant_": (0.3,), "zeros_": (), "ones_": (),
    "xavier_uniform_": (1.5,), "xavier_normal_": (1.5,), "kaiming_uniform_": (0.2,),
    "kaiming_normal_": (0, "fan_out", "relu"), "orthogonal_": (2,),
}


@pytest.mark.parametrize("name", FILLS)
def test_fills_have_the_distribution_of_pytorch(name):
    scratch.manual_seed(1)
    torch.manual_seed(1)
    ours, theirs = Tensor(np.empty((60, 20, 3), np.float32)), torch.empty(60, 20, 3)
    assert getattr(nn.init, name)(ours, *FILLS[name]) is ours
    getattr(torch.nn.init, name)(theirs, *FILLS[name])
    same_distribution(ours.numpy(), theirs.numpy())


@pytest.mark.parametrize("shape", [(6, 4), (4, 6), (4, 2, 3), (5, 5)])
def test_rows_or_columns_are_orthogonal(shape):
    matrix = nn.init.orthogonal_(Tensor(np.empty(shape)), gain=3).numpy().reshape(shape[0], -1)
    matrix = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
    np.testing.assert_allclose(matrix @ matrix.T, 9 * np.eye(len(matrix)), atol=1e-12)


def test_all_rotations_are_equally_likely():
    draws = [nn.init.orthogonal_(Tensor(np.empty((2, 2)))).numpy()[0, 0] for _ in range(400)]
    assert abs(np.mean(draws)) < 0.2                       # five standard errors are 0.18


@pytest.mark.parametrize("nonlinearity, param", [
    ("linear", None), ("conv2d", None), ("sigmoid", None), ("tanh", None), ("relu", None),
    ("leaky_relu", None), ("leaky_relu", 0.3), ("selu", None)])
def test_gains_are_those_of_pytorch(nonlinearity, param):
    expected = torch.nn.init.calculate_gain(nonlinearity, param)
    assert nn.init.calculate_gain(nonlinearity, param) == pytest.approx(expected, rel=1e-15)


def test_the_seed_decides():
    def draw(seed):
        scratch.manual_seed(seed)
        return np.concatenate([p.data.ravel() for p in nn.LSTM(3, 4).parameters()])
    np.testing.assert_array_equal(draw(7), draw(7))
    assert not np.array_equal(draw(7), draw(8))


def test_the_padding_row_starts_at_zero():
    np.testing.assert_array_equal(nn.Embedding(3, 2, padding_idx=-1).weight.data[2], [0, 0])


def test_what_has_no_meaning_is_refused():
    with pytest.raises(ShapeError, match=r"two axes or more, not of shape \(3,\)"):
        nn.init.xavier_uniform_(Tensor(np.ones(3)))
    with pytest.raises(ValueError, match="'fan_in' or 'fan_out', not 'fan'"):
        nn.init.kaiming_normal_(Tensor(np.ones((3, 3))), mode="fan")
    with pytest.raises(ValueError, match="not 'step'"):
        nn.init.calculate_gain("step")


def same_distribution(ours, theirs):
    """Compare mean, standard deviation and extremes, within what chance allows at this size."""
    assert (ours.shape, ours.dtype) == (theirs.shape, theirs.dtype)
    spread, width = theirs.std(), np.ptp(theirs)
    chance = 6 / math.sqrt(theirs.size)                    # six standard errors
    assert abs(ours.mean() - theirs.mean()) <= chance * spread
    assert abs(ours.std() - spread) <= chance * spread
    normal = width > 4 * spread                            # the extremes of normal numbers vary
    for end in (np.min, np.max):
        assert abs(end(ours) - end(theirs)) <= (0.4 if normal else 3 * chance**2) * width + 1e-6
