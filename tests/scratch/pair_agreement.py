"""Compare a pair of plain functions with PyTorch: output and every gradient, in float64."""

import numpy as np
import torch
from hypothesis import strategies as st

CLOSE = dict(rtol=0, atol=1e-10)


def agree(forward, backward, twin, arrays, options):
    """Run both with the same random dy and compare; `arrays` may hold None. Returns y.

    The inputs and dy must be unchanged.
    """
    before = [None if a is None else a.copy() for a in arrays]
    theirs = [None if a is None else torch.tensor(a, requires_grad=True) for a in arrays]
    y, cache = forward(*arrays, **options)
    expected = twin(*theirs, **options)
    np.testing.assert_allclose(y, expected.detach().numpy(), **CLOSE)
    dy = spread(np.random.default_rng(1).normal(size=y.shape))
    kept = dy.copy()
    shares = backward(dy, cache)
    expected.backward(torch.tensor(dy))
    for share, leaf in zip(shares if isinstance(shares, tuple) else (shares,), theirs, strict=True):
        if leaf is None:
            assert share is None
        else:
            np.testing.assert_allclose(share, leaf.grad.numpy(), **CLOSE)
    for array, was in zip([*arrays, dy], [*before, kept], strict=True):
        np.testing.assert_array_equal(array, was)
    return y


def spread(array):
    """The same numbers, not contiguous: every second one along the last axis of a larger array."""
    room = np.full((*array.shape[:-1], 2 * array.shape[-1]), np.nan, array.dtype)
    room[..., ::2] = array
    return room[..., ::2]


def per_axis(axes, low, high):
    """One number, or one for each axis."""
    return st.integers(low, high) | st.tuples(*[st.integers(low, high)] * axes)


def as_tuple(value, axes):
    return value if isinstance(value, tuple) else (value,) * axes


def normal(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)
