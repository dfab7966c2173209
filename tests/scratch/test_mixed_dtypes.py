"""float32 beside float64: refused where PyTorch refuses it, converted where PyTorch converts.

Three calls are refused here that PyTorch takes by chance: a bias of another dtype in a transposed
convolution or beside padding "same", and a state c of another dtype than h in LSTMCell.
"""

from itertools import product

import pytest
import torch

from vidlearn import scratch
from vidlearn.checks import ArgumentError

X, TARGET = (2, 3), [0, 2]
CALLS = {                            # the function of a library, its inputs' names and shapes
    "linear": (lambda lib, *xs: lib.nn.functional.linear(*xs),
               {"input": X, "weight": (4, 3), "bias": (4,)}),
    "conv1d": (lambda lib, *xs: lib.nn.functional.conv1d(*xs),
               {"input": (2, 3, 5), "weight": (4, 3, 2), "bias": (4,)}),
    "conv2d": (lambda lib, *xs: lib.nn.functional.conv2d(*xs),
               {"input": (3, 5, 4), "weight": (4, 3, 2, 2), "bias": (4,)}),
    "conv3d": (lambda lib, *xs: lib.nn.functional.conv3d(*xs),
               {"input": (2, 3, 5, 4, 3), "weight": (4, 3, 2, 2, 2), "bias": (4,)}),
    "conv_transpose2d": (lambda lib, *xs: lib.nn.functional.conv_transpose2d(*xs),
                         {"input": (2, 3, 5, 4), "weight": (3, 4, 2, 2)}),
    "batch_norm": (lambda lib, x, *xs: lib.nn.functional.batch_norm(x, *xs, training=True),
                   {"input": X, "running_mean": (3,), "running_var": (3,), "weight": (3,),
                    "bias": (3,)}),
    "layer_norm": (lambda lib, x, *xs: lib.nn.functional.layer_norm(x, (3,), *xs),
                   {"input": X, "weight": (3,), "bias": (3,)}),
    "group_norm": (lambda lib, x, *xs: lib.nn.functional.group_norm(x, 3, *xs),
                   {"input": X, "weight": (3,), "bias": (3,)}),
    "prelu": (lambda lib, *xs: lib.nn.functional.prelu(*xs), {"input": X, "weight": (3,)}),
    "grid_sample": (lambda lib, *xs: lib.nn.functional.grid_sample(*xs, align_corners=False),
                    {"input": (2, 3, 4, 5), "grid": (2, 3, 3, 2)}),
    "binary_cross_entropy": (lambda lib, *xs: lib.nn.functional.binary_cross_entropy(*xs),
                             {"input": X, "target": X}),
    "margin_ranking_loss": (lambda lib, *xs: lib.nn.functional.margin_ranking_loss(*xs),
                            {"input1": X, "input2": X, "target": X}),
    "pairwise_distance": (lambda lib, *xs: lib.nn.functional.pairwise_distance(*xs),
                          {"x1": X, "x2": X}),
    "matmul": (lambda lib, a, b: a @ b, {"a": X, "b": (3, 4)}),
    "matmul of vectors": (lambda lib, a, b: a @ b, {"a": (3,), "b": (3,)}),
    "matmul of batches": (lambda lib, a, b: a @ b, {"a": (5, 2, 3), "b": (3, 4)}),
    **{name: (lambda lib, a, b, name=name: getattr(lib, name)(a, b), {"input": a, second: b})
       for name, a, second, b in (
        ("bmm", (5, 2, 3), "mat2", (5, 3, 4)), ("mm", X, "mat2", (3, 4)), ("mv", X, "vec", (3,)),
        ("dot", (3,), "tensor", (3,)), ("outer", (3,), "vec2", (3,)))},
    **{f"einsum {equation}": (lambda lib, *xs, equation=equation: lib.einsum(equation, *xs),
                              {"a": X, "b": X})
       for equation in ("ij,kj->ik", "ij,ij->", "ij,ij->ij", "ij,kl->ijkl", "ij,kl->il")},
    **{f"cdist {p}": (lambda lib, a, b, p=p: lib.cdist(a, b, p), {"x1": X, "x2": X})
       for p in (1, 2)}, "cdist of many": (lambda lib, *xs: lib.cdist(*xs),
                                           {"x1": (30, 2), "x2": (30, 2)}),
    "cross_entropy": (lambda lib, x, w: lib.nn.functional.cross_entropy(x, lib.tensor(TARGET), w),
                      {"input": X, "weight": (3,)}),
    "cross_entropy, smooth": (lambda lib, x, w: lib.nn.functional.cross_entropy(
        x, lib.tensor(TARGET), w, label_smoothing=0.1), {"input": X, "weight": (3,)}),
    "cross_entropy of probabilities": (lambda lib, *xs: lib.nn.functional.cross_entropy(*xs),
                                       {"input": X, "target": X, "weight": (3,)}),
    "nll_loss": (lambda lib, x, w: lib.nn.functional.nll_loss(x, lib.tensor(TARGET), w),
                 {"input": X, "weight": (3,)}),
    "mse_loss": (lambda lib, *xs: lib.nn.functional.mse_loss(*xs), {"input": X, "target": X}),
    "l1_loss": (lambda lib, *xs: lib.nn.functional.l1_loss(*xs), {"input": X, "target": X}),
    "smooth_l1_loss": (lambda lib, *xs: lib.nn.functional.smooth_l1_loss(*xs),
                       {"input": X, "target": X}),
    "triplet_margin_loss": (lambda lib, *xs: lib.nn.functional.triplet_margin_loss(*xs),
                            {"anchor": X, "positive": X, "negative": X}),
    "add": (lambda lib, a, b: a + b, {"a": X, "b": X}),
    "cat": (lambda lib, *xs: lib.cat(xs), {"a": X, "b": X}),
    "where": (lambda lib, a, b: lib.where(a > 0, a, b), {"a": X, "b": X}),
}
LAYERS = {                           # the layer of a library, the shapes of its input and states
    "Linear": (lambda nn: nn.Linear(3, 4), X, []), "Conv1d": (lambda nn: nn.Conv1d(2, 4, 2), X, []),
    "ConvTranspose1d": (lambda nn: nn.ConvTranspose1d(2, 4, 2), X, []),
    "BatchNorm1d": (lambda nn: nn.BatchNorm1d(3), X, []),
    "BatchNorm1d in evaluation": (lambda nn: nn.BatchNorm1d(3).eval(), X, []),
    "LayerNorm": (lambda nn: nn.LayerNorm(3), X, []),
    "GroupNorm": (lambda nn: nn.GroupNorm(3, 3), X, []),
    "PReLU": (lambda nn: nn.PReLU(), X, []),
    "RNN": (lambda nn: nn.RNN(3, 4), (5, 2, 3), [(1, 2, 4)]),
    "LSTM": (lambda nn: nn.LSTM(3, 4, num_layers=2), (5, 2, 3), [(2, 2, 4)] * 2),
    "GRU": (lambda nn: nn.GRU(3, 4, bidirectional=True), (5, 2, 3), [(2, 2, 4)]),
    "RNNCell": (lambda nn: nn.RNNCell(3, 4), X, [(2, 4)]),
    "LSTMCell": (lambda nn: nn.LSTMCell(3, 4), X, [(2, 4)] * 2),
    "GRUCell": (lambda nn: nn.GRUCell(3, 4), X, [(2, 4)]),
}


def ones(lib, shape, dtype):
    return lib.ones(shape, dtype=getattr(lib, dtype))


def outcome(lib, call, shapes, dtypes):
    """The dtype of the result, or "refused"."""
    try:
        y = call(lib, *(ones(lib, *pair) for pair in zip(shapes, dtypes, strict=True)))
    except (ArgumentError, RuntimeError, ValueError):
        return "refused"
    return str(y.dtype).removeprefix("torch.")


@pytest.mark.parametrize("name", CALLS)
def test_a_function_takes_the_dtypes_that_pytorch_takes(name):
    call, inputs = CALLS[name]
    for dtypes in product(["float32", "float64"], repeat=len(inputs)):
        expected = outcome(torch, call, inputs.values(), dtypes)
        assert outcome(scratch, call, inputs.values(), dtypes) == expected, dtypes


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_takes_the_dtypes_that_pytorch_takes(name):
    make, x, states = LAYERS[name]

    def call(lib, x, *states):
        y = make(lib.nn)(x, *([states if len(states) > 1 else states[0]] if states else []))
        return y[0] if isinstance(y, tuple) else y

    for given in [], states:
        for dtype, of_states in product(["float32", "float64"], repeat=2):
            dtypes = [dtype] + [of_states] * len(given)
            expected = outcome(torch, call, [x, *given], dtypes)
            assert outcome(scratch, call, [x, *given], dtypes) == expected, dtypes


def test_the_refusal_names_each_dtype_and_what_to_do():
    with pytest.raises(ArgumentError, match=r"linear: input is float64, weight is float32, bias is "
                                            r"float32; they must have one dtype: convert with"):
        scratch.nn.Linear(3, 2)(ones(scratch, X, "float64"))
    with pytest.raises(ArgumentError, match=r"LSTM: input is float32, h is float64, c is float64"):
        scratch.nn.LSTM(3, 4)(ones(scratch, (5, 2, 3), "float32"),
                              (ones(scratch, (1, 2, 4), "float64"),) * 2)
    with pytest.raises(ArgumentError, match="nll_loss: input is float32, weight is float64"):
        scratch.nn.NLLLoss(ones(scratch, (3,), "float64"))(
            ones(scratch, X, "float32"), scratch.tensor(TARGET))


def test_whole_numbers_are_not_multiplied_by_floats():
    with pytest.raises(ArgumentError, match="matmul: a is int64, b is float32"):
        scratch.tensor([[1, 2]]) @ scratch.ones((2, 2))
    assert (scratch.tensor([[1, 2]]) @ scratch.tensor([[1], [3]])).item() == 7
