"""The mean of the real steps: torch's by its own mask, forward and back."""

import numpy as np
import pytest
import torch

from vidlearn.scratch import gradcheck
from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.layers.masked import masked_mean_backward, masked_mean_forward

RNG = np.random.default_rng
MASKS = [
    [[1, 1, 1, 0], [1, 0, 0, 0], [1, 1, 1, 1]], [[1]], [[1, 1]], [[0, 1, 0], [1, 0, 1]]]


@pytest.mark.parametrize("mask", MASKS)
def test_forward_and_backward_are_torchs(mask):
    mask = np.array(mask, bool)
    x = RNG(0).normal(size=(*mask.shape, 3))
    y, cache = masked_mean_forward(x, mask)
    theirs = torch.tensor(x, requires_grad=True)
    expected = torch.stack([row[torch.tensor(real)].mean(0)
                            for row, real in zip(theirs, mask, strict=True)])
    dy = RNG(1).normal(size=y.shape)
    expected.backward(torch.tensor(dy))
    np.testing.assert_allclose(y, expected.detach().numpy(), atol=1e-12)
    np.testing.assert_allclose(masked_mean_backward(dy, cache), theirs.grad.numpy(), atol=1e-12)


def test_slopes_fit():
    gradcheck((masked_mean_forward, masked_mean_backward),
              (RNG(2).normal(size=(2, 5, 3)),), mask=np.array([[1, 1, 0, 0, 0], [1, 1, 1, 1, 1]]))


def test_what_lies_in_the_padding_is_never_read():
    mask = np.array([[True, True, False]])
    x = np.array([[[1.0], [3.0], [np.nan]]])
    y, _ = masked_mean_forward(x, mask)
    assert y.tolist() == [[2.0]] and np.isnan(x[0, 2, 0])
    assert masked_mean_forward(x.astype(np.float32), mask)[0].dtype == np.float32


@pytest.mark.parametrize("mask, words", [
    (np.ones((2, 4)), r"x \(2, 3, 1\) must be \(N, T, F\), and mask \(2, 4\)"),
    (np.array([[1, 1, 1], [0, 0, 0]]), "sequence 1 has no real step"),
])
def test_a_wrong_mask_is_refused(mask, words):
    with pytest.raises(ShapeError, match=words):
        masked_mean_forward(np.ones((2, 3, 1)), mask)
