"""The product of matrices and of batches of matrices; the triangles of a matrix."""

import numpy as np

from vidlearn.checks import ArgumentError, kinds
from vidlearn.checks.axes import fit
from vidlearn.scratch.core.errors import ShapeError, refuse_mixed_dtypes
from vidlearn.scratch.core.tensor import lift
from vidlearn.scratch.core.tensor_kinds import TENSOR
from vidlearn.scratch.numbers.arithmetic import mul
from vidlearn.scratch.numbers.choose import where
from vidlearn.scratch.numbers.shape import unbroadcast, unsqueeze


def matmul_forward(a, b):
    """The matrix product a b; the axes before the last two are batch axes and are broadcast.

    Shapes   a (*, N, K), b (*, K, M)  ->  y (*, N, M);  a (K,) counts as a row, b (K,) as a column
    """
    if not (np.ndim(a) and np.ndim(b)):
        raise ShapeError(f"a {np.shape(a)} @ b {np.shape(b)}: each needs an axis to sum along")
    if a.shape[-1] != b.shape[max(b.ndim - 2, 0)]:
        raise ShapeError(f"a {a.shape} @ b {b.shape}: the last axis of a, {a.shape[-1]} long, must "
                         "be as long as the last but one of b, "
                         f"{b.shape[max(b.ndim - 2, 0)]} long")
    refuse_mixed_dtypes("matmul", a=a, b=b)
    return a @ b, (a, b)


def matmul_backward(dy, cache, needs=(True, True)):
    """da = dy bᵀ, db = aᵀ dy."""
    a, b = cache
    row, column = a.ndim == 1, b.ndim == 1
    if column:
        dy, b = dy[..., None], b[:, None]
    if row:
        dy, a = dy[..., None, :], a[None]
    da = unbroadcast(dy @ b.swapaxes(-1, -2), a.shape) if needs[0] else None
    db = unbroadcast(a.swapaxes(-1, -2) @ dy, b.shape) if needs[1] else None
    return da[0] if row and needs[0] else da, db[:, 0] if column and needs[1] else db


matmul = lift(matmul_forward, matmul_backward)


def bmm(input, mat2: TENSOR):
    """The products of matrices, pair by pair. Unlike `matmul`, nothing is broadcast.

    Shapes   input (B, N, K), mat2 (B, K, M)  ->  (B, N, M)
    Twin     torch.bmm
    """
    _fit("bmm", {"input": "BNK", "mat2": "BKM"}, input=input, mat2=mat2)
    return matmul(input, mat2)


def mm(input, mat2: TENSOR):
    """The product of two matrices (N, K) and (K, M)."""
    _fit("mm", {"input": "NK", "mat2": "KM"}, input=input, mat2=mat2)
    return matmul(input, mat2)


def mv(input, vec: TENSOR):
    """The product of a matrix (N, K) and a vector (K,)."""
    _fit("mv", {"input": "NK", "vec": "K"}, input=input, vec=vec)
    return matmul(input, vec)


def dot(input, tensor):
    """The sum of the products of two vectors, number by number."""
    _fit("dot", {"input": "K", "tensor": "K"}, input=input, tensor=tensor)
    return matmul(input, tensor)


def outer(input, vec2: TENSOR):
    """Each number of one vector times each number of another: y[i, j] = input[i] vec2[j].

    Shapes   input (N,), vec2 (M,)  ->  (N, M)
    Twin     torch.outer
    """
    _fit("outer", {"input": "N", "vec2": "M"}, input=input, vec2=vec2)
    return mul(unsqueeze(input, 1), vec2)


def tril(input, diagonal: kinds.INTEGER = 0):
    """0 above a diagonal of the matrices: 0 is the main one, 1 the next one above it."""
    return _in_triangle("tril", input, lambda *size: np.tri(*size, diagonal, bool))


def triu(input, diagonal: kinds.INTEGER = 0):
    """0 below a diagonal of the matrices: 0 is the main one, 1 the next one above it."""
    return _in_triangle("triu", input, lambda *size: ~np.tri(*size, diagonal - 1, bool))


def _in_triangle(name, x, mask):
    if x.ndim < 2:
        raise ShapeError(f"{name}: input {x.shape} must have two axes or more")
    return where(mask(*x.shape[-2:]), x, np.zeros((), x.dtype))


def _fit(name, axes, **tensors):
    """Refuse Tensors without these axes; axes of one letter must have one length.

    Raises   ShapeError
    """
    try:
        fit(name, axes, tensors)
    except ArgumentError as error:
        raise ShapeError(str(error)) from None
