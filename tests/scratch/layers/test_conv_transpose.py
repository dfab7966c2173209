"""Transposed convolution by hand against PyTorch and against the plain loops."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.scratch.layers.convolutions import BYTES, convolutions, twin
from tests.scratch.pair_agreement import CLOSE, agree, as_tuple, normal, per_axis, spread
from vidlearn import naive
from vidlearn.scratch import ShapeError
from vidlearn.scratch.layers import im2col
from vidlearn.scratch.layers.conv_transpose import conv_transpose_backward, conv_transpose_forward


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
    with patch.object(im2col, "BLOCK_BYTES", most):
        y = agree(conv_transpose_forward, conv_transpose_backward, twin("conv_transpose", arrays),
                  arrays, options)
    np.testing.assert_allclose(y, naive.conv_transpose(*arrays, **options), **CLOSE)


@pytest.mark.parametrize("x, weight, options, message", [
    ((1, 3, 5), (2, 4, 3), {}, r"x \(1, 3, 5\) and weight \(2, 4, 3\) must have the same axes"),
    ((1, 3, 5), (3, 4, 3), dict(groups=2), r"\(1, 3, 5\) has 3 channels: 2 groups"),
    ((1, 2, 5), (2, 4, 3), dict(output_padding=1), r"output_padding \(1,\) must be smaller"),
    ((1, 2, 1), (2, 4, 1), dict(padding=2), r"size \(-3,\): take less padding than \(2,\)"),
])
def test_a_transposed_one_that_does_not_fit_is_refused_by_name(x, weight, options, message):
    with pytest.raises(ShapeError, match=message):
        conv_transpose_forward(np.ones(x), np.ones(weight), **options)


def test_a_bias_of_another_size_is_refused():
    with pytest.raises(ShapeError, match=r"bias \(3,\) must have one number .*: \(4,\)"):
        conv_transpose_forward(np.ones((1, 2, 5)), np.ones((2, 4, 3)), np.ones(3))
