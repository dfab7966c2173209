"""Every public function of the layers refuses None, a list and a wrong rank by the array's name."""

import pkgutil
import re
from importlib import import_module
from inspect import signature

import numpy as np
import pytest

from vidlearn.checks import ArgumentError
from vidlearn.scratch import layers
from vidlearn.scratch.layers import causal, recurrent, variable_length
from vidlearn.scratch.layers.regression_loss import mse_loss_backward, mse_loss_forward

ONE_ARRAY = np.ones((2, 3))
RECURRENT = {gates: [*map(np.ones, [(gates * 4, 3), (gates * 4, 4), gates * 4, gates * 4])]
             for gates in (1, 3, 4)}
INPUT, STATE = np.ones((5, 2, 3)), np.ones((2, 4))
CONV = [*map(np.ones, [(2, 3, 6), (4, 3, 2), 4])]
RIGHT = {                                   # arguments that a function takes; else one array
    "linear": [*map(np.ones, [(2, 3), (4, 3), 4])], "embedding": [ONE_ARRAY, np.array([0, 1])],
    "conv_plain": CONV, "conv": CONV, "causal_conv1d": CONV, "causal_start": [2, CONV[1]],
    "conv_transpose": [*map(np.ones, [(2, 3, 6), (3, 4, 2), 4])],
    "causal_conv1d_step": [CONV[0], np.ones((2, 3, 1)), *CONV[1:]],
    "causal_stack": [CONV[0], [(np.ones((3, 3, 2)), None, 1)]],
    "causal_stack_step": [CONV[0], [np.ones((2, 3, 1))], [(np.ones((3, 3, 2)), None, 1)]],
    **{f"{kind}_pool": [np.ones((2, 3, 4, 4)), 2] for kind in (
        "max", "avg", "adaptive_max", "adaptive_avg")},
    "batch_norm": [INPUT, *[np.ones(2)] * 4], "layer_norm": [INPUT, np.ones(3), np.ones(3)],
    "rnn": [INPUT, STATE, *RECURRENT[1]], "gru": [INPUT, STATE, *RECURRENT[3]],
    "lstm": [INPUT, STATE, STATE, *RECURRENT[4]],
    "pad": [ONE_ARRAY, (1, 1)], "resample": [ONE_ARRAY, {}],
    "dropout": [ONE_ARRAY, 0.5], "last": [INPUT, [5, 1]], "masked_mean": [INPUT, np.ones((5, 2))],
    "cross_entropy": [ONE_ARRAY, np.array([0, 2]), np.ones(3)],
    "nll_loss": [ONE_ARRAY, np.array([0, 2]), np.ones(3)],
    "cosine_similarity": [ONE_ARRAY] * 2, "triplet_margin_loss": [ONE_ARRAY] * 3,
    "cosine_embedding_loss": [ONE_ARRAY, ONE_ARRAY, np.ones(2)],
    **dict.fromkeys(["mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "pairwise_distance"],
                    [ONE_ARRAY] * 2),
    "margin_ranking_loss": [ONE_ARRAY] * 3, "binary_cross_entropy": [ONE_ARRAY / 9] * 3,
    "prelu": [INPUT, np.ones(2)], "group_norm": [INPUT, np.ones(2), np.ones(2)],
    "unfold": [np.ones((2, 3, 4, 4)), 2], "fold": [np.ones((2, 4, 9)), 4, 2],
    "grid_sample": [np.ones((2, 3, 4, 4)), np.ones((2, 5, 5, 2))],
    "roi_align": [np.ones((2, 3, 4, 4)), np.array([[1.0, 0, 0, 2, 3]]), 2],
    "binary_cross_entropy_with_logits": [ONE_ARRAY] * 4,
}
OPTIONS = {"dropout": {"rng": np.random.default_rng(0)}}


def public_functions():
    """All functions of the layers that look at their arguments, by name."""
    modules = [import_module(f"{layers.__name__}.{found.name}")
               for found in pkgutil.iter_modules(layers.__path__)]
    return {name: thing for module in modules for name, thing in vars(module).items()
            if hasattr(thing, "is_checked") and thing.__module__ == module.__name__}


FUNCTIONS = public_functions()


def right_arguments(name):
    """Arguments that the function takes, by name; those of a backward come from its forward."""
    stem = name.removesuffix("_forward").removesuffix("_backward")
    if name.endswith("_backward"):
        given = FUNCTIONS[f"{stem}_forward"](**right_arguments(f"{stem}_forward"))
    else:
        given = RIGHT.get(stem, [ONE_ARRAY])
    return dict(zip(signature(FUNCTIONS[name]).parameters, given, strict=False)) | (
        {} if name.endswith("_backward") else OPTIONS.get(stem, {}))


def array_arguments():
    """(function, argument, kind) for each argument whose kind is an array."""
    for name, function in FUNCTIONS.items():
        for parameter in signature(function).parameters.values():
            if repr(parameter.annotation).startswith("an array ") and name.endswith(
                    ("_forward", "_backward", "_step", "_start")):
                yield name, parameter.name, parameter.annotation


def wrong_ranks(kind):
    """Arrays with more axes than the kind takes, or with fewer where a star takes any more."""
    shapes = [axes.split(", ") for axes in re.findall(r"\((.*?)\)", repr(kind))]
    if shapes and "*" not in repr(kind):
        return [np.ones((1,) * 9)]
    plain = [sum("*" not in axis for axis in axes) for axes in shapes]
    return [np.ones(())] if plain and min(plain) else []


@pytest.mark.parametrize("name, argument, kind", [*array_arguments()])
def test_what_is_not_such_an_array_is_refused_by_name(name, argument, kind):
    function, right = FUNCTIONS[name], right_arguments(name)
    function(**right)
    optional = signature(function).parameters[argument].default is None
    for value in [[1.0, 2.0], "x", *wrong_ranks(kind), *[None] * (not optional)]:
        words = re.escape(f"{name}: {argument} must be {kind}, not")
        with pytest.raises(ArgumentError, match=words):
            function(**right | {argument: value})


@pytest.mark.parametrize("call, words", [
    (lambda: causal.causal_stack_forward(CONV[0], [(None, None, 1)]),
     r"layers must be a list of weight \(C, C, K\), bias \(C,\) or None, dilation, not list"),
    (lambda: causal.causal_stack_step(CONV[0], [None], []), r"states must be a list of states"),
    (lambda: recurrent.lstm_backward(None, ()), r"dys must be a pair of arrays, dy .* not None"),
    (lambda: variable_length.pad_sequence([[1.0, 2.0]]), "sequences must be a list of arrays"),
    (lambda: variable_length.pad_sequence([]), "sequences must be a list of arrays"),
])
def test_lists_of_other_things_are_refused_by_name(call, words):
    with pytest.raises(ArgumentError, match=words):
        call()


def test_a_number_is_an_array_without_axes():
    assert mse_loss_forward(3.0, np.float64(1))[0] == 4
    y, cache = mse_loss_forward(np.ones(2), np.zeros(2))
    np.testing.assert_array_equal(mse_loss_backward(y, cache)[0], [1, 1])
    np.testing.assert_array_equal(mse_loss_backward(2, cache)[0], [2, 2])
