"""Our engine and PyTorch agree, and twins finds what differs."""

import numpy as np
import pytest

from vidlearn import compare, scratch
from vidlearn.scratch.nn import functional
from vidlearn.scratch.numbers.random import generator

RNG = np.random.default_rng(0)
X, WEIGHT, BIAS = (RNG.normal(size=s) for s in ((2, 3, 5, 6, 7), (4, 3, 3, 2, 3), (4,)))
FUNCTIONS = {
    "relu": ([X], {}),
    "linear": ([RNG.normal(size=(5, 3)), RNG.normal(size=(4, 3))], {}),
    "conv_transpose2d": ([X[..., 0], RNG.normal(size=(3, 2, 2, 3))], {"stride": 2}),
    "max_pool3d": ([X], {"kernel_size": 2}),
    "layer_norm": ([X], {"normalized_shape": (7,)}),
    "cross_entropy": ([RNG.normal(size=(5, 3)), np.array([0, 2, 1, 1, 0])],
                      {"weight": np.array([1.0, 2.0, 0.5]), "label_smoothing": 0.1}),
}
DEEP = {"input_size": 3, "hidden_size": 4, "num_layers": 3, "dropout": 0.5}
RANDOM = {
    "dropout": ([X], {"p": 0.3}),
    "dropout1d": ([X[0, 0]], {}),
    "dropout2d": ([X[0]], {}),
    "dropout3d": ([X], {}),
    "Dropout": ([X], {"p": 1.0}),
    "Dropout3d": ([X], {}),
    "RNN": ([RNG.normal(size=(5, 3))], DEEP),
    "LSTM": ([RNG.normal(size=(5, 2, 3))], DEEP | {"bidirectional": True}),
    "GRU": ([RNG.normal(size=(5, 2, 3))], DEEP | {"batch_first": True}),
}
LAYERS = {
    "Linear": ([X], {"in_features": 7, "out_features": 4}),
    "BatchNorm3d": ([X], {"num_features": 3}),
    "LSTM": ([RNG.normal(size=(2, 5, 3))], {"input_size": 3, "hidden_size": 4, "num_layers": 2}),
}


def test_twins_that_agree_say_so_in_one_line(capsys):
    compare.twins("conv3d", X, WEIGHT, BIAS, stride=(1, 2, 1), padding=1)
    assert capsys.readouterr().out == (
        "✓ conv3d: output and 3 gradients agree (float64, max |Δ| < 1e-10)\n")


@pytest.mark.parametrize("name", FUNCTIONS | LAYERS)
def test_twins_take_functions_and_layers(name, capsys):
    arrays, options = (FUNCTIONS | LAYERS)[name]
    compare.twins(name, *arrays, **options)
    assert capsys.readouterr().out.startswith(f"✓ {name}: ")


def test_a_layer_counts_its_outputs_and_the_gradients_of_its_weights(capsys):
    arrays, options = LAYERS["LSTM"]
    compare.twins("LSTM", *arrays, **options)
    assert "3 outputs and 9 gradients" in capsys.readouterr().out


@pytest.mark.filterwarnings("ignore:dropout2d")       # of three axes, torch: not always (N, C, T)
@pytest.mark.parametrize("name", RANDOM)
def test_dropout_uses_one_mask_for_both(name, capsys):
    arrays, options = RANDOM[name]
    compare.twins(name, *arrays, **options)
    assert capsys.readouterr().out.startswith(f"✓ {name}: ")


def test_another_seed_is_another_mask_and_our_generator_stays_as_it_was(capsys):
    masks, right = [], functional.dropout

    def dropout(input, **options):
        y = right(input, **options)
        masks.append(y.detach().numpy() != 0)
        return y
    before = scratch.manual_seed(3).bit_generator.state
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(functional, "dropout", dropout)
        for seed in (0, 0, 1):
            compare.twins("dropout", np.ones((4, 8)), seed=seed)
    assert (masks[0] == masks[1]).all() and (masks[0] != masks[2]).any()
    assert 0 < masks[0].sum() < 32
    assert generator().bit_generator.state == before


def test_a_dropout_that_scales_by_another_number_is_found(monkeypatch):
    right = functional.dropout
    monkeypatch.setattr(functional, "dropout", lambda x, p=0.5: right(x, p) * (1 - p))
    with pytest.raises(compare.MismatchError, match="dropout: output differs"):
        compare.twins("dropout", np.ones((4, 8)))


def test_whole_numbers_and_none_have_no_gradient(capsys):
    compare.twins("conv1d", X[0, 0], WEIGHT[:, :1, 0, 0, :].repeat(6, 1), None)
    compare.twins("one_hot", np.array([0, 2, 1]), num_classes=3)
    assert capsys.readouterr().out == (
        "✓ conv1d: output and 2 gradients agree (float64, max |Δ| < 1e-10)\n"
        "✓ one_hot: output and 0 gradients agree (float64, max |Δ| < 1e-10)\n")


def slightly_wrong(y_error=0.0, slope=1.0):
    """relu by Tensors, with an error in its output or in its gradient."""
    right = functional.relu

    def relu(input):
        y = right(input) * slope
        return y + y_error - (slope - 1) * right(input).detach()
    return relu


def test_a_wrong_output_is_named_with_both_numbers(monkeypatch):
    monkeypatch.setattr(functional, "relu", slightly_wrong(y_error=1e-6))
    with pytest.raises(compare.MismatchError, match=r"relu: output differs at \[0\]: by hand "
                                                   r"3\.000001, PyTorch 3; 2 of 2 differ"):
        compare.twins("relu", np.array([3.0, -1.0]))


def test_a_wrong_gradient_is_named_with_its_place(monkeypatch):
    monkeypatch.setattr(functional, "relu", slightly_wrong(slope=2.0))
    with pytest.raises(compare.MismatchError,
                       match=r"gradient of input differs at \[1\]: by hand .*; 1 of 2 differ"):
        compare.twins("relu", np.array([-3.0, 1.0]))


def test_a_wrong_shape_is_named(monkeypatch):
    monkeypatch.setattr(functional, "relu", lambda input: input.reshape(1, -1))
    with pytest.raises(compare.MismatchError, match=r"\(1, 2\) by hand and \(2,\) in PyTorch"):
        compare.twins("relu", np.array([3.0, 1.0]))


def test_a_missing_gradient_is_named(monkeypatch):
    right = functional.linear
    monkeypatch.setattr(functional, "linear", lambda x, w: right(x, w.detach()))
    with pytest.raises(compare.MismatchError, match="PyTorch output, gradient of input, .* weight"):
        compare.twins("linear", np.ones((2, 3)), np.ones((4, 3)))


@pytest.mark.parametrize("name", ["conv9d", "Conv9d"])
def test_an_unknown_name_is_refused(name):
    with pytest.raises(AttributeError, match=name):
        compare.twins(name, X)
