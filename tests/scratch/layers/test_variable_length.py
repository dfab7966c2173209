"""Sequences of different lengths against PyTorch's packed ones: states, means, every gradient."""

import numpy as np
import pytest
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence

from vidlearn.scratch import ShapeError, Tensor, gradcheck, lift, nn
from vidlearn.scratch.layers import variable_length
from vidlearn.scratch.layers.variable_length import masked_mean_backward, masked_mean_forward

SIZES = [4, 1, 6, 6, 2]
MASKS = [
    [[1, 1, 1, 0], [1, 0, 0, 0], [1, 1, 1, 1]], [[1]], [[1, 1]], [[0, 1, 0], [1, 0, 1]]]


def sequences(rng, features=3):
    return [rng.normal(size=(size, features)) for size in SIZES]


def test_padding_is_that_of_pytorch():
    given = sequences(np.random.default_rng(0))
    x, found = variable_length.pad_sequence(given)
    np.testing.assert_array_equal(x, pad_sequence([torch.tensor(s) for s in given]))
    assert found.tolist() == SIZES


def test_the_mask_covers_what_is_real():
    mask = variable_length.mask([1, 3, 2], 4)
    assert mask.dtype == bool and mask.shape == (4, 3)
    np.testing.assert_array_equal(mask.sum(0), [1, 3, 2])
    np.testing.assert_array_equal(mask[:, 2], [True, True, False, False])


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
def test_the_last_state_is_that_of_a_packed_sequence(kind):
    rng = np.random.default_rng(1)
    ours, theirs = getattr(nn, kind)(3, 4).double(), getattr(torch.nn, kind)(3, 4).double()
    theirs.load_state_dict({name: torch.tensor(p.numpy()) for name, p in ours.state_dict().items()})
    array, sizes = variable_length.pad_sequence(sequences(rng))
    dy = rng.normal(size=(len(SIZES), 4))
    mine, leaf = Tensor(array, requires_grad=True), torch.tensor(array, requires_grad=True)
    take_last = lift(variable_length.last_forward, variable_length.last_backward)
    last = take_last(ours(mine)[0], lengths=sizes)
    _, state = theirs(pack_padded_sequence(leaf, sizes, enforce_sorted=False))
    expected = (state[0] if kind == "LSTM" else state)[0]
    np.testing.assert_allclose(last.detach(), expected.detach(), atol=1e-12)
    last.backward(Tensor(dy))
    expected.backward(torch.tensor(dy))
    for a, b in zip([mine, *ours.parameters()], [leaf, *theirs.parameters()], strict=True):
        np.testing.assert_allclose(a.grad, b.grad, atol=1e-10)
    assert not np.asarray(mine.grad)[~variable_length.mask(sizes, len(array))].any()


def test_the_slopes_of_the_last_state_fit():
    pair = variable_length.last_forward, variable_length.last_backward
    assert gradcheck(pair, (np.random.default_rng(2).normal(size=(6, 5, 2)),), lengths=SIZES)


@pytest.mark.parametrize("wrong", [[1, 2], [0, 1, 2], [1, 2, 5], [[1, 2, 3]]])
def test_lengths_that_do_not_fit_are_refused(wrong):
    with pytest.raises(ShapeError, match=r"y \(4, 3, 2\) needs 3 lengths in 1..4, not \["):
        variable_length.last_forward(np.zeros((4, 3, 2)), wrong)


@pytest.mark.parametrize("mask", MASKS)
def test_a_masked_mean_and_its_gradient_are_those_of_pytorch(mask):
    mask = np.array(mask, bool)
    x = np.random.default_rng(0).normal(size=(*mask.shape, 3))
    y, cache = masked_mean_forward(x, mask)
    theirs = torch.tensor(x, requires_grad=True)
    expected = torch.stack([row[torch.tensor(real)].mean(0)
                            for row, real in zip(theirs, mask, strict=True)])
    dy = np.random.default_rng(1).normal(size=y.shape)
    expected.backward(torch.tensor(dy))
    np.testing.assert_allclose(y, expected.detach().numpy(), atol=1e-12)
    np.testing.assert_allclose(masked_mean_backward(dy, cache), theirs.grad.numpy(), atol=1e-12)


def test_the_slopes_of_a_masked_mean_fit():
    gradcheck((masked_mean_forward, masked_mean_backward),
              (np.random.default_rng(2).normal(size=(2, 5, 3)),),
              mask=np.array([[1, 1, 0, 0, 0], [1, 1, 1, 1, 1]]))


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
