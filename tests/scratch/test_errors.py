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
X, F = scratch.ones(2, 3), nn.functional
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


X5 = scratch.ones(1, 2, 5)
OF_ANOTHER_KIND = [                 # the option that is wrong is named, with what came
    (lambda: scratch.add(X, X, alpha="a"), "add: alpha must be a number, not str: 'a'"),
    (lambda: scratch.sum(X, 0, keepdim="yes"), "sum: keepdim must be True or False, not str: 'ye"),
    (lambda: scratch.round(X, decimals=[[]]), r"round: decimals must be a number, not list"),
    (lambda: scratch.std(X, correction="a"), "std: correction must be a number, not str"),
    (lambda: X.sum(keepdim=object), "sum: keepdim must be True or False, not type"),
    (lambda: F.elu(X, alpha=None), "elu: alpha must be a number, not NoneType: None"),
    (lambda: F.leaky_relu(X, [[1.0], [2.0, 3.0]]), "leaky_relu: negative_slope must be a number"),
    (lambda: F.smooth_l1_loss(X, X, beta=torch.ones(2)), "smooth_l1_loss: beta must be a number"),
    (lambda: F.gelu(X, approximate=np.ones(2)), "gelu: approximate must be a word, not ndarray"),
    (lambda: F.avg_pool1d(X5, 2, ceil_mode=np.ones(2)), "ceil_mode must be True or False"),
    (lambda: F.triplet_margin_loss(X, X, X, margin="a"), "margin must be a number, not str"),
    (lambda: F.cosine_similarity(X, X, eps=None), "cosine_similarity: eps must be a number"),
    (lambda: F.interpolate(X5, 4, mode=np.ones(2)), "interpolate: mode must be a word, not ndarr"),
    (lambda: F.nll_loss(X, [0, 1], ignore_index=[[1], [2, 3]]), "ignore_index must be a number"),
    (lambda: X.sum(np.ones((2, 3))), "dim must be a whole number, not array"),
    (lambda: X.sum(torch.ones(2, 3)), "dim must be a whole number, not tensor"),
    (lambda: X.sum(dtype="flaot"), "dtype must be one of scratch's, such as float32, not 'flaot'"),
    (lambda: X.split(1.5), "split_size_or_sections must be a size or a list of sizes, not 1.5"),
    (lambda: X.movedim((0, 1), 1), r"source \(0, 1\) and destination \(1,\) must name as many"),
    (lambda: scratch.rand_like(X.int()), "rand: dtype must be float32 or float64, not int32"),
    (lambda: scratch.exp([[1], [2, 3]]), "exp: x: rows of different lengths"),
    (lambda: scratch.exp(("a",)), "exp: x: a Tensor holds real numbers, not <U1"),
]


@pytest.mark.parametrize("number", range(len(OF_ANOTHER_KIND)))
def test_an_option_of_another_kind_is_named(number):
    call, words = OF_ANOTHER_KIND[number]
    with pytest.raises(REFUSED, match=words) as caught:
        call()
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_an_option_is_not_blamed_for_what_another_says():
    with pytest.raises(ValueError, match="padding 'full' has no meaning"):
        F.conv1d(X5, X5, stride=(1,), padding="full")
    with pytest.raises(ValueError, match="reduction is 'mean', 'sum' or 'none', not 'men'"):
        F.mse_loss(X, X, reduction="men")


@pytest.mark.parametrize("call, words", [
    (lambda: F.linear(), "linear.. missing 2 required positional arguments: 'input' and 'weight'"),
    (lambda: F.linear(X), "linear.. missing 1 required positional argument: 'weight'"),
    (lambda: F.linear(weight=X), "linear.. missing 1 required positional argument: 'input'"),
    (lambda: F.relu(X, False, 3), "relu.. takes from 1 to 2 positional arguments but 3 were given"),
    (lambda: F.relu(X, inplce=True), "relu.. got an unexpected keyword argument 'inplce'"),
    (lambda: nn.Linear(2, 3, bais=False), "unexpected keyword argument 'bais'"),
])
def test_too_few_too_many_and_misspelt_arguments(call, words):
    with pytest.raises(TypeError, match=words):
        call()


def test_what_takes_tensors_takes_them_by_name():
    x = scratch.ones(2, 3, requires_grad=True)
    for y in (scratch.exp(x=x), scratch.add(x, b=x), scratch.add(a=x, b=x), F.relu(input=x),
              scratch.where(condition=X > 0, a=x, b=X)):
        assert y.requires_grad and y.shape == (2, 3)


def test_an_error_of_a_backward_or_a_forward_of_ones_own_passes_unchanged():
    def forward(x):
        raise ValueError("my own words")
    with pytest.raises(ValueError, match="^my own words$"):
        scratch.lift(forward, forward)(X)


def test_families_are_what_a_user_would_catch():
    with pytest.raises(ValueError):
        scratch.add(X, scratch.ones(4))
    assert issubclass(ShapeError, ValueError) and issubclass(UnsupportedOption, NotImplementedError)
