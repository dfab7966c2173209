"""Products of matrices and vectors, and triangles: shapes, dtypes."""

import numpy as np
import pytest

from tests.scratch.tensor_agreement import agree, same_in_both
from vidlearn import scratch

SHAPES = [(), (2,), (3,), (2, 3), (3, 2), (2, 2, 3), (2, 3, 2), (1, 3, 2), (0, 3, 2), (2, 3, 0)]


@pytest.mark.parametrize("name", ["bmm", "mm", "mv", "dot", "outer"])
def test_any_two_shapes_are_taken_or_refused_as_in_pytorch(name):
    taken = [same_in_both(lambda lib, a=a, b=b: getattr(lib, name)(
        lib.ones(a, dtype=lib.float64), lib.ones(b, dtype=lib.float64)))
        for a in SHAPES for b in SHAPES]
    assert 0 < sum(y is not None for y in taken) < len(taken)


def test_gradients():
    a, b = np.arange(12.0).reshape(2, 2, 3), np.arange(12.0).reshape(2, 3, 2) - 5
    agree(lambda a, b: a.bmm(b), a, b)
    agree(lambda a, b: a.mm(b), a[0], b[0])
    agree(lambda a, b: a.mv(b), a[0], b[0, :, 0])
    agree(lambda a, b: a.dot(b), a[0, 0], b[0, :, 0])
    agree(lambda a, b: a.outer(b), a[0, 0], b[0, 0])


@pytest.mark.parametrize("types", [("float32", "float64"), ("float32", "int64"), ("bool", "bool"),
                                   ("uint8", "int32"), ("bool", "float64"), ("int64", "int64")])
def test_outer_promotes_as_pytorch_does(types):
    assert same_in_both(lambda lib: lib.outer(*(
        lib.tensor([0, 2, 1], dtype=getattr(lib, dtype)) for dtype in types)))


@pytest.mark.parametrize("diagonal", [-9, -2, -1, 0, 1, 2, 9])
@pytest.mark.parametrize("name", ["tril", "triu"])
def test_triangles(name, diagonal):
    x = np.arange(1.0, 25).reshape(2, 3, 4)
    agree(lambda x: getattr(x, name)(diagonal), x)
    for dtype in ("bool", "uint8", "float32"):
        assert same_in_both(lambda lib, dtype=dtype: getattr(lib, name)(
            lib.tensor(x, dtype=getattr(lib, dtype)), diagonal))
    for shape in ((), (3,), (0, 2), (2, 0)):
        same_in_both(lambda lib, shape=shape: getattr(lib, name)(lib.ones(shape), diagonal))


def test_a_triangle_is_free_of_what_is_outside():
    x = scratch.tensor([[1.0, float("nan")], [float("inf"), 2.0]])
    assert x.tril().triu().tolist() == [[1, 0], [0, 2]]
    assert not np.shares_memory(x.tril(-9).data, x.data)
