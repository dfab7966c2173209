"""Activations and dropout against PyTorch: its samples, and the kinks that samples never meet."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from tests.scratch.torch_samples import agree, agree_by_name, ops_agree, samples
from vidlearn import scratch
from vidlearn.scratch import ShapeError, Tensor, UnsupportedOption
from vidlearn.scratch.nn import functional as F

test_ops = ops_agree({
    **{f"nn.functional.{name}": getattr(F, name)
       for name in ("relu", "leaky_relu", "elu", "gelu", "softplus")},
    "sigmoid": F.sigmoid, "tanh": F.tanh,
    "softmax": F.softmax, ("softmax", "with_dtype"): F.softmax,
    "log_softmax": F.log_softmax, ("log_softmax", "with_dtype"): F.log_softmax,
})

CURVES = {
    "relu": {}, "leaky_relu": {"negative_slope": 0.3}, "elu": {"alpha": 0.7}, "gelu": {},
    "softplus": {"beta": 2.0}, "sigmoid": {}, "tanh": {},
}


@pytest.mark.parametrize("name", CURVES)
def test_the_slope_at_the_kink_is_that_of_pytorch(name):
    points = [-1000.0, -20.0, -0.0, 0.0, 10.0, 1000.0]
    agree_by_name(name, [np.array(points)], **CURVES[name])


@pytest.mark.parametrize("name", CURVES)
def test_single_precision_stays_single(name):
    x = Tensor(np.array([-1, 0, 2], np.float32), requires_grad=True)
    y = getattr(F, name)(x, **CURVES[name])
    y.sum().backward()
    assert y.dtype == x.grad.dtype == np.float32


def test_gelu_by_tanh_is_near_and_other_words_are_refused():
    x = np.linspace(-4, 4, 99)
    agree_by_name("gelu", [x], approximate="tanh")
    assert abs(F.gelu(x).numpy() - F.gelu(x, approximate="tanh").numpy()).max() < 1e-3
    with pytest.raises(ValueError, match="'none' or 'tanh', not 'erf'"):
        F.gelu(x, approximate="erf")


@given(arrays(np.float64, array_shapes(max_dims=4, max_side=5), elements=st.floats(-50, 50)),
       st.data())
def test_softmax_of_any_shape_along_any_axis(x, data):
    dim = data.draw(st.integers(-x.ndim, x.ndim - 1))
    for name in ("softmax", "log_softmax"):
        agree_by_name(name, [x], dim=dim)


def test_softmax_of_huge_scores_does_not_overflow():
    scores = np.array([[1e4, 0, -1e4]])
    np.testing.assert_array_equal(F.softmax(scores, dim=1).numpy(), [[1, 0, 0]])
    np.testing.assert_array_equal(F.log_softmax(scores, dim=1).numpy(), [[0, -1e4, -2e4]])


def test_softmax_without_an_axis_is_refused_by_name():
    with pytest.raises(UnsupportedOption, match="softmax: dim=None"):
        F.softmax(np.zeros(3))


DROPOUTS = {name: getattr(F, name) for name in ("dropout", "dropout2d", "dropout3d")}


@pytest.mark.filterwarnings("ignore:dropout2d. Received a 3D input")
@pytest.mark.parametrize("name", DROPOUTS)
def test_dropout_agrees_where_nothing_is_random(name):
    certain = [s for s in samples(f"nn.functional.{name}")
               if s.kwargs.get("p", 0.5) in (0.0, 1.0) or not s.kwargs.get("training", True)]
    assert len(certain) >= 10
    for sample in certain:
        assert agree(sample, DROPOUTS[name], getattr(torch.nn.functional, name)) is None


@pytest.mark.parametrize("name, shape, mask_shape", [
    ("dropout", (3, 4), (3, 4)), ("dropout", (), ()),
    ("dropout1d", (3, 4, 9), (3, 4, 1)), ("dropout1d", (4, 9), (4, 1)),
    ("dropout2d", (3, 4, 5, 2), (3, 4, 1, 1)), ("dropout2d", (3, 4, 5), (3, 4, 1)),
    ("dropout3d", (3, 4, 2, 5, 2), (3, 4, 1, 1, 1)), ("dropout3d", (4, 2, 5, 2), (4, 1, 1, 1)),
])
def test_dropout_silences_numbers_or_whole_channels(name, shape, mask_shape):
    scratch.manual_seed(5)
    x = Tensor(np.ones(shape), requires_grad=True)
    y = getattr(F, name)(x, p=0.25)
    y.sum().backward()
    assert set(np.unique(y.data)) <= {0, 1 / 0.75}
    corner = tuple(slice(0, size) for size in mask_shape)
    np.testing.assert_array_equal(y.data, np.broadcast_to(y.data[corner], shape))
    np.testing.assert_array_equal(x.grad, y.data)          # what passes forward passes back


def test_dropout_keeps_the_mean_and_follows_the_seed():
    x = np.ones(100_000, np.float32)
    scratch.manual_seed(1)
    first = F.dropout(x, 0.3).numpy()
    scratch.manual_seed(1)
    np.testing.assert_array_equal(F.dropout(x, 0.3).numpy(), first)
    assert first.dtype == np.float32
    assert abs((first == 0).mean() - 0.3) < 0.01           # five standard errors are 0.007
    assert abs(first.mean() - 1) < 0.01


@pytest.mark.parametrize("p", [-0.1, 1.1])
def test_a_probability_outside_0_to_1_is_refused(p):
    with pytest.raises(ValueError, match="p must be a finite number from 0 to 1, not"):
        F.dropout(np.ones(3), p)


def test_channel_dropout_of_a_matrix_is_refused():
    with pytest.raises(ShapeError, match=r"dropout3d: x \(2, 3\) must have \[4, 5\] axes"):
        F.dropout3d(np.ones((2, 3)))
