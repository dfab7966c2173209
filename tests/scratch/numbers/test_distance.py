"""Distances: points that coincide, both ways to compute them, blocks, batches, dtypes."""

import numpy as np
import pytest
import torch

from tests.scratch.tensor_agreement import same_in_both, tensor_pairs
from tests.scratch.torch_samples import compare
from vidlearn import scratch
from vidlearn.scratch.numbers import distance

POWERS = [0, 0.5, 1, 1.5, 2, 2.0, 3, 4.5, np.inf]
MODES = ["use_mm_for_euclid_dist_if_necessary", "use_mm_for_euclid_dist",
         "donot_use_mm_for_euclid_dist"]
A = [[1.0, 2, 1], [0, 0, 3], [1, 2, 1]]
B = [[1.0, 2, 1], [2, 2, 1], [1, 1, 4], [0, 0, 0]]


def agree(x1, x2, *options):
    """Distances and gradients of both libraries."""
    pairs = tensor_pairs(x1, x2)
    ours, theirs = (lib.cdist(*(pair[i] for pair in pairs), *options)
                    for i, lib in enumerate((scratch, torch)))
    compare(ours, theirs, pairs)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("p", POWERS)
def test_where_points_coincide_and_coordinates_tie_the_gradient_is_pytorchs(p, mode):
    agree(A, B, p, mode)


@pytest.mark.parametrize("p", POWERS)
@pytest.mark.parametrize("shapes", [
    ((0, 3), (4, 3)), ((2, 3), (0, 3)), ((2, 0), (4, 0)), ((0, 2, 3), (0, 4, 3)),
    ((2, 1, 3, 2), (5, 4, 2)), ((1, 3, 2), (4, 2)), ((26, 2), (3, 2)), ((2, 3, 2), (2, 30, 2)),
    ((1, 27, 2), (3, 28, 2)),
], ids=str)
def test_shapes(shapes, p):
    rng = np.random.default_rng(0)
    agree(*(rng.normal(size=shape) for shape in shapes), p)


@pytest.mark.parametrize("p", POWERS)
def test_blocks_of_any_size_give_the_same(p, monkeypatch):
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=shape) for shape in ((2, 7, 3), (2, 5, 3))]
    whole = scratch.cdist(*arrays, p)
    for block in (1, 100, 10**9):
        monkeypatch.setattr(distance, "BLOCK", block)
        np.testing.assert_array_equal(scratch.cdist(*arrays, p), whole)
        agree(*arrays, p)


@pytest.mark.parametrize("count, mode, by_product", [
    (25, MODES[0], False), (26, MODES[0], True), (2, MODES[1], True), (26, MODES[2], False)])
def test_which_sets_are_computed_by_a_matrix_product(count, mode, by_product, monkeypatch):
    unused = "_cdist" if by_product else "_euclidean"
    monkeypatch.setattr(distance, unused, None)           # a call of it would fail
    x = scratch.rand(count, 4)
    assert scratch.cdist(x, x[:2], 2.0, mode).shape == (count, 2)
    assert scratch.cdist(x[:2], x, 2.0, mode).shape == (2, count)


@pytest.mark.parametrize("call", [
    lambda lib, a, b: lib.cdist(a[0], b), lambda lib, a, b: lib.cdist(a, b[:, :2]),
    lambda lib, a, b: lib.cdist(a.long(), b.long()), lambda lib, a, b: lib.cdist(a, b, -1),
    lambda lib, a, b: lib.cdist(a, b, float("nan")), lambda lib, a, b: lib.cdist(a, b, None),
    lambda lib, a, b: lib.cdist(a, b, 2, "fast"), lambda lib, a, b: lib.cdist(a, b, 2, None),
    lambda lib, a, b: lib.cdist(a.expand(2, 3, 3), b.expand(3, 4, 3)),
], ids=range(9))
def test_what_both_refuse(call):
    assert same_in_both(lambda lib: call(lib, lib.tensor(A), lib.tensor(B))) is None


def test_float32_stays_float32():
    for count in (3, 40):
        x = scratch.rand(count, 2, requires_grad=True)
        y = scratch.cdist(x, x.detach() + 1)
        y.sum().backward()
        assert y.dtype == x.grad.dtype == scratch.float32
