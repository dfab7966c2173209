"""Hypothesis draws convolutions: their arrays and options, and how many columns make a block."""

import torch
from hypothesis import assume
from hypothesis import strategies as st

from tests.scratch.pair_agreement import as_tuple, normal, per_axis, spread
from vidlearn.scratch.layers import im2col

BYTES = st.sampled_from([1, 300, 3000, im2col.BLOCK_BYTES])      # small: many blocks, of odd sizes


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
