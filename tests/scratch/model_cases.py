"""Cases of losses, similarities and recurrent layers."""

import numpy as np
import torch
from hypothesis import strategies as st
from torch.nn.utils.rnn import pack_padded_sequence

from tests.scratch.agreement import Case
from tests.scratch.strategies import FILLED, SHAPES, axis_of, broadcastable, numbers, operation
from vidlearn import scratch
from vidlearn.scratch import lift
from vidlearn.scratch.layers import variable_length

REDUCTIONS = st.sampled_from(["mean", "sum", "none"])


@operation("mse_loss", "l1_loss", "smooth_l1_loss")
def distance(draw, name):
    ties, shape, options = draw(st.booleans()), draw(SHAPES), {"reduction": draw(REDUCTIONS)}
    if name == "smooth_l1_loss":
        options["beta"] = draw(st.sampled_from([1.0, 0.3]))
    return Case(lambda lib, x, target: getattr(lib.nn.functional, name)(x, target, **options),
                numbers(draw, shape, shape, ties=ties), smooth=not ties, options=options)


@operation("binary_cross_entropy_with_logits")
def yes_or_no(draw, name):
    shape, weighted, reduction = draw(SHAPES), draw(st.booleans()), draw(REDUCTIONS)
    x, target, weight, extra = numbers(draw, shape, shape, shape, shape[-1:])

    def run(lib, x, target, weight, extra):
        weights = {"weight": weight.detach(), "pos_weight": extra.detach()} if weighted else {}
        return lib.nn.functional.binary_cross_entropy_with_logits(
            x, target, reduction=reduction, **weights)
    return Case(run, [x, np.abs(target) / 2, weight, np.abs(extra)], options=(reduction, weighted))


@operation("cross_entropy", "nll_loss")
def classes(draw, name):
    shape = (draw(st.integers(1, 3)), draw(st.integers(2, 4)), *draw(FILLED)[:2])
    x, target, weight = numbers(draw, shape, (shape[0], *shape[2:]), shape[1:2])
    target = np.abs(target * 100).astype(int) % shape[1]
    options = {"reduction": draw(REDUCTIONS)}
    if name == "cross_entropy":
        options["label_smoothing"] = draw(st.sampled_from([0.0, 0.1]))
    if draw(st.booleans()):
        options["ignore_index"] = int(target.flat[0])
    weighted = draw(st.booleans())

    def run(lib, x, target, weight):
        own = weight.detach() if weighted else None
        return getattr(lib.nn.functional, name)(x, target, weight=own, **options)
    return Case(run, [x, target, np.abs(weight)], non_finite_arrays=1, options=options)


@operation("cross_entropy of probabilities")
def shares(draw, name):
    shape = (draw(st.integers(1, 3)), draw(st.integers(2, 4)), *draw(FILLED)[:2])
    x, target = numbers(draw, shape, shape)
    target = np.exp(target) / np.exp(target).sum(1, keepdims=True)
    options = {"reduction": draw(REDUCTIONS),
               "label_smoothing": draw(st.sampled_from([0.0, 0.1]))}
    return Case(lambda lib, x, target: lib.nn.functional.cross_entropy(x, target, **options),
                [x, target])


@operation("triplet_margin_loss")
def triplets(draw, name):
    shape = draw(st.sampled_from([(3,), (1, 1), (4, 3), (0, 2)]))
    options = {"p": draw(st.sampled_from([1.0, 2.0, 3.0])), "swap": draw(st.booleans()),
               "margin": draw(st.sampled_from([1.0, 0.2])), "reduction": draw(REDUCTIONS)}
    return Case(lambda lib, *xs: lib.nn.functional.triplet_margin_loss(*xs, **options),
                numbers(draw, *[shape] * 3), options=options)


@operation("cosine_embedding_loss")
def pairs(draw, name):
    shape = draw(st.sampled_from([(3,), (1, 1), (4, 3), (0, 2)]))
    a, b, target = numbers(draw, shape, shape, shape[:-1])
    options = {"margin": draw(st.sampled_from([0.0, 0.3])), "reduction": draw(REDUCTIONS)}
    return Case(lambda lib, *xs: lib.nn.functional.cosine_embedding_loss(*xs, **options),
                [a, b, np.where(target > 0, 1, -1)])


@operation("cosine_similarity")
def cosine(draw, name):
    shapes = broadcastable(draw, 2, least=1)
    shape = np.broadcast_shapes(*shapes)
    axis = draw(axis_of(shape))
    return Case(lambda lib, a, b: lib.nn.functional.cosine_similarity(a, b, dim=axis),
                numbers(draw, *shapes))


# ---- recurrent layers

@operation("RNN", "RNN relu", "LSTM", "GRU")
def recurrent(draw, name):
    kind, features, units = name.split()[0], draw(st.integers(1, 3)), draw(st.integers(1, 3))
    options = {"num_layers": draw(st.integers(1, 2)), "bias": draw(st.booleans()),
               "bidirectional": draw(st.booleans()), "batch_first": draw(st.booleans())}
    options |= {"nonlinearity": "relu"} if name == "RNN relu" else {}
    front = draw(st.sampled_from([[1], [3], [4, 1], [1, 2], [3, 2]]))
    names, weights = _weights(draw, kind, features, units, options)

    def run(lib, x, *parameters):
        return _sequence(lib, kind, features, units, options, names, parameters)(x)
    return Case(run, [*numbers(draw, (*front, features)), *weights], options=options)


@operation("RNN with lengths", "LSTM with lengths", "GRU with lengths")
def unequal(draw, name):
    kind, features, units = name.split()[0], draw(st.integers(1, 3)), draw(st.integers(1, 3))
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    names, weights = _weights(draw, kind, features, units, {})
    last = lift(variable_length.last_forward, variable_length.last_backward)

    def run(lib, x, *parameters):
        layer = _sequence(lib, kind, features, units, {}, names, parameters)
        if lib is scratch:
            return last(layer(x)[0], lengths=sizes)
        _, state = layer(pack_padded_sequence(x, sizes, enforce_sorted=False))
        return (state[0] if kind == "LSTM" else state)[0]
    return Case(run, [*numbers(draw, (max(sizes), len(sizes), features)), *weights], non_finite=())


@operation("RNNCell", "LSTMCell", "GRUCell")
def cell(draw, name):
    features, units, batch = (draw(st.integers(1, 3)) for _ in range(3))
    names, weights = _weights(draw, name, features, units, {})
    states = 2 if name == "LSTMCell" else 1

    def run(lib, x, *rest):
        step = _sequence(lib, name, features, units, {}, names, rest[states:])
        return step(x, rest[:states] if states == 2 else rest[0])
    return Case(run, [*numbers(draw, (batch, features), *[(batch, units)] * states), *weights])


def _weights(draw, kind, features, units, options):
    """The parameters of such a layer: their names, and arrays for them."""
    layer = getattr(torch.nn, kind)(features, units, **options)
    names, shapes = zip(*((n, tuple(p.shape)) for n, p in layer.named_parameters()), strict=True)
    return names, [a / 2 for a in numbers(draw, *shapes)]


def _sequence(lib, kind, features, units, options, names, parameters):
    """A layer of ours or of PyTorch's that runs on these parameters."""
    layer, own = getattr(lib.nn, kind)(features, units, **options), dict(zip(
        names, parameters, strict=True))
    if lib is not scratch:
        return lambda *inputs: torch.func.functional_call(layer, own, inputs)
    for name, parameter in own.items():
        vars(layer)[name] = parameter                     # a leaf of the case's own
    return layer
