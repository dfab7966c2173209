"""A wrong call of any public function says what was given and what it must be."""

import re

import numpy as np
import pytest
import torch

from tests.scratch.wrong_layers import WRONG
from vidlearn import scratch
from vidlearn.scratch import ShapeError, UnsupportedOption, nn, optim

REFUSED = (ValueError, TypeError, IndexError, RuntimeError, NotImplementedError)
X, F = scratch.ones(2, 3), nn.functional


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("number", range(len(WRONG)), ids=lambda i: f"{i}-{WRONG[i][0]}")
def test_a_wrong_call_is_refused_in_words_that_help(number):
    name, call, words = WRONG[number]
    with pytest.raises(REFUSED) as caught:
        call()
    assert not type(caught.value).__module__.startswith("numpy"), "NumPy's own"
    assert re.search(words, str(caught.value)), str(caught.value)


def test_arrays_and_lists_of_numbers_are_taken_for_tensors():
    for x in (np.ones((2, 3), np.float32), [[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]):
        for function in (scratch.flatten, scratch.sum, scratch.exp, nn.functional.relu):
            np.testing.assert_array_equal(function(x), function(X))


X5 = scratch.ones(1, 2, 5)
NAMED = [                           # the one that is wrong is named, with what came and was wanted
    (lambda: scratch.add(X, X, alpha="a"), "add: alpha must be a number, not 'a'"),
    (lambda: X.sum(keepdim=object), "sum: keepdim must be True or False, not type"),
    (lambda: F.leaky_relu(X, [[1.0], [2.0, 3.0]]), "leaky_relu: negative_slope must be a number"),
    (lambda: F.smooth_l1_loss(X, X, beta=torch.ones(2)), "smooth_l1_loss: beta must be a number"),
    (lambda: F.gelu(X, approximate=np.ones(2)), "gelu: approximate must be 'none' or 'tanh', not"),
    (lambda: F.cosine_similarity(X, X, eps=float("nan")), "eps must be a number, not nan"),
    (lambda: F.relu(torch.ones(2)),
     r"relu: input must be a Tensor, not torch's Tensor .*: convert it with scra"),
    (lambda: F.elu(X.long()),
     r"elu: input must be a Tensor of real numbers, not Tensor \(2, 3\) int64: convert it"),
    (lambda: X.masked_fill(X, 1),
     r"mask must be a Tensor of True and False, not Tensor \(2, 3\) float32"),
    (lambda: X.sum(torch.ones(2, 3)), "dim must be a whole number, not tensor"),
    (lambda: X.sum(dtype="flaot"), "dtype must be a dtype of scratch such as float32, not 'flaot'"),
    (lambda: X.split(1.5), "split_size_or_sections must be a size or a list of sizes, not 1.5"),
    (lambda: X.movedim((0, 1), 1), r"source \(0, 1\) and destination 1 must name the same"),
    (lambda: scratch.rand_like(X.int()),
     r"rand_like: x must be a Tensor of real numbers, not Tensor \(2, 3\) i"),
    (lambda: scratch.exp([[1], [2, 3]]), "exp: x must be a Tensor, .* rows of different lengths"),
    (lambda: scratch.exp(("a",)), "exp: x must be a Tensor, not .*: a Tensor holds real"),
    (lambda: scratch.full(2, "a"), "full: fill_value must be a number, not 'a'"),
    (lambda: scratch.tensor("a"), "a Tensor holds real numbers, not <U1: 'a'"),
    (lambda: scratch.zeros(2, "a"), "sizes and axes must be whole numbers, not .2, 'a'.\nin zeros"),
    (lambda: nn.MaxPool2d("same"),
     "kernel_size must be a whole number, 1 or more, or several, not"),
    (lambda: nn.MSELoss(reduction="men"), "reduction must be 'mean', 'sum' or 'none', not 'men'"),
    (lambda: nn.Linear(2, 3, bias="no"), "Linear: bias must be True or False, not 'no'"),
    (lambda: optim.SGD([X], momentum=None), "SGD: momentum must be a number, 0 or more, not None"),
]


@pytest.mark.parametrize("number", range(len(NAMED)))
def test_an_argument_of_another_kind_is_named(number):
    call, words = NAMED[number]
    with pytest.raises(REFUSED, match=words) as caught:
        call()
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_sizes_beyond_any_memory_are_refused_by_name():
    with pytest.raises(ValueError,
                       match="Linear: out_features must be a whole number, 0 or more, not 1000"):
        nn.Linear(2, 10**25)
    for pool in (F.adaptive_avg_pool1d, F.adaptive_max_pool1d):
        with pytest.raises(MemoryError, match=r"\(1, 2, 1000000000000\)"):
            pool(X5, 10**12)


def test_errors_name_the_right_option():
    with pytest.raises(ValueError, match="padding must be .* not 'full'"):
        F.conv1d(X5, X5, stride=(1,), padding="full")
    with pytest.raises(ValueError, match="reduction must be 'mean', 'sum' or 'none', not 'men'"):
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
