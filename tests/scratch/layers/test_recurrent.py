"""RNN, LSTM and GRU by hand against PyTorch: batches, layers, directions, states; and each gate."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vidlearn import naive, scratch
from vidlearn.scratch import ShapeError, Tensor, UnsupportedOption, nn
from vidlearn.scratch.layers import recurrent
from vidlearn.scratch.layers.recurrent import gru_forward, lstm_forward, rnn_forward

KINDS = {"RNN": {}, "RNN relu": {"nonlinearity": "relu"}, "LSTM": {}, "GRU": {}}
OPTIONS = st.fixed_dictionaries({
    "input_size": st.integers(1, 4), "hidden_size": st.integers(1, 4), "bias": st.booleans()})


@pytest.mark.parametrize("kind", KINDS)
@given(OPTIONS, st.fixed_dictionaries({
    "num_layers": st.integers(1, 3), "batch_first": st.booleans(), "bidirectional": st.booleans()}),
    st.integers(1, 4), st.sampled_from([None, 1, 3]), st.booleans(), st.integers(0, 99))
def test_sequences(kind, options, more, steps, batch, start, seed):
    ours, theirs = twins(kind.split()[0], **options, **more, **KINDS[kind])
    rng = np.random.default_rng(seed)
    order = (batch, steps) if more["batch_first"] else (steps, batch)
    x = rng.normal(size=(*(n for n in order if n), options["input_size"]))
    count = more["num_layers"] * (1 + more["bidirectional"])
    states = [rng.normal(size=(count, *([batch] if batch else []), options["hidden_size"]))
              for _ in range(2 if kind == "LSTM" else 1)]
    same(ours, theirs, x, states if start else None, rng)


@pytest.mark.parametrize("kind", KINDS)
@given(OPTIONS, st.sampled_from([None, 1, 3]), st.booleans(), st.integers(0, 99))
def test_cells(kind, options, batch, start, seed):
    ours, theirs = twins(kind.split()[0] + "Cell", **options, **KINDS[kind])
    rng, batch = np.random.default_rng(seed), [batch] if batch else []
    states = [rng.normal(size=(*batch, options["hidden_size"]))
              for _ in range(2 if kind == "LSTM" else 1)]
    x = rng.normal(size=(*batch, options["input_size"]))
    same(ours, theirs, x, states if start else None, rng)


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
def test_a_sequence_is_its_cell_step_by_step(kind):
    layer, cell = getattr(nn, kind)(3, 4), getattr(nn, kind + "Cell")(3, 4)
    cell.load_state_dict({name.removesuffix("_l0"): p for name, p in layer.state_dict().items()})
    x = Tensor(np.random.default_rng(0).normal(size=(5, 2, 3)).astype(np.float32))
    y, _ = layer(x)
    state = None
    for t in range(5):
        state = cell(x[t], state)
        h = state[0] if kind == "LSTM" else state
        np.testing.assert_allclose(y[t].detach(), h.detach(), atol=1e-6)


@pytest.mark.parametrize("kind", ["rnn", "lstm", "gru"])
def test_a_first_layer_computes_no_gradient_of_its_input(kind):
    forward, backward = (getattr(recurrent, f"{kind}_{way}") for way in ("forward", "backward"))
    gates, states = {"rnn": (1, 1), "lstm": (4, 2), "gru": (3, 1)}[kind]
    rng = np.random.default_rng(0)
    inputs = [rng.normal(size=shape) for shape in [
        (5, 2, 3), *[(2, 4)] * states, (4 * gates, 3), (4 * gates, 4), *[(4 * gates,)] * 2]]
    y, cache = forward(*inputs)
    everything = backward(y, cache)
    rest = backward(y, cache, needs=(False,) + (True,) * (len(inputs) - 1))
    assert everything[0].shape == (5, 2, 3) and rest[0] is None
    for some, all_of_it in zip(rest[1:], everything[1:], strict=True):
        np.testing.assert_array_equal(some, all_of_it)


def test_a_gate_forced_open_or_shut():
    """By the order i, f, g, o of an LSTM and r, z, n of a GRU, biases alone decide what happens."""
    x, h, c = np.zeros((1, 1, 1)), np.full((1, 1), 0.5), np.full((1, 1), 0.25)
    zeros, shut, wide = np.zeros((4, 1)), -1e3, 1e3
    (_, cell), _ = lstm_forward(x, h, c, zeros, zeros, np.array([shut, wide, 9, wide]))
    assert cell == 0.25                                    # remembers: f open, i shut
    (y, cell), _ = lstm_forward(x, h, c, zeros, zeros, np.array([wide, shut, 9, shut]))
    assert (cell.item(), y.item()) == (np.tanh(9), 0)      # overwritten: i open; hidden: o shut
    y, _ = gru_forward(x, h, zeros[:3], zeros[:3], np.array([0, wide, 0]))
    assert y == 0.5                                        # keeps h: z open
    y, _ = gru_forward(x, h, zeros[:3], np.ones((3, 1)), np.array([shut, shut, 0.0]))
    assert y == 0                                          # n does not see h: r shut


STEPS = {"rnn": (rnn_forward, 1), "lstm": (lstm_forward, 4), "gru": (gru_forward, 3)}


@pytest.mark.parametrize("kind", STEPS)
def test_each_step_is_that_of_plain_loops(kind):
    forward, gates = STEPS[kind]
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, 2, 4))
    states = [rng.normal(size=(2, 5)) for _ in range(2 if kind == "lstm" else 1)]
    weights = [rng.normal(size=(5 * gates, *rest)) for rest in ((4,), (5,), (), ())]
    y, _ = forward(x, *states, *weights)
    y = y[0] if kind == "lstm" else y
    for t in range(3):
        states = getattr(naive, f"{kind}_step")(x[t], *states, *weights)
        states = states if kind == "lstm" else [states]
        np.testing.assert_allclose(y[t], states[0], atol=1e-12)


def test_dropout_falls_between_layers_and_only_in_training():
    layer = nn.GRU(3, 50, num_layers=2, dropout=0.5)
    x = Tensor(np.random.default_rng(0).normal(size=(4, 2, 3)).astype(np.float32))
    first, again = layer(x)[0], layer(x)[0]
    assert not np.array_equal(first.detach(), again.detach())
    assert (first.data != 0).all()                         # not after the last layer
    scratch.manual_seed(3)
    first = layer(x)[0]
    scratch.manual_seed(3)
    np.testing.assert_array_equal(first.detach(), layer(x)[0].detach())
    layer.eval()
    np.testing.assert_array_equal(layer(x)[0].detach(), layer(x)[0].detach())


def test_without_dropout_a_certain_layer_agrees_with_pytorch():
    ours, theirs = twins("LSTM", input_size=2, hidden_size=3, num_layers=3, dropout=1.0)
    rng = np.random.default_rng(0)
    same(ours, theirs, rng.normal(size=(4, 2, 2)), None, rng)    # p = 1: all is silenced between


def test_options_that_are_not_implemented_are_refused_by_name():
    with pytest.raises(UnsupportedOption, match="proj_size=2"):
        nn.LSTM(3, 4, proj_size=2)
    packed = torch.nn.utils.rnn.pack_sequence([torch.zeros(3, 2), torch.zeros(1, 2)])
    for kind in ("RNN", "LSTM", "GRU"):
        with pytest.raises(UnsupportedOption, match="PackedSequence"):
            getattr(nn, kind)(2, 4)(packed)


def test_what_does_not_fit_is_refused():
    layer, x = nn.LSTM(3, 4), np.zeros((5, 2, 3))
    with pytest.raises(ShapeError, match=r"x \(5, 2, 4\) must have 2 or 3 axes, the last of 3"):
        layer(Tensor(np.zeros((5, 2, 4))))
    with pytest.raises(ShapeError, match=r"must have the shape \(1, 2, 4\), not \(1, 1, 4\)"):
        layer(Tensor(x), (Tensor(np.zeros((1, 1, 4))), Tensor(np.zeros((1, 2, 4)))))
    with pytest.raises(ShapeError, match="at least one step"):
        layer(Tensor(x[:0]))
    with pytest.raises(ValueError, match="'tanh' or 'relu', not 'elu'"):
        nn.RNN(3, 4, nonlinearity="elu")


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
def test_single_precision_stays_single_and_the_input_as_it_was(kind):
    layer = getattr(nn, kind)(3, 4, bidirectional=True)
    x = np.random.default_rng(0).normal(size=(2, 5, 3)).astype(np.float32)
    x = Tensor(x.transpose(1, 0, 2), requires_grad=True)
    before = x.data.copy()
    y, _ = layer(x)
    (y * y).sum().backward()
    grads = [x.grad, *(p.grad for p in layer.parameters())]
    assert {t.dtype for t in (y, *grads)} == {scratch.float32}
    np.testing.assert_array_equal(x.data, before)


def twins(kind, **options):
    """The layer here and in PyTorch, in float64 and with the same weights."""
    ours, theirs = (getattr(library, kind)(**options).double() for library in (nn, torch.nn))
    theirs.load_state_dict({name: torch.tensor(p.numpy()) for name, p in ours.state_dict().items()})
    return ours, theirs


def same(ours, theirs, x, states, rng):
    """Outputs, last states, and the gradients of input, states and weights."""
    arrays = [x, *(states or [])]
    mine = [Tensor(a, requires_grad=True) for a in arrays]
    leaves = [torch.tensor(a, requires_grad=True) for a in arrays]
    outputs = flat(ours(mine[0], packed(mine[1:])))
    expected = flat(theirs(leaves[0], packed(leaves[1:])))
    dys = [rng.normal(size=y.shape) for y in outputs]
    sum((y * dy).sum() for y, dy in zip(outputs, dys, strict=True)).backward()
    sum((y * torch.tensor(dy)).sum() for y, dy in zip(expected, dys, strict=True)).backward()
    for y, e in zip(outputs, expected, strict=True):
        np.testing.assert_allclose(y.detach(), e.detach(), atol=1e-12)
    for a, b in zip([*mine, *ours.parameters()], [*leaves, *theirs.parameters()], strict=True):
        np.testing.assert_allclose(a.grad, b.grad, atol=1e-10)


def packed(states):
    """As a layer takes its states: None, h, or (h, c)."""
    return (tuple(states) if len(states) > 1 else states[0]) if states else None


def flat(outputs):
    """y, (h, c) as one list."""
    return [part for o in outputs for part in flat(o)] if isinstance(outputs, tuple) else [outputs]
