"""Choosing by index: shapes, dtypes and ranges of an index, and gradients that meet."""

import numpy as np
import pytest
import torch

from tests.scratch.tensor_agreement import agree, same_in_both
from vidlearn import scratch
from vidlearn.scratch import GraphError, Tensor, UnsupportedOption

X = np.arange(6.0).reshape(2, 3)
INDICES = [0, 1, -1, 2, 3, [0], [1, 1], [-1], [3], [0, 2, 1, 0], [], [[0]], [[1], [2]], [[0, 1, 1]],
           [[2, 0], [1, 1]], [[0]] * 3, [[0, 1, 2, 0, 1]] * 2, [[-1]], [[3]], [[]], [[], []],
           [[[0]]]]


def numbers(lib, index, dtype="int64"):
    return lib.tensor(np.array(index, dtype=dtype))


@pytest.mark.parametrize("x", [X, X[0], X[:1], X[:, :0], X[0, 0]], ids=lambda x: f"{x.shape}")
@pytest.mark.parametrize("dim", [0, -1])
@pytest.mark.parametrize("name", ["gather", "index_select"])
def test_any_index_is_taken_or_refused_as_in_pytorch(name, dim, x):
    for index in INDICES:
        same_in_both(lambda lib, i=index: getattr(lib, name)(lib.tensor(x), dim, numbers(lib, i)))


@pytest.mark.parametrize("x", [X, X[0], X[:1], X[:, :0], X[0, 0]], ids=lambda x: f"{x.shape}")
@pytest.mark.parametrize("dim", [None, 0, -1])
def test_take_along_dim_as_in_pytorch(dim, x):
    length = x.size if dim is None else x.shape[dim] if x.ndim else 0
    for index in INDICES:
        if dim is None or np.all(np.abs(np.array(index)) < length):   # PyTorch wraps what is larger
            same_in_both(lambda lib, i=index: lib.take_along_dim(
                lib.tensor(x), numbers(lib, i), dim))


def test_take_along_dim_refuses_an_index_that_pytorch_wraps():
    for wrong in (3, -4):
        with pytest.raises(IndexError, match=f"indices has {wrong}, which is out of range for axis "
                                             "1"):
            scratch.take_along_dim(scratch.tensor(X), scratch.tensor([[0, wrong]]), 1)


@pytest.mark.parametrize("dtype", ["int32", "int16", "uint8", "bool", "float32"])
def test_the_dtype_of_an_index(dtype):
    same_in_both(lambda lib: lib.gather(lib.tensor(X), 1, numbers(lib, [[1]], dtype)))
    same_in_both(lambda lib: lib.index_select(lib.tensor(X), 1, numbers(lib, [1], dtype)))
    same_in_both(lambda lib: lib.gather(lib.tensor(X), 1, numbers(lib, [[]], "uint8")))


@pytest.mark.parametrize("dtype", ["float32", "int64", "uint8", "bool"])
def test_the_result_has_the_dtype_of_the_input(dtype):
    def chosen(lib):
        x = lib.tensor(X.astype(dtype))
        return (x.gather(1, numbers(lib, [[2], [0]])), x.index_select(0, numbers(lib, [1])),
                x.take_along_dim(numbers(lib, [[-1]]), 1))
    same_in_both(chosen)


def test_a_number_that_is_chosen_several_times_gets_the_sum():
    index = np.array([[0, 0, 2, 0], [1, 1, 1, 2]])
    agree(lambda x: x.gather(1, type_of(x, index)), X)
    agree(lambda x: x.index_select(0, type_of(x, np.array([1, 1, 0, 1]))), X)
    agree(lambda x: x.take_along_dim(type_of(x, np.array([5, 5, 0]))), X)
    agree(lambda x: x.take_along_dim(type_of(x, index), -1), X[:1])
    x = Tensor(X, requires_grad=True)
    x.gather(1, scratch.tensor(index)).sum().backward()
    assert x.grad.tolist() == [[3, 0, 1], [0, 3, 1]]


def type_of(x, index):
    return scratch.tensor(index) if isinstance(x, Tensor) else torch.tensor(index)


def test_results_never_share_memory_with_the_input():
    x = scratch.tensor([[1.0]])
    first = scratch.tensor([[0]])
    for y in (x.gather(0, first), x.index_select(0, first[0]), x.take_along_dim(first, 0)):
        assert not np.shares_memory(y.data, x.data)


@pytest.mark.parametrize("lib", [scratch, torch])
@pytest.mark.parametrize("choose", [
    lambda x, i: x.gather(0, i), lambda x, i: x.index_select(0, i),
    lambda x, i: x.take_along_dim(i)], ids=["gather", "index_select", "take_along_dim"])
def test_an_index_that_backward_needs_must_not_change(lib, choose):
    index = lib.tensor([1, 0])
    y = choose(lib.tensor([3.0, 1.0], requires_grad=True), index)
    index.zero_()
    with pytest.raises((GraphError, RuntimeError), match="changed in place|modified by an inplace"):
        y.sum().backward()


def test_a_sparse_gradient_is_not_implemented():
    with pytest.raises(UnsupportedOption, match="gather: sparse_grad=True is not implemented"):
        scratch.gather(scratch.ones(2), 0, scratch.tensor([0]), sparse_grad=True)
