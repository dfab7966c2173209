"""Convolution by hand, plain and fast, against PyTorch and against the plain loops."""

from unittest.mock import patch

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.scratch.twins import CLOSE, agree, as_tuple, normal, per_axis, spread
from vidlearn import naive
from vidlearn.scratch import ShapeError, Tensor
from vidlearn.scratch.layers import columns
from vidlearn.scratch.layers.conv import (
    conv_backward,
    conv_forward,
    conv_plain_backward,
    conv_plain_forward,
)
from vidlearn.scratch.layers.conv_transpose import conv_transpose_backward, conv_transpose_forward
from vidlearn.scratch.nn import functional

PAIRS = {"plain": (conv_plain_forward, conv_plain_backward), "fast": (conv_forward, conv_backward)}
BYTES = st.sampled_from([1, 300, 3000, columns.BYTES])      # small: many blocks, of odd sizes


@st.composite
def convolutions(draw, grouped=True):
    """The arrays of a convolution that fits, x not contiguous, and its options."""
    axes, n, groups = (draw(st.integers(1, 3)) for _ in range(3))
    groups = groups if grouped else 1
    size, kernel = (draw(st.tuples(*[st.integers(1, most)] * axes)) for most in (6, 3))
    options = dict(stride=draw(per_axis(axes, 1, 3)), padding=draw(per_axis(axes, 0, 2)),
                   dilation=draw(per_axis(axes, 1, 2)))
    room = [s + 2 * p - d * (k - 1) for s, p, d, k in zip(
        size, as_tuple(options["padding"], axes), as_tuple(options["dilation"], axes), kernel,
        strict=True)]
    assume(min(room) > 0)
    inputs, outputs = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    x = spread(normal(n, groups * inputs, *size))
    weight = spread(normal(groups * outputs, inputs, *kernel, seed=1))
    bias = normal(groups * outputs, seed=2) if draw(st.booleans()) else None
    return [x, weight, bias], options | (dict(groups=groups) if grouped else {})


def twin(kind, arrays):
    return getattr(torch.nn.functional, f"{kind}{arrays[0].ndim - 2}d")


@settings(max_examples=80, derandomize=True)
@given(convolutions(), BYTES)
def test_fast_agrees_with_pytorch_and_loops(drawn, most):
    arrays, options = drawn
    with patch.object(columns, "BYTES", most):
        y = agree(*PAIRS["fast"], twin("conv", arrays), arrays, options)
    np.testing.assert_allclose(y, naive.conv(*arrays, **options), **CLOSE)


@settings(max_examples=60, derandomize=True)
@given(convolutions(grouped=False))
def test_plain_agrees_with_pytorch(drawn):
    arrays, options = drawn
    agree(*PAIRS["plain"], twin("conv", arrays), arrays, options)


@settings(max_examples=80, derandomize=True)
@given(convolutions(), BYTES, st.data())
def test_transposed_agrees_with_pytorch_and_loops(drawn, most, data):
    (x, weight, bias), options = drawn
    axes, groups = x.ndim - 2, options["groups"]
    channels, outputs = len(weight), weight.shape[1] * groups         # the way back: O -> C
    arrays = [spread(normal(len(x), channels, *x.shape[2:], seed=3)), weight,
              None if bias is None else normal(outputs, seed=4)]
    limit = max(min(as_tuple(options[o], axes)) for o in ("stride", "dilation"))
    options["output_padding"] = data.draw(per_axis(axes, 0, limit - 1))
    size = [(s - 1) * step - 2 * p + d * (k - 1) + e + 1 for s, k, (step, p, d, e) in zip(
        x.shape[2:], weight.shape[2:], zip(*(as_tuple(options[o], axes) for o in (
            "stride", "padding", "dilation", "output_padding")), strict=True), strict=True)]
    assume(min(size) > 0)
    with patch.object(columns, "BYTES", most):
        y = agree(conv_transpose_forward, conv_transpose_backward, twin("conv_transpose", arrays),
                  arrays, options)
    np.testing.assert_allclose(y, naive.conv_transpose(*arrays, **options), **CLOSE)


@pytest.mark.parametrize("size, kernel, stride, padding", [
    ((7,), (3,), 1, 0), ((6, 9), (3, 2), 2, 1), ((5, 6, 7), (3, 2, 3), 2, 1),
    ((1, 4, 4), (1, 4, 4), 1, 0), ((1, 8, 8), (3, 3, 3), (1, 2, 2), (1, 1, 0)),
    ((5, 6), (2, 3), (10**9, 2), 1),                  # the first step leads out of x
])
@pytest.mark.parametrize("pair", PAIRS)
def test_by_hand_agrees_with_pytorch(pair, size, kernel, stride, padding):
    arrays = [normal(2, 3, *size), normal(4, 3, *kernel), normal(4)]
    agree(*PAIRS[pair], twin("conv", arrays), arrays, dict(stride=stride, padding=padding))


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_type_stays(pair, dtype):
    forward, backward = PAIRS[pair]
    y, cache = forward(*(normal(*s).astype(dtype) for s in [(2, 3, 5, 4), (4, 3, 2, 3), (4,)]))
    assert {a.dtype for a in (y, *backward(y, cache))} == {np.dtype(dtype)}


def test_a_clip_larger_than_the_columns():
    arrays = [normal(3, 4, 9, 21, 20), normal(5, 4, 3, 3, 3), normal(5)]
    rows, places = 4 * 27, 9 * 21 * 20 * 3
    assert rows * places * 8 > 2 * columns.BYTES                      # three blocks at least
    agree(*PAIRS["fast"], twin("conv", arrays), arrays, dict(padding=1))


def test_no_clips_give_no_clips():
    y, cache = conv_forward(np.zeros((0, 2, 5, 5)), np.ones((3, 2, 3, 3)), np.ones(3))
    dx, dweight, dbias = conv_backward(y, cache)
    assert y.shape == (0, 3, 3, 3) and dx.shape == (0, 2, 5, 5)
    assert not dweight.any() and not dbias.any() and dweight.shape == (3, 2, 3, 3)


def test_what_comes_out_lies_clips_innermost_and_is_not_copied_again():
    y, cache = conv_forward(normal(3, 2, 6, 5), normal(4, 2, 3, 3))
    assert columns.clips_innermost(y).base is y.base
    dx, _, _ = conv_backward(y, cache)
    assert dx.strides[0] == dx.itemsize


def test_only_the_gradients_that_are_needed():
    y, cache = conv_forward(normal(1, 2, 5), normal(4, 2, 3))
    assert conv_backward(y, cache, needs=(False, True, False))[0] is None
    assert conv_backward(y, cache, needs=(True, False, False))[1] is None


def test_a_weight_used_twice_gets_both_gradients():
    weight = Tensor(np.ones((1, 1, 1)), requires_grad=True)
    x = Tensor(np.full((1, 1, 1), 3.0))
    functional.conv1d(functional.conv1d(x, weight), weight).backward()                # 3 w²
    assert weight.grad.item() == 6


REFUSED = [
    ((1, 2, 5), (4, 3, 3), {}, r"x \(1, 2, 5\) and weight \(4, 3, 3\) must have the same axes"),
    ((1, 2, 5, 5), (4, 2, 3), {}, r"x \(1, 2, 5, 5\) and weight \(4, 2, 3\)"),
    ((1, 4, 5), (4, 3, 3), dict(groups=2), r"channels times 2 groups"),
    ((1, 4, 5), (3, 2, 3), dict(groups=2), r"\(3, 2, 3\) has 3 outputs: 2 groups"),
    ((1, 2, 5), (4, 2, 8), dict(padding=1), r"kernel \(8,\) does not fit in the .* \(7,\)"),
    ((1, 2, 5), (4, 2, 3), dict(dilation=3), r"kernel \(3,\) with dilation \(3,\) does not fit"),
    ((1, 2, 5), (4, 2, 3), dict(stride=0), r"stride must be one whole number .* it is 0"),
    ((1, 2, 5), (4, 2, 3), dict(padding=(1, 1)), r"padding must be .* or 1 of them.* \(1, 1\)"),
    ((1, 2, 5), (4, 2, 3), dict(stride=1.5), r"stride must be one whole number .* it is 1.5"),
]


@pytest.mark.parametrize("x, weight, options, message", REFUSED)
def test_what_does_not_fit_is_refused_by_name(x, weight, options, message):
    with pytest.raises(ShapeError, match=message):
        conv_forward(np.ones(x), np.ones(weight), **options)


def test_a_bias_of_another_size_is_refused():
    with pytest.raises(ShapeError, match=r"bias \(3,\) must .* weight \(4, 2, 3\): \(4,\)"):
        conv_forward(np.ones((1, 2, 5)), np.ones((4, 2, 3)), np.ones(3))
    with pytest.raises(ShapeError, match=r"bias \(3,\) must have one number .*: \(4,\)"):
        conv_transpose_forward(np.ones((1, 2, 5)), np.ones((2, 4, 3)), np.ones(3))


@pytest.mark.parametrize("x, weight, options, message", [
    ((1, 3, 5), (2, 4, 3), {}, r"x \(1, 3, 5\) and weight \(2, 4, 3\) must have the same axes"),
    ((1, 3, 5), (3, 4, 3), dict(groups=2), r"\(1, 3, 5\) has 3 channels: 2 groups"),
    ((1, 2, 5), (2, 4, 3), dict(output_padding=1), r"output_padding \(1,\) must be smaller"),
    ((1, 2, 1), (2, 4, 1), dict(padding=2), r"size \(-3,\): take less padding than \(2,\)"),
])
def test_a_transposed_one_that_does_not_fit_is_refused_by_name(x, weight, options, message):
    with pytest.raises(ShapeError, match=message):
        conv_transpose_forward(np.ones(x), np.ones(weight), **options)


@pytest.mark.filterwarnings("ignore:Using padding='same'")
@pytest.mark.parametrize("kernel, dilation", [((3, 3), 1), ((2, 4), 1), ((3, 2), (2, 3))])
def test_padding_same_keeps_the_size(kernel, dilation):
    x, weight = normal(2, 3, 6, 7), normal(4, 3, *kernel)
    y = functional.conv2d(Tensor(x), Tensor(weight), padding="same", dilation=dilation)
    theirs = torch.nn.functional.conv2d(torch.tensor(x), torch.tensor(weight), padding="same",
                                        dilation=dilation)
    np.testing.assert_allclose(y.numpy(), theirs.numpy(), **CLOSE)
    assert y.shape[2:] == x.shape[2:]


def test_a_padding_that_has_no_meaning_is_refused():
    x, weight = Tensor(np.ones((1, 2, 5))), Tensor(np.ones((4, 2, 3)))
    with pytest.raises(ValueError, match="'same' keeps the size, stride 2 does not"):
        functional.conv1d(x, weight, stride=2, padding="same")
    with pytest.raises(ValueError, match="padding 'full' has no meaning"):
        functional.conv1d(x, weight, padding="full")


def test_an_input_with_too_many_axes_is_refused():
    with pytest.raises(ShapeError, match=r"conv1d wants an input of 3 axes, or 2 for one sample"):
        functional.conv1d(Tensor(np.ones((1, 2, 5, 5))), Tensor(np.ones((4, 2, 3))))
