"""Pooling by hand against PyTorch and the plain loops; ties, NaN and infinities by hand."""

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.scratch.pair_agreement import CLOSE, agree, as_tuple, normal, per_axis, spread
from vidlearn import naive
from vidlearn.scratch import ShapeError, Tensor
from vidlearn.scratch.layers.pool import (
    avg_pool_backward,
    avg_pool_forward,
    max_pool_backward,
    max_pool_forward,
)
from vidlearn.scratch.nn import functional

F = torch.nn.functional


@st.composite
def pools(draw):
    """An x, not contiguous, and the options of a window that fits, with padding up to its half."""
    axes, n, c = (draw(st.integers(1, 3)) for _ in range(3))
    size = draw(st.tuples(*[st.integers(1, 7)] * axes))
    kernel = draw(per_axis(axes, 1, 4))
    padding = draw(per_axis(axes, 0, min(as_tuple(kernel, axes)) // 2))
    options = dict(kernel_size=kernel, stride=draw(per_axis(axes, 1, 3) | st.none()),
                   padding=padding, ceil_mode=draw(st.booleans()))
    dilation = draw(per_axis(axes, 1, 2))
    assume(all(s + 2 * p > d * (k - 1) for s, p, d, k in zip(
        size, *(as_tuple(o, axes) for o in (padding, dilation, kernel)), strict=True)))
    return spread(normal(n, c, *size)), options, dilation


def twin(kind, x):
    return getattr(F, f"{kind}_pool{x.ndim - 2}d")


@settings(max_examples=100, derandomize=True)
@given(pools())
def test_max_agrees_with_pytorch_and_loops(drawn):
    x, options, dilation = drawn
    options = options | dict(dilation=dilation)
    assume(np.isfinite(max_pool_forward(x, **options)[0]).all())     # each window sees some of x
    y = agree(max_pool_forward, max_pool_backward, twin("max", x), [x], options)
    (_, where), _ = max_pool_forward(x, **options, return_indices=True)
    _, theirs = twin("max", x)(torch.tensor(x), **options, return_indices=True)
    np.testing.assert_array_equal(where, theirs)
    if not options.pop("ceil_mode"):
        np.testing.assert_array_equal(y, naive.max_pool(x, **options))


@settings(max_examples=100, derandomize=True)
@given(pools(), st.booleans(), st.sampled_from([None, 3, -2]))
def test_avg_agrees_with_pytorch_and_loops(drawn, count_include_pad, divisor):
    x, options, _ = drawn
    kernel = as_tuple(options["kernel_size"], x.ndim - 2)
    assume(all(s >= k for s, k in zip(x.shape[2:], kernel, strict=True)))      # torch in 3-D
    options["count_include_pad"] = count_include_pad
    if x.ndim > 3:
        options["divisor_override"] = divisor
    y = agree(avg_pool_forward, avg_pool_backward, twin("avg", x), [x], options)
    if count_include_pad and not options["ceil_mode"] and not options.get("divisor_override"):
        shape = {key: options[key] for key in ("kernel_size", "stride", "padding")}
        np.testing.assert_allclose(y, naive.avg_pool(x, **shape), **CLOSE)


def test_a_tie_goes_to_the_first():
    x = np.array([[[5.0, 5, 1, 7, 7, 7]]])
    y, cache = max_pool_forward(x, 3)
    np.testing.assert_array_equal(y, [[[5, 7]]])
    np.testing.assert_array_equal(max_pool_backward(np.array([[[1.0, 2]]]), cache),
                                  [[[1, 0, 0, 2, 0, 0]]])


def test_one_number_may_win_several_windows():
    _, cache = max_pool_forward(np.array([[[0.0, 9, 0, 0]]]), 2, stride=1)
    dx = max_pool_backward(np.array([[[1.0, 10, 100]]]), cache)
    np.testing.assert_array_equal(dx, [[[0, 11, 100, 0]]])


@settings(max_examples=100, derandomize=True)
@given(pools(), st.integers(0, 2**32 - 1))
def test_ties_nan_and_infinities_go_where_torch_sends_them(drawn, seed):
    x, options, dilation = drawn
    options = options | dict(dilation=dilation)
    assume(np.isfinite(max_pool_forward(x, **options)[0]).all())
    x = np.random.default_rng(seed).choice([0.0, 1.0, -np.inf, np.inf, np.nan], x.shape)
    agree(max_pool_forward, max_pool_backward, twin("max", x), [x], options)
    (_, where), _ = max_pool_forward(x, **options, return_indices=True)
    _, theirs = twin("max", x)(torch.tensor(x), **options, return_indices=True)
    np.testing.assert_array_equal(where, theirs)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_type_stays(dtype):
    x = normal(2, 3, 5, 4).astype(dtype)
    for forward, backward, options in [
            (max_pool_forward, max_pool_backward, dict(kernel_size=2, padding=1)),
            (avg_pool_forward, avg_pool_backward, dict(kernel_size=2, padding=1))]:
        y, cache = forward(x, **options)
        assert y.dtype == dtype and backward(y, cache).dtype == dtype


def test_the_order_in_memory_stays():
    x = np.moveaxis(normal(3, 4, 6, 2), -1, 0)            # clips innermost, as a convolution's y
    y, cache = max_pool_forward(x, 2)
    assert y.strides[0] == y.itemsize
    assert max_pool_backward(y, cache).strides[0] == y.itemsize


@pytest.mark.parametrize("call, message", [
    (lambda x: max_pool_forward(x, 2, padding=2), r"padding \(2, 2\) is more than half"),
    (lambda x: avg_pool_forward(x, (3, 2), padding=(1, 2)), r"\(1, 2\) is more than half"),
    (lambda x: max_pool_forward(x, 6), r"kernel \(6, 6\) does not fit in the .* \(5, 4\)"),
    (lambda x: max_pool_forward(x, (2, 2, 2)), r"kernel must be one whole number or 2 of them"),
    (lambda x: functional.max_pool1d(Tensor(x), 2), r"max_pool1d: input must have 3 axes"),
])
def test_what_does_not_fit_is_refused_by_name(call, message):
    with pytest.raises(ShapeError, match=message):
        call(np.ones((1, 2, 5, 4)))


def test_a_divisor_of_zero_is_refused():
    with pytest.raises(ValueError, match="divisor_override must not be 0"):
        avg_pool_forward(np.ones((1, 1, 4, 4)), 2, divisor_override=0)
