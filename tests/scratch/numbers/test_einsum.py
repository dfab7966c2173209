"""einsum: every form of an equation, what is wrong with others, and gradients."""

import numpy as np
import pytest
import torch

from tests.scratch.tensor_agreement import same_in_both, tensor_pairs
from tests.scratch.torch_samples import compare
from vidlearn import scratch

RNG = np.random.default_rng(0)
CALLS = [                           # an equation, and the shapes of its operands
    ("ij->ji", (2, 3)), ("ij", (2, 3)), ("ba", (2, 3)), ("bA", (2, 3)), ("aB", (2, 3)),
    ("ij->", (2, 3)), ("ij->j", (2, 3)), ("ii", (3, 3)), ("ii->i", (3, 3)), ("ii->", (3, 3)),
    ("iji->j", (2, 3, 2)), ("iij->ji", (2, 2, 3)), ("iii->i", (2, 2, 2)), ("ijij->ij", (2, 3) * 2),
    ("iijj->", (2, 2, 3, 3)), ("ii->i", (1, 1)), ("...ii->...i", (4, 3, 3)),
    ("", ()), ("->", ()), (",", (), ()), (",->", (), ()), ("ij,", (2, 3), ()),
    (",ij->j", (), (2, 3)),
    ("i,i", (3,), (3,)), ("i,j", (2,), (3,)), ("i,j->ji", (2,), (3,)), ("i,i->i", (3,), (3,)),
    ("ij,jk", (2, 3), (3, 4)), ("ij,jk->ik", (2, 3), (3, 4)), ("ij,jk->ki", (2, 3), (3, 4)),
    (" i j , j k -> i k ", (2, 3), (3, 4)), ("ij,kj->ik", (2, 3), (4, 3)),
    ("bij,bjk->bik", (2, 3, 4), (2, 4, 2)), ("bij,bjk->ik", (2, 3, 4), (2, 4, 2)),
    ("bij,jk->bik", (2, 3, 4), (4, 2)), ("ij,ij->", (2, 3), (2, 3)), ("ij,ij->i", (2, 3), (2, 3)),
    ("ij,kl->", (2, 3), (4, 5)), ("ij,k->i", (2, 3), (4,)), ("ijk,jk->ik", (2, 3, 4), (3, 4)),
    ("nthd,nshd->nhts", (2, 3, 2, 4), (2, 5, 2, 4)), ("ii,ij->j", (3, 3), (3, 2)),
    ("ij,jk,kl->il", (2, 3), (3, 4), (4, 2)), ("i,i,i", (3,), (3,), (3,)),
    ("i,j,k", (2,), (3,), (4,)),
    ("bn,anm,bm->ba", (2, 5), (3, 5, 4), (2, 4)), ("i,i,i->i", (3,), (1,), (3,)),
    # axes of length 1 are broadcast
    ("i,i", (3,), (1,)), ("i,i->i", (1,), (3,)), ("ij,ij->ij", (2, 1), (1, 3)), ("ij->i", (2, 1)),
    ("ij,jk->ik", (2, 1), (3, 4)), ("ij,jk->ik", (2, 1), (1, 4)), ("ij,kj->ik", (2, 3), (1, 3)),
    ("i->i", (1,)), ("i,j->ij", (1,), (1,)), ("bij,bjk->bik", (1, 2, 3), (4, 3, 2)),
    # any further axes
    ("...", (2, 3)), ("...->...", (2, 3)), ("...->", (2, 3)), ("...j->...", (2, 3)),
    ("...i->i", (2, 3, 4)), ("...ij->...ji", (2, 3, 4)), ("i...->...i", (2, 3, 4)),
    ("i...j->j...i", (2, 3, 4, 5)), ("i->...i", (3,)), ("ij->...ij", (2, 3)), ("i->i...", (3,)),
    ("...,...", (2, 3), (3,)), ("...,...->...", (2, 3), (2, 1)), ("i...,...i", (2, 3), (3, 2)),
    ("...ij,...jk->...ik", (2, 1, 3, 4), (5, 4, 2)), ("...ij,...jk", (2, 3, 4), (4, 2)),
    ("ij,...j", (2, 3), (3,)), ("a...->...", (2,)), ("...,i->i...", (2, 3), (4,)),
    ("b...,b...->b", (2, 3, 4), (2, 3, 4)), ("...i,...i->", (2, 3), (4, 1, 3)),
    # empty
    ("ij,jk->ik", (2, 0), (0, 3)), ("ij,jk->ik", (0, 2), (2, 3)), ("i->", (0,)), ("ii->i", (0, 0)),
    ("i,ij->j", (0,), (0, 3)), ("i,i->i", (0,), (1,)), ("bij,bjk->bik", (0, 2, 3), (0, 3, 2)),
]
WRONG = [
    ("ii->i", (2, 3)), ("ii", (1, 3)), ("ij->ii", (2, 3)), ("ij->k", (2, 3)), ("ij", (3,)),
    ("ij", (2, 3), (2, 3)), ("ij,jk", (2, 3)), ("i1", (2, 3)), ("i.j", (2, 3)), ("i..j", (2, 3)),
    ("...i...", (2, 3)), ("ij-", (2, 3)), ("ij>", (2, 3)), ("ij->ij->ij", (2, 3)), ("i->i", ()),
    ("ij,ij", (2, 3), (3, 2)), ("ij,jk", (2, 3), (2, 3)), ("...,...", (2, 3), (2,)), ("é", (2,)),
    ("ij->i,j", (2, 3)), ("ij->...i...", (2, 3)), ("ijk", (2, 3)), ("i", (2, 3)), ("ij",),
]


def numbers(*shapes):
    return [RNG.normal(size=shape) for shape in shapes]


@pytest.mark.parametrize("equation, shapes", [(e, shapes) for e, *shapes in CALLS], ids=str)
def test_values_and_gradients(equation, shapes):
    pairs = tensor_pairs(*numbers(*shapes))
    ours, theirs = (lib.einsum(equation, *(pair[i] for pair in pairs))
                    for i, lib in enumerate((scratch, torch)))
    compare(ours, theirs, pairs)


@pytest.mark.parametrize("equation, shapes", [(e, shapes) for e, *shapes in WRONG], ids=str)
def test_what_both_refuse(equation, shapes):
    assert same_in_both(lambda lib: lib.einsum(equation, *map(lib.ones, shapes))) is None


@pytest.mark.parametrize("call", [
    lambda lib, a, b: lib.einsum("ij,jk", [a, b]), lambda lib, a, b: lib.einsum("ij,jk", (a, b)),
    lambda lib, a, b: lib.einsum(a, [0, 1], b, [1, 2], [0, 2]),
    lambda lib, a, b: lib.einsum(a, [0, 1], b, [1, 2]), lambda lib, a, b: lib.einsum(a, [1, 0]),
    lambda lib, a, b: lib.einsum(a, [51, 3], [3, 51]), lambda lib, a, b: lib.einsum(a, (0, 1), ()),
    lambda lib, a, b: lib.einsum(a, [..., 1], b, [1, ...], [...]),
])
def test_other_forms_of_the_call(call):
    a, b = numbers((2, 3), (3, 2))
    assert same_in_both(lambda lib: call(lib, lib.tensor(a), lib.tensor(b)))


@pytest.mark.parametrize("call", [
    lambda lib, a: lib.einsum(a), lambda lib, a: lib.einsum(a, [0, 52]),
    lambda lib, a: lib.einsum(a, [0, -1]), lambda lib, a: lib.einsum(a, ["i", "j"]),
    lambda lib, a: lib.einsum(a, a), lambda lib, a: lib.einsum("ij", []),
    lambda lib, a: lib.einsum(), lambda lib, a: lib.einsum("ij", "ij"),
    lambda lib, a: lib.einsum(None, a),
], ids=range(9))
def test_other_forms_that_both_refuse(call):
    assert same_in_both(lambda lib: call(lib, lib.ones(2, 3))) is None


@pytest.mark.parametrize("dtype", ["int64", "int32", "uint8", "bool", "float32"])
@pytest.mark.parametrize("equation", ["ij->ji", "ij->i", "ii->i", "ij,jk->ijk"])
def test_dtypes(equation, dtype):
    x = [[1, 2], [0, 3]]
    assert same_in_both(lambda lib: lib.einsum(equation, *(
        [lib.tensor(x, dtype=getattr(lib, dtype))] * (1 + equation.count(",")))))


def test_whole_numbers_are_multiplied_exactly():
    x = np.array([[2**40, 1], [3, 2**30]])
    assert same_in_both(lambda lib: lib.einsum("ij,jk->ik", lib.tensor(x), lib.tensor([[3, 0],
                                                                                       [1, 5]])))


def test_where_nothing_is_computed_the_result_is_a_view_as_in_pytorch():
    for lib in (scratch, torch):
        x = lib.ones(3, 3)
        lib.einsum("ii->i", x).zero_()
        lib.einsum("ij->ji", x)[0, 1] = 7.0
        assert x.tolist() == [[0, 1, 1], [7, 0, 1], [1, 1, 0]]
        lib.einsum("ij->j", x).zero_()
        assert x.tolist() == [[0, 1, 1], [7, 0, 1], [1, 1, 0]]


def test_one_operand_may_occur_twice():
    x = scratch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    scratch.einsum("i,i", x, x).backward()
    assert x.grad.tolist() == [2, 4, 6]
