"""Adaptive pooling by hand against PyTorch; ties, NaN and infinities by hand."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scratch.pair_agreement import agree, normal, spread
from vidlearn.scratch import ShapeError
from vidlearn.scratch.layers.adaptive_pool import (
    adaptive_avg_pool_backward,
    adaptive_avg_pool_forward,
    adaptive_max_pool_backward,
    adaptive_max_pool_forward,
)

F = torch.nn.functional
SIZES = st.lists(st.tuples(st.integers(1, 8), st.integers(1, 9)), min_size=1, max_size=3)
PAIRS = {"avg": (adaptive_avg_pool_forward, adaptive_avg_pool_backward),
         "max": (adaptive_max_pool_forward, adaptive_max_pool_backward)}


def twin(kind, x):
    return getattr(F, f"adaptive_{kind}_pool{x.ndim - 2}d")


@pytest.mark.parametrize("kind", PAIRS)
@settings(max_examples=60, derandomize=True)
@given(SIZES)
def test_it_agrees_with_pytorch(kind, axes):
    size, output = zip(*axes, strict=True)
    x = spread(normal(2, 3, *size))
    agree(*PAIRS[kind], twin(kind, x), [x], dict(output_size=output))


@settings(max_examples=60, derandomize=True)
@given(SIZES, st.integers(0, 2**32 - 1))
def test_ties_nan_and_infinities_go_where_torch_sends_them(axes, seed):
    size, output = zip(*axes, strict=True)
    numbers = [0.0, 1.0, -np.inf, np.inf, np.nan]
    x = np.random.default_rng(seed).choice(numbers, (2, 3, *size))
    agree(*PAIRS["max"], twin("max", x), [x], dict(output_size=output))


def test_a_tie_goes_to_the_first():
    _, cache = adaptive_max_pool_forward(np.array([[[5.0, 5, 1, 7, 7, 7]]]), 2)
    np.testing.assert_array_equal(adaptive_max_pool_backward(np.array([[[1.0, 2]]]), cache),
                                  [[[1, 0, 0, 2, 0, 0]]])


@pytest.mark.parametrize("kind", PAIRS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_type_stays(kind, dtype):
    forward, backward = PAIRS[kind]
    y, cache = forward(normal(2, 3, 5, 4).astype(dtype), output_size=3)
    assert y.dtype == dtype and backward(y, cache).dtype == dtype


@pytest.mark.parametrize("kind", PAIRS)
@pytest.mark.parametrize("shape, output_size, message", [
    ((1, 2, 5, 4), (1, 2, 3), r"output_size \(1, 2, 3\) must be one number or 2 for an input"),
    ((1, 2, 5, 4), 0, r"output_size must be .* at least 1; it is \[0, 0\]"),
    ((1, 2, 0, 4), 2, r"x \(1, 2, 0, 4\) has an axis without elements"),
])
def test_what_does_not_fit_is_refused_by_name(kind, shape, output_size, message):
    with pytest.raises(ShapeError, match=message):
        PAIRS[kind][0](np.ones(shape), output_size)
