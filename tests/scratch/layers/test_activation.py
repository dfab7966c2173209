"""Activations against PyTorch: its samples, and the kinks that samples never meet."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from tests.scratch.torch_samples import agree_by_name, ops_agree
from vidlearn.scratch import ShapeError, Tensor, UnsupportedOption
from vidlearn.scratch.nn import functional as F

test_ops = ops_agree({
    **{f"nn.functional.{name}": getattr(F, name)
       for name in ("relu", "leaky_relu", "elu", "gelu", "softplus", "prelu", "silu")},
    "sigmoid": F.sigmoid, "tanh": F.tanh,
    "softmax": F.softmax, ("softmax", "with_dtype"): F.softmax,
    "log_softmax": F.log_softmax, ("log_softmax", "with_dtype"): F.log_softmax,
})

CURVES = {
    "relu": {}, "leaky_relu": {"negative_slope": 0.3}, "elu": {"alpha": 0.7}, "gelu": {},
    "softplus": {"beta": 2.0}, "sigmoid": {}, "tanh": {}, "silu": {},
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


@pytest.mark.parametrize("weight", [np.array(0.3), np.array([0.3]), np.array([0.3, -0.2])])
def test_a_learned_slope_at_its_kink_for_all_channels_or_each(weight):
    x = np.array([[-1.0, 0.0], [-0.0, 2.0], [3.0, -4.0]])
    agree_by_name("prelu", [x, weight], learn=2)
    agree_by_name("prelu", [x[..., None] * np.ones(3), weight], learn=2)
    if weight.size == 1:
        agree_by_name("prelu", [x[0], weight], learn=2)


def test_a_learned_slope_for_other_channels_is_refused():
    with pytest.raises(ShapeError, match=r"prelu: weight \(3,\) must be \(1,\), or \(2,\)"):
        F.prelu(np.ones((4, 2)), np.ones(3))
