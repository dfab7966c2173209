"""The product of matrices and of batches of matrices."""

import numpy as np

from vidlearn.scratch.core.errors import ShapeError, refuse_mixed_dtypes
from vidlearn.scratch.core.tensor import lift
from vidlearn.scratch.numbers.shape import unbroadcast


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
