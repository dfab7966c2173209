"""A wrong call of any public name says what was given and what was wanted."""

import inspect
import re

import numpy as np
import pytest
import torch

from tests.scratch.wrong_layers import WRONG
from vidlearn import scratch
from vidlearn.scratch import ShapeError, UnsupportedOption, nn, optim

REFUSED = (ValueError, TypeError, IndexError, RuntimeError, NotImplementedError)
X = scratch.ones(2, 3)
PACKAGES = {"scratch": scratch, "nn.functional": nn.functional}
ANYTHING = {"add_param_group", "attach", "check_all", "get_num_threads", "is_grad_enabled",
            "no_grad", "lift", "cosine", "linear"}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("number", range(len(WRONG)), ids=lambda i: f"{i}-{WRONG[i][0]}")
def test_a_wrong_call_is_refused_in_words_that_help(number):
    name, call, words = WRONG[number]
    with pytest.raises(REFUSED) as caught:
        call()
    assert not type(caught.value).__module__.startswith("numpy"), "NumPy's own"
    assert re.search(words, str(caught.value)), str(caught.value)


def taking_tensors():
    """(package, name, function, how many arguments it must have) of what takes a Tensor first."""
    for package, names in PACKAGES.items():
        for name, function in vars(names).items():
            if getattr(function, "is_checked", False):
                needed = [p for p in inspect.signature(function).parameters.values()
                          if p.default is p.empty and p.kind is not p.VAR_POSITIONAL]
                yield pytest.param(name, function, len(needed), id=f"{package}.{name}")


@pytest.mark.parametrize("wrong, words", [
    ("abc", "not str: 'abc'"), (None, "not NoneType: None"), ({"a": 1}, "not dict"),
    (torch.ones(2, 3), "not torch's|not Tensor"),
], ids=["str", "None", "dict", "torch"])
@pytest.mark.parametrize("name, function, count", list(taking_tensors()))
def test_what_is_no_tensor_is_refused_by_name(name, function, count, wrong, words):
    first = next(iter(inspect.signature(function).parameters))
    with pytest.raises(TypeError, match=rf"^{name}: {first} must be .*({words})"):
        function(wrong, *[X] * (count - 1))


def test_arrays_and_lists_of_numbers_are_taken_for_tensors():
    for x in (np.ones((2, 3), np.float32), [[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]):
        for function in (scratch.flatten, scratch.sum, scratch.exp, nn.functional.relu):
            np.testing.assert_array_equal(function(x), function(X))


def public(package):
    """The names of functions and classes that a package offers."""
    return {name for name, thing in vars(package).items() if not name.startswith("_")
            and (inspect.isfunction(thing) or inspect.isclass(thing))}


def test_every_public_name_is_called_wrongly():
    called = {name for name, _, _ in WRONG} | {p.values[0] for p in taking_tensors()}
    called |= {name.removeprefix("init.") for name in called}
    losses = {name for name in public(nn) if name.endswith("Loss")}   # they call their functions
    activations = {"ReLU", "LeakyReLU", "ELU", "GELU", "Softplus", "Sigmoid", "Tanh", "Softmax",
                   "LogSoftmax"}                          # and they
    errors = {name for name in public(scratch) if name.endswith("Error")} | {"UnsupportedOption"}
    rest = losses | activations | errors | ANYTHING | {"Identity", "LRScheduler", "constant_"}
    for package in (scratch, nn, nn.functional, nn.init, optim, optim.lr_scheduler):
        assert public(package) - called - rest - _brought_in(package) == set()


def _brought_in(package):
    """What a module imports for its own use."""
    own = package.__name__.rpartition(".")[2] in ("init", "lr_scheduler")
    return {name for name, thing in vars(package).items()
            if own and getattr(thing, "__module__", None) != package.__name__}


def test_a_layer_names_a_wrong_input():
    for layer in (nn.ReLU(), nn.Linear(3, 2), nn.Dropout(), nn.Softmax(1), nn.MaxPool2d(2)):
        with pytest.raises(TypeError, match="input must be a Tensor, not str"):
            layer("abc")
    for loss in (nn.MSELoss(), nn.CrossEntropyLoss(), nn.BCEWithLogitsLoss()):
        with pytest.raises(TypeError, match="target must be a Tensor, not str"):
            loss(X, "abc")


def test_an_error_of_a_backward_or_a_forward_of_ones_own_passes_unchanged():
    def forward(x):
        raise ValueError("my own words")
    with pytest.raises(ValueError, match="^my own words$"):
        scratch.lift(forward, forward)(X)


def test_families_are_what_a_user_would_catch():
    with pytest.raises(ValueError):
        scratch.add(X, scratch.ones(4))
    assert issubclass(ShapeError, ValueError) and issubclass(UnsupportedOption, NotImplementedError)
