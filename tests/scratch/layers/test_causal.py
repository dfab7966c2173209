"""Causal convolution against PyTorch's with padding on the left; the leak; the stream."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vidlearn import naive
from vidlearn.scratch import ShapeError, gradcheck
from vidlearn.scratch.layers import causal

F = torch.nn.functional
PAIR = causal.causal_conv1d_forward, causal.causal_conv1d_backward
SIZES = st.fixed_dictionaries({
    "n": st.integers(1, 3), "c": st.integers(1, 4), "t": st.integers(1, 12),
    "o": st.integers(1, 4), "k": st.integers(1, 4), "seed": st.integers(0, 99)})


def draw(n, c, t, o, k, seed):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, c, t)), rng.normal(size=(o, c, k)), rng.normal(size=o)


def twin(x, weight, bias, dilation):
    """Output and gradients of PyTorch, for a dy of 0, 1, 2, ..."""
    leaves = [None if a is None else torch.tensor(a, requires_grad=True) for a in (x, weight, bias)]
    padded = F.pad(leaves[0], ((weight.shape[2] - 1) * dilation, 0))
    y = F.conv1d(padded, *leaves[1:], dilation=dilation)
    y.backward(torch.arange(y.numel(), dtype=y.dtype).reshape(y.shape))
    return y.detach().numpy(), [None if leaf is None else leaf.grad.numpy() for leaf in leaves]


def drawn_layers(rng, channels, kernels, dilations):
    return [(rng.normal(size=(channels, channels, k)) / channels,
             rng.normal(size=channels) if d % 2 else None, d)
            for k, d in zip(kernels, dilations, strict=True)]


@given(SIZES, st.integers(1, 6), st.booleans())
def test_forward_and_backward_are_pytorchs(sizes, dilation, biased):
    x, weight, bias = draw(**sizes)
    bias = bias if biased else None
    before = x.copy(), weight.copy()
    y, cache = causal.causal_conv1d_forward(x, weight, bias, dilation)
    theirs, gradients = twin(x, weight, bias, dilation)
    np.testing.assert_allclose(y, theirs, rtol=0, atol=1e-10)
    ours = causal.causal_conv1d_backward(np.arange(y.size, dtype=float).reshape(y.shape), cache)
    for mine, its in zip(ours, gradients, strict=True):
        if its is None:
            assert mine is None
        else:
            np.testing.assert_allclose(mine, its, rtol=0, atol=1e-10)
    assert np.array_equal(x, before[0]) and np.array_equal(weight, before[1])


@given(SIZES, st.integers(1, 6))
def test_it_is_the_plain_loops(sizes, dilation):
    x, weight, bias = draw(**sizes)
    y, _ = causal.causal_conv1d_forward(x, weight, bias, dilation)
    np.testing.assert_allclose(y, naive.causal_conv(x, weight, bias, dilation), rtol=0, atol=1e-12)
    np.testing.assert_allclose(naive.causal_conv(x, weight), twin(x, weight, None, 1)[0],
                               rtol=0, atol=1e-12)


@pytest.mark.parametrize("t, k, dilation", [(9, 3, 2), (2, 3, 4), (1, 1, 1), (5, 1, 3)])
def test_its_slopes_fit(t, k, dilation):
    x, weight, bias = draw(2, 3, t, 4, k, 0)
    assert gradcheck(PAIR, (x, weight, bias), dilation=dilation)


def test_a_first_layer_computes_no_gradient_of_its_input():
    x, weight, bias = draw(2, 3, 7, 4, 3, 0)
    y, cache = causal.causal_conv1d_forward(x, weight, bias, 2)
    rest = causal.causal_conv1d_backward(y, cache, needs=(False, True, True))
    assert rest[0] is None
    np.testing.assert_array_equal(rest[1], causal.causal_conv1d_backward(y, cache)[1])


def test_an_input_that_is_not_contiguous_and_one_of_float32():
    x, weight, bias = draw(4, 3, 10, 2, 3, 1)
    odd = np.asfortranarray(x)[::2, :, ::-1]
    np.testing.assert_array_equal(
        causal.causal_conv1d_forward(odd, weight, bias, 2)[0],
        causal.causal_conv1d_forward(odd.copy(), weight, bias, 2)[0])
    small = [a.astype(np.float32) for a in (x, weight, bias)]
    state = causal.causal_start(4, small[1], 2, np.float32)
    y, state = causal.causal_conv1d_step(small[0], state, *small[1:], dilation=2)
    assert causal.causal_conv1d_forward(*small)[0].dtype == y.dtype == state.dtype == np.float32


@given(SIZES, st.integers(1, 5), st.data())
def test_the_future_changes_nothing_to_the_last_bit(sizes, dilation, data):
    x, weight, bias = draw(**sizes)
    cut = data.draw(st.integers(0, sizes["t"]))
    other = x.copy()
    other[..., cut:] = 1e9
    y, new = (causal.causal_conv1d_forward(a, weight, bias, dilation)[0] for a in (x, other))
    np.testing.assert_array_equal(y[..., :cut], new[..., :cut])
    assert cut == sizes["t"] or (y[..., cut] != new[..., cut]).any()


def test_the_taps_by_hand():
    x = np.array([[[1.0, 2, 3, 4, 5]]])
    def y(weight, dilation):
        return causal.causal_conv1d_forward(x, np.array([[weight]]), None, dilation)[0].tolist()
    assert y([0.0, 1], 2) == x.tolist()                              # the last tap is now
    assert y([1.0, 0], 2) == [[[0, 0, 1, 2, 3]]]                     # the first: two steps ago
    assert y([100.0, 10, 1], 1) == [[[1, 12, 123, 234, 345]]]


@given(SIZES, st.integers(1, 5), st.data())
def test_a_stream_in_chunks_is_the_whole_run(sizes, dilation, data):
    x, weight, bias = draw(**sizes)
    state, parts, at = causal.causal_start(len(x), weight, dilation), [], 0
    while at < sizes["t"]:
        size = data.draw(st.integers(1, sizes["t"] - at))
        chunk, before = x[..., at:at + size], state.copy()
        y, new = causal.causal_conv1d_step(chunk, state, weight, bias, dilation)
        np.testing.assert_array_equal(state, before)
        parts, state, at = [*parts, y], new, at + size
    whole, _ = causal.causal_conv1d_forward(x, weight, bias, dilation)
    np.testing.assert_allclose(np.concatenate(parts, axis=2), whole, rtol=0, atol=1e-12)
    reach = min((sizes["k"] - 1) * dilation, sizes["t"])
    np.testing.assert_array_equal(state[..., state.shape[2] - reach:], x[..., sizes["t"] - reach:])


def test_a_state_holds_no_view_of_the_chunk():
    x, weight, _ = draw(1, 2, 6, 2, 3, 0)
    _, state = causal.causal_conv1d_step(x, causal.causal_start(1, weight), weight)
    kept = state.copy()
    x[...] = 0
    np.testing.assert_array_equal(state, kept)


STACKS = [((3, 3, 3), (1, 2, 4)), ((2, 2, 2, 2), (1, 2, 4, 8)), ((1,), (1,)), ((2, 3), (4, 1))]


@pytest.mark.parametrize("kernels, dilations", STACKS)
def test_a_stack_and_its_gradients_are_pytorchs(kernels, dilations):
    rng = np.random.default_rng(3)
    layers, x = drawn_layers(rng, 4, kernels, dilations), rng.normal(size=(2, 4, 11))
    y, cache = causal.causal_stack_forward(x, layers)
    leaves = [[None if a is None else torch.tensor(a, requires_grad=True) for a in layer[:2]]
              for layer in layers]
    leaf = its = torch.tensor(x, requires_grad=True)
    for (weight, bias), d in zip(leaves, dilations, strict=True):
        padded = F.pad(its, ((weight.shape[2] - 1) * d, 0))
        its = its + torch.relu(F.conv1d(padded, weight, bias, dilation=d))
    np.testing.assert_allclose(y, its.detach(), rtol=0, atol=1e-10)
    dy = rng.normal(size=y.shape)
    its.backward(torch.tensor(dy))
    dx, gradients = causal.causal_stack_backward(dy, cache)
    np.testing.assert_allclose(dx, leaf.grad, rtol=0, atol=1e-10)
    for ours, theirs in zip(gradients, leaves, strict=True):
        for mine, one in zip(ours, theirs, strict=True):
            assert (mine is None) == (one is None)
            if one is not None:
                np.testing.assert_allclose(mine, one.grad, rtol=0, atol=1e-10)


@pytest.mark.parametrize("kernels, dilations", STACKS)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_a_stack_streams(kernels, dilations, sizes):
    rng = np.random.default_rng(4)
    layers, x = drawn_layers(rng, 3, kernels, dilations), rng.normal(size=(2, 3, sum(sizes)))
    states, parts = causal.causal_stack_start(2, layers), []
    for chunk in np.split(x, np.cumsum(sizes)[:-1], axis=2):
        y, states = causal.causal_stack_step(chunk, states, layers)
        parts.append(y)
    whole, _ = causal.causal_stack_forward(x, layers)
    np.testing.assert_allclose(np.concatenate(parts, axis=2), whole, rtol=0, atol=1e-12)


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 5)), max_size=4))
def test_delays_and_field_are_where_the_gradient_arrives(layers):
    kernels, dilations = [k for k, _ in layers], [d for _, d in layers]
    field = causal.receptive_field(kernels, dilations)
    y = x = torch.zeros(1, 1, field + 3, requires_grad=True)
    for k, d in layers:
        y = F.conv1d(F.pad(y, ((k - 1) * d, 0)), torch.ones(1, 1, k), dilation=d)
    y[0, 0, -1].backward()
    heard = x.grad[0, 0].flip(0).nonzero()[:, 0].tolist()            # counted back from now
    assert causal.delays(kernels, dilations) == heard and heard[-1] == field - 1


def test_holes():
    assert causal.delays([2, 2, 2, 2], [1, 2, 4, 8]) == list(range(16))
    assert causal.delays([2, 2, 2], [1, 4, 16]) == [0, 1, 4, 5, 16, 17, 20, 21]
    assert causal.delays([3, 3], [2, 2]) == [0, 2, 4, 6, 8]
    assert causal.receptive_field([2, 2, 2], [1, 4, 16]) == 22
    with pytest.raises(ValueError):
        causal.receptive_field([2, 2], [1])


@pytest.mark.parametrize("x, weight, options, words", [
    ((2, 3, 0), (4, 3, 2), {}, r"x \(2, 3, 0\) must be .* at least one step"),
    ((2, 3, 8), (4, 2, 2), {}, r"channels of weight \(4, 2, 2\)"),
    ((2, 3, 8), (4, 3, 2), dict(dilation=0), "dilation must be one whole number .* it is 0"),
    ((2, 3, 8), (4, 3, 2), dict(dilation=1.5), "dilation must be .* it is 1.5"),
    ((2, 3, 8), (4, 3, 2), dict(bias=np.zeros(3)), r"bias \(3,\) must have one number for each"),
])
def test_what_does_not_fit_is_refused(x, weight, options, words):
    with pytest.raises(ShapeError, match=words):
        causal.causal_conv1d_forward(np.zeros(x), np.zeros(weight), **options)


def test_a_state_of_other_weights_is_refused():
    x, weight, _ = draw(2, 3, 5, 4, 3, 0)
    state = causal.causal_start(2, weight, 2)
    with pytest.raises(ShapeError, match=r"state \(2, 3, 4\) does not fit: .* dilation 3 need "
                                         r"\(2, 3, 6\); begin with causal_start"):
        causal.causal_conv1d_step(x, state, weight, dilation=3)
    with pytest.raises(ValueError):
        causal.causal_stack_step(x, [state], [])
