"""Convolution by hand, plain and fast, against PyTorch and against the plain loops."""

from unittest.mock import patch

import numpy as np
import pytest
import torch
from hypothesis import given, settings

from tests.scratch.layers.convolutions import BYTES, convolutions, twin
from tests.scratch.pair_agreement import CLOSE, agree, normal
from vidlearn import naive
from vidlearn.scratch import ShapeError, Tensor
from vidlearn.scratch.layers import im2col
from vidlearn.scratch.layers.conv import (
    conv_backward,
    conv_forward,
    conv_plain_backward,
    conv_plain_forward,
)
from vidlearn.scratch.nn import functional

PAIRS = {"plain": (conv_plain_forward, conv_plain_backward), "fast": (conv_forward, conv_backward)}


@settings(max_examples=80, derandomize=True)
@given(convolutions(), BYTES)
def test_fast_agrees_with_pytorch_and_loops(drawn, most):
    arrays, options = drawn
    with patch.object(im2col, "BLOCK_BYTES", most):
        y = agree(*PAIRS["fast"], twin("conv", arrays), arrays, options)
    np.testing.assert_allclose(y, naive.conv(*arrays, **options), **CLOSE)


@settings(max_examples=60, derandomize=True)
@given(convolutions(grouped=False))
def test_plain_agrees_with_pytorch(drawn):
    arrays, options = drawn
    agree(*PAIRS["plain"], twin("conv", arrays), arrays, options)


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


def test_no_clips_give_no_clips():
    y, cache = conv_forward(np.zeros((0, 2, 5, 5)), np.ones((3, 2, 3, 3)), np.ones(3))
    dx, dweight, dbias = conv_backward(y, cache)
    assert y.shape == (0, 3, 3, 3) and dx.shape == (0, 2, 5, 5)
    assert not dweight.any() and not dbias.any() and dweight.shape == (3, 2, 3, 3)


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
    with pytest.raises(ValueError, match="padding 'same' needs stride 1, not stride 2"):
        functional.conv1d(x, weight, stride=2, padding="same")
    with pytest.raises(ValueError, match="padding must be .* not 'full'"):
        functional.conv1d(x, weight, padding="full")


def test_an_input_with_too_many_axes_is_refused():
    with pytest.raises(ShapeError, match=r"conv1d: input must have 3 axes, or 2 for one sample"):
        functional.conv1d(Tensor(np.ones((1, 2, 5, 5))), Tensor(np.ones((4, 2, 3))))
