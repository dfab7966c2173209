"""Batch norm and layer norm by hand against PyTorch."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.scratch.torch_samples import ops_agree
from vidlearn.scratch import ShapeError, Tensor
from vidlearn.scratch.nn import functional as F

test_ops = ops_agree({
    "nn.functional.batch_norm": F.batch_norm,
    "nn.functional.layer_norm": F.layer_norm,
    "nn.functional.group_norm": F.group_norm,
})


@given(st.lists(st.integers(1, 4), min_size=0, max_size=3), st.integers(2, 4), st.integers(1, 3),
       st.booleans(), st.booleans(), st.integers(0, 99))
def test_any_number_of_axes_and_the_running_statistics(sizes, n, c, training, affine, seed):
    rng = np.random.default_rng(seed)
    x, mean, var = rng.normal(3, 2, (n, c, *sizes)), rng.normal(size=c), rng.uniform(1, 2, c)
    learned = [rng.normal(size=c), rng.normal(size=c)] if affine else []
    ours = [Tensor(a, requires_grad=True) for a in (x, *learned)]
    theirs = [torch.tensor(a, requires_grad=True) for a in (x, *learned)]
    running = [torch.tensor(a) for a in (mean, var)]

    y = F.batch_norm(ours[0], mean, var, *ours[1:], training=training, momentum=0.3)
    expected = torch.nn.functional.batch_norm(theirs[0], *running, *theirs[1:], training=training,
                                              momentum=0.3)
    dy = rng.normal(size=y.shape)
    y.backward(dy)
    expected.backward(torch.tensor(dy))

    np.testing.assert_allclose(y.data, expected.detach(), atol=1e-10)
    np.testing.assert_allclose([mean, var], np.stack(running), atol=1e-12)
    for mine, leaf in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine.grad, leaf.grad, atol=1e-9)


def test_each_channel_gets_mean_0_and_spread_1():
    x = np.random.default_rng(0).normal(5, 3, (6, 2, 4, 4, 4))
    y = F.batch_norm(x, None, None, training=True)
    np.testing.assert_allclose(y.data.mean((0, 2, 3, 4)), 0, atol=1e-12)
    np.testing.assert_allclose(y.data.std((0, 2, 3, 4)), 1, atol=1e-4)


def test_single_precision_stays_single_and_a_large_mean_does_no_harm():
    x = np.random.default_rng(0).normal(1e4, 1, (8, 2, 5)).astype(np.float32)
    running = np.zeros(2, np.float32), np.ones(2, np.float32)
    leaf = Tensor(x, requires_grad=True)
    y = F.batch_norm(leaf, *running, np.ones(2, np.float32), training=True)
    (y * y).sum().backward()
    assert y.dtype == leaf.grad.dtype == running[0].dtype == np.float32
    exact = F.batch_norm(x.astype(float), None, None, training=True)
    np.testing.assert_allclose(y.data, exact.data, atol=2e-3)


def test_the_input_is_left_as_it_was_though_buffers_are_used_again():
    x = np.random.default_rng(0).normal(size=(4, 3, 5)).transpose(0, 2, 1)
    before, leaf = x.copy(), Tensor(x, requires_grad=True)
    F.batch_norm(leaf, None, None, training=True).sum().backward()
    np.testing.assert_array_equal(x, before)


def test_one_value_a_channel_teaches_nothing():
    with pytest.raises(ShapeError, match=r"x \(1, 3, 1\) has one value a channel"):
        F.batch_norm(np.ones((1, 3, 1)), None, None, training=True)


def test_layer_norm_names_the_axes_that_do_not_fit():
    with pytest.raises(ShapeError, match=r"x \(2, 3, 4\) must be \(3,\)"):
        F.layer_norm(np.ones((2, 3, 4)), [3])
