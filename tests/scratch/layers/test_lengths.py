"""Sequences of unequal length against PyTorch's packed ones: last states and every gradient."""

import numpy as np
import pytest
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence

from vidlearn.scratch import ShapeError, Tensor, gradcheck, lift, nn
from vidlearn.scratch.layers import lengths

SIZES = [4, 1, 6, 6, 2]


def sequences(rng, features=3):
    return [rng.normal(size=(size, features)) for size in SIZES]


def test_padding_is_that_of_pytorch():
    given = sequences(np.random.default_rng(0))
    x, found = lengths.pad(given)
    np.testing.assert_array_equal(x, pad_sequence([torch.tensor(s) for s in given]))
    assert found.tolist() == SIZES


def test_the_mask_covers_what_is_real():
    mask = lengths.mask([1, 3, 2], 4)
    assert mask.dtype == bool and mask.shape == (4, 3)
    np.testing.assert_array_equal(mask.sum(0), [1, 3, 2])
    np.testing.assert_array_equal(mask[:, 2], [True, True, False, False])


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
def test_the_last_state_is_that_of_a_packed_sequence(kind):
    rng = np.random.default_rng(1)
    ours, theirs = getattr(nn, kind)(3, 4).double(), getattr(torch.nn, kind)(3, 4).double()
    theirs.load_state_dict({name: torch.tensor(p.numpy()) for name, p in ours.state_dict().items()})
    array, sizes = lengths.pad(sequences(rng))
    dy = rng.normal(size=(len(SIZES), 4))
    mine, leaf = Tensor(array, requires_grad=True), torch.tensor(array, requires_grad=True)
    last = lift(lengths.last_forward, lengths.last_backward)(ours(mine)[0], lengths=sizes)
    _, state = theirs(pack_padded_sequence(leaf, sizes, enforce_sorted=False))
    expected = (state[0] if kind == "LSTM" else state)[0]
    np.testing.assert_allclose(last.detach(), expected.detach(), atol=1e-12)
    last.backward(Tensor(dy))
    expected.backward(torch.tensor(dy))
    for a, b in zip([mine, *ours.parameters()], [leaf, *theirs.parameters()], strict=True):
        np.testing.assert_allclose(a.grad, b.grad, atol=1e-10)
    assert not np.asarray(mine.grad)[~lengths.mask(sizes, len(array))].any()


def test_its_slopes_fit():
    pair = lengths.last_forward, lengths.last_backward
    assert gradcheck(pair, (np.random.default_rng(2).normal(size=(6, 5, 2)),), lengths=SIZES)


@pytest.mark.parametrize("wrong", [[1, 2], [0, 1, 2], [1, 2, 5], [[1, 2, 3]]])
def test_lengths_that_do_not_fit_are_refused(wrong):
    with pytest.raises(ShapeError, match=r"y \(4, 3, 2\) needs 3 lengths in 1..4, not \["):
        lengths.last_forward(np.zeros((4, 3, 2)), wrong)
