"""Linear, embedding and one_hot by hand against PyTorch."""

import numpy as np
import pytest

from tests.scratch.torch_samples import agree_by_name, ops_agree
from vidlearn import naive
from vidlearn.scratch import ShapeError, Tensor, UnsupportedOption
from vidlearn.scratch.layers.linear import linear_backward, linear_forward
from vidlearn.scratch.nn import functional as F

test_ops = ops_agree({
    f"nn.functional.{name}": getattr(F, name)
    for name in ("linear", "one_hot", "normalize")
} | {
    "nn.functional.embedding": lambda weight, index: F.embedding(index, weight),
})


def test_single_precision_stays_single():
    x = Tensor(np.ones((4, 3), np.float32), requires_grad=True)
    weight = Tensor(np.ones((2, 3), np.float32), requires_grad=True)
    y = F.linear(x, weight, np.ones(2, np.float32))
    y.sum().backward()
    assert y.dtype == x.grad.dtype == weight.grad.dtype == np.float32


def test_plain_loops_give_the_same_sums():
    x, weight, bias = (np.random.default_rng(0).normal(size=s) for s in ((4, 3), (2, 3), (2,)))
    np.testing.assert_allclose(F.linear(x, weight, bias).numpy(), naive.linear(x, weight, bias))


def test_a_gradient_that_nobody_needs_is_not_computed():
    y, cache = linear_forward(np.ones((4, 3)), np.ones((2, 3)), np.ones(2))
    assert linear_backward(y, cache, needs=(False, True, True))[0] is None
    assert linear_backward(y, cache, needs=(True, False, True))[1] is None


def test_a_transposed_input_is_read_right_and_left_as_it_was():
    x = np.arange(12.0).reshape(2, 3, 2).transpose(2, 1, 0)
    weight, before = np.arange(8.0).reshape(4, 2), x.copy()
    np.testing.assert_array_equal(F.linear(x, weight).numpy(), x @ weight.T)
    np.testing.assert_array_equal(x, before)


def test_features_that_differ_are_refused_by_name():
    with pytest.raises(ShapeError, match=r"x \(5, 3\) and weight \(4, 2\)"):
        F.linear(np.ones((5, 3)), np.ones((4, 2)))


def test_a_row_looked_up_twice_hears_from_both_and_the_padding_row_from_none():
    weight = Tensor(np.arange(8.0).reshape(4, 2), requires_grad=True)
    y = F.embedding(np.array([[1, 1], [0, 3]]), weight, padding_idx=3)
    y.backward(np.ones((2, 2, 2)))
    np.testing.assert_array_equal(y.data[0, 0], [2, 3])
    np.testing.assert_array_equal(weight.grad, [[1, 1], [2, 2], [0, 0], [0, 0]])


@pytest.mark.parametrize("index", [-1, 4])
def test_an_index_outside_the_table_is_refused(index):
    with pytest.raises(IndexError, match=f"run from {index} to {index}, the table has rows 0 to 3"):
        F.embedding(np.array([index]), np.ones((4, 2)))


@pytest.mark.parametrize("name, value",
                         [("max_norm", 1.0), ("scale_grad_by_freq", True), ("sparse", True)])
def test_rare_options_of_the_embedding_are_refused_by_name(name, value):
    with pytest.raises(UnsupportedOption, match=f"{name}={value}"):
        F.embedding(np.array([0]), np.ones((4, 2)), **{name: value})


def test_one_hot_refuses_a_number_that_is_no_class():
    with pytest.raises(ValueError, match="must be from 0 to 2, and they run from 0 to 3"):
        F.one_hot(np.array([0, 3]), 3)


@pytest.mark.parametrize("p", [0.5, 1.0, 2.0, 3.0])
def test_the_zero_vector_stays_zero_when_it_is_made_one_long(p):
    x = np.array([[0.0, 0.0], [3.0, 0.0], [-3.0, 4.0]])
    agree_by_name("normalize", [x], p=p)
