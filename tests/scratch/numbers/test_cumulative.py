"""Running sums and products, and the product: zeros, dtypes (of `sum`, too), axes, empty rows."""

import numpy as np
import pytest
import torch

from tests.scratch.tensor_agreement import agree, same_in_both
from vidlearn import scratch
from vidlearn.scratch import gradcheck

ALONG = {
    "cumsum": lambda x, dim: x.cumsum(dim), "cumprod": lambda x, dim: x.cumprod(dim),
    "prod": lambda x, dim: x.prod(dim), "prod, kept": lambda x, dim: x.prod(dim, keepdim=True),
    "prod of all": lambda x, dim: x.prod(),
}
ROWS = {
    "no zero": [[2.0, -3.0, 0.5], [1.0, 4.0, -1.0]],
    "one zero": [[2.0, 0.0, 0.5], [1.0, 4.0, -1.0]],
    "two zeros": [[2.0, 0.0, 0.0], [1.0, 4.0, -1.0]],
    "zeros in both rows": [[0.0, 3.0, -0.0], [0.0, 4.0, -1.0]],
    "all zeros": np.zeros((2, 3)), "one number": [[3.0]], "a zero alone": [[0.0]],
    "no number": np.zeros((2, 0)), "no axis": 3.0, "zero without an axis": 0.0,
    "three axes": np.arange(-3.0, 9).reshape(2, 3, 2),
}


@pytest.mark.parametrize("dim", [0, -1])
@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("name", ALONG)
def test_values_and_gradients_with_and_without_zeros(name, rows, dim):
    agree(lambda x: ALONG[name](x, dim), ROWS[rows])


def test_the_gradient_of_a_product_is_the_product_of_the_others():
    for row, gradient in (([2.0, 3, 4], [12, 8, 6]), ([2.0, 0, 4], [0, 8, 0]),
                          ([0.0, 3, 0], [0, 0, 0])):
        x = scratch.tensor(row, requires_grad=True)
        x.prod().backward()
        assert x.grad.tolist() == gradient
    for function in (scratch.prod, lambda x: x.prod(0), lambda x: x.cumprod(0)):
        assert gradcheck(function, [np.array([2.0, 0.0, -3.0, 0.0, 1.5])])


def test_two_zeros_in_the_product_of_all_stop_any_gradient():
    for lib in (scratch, torch):
        x = lib.tensor([0.0, 0.0, 1.0], requires_grad=True)
        x.prod().backward(lib.tensor(float("inf")))
        assert x.grad.tolist() == [0, 0, 0]


@pytest.mark.parametrize("dtype", [None, "float32", "float64", "int64", "int32", "uint8", "bool"])
@pytest.mark.parametrize("own", ["float32", "float64", "int64", "int32", "uint8", "bool"])
@pytest.mark.parametrize("name", ["cumsum", "cumprod", "prod", "prod of all", "sum", "sum of all"])
def test_dtypes(name, own, dtype):
    function, dims = name.removesuffix(" of all"), () if name.endswith(" of all") else (0,)

    def call(lib):
        options = {} if dtype is None else {"dtype": getattr(lib, dtype)}
        x = lib.tensor(np.array([[1.5, 2], [3, 1]]).astype(own))
        return getattr(lib, function)(x, *dims, **options)
    assert same_in_both(call) or dtype == "bool"          # which both refuse to add up


@pytest.mark.parametrize("call", [
    lambda lib, x: x.cumsum(2), lambda lib, x: x.cumprod(-3), lambda lib, x: x.prod(2),
    lambda lib, x: x.prod((0, 1)), lambda lib, x: x.cumsum(None), lambda lib, x: x.cumsum((0, 1)),
    lambda lib, x: x[0, 0].cumsum(1), lambda lib, x: x.prod(keepdim=True),
    lambda lib, x: x.cumsum(0, lib.float64), lambda lib, x: x.cumsum(),
], ids=range(10))
def test_what_both_refuse(call):
    assert same_in_both(lambda lib: call(lib, lib.ones(2, 3))) is None


def test_float32_is_added_up_in_float64_as_in_pytorch():
    x = np.random.default_rng(0).normal(size=100_000).astype(np.float32)
    np.testing.assert_array_equal(scratch.cumsum(x, 0), torch.tensor(x).cumsum(0))
    products = scratch.cumprod(1 + x[:1000] / 1000, 0)
    np.testing.assert_array_equal(products, torch.tensor(1 + x[:1000] / 1000).cumprod(0))


def test_a_row_of_one_number_is_copied():
    x = scratch.ones(2, 1)
    for y in (x.cumsum(1), x.cumprod(1), x.prod(1), x[0, 0].cumsum(0), x[0, 0].prod()):
        assert not np.shares_memory(y.data, x.data)
