"""Sorting: ties, NaN, the axis, dtypes, and where a gradient goes."""

import numpy as np
import pytest
import torch

from tests.scratch.tensor_agreement import agree, same_in_both
from vidlearn import scratch
from vidlearn.scratch import GraphError, Tensor

NAN = float("nan")
ROWS = {
    "ties": [2.0, 1.0, 2.0, 1.0, 3.0, 2.0, 1.0], "zeros": [0.0, -0.0, 1.0, -0.0, 0.0],
    "NaN": [2.0, NAN, 2.0, NAN, -1.0, float("inf"), float("-inf")],
    "whole numbers": [3, 1, 3, 2, 1], "truth values": [True, False, True, False],
    "one number": [4.0], "no number": [], "no axis": 4.0,
    "rows": [[1.0, 0.0, 1.0], [1.0, 2.0, 0.0]],
}


@pytest.mark.parametrize("dim", [0, -1])
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("name", ROWS)
def test_a_stable_sort_keeps_equal_numbers_in_order(name, descending, dim):
    options = {"dim": dim, "descending": descending, "stable": True}
    assert same_in_both(lambda lib: lib.sort(lib.tensor(ROWS[name]), **options))
    assert same_in_both(lambda lib: lib.tensor(ROWS[name]).argsort(**options))


@pytest.mark.parametrize("dtype", ["float64", "int32", "uint8"])
def test_a_sort_keeps_the_dtype(dtype):
    same_in_both(lambda lib: lib.sort(lib.tensor([200, 3, 100, 3], dtype=getattr(lib, dtype)),
                                      stable=True, descending=True))


def test_results_have_names_and_never_share_memory_with_the_input():
    x = scratch.tensor([[1.0], [2.0]])
    for chosen in (x.sort(), x.topk(1), x.sort(0), x[0, 0].sort(), x[0, 0].topk(1)):
        values, indices = chosen
        assert values is chosen.values and indices is chosen.indices
        assert indices.dtype == scratch.int64 and not indices.requires_grad
        assert not np.shares_memory(values.data, x.data)


@pytest.mark.parametrize("call", [
    lambda lib, x: lib.topk(x, 2), lambda lib, x: lib.topk(x, 2, largest=False),
    lambda lib, x: x.topk(2, 0), lambda lib, x: x.topk(2, -2, True, True),
    lambda lib, x: lib.topk(x, 0), lambda lib, x: lib.topk(x, 3, 1, False, sorted=True),
    lambda lib, x: lib.topk(x[0, 0], 1), lambda lib, x: lib.topk(x[0, 0], 0, dim=-1),
    lambda lib, x: lib.topk(x[:, :0], 0), lambda lib, x: lib.topk(x, 4),
    lambda lib, x: lib.topk(x[0, 0], 2), lambda lib, x: lib.topk(x, -1),
    lambda lib, x: lib.topk(x, 1, 2), lambda lib, x: lib.topk(x > 0, 1),
    lambda lib, x: lib.topk(x, lib.tensor(2)), lambda lib, x: lib.topk(x.long(), 1),
    lambda lib, x: lib.sort(x, 2), lambda lib, x: lib.sort(x, -3),
], ids=range(18))
def test_topk_and_axes_as_in_pytorch(call):
    same_in_both(lambda lib: call(lib, lib.tensor([[1.0, NAN, 3.0], [6.0, -5.0, 4.0]])))


@pytest.mark.parametrize("largest", [True, False])
def test_topk_takes_the_first_of_equal_numbers(largest):
    values, indices = scratch.topk(scratch.tensor([1, 2, 1, 2, 1, 2]), 4, largest=largest)
    assert indices.tolist() == ([1, 3, 5, 0] if largest else [0, 2, 4, 1])
    assert values.tolist() == ([2, 2, 2, 1] if largest else [1, 1, 1, 2])
    assert scratch.topk(scratch.tensor([3, 1, 5]), 2, sorted=False).values.tolist() == [5, 3]


def test_the_gradient_goes_back_to_the_places_of_the_numbers():
    x = [[3.0, 1.0, 2.0], [0.5, 7.0, -1.0]]
    agree(lambda x: x.sort(0).values * 2, x)
    agree(lambda x: x.sort(descending=True), x)
    agree(lambda x: x.topk(2), x)
    agree(lambda x: x.topk(1, 0, False).values.sum() + x.sum(), x)
    agree(lambda x: x.sort(), 2.0)
    leaf = Tensor(x, requires_grad=True)
    leaf.topk(1).values.sum().backward()
    assert leaf.grad.tolist() == [[1, 0, 0], [0, 1, 0]]


@pytest.mark.parametrize("lib", [scratch, torch])
def test_indices_that_backward_needs_must_not_change(lib):
    values, indices = lib.tensor([3.0, 1.0], requires_grad=True).sort()
    with lib.no_grad():
        indices.zero_()
    with pytest.raises((GraphError, RuntimeError), match="changed in place|modified by an inplace"):
        values.sum().backward()
