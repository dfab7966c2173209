"""The distances between all points of two sets: cdist.

Where two points coincide, the gradient is 0. Euclidean distances between many points come from one
matrix product, because |a - b|² = |a|² + |b|² - 2 a·b: it is fast, but small distances lose digits.
"""

import math

import numpy as np

from vidlearn.checks import kinds
from vidlearn.scratch.core.errors import ShapeError, not_broadcast, refuse_mixed_dtypes
from vidlearn.scratch.core.tensor import lift
from vidlearn.scratch.core.tensor_kinds import NOT_NEGATIVE, REAL
from vidlearn.scratch.numbers.matrix import matmul_forward
from vidlearn.scratch.numbers.shape import unbroadcast
from vidlearn.scratch.numbers.statistics import norm_forward

MANY = 25                 # points in a set: with more of them, torch uses a matrix product, too
BLOCK = 2**20             # differences that are held at once
IF_NECESSARY, ALWAYS = "use_mm_for_euclid_dist_if_necessary", "use_mm_for_euclid_dist"
MODES = kinds.choice(IF_NECESSARY, ALWAYS, "donot_use_mm_for_euclid_dist")


def cdist_forward(x1, x2, p):
    """The p-norm of the difference of each point of x1 and each point of x2.

    Shapes   x1 (*, P, F), x2 (*, R, F)  ->  (*, P, R)
    """
    batch = np.broadcast_shapes(x1.shape[:-2], x2.shape[:-2])
    y = np.zeros((*batch, x1.shape[-2], x2.shape[-2]), x1.dtype)
    if x1.shape[-1]:
        for rows, difference in _differences(x1, x2, batch):
            y[..., rows, :] = _norm(difference, p)
    return y, (x1, x2, y, p)


def cdist_backward(dy, cache):
    """Each pair of points gives the gradient of its norm to x1, and the negative of it to x2."""
    x1, x2, y, p = cache
    dx1 = np.zeros((*y.shape[:-1], x1.shape[-1]), dy.dtype)
    dx2 = np.zeros((*y.shape[:-2], *x2.shape[-2:]), dy.dtype)
    for rows, difference in _differences(x1, x2, y.shape[:-2]):
        d = _norm_gradient(dy[..., rows, :, None], difference, y[..., rows, :, None], p)
        dx1[..., rows, :] = d.sum(-2)
        dx2 -= d.sum(-3)
    return unbroadcast(dx1, x1.shape), unbroadcast(dx2, x2.shape)


def _differences(x1, x2, batch):
    """(rows, all differences between these rows of x1 and x2), a block of rows at a time."""
    step = max(1, BLOCK // max(1, math.prod(batch) * math.prod(x2.shape[-2:])))
    for start in range(0, x1.shape[-2], step):
        rows = slice(start, start + step)
        yield rows, x1[..., rows, None, :] - x2[..., None, :, :]


def _norm(difference, p):
    """The norm along the last axis. As in torch, NaN counts as NaN for p = 0, as 0 for p = inf."""
    if p == 0:
        return np.sign(np.abs(difference)).sum(-1)
    if p == np.inf:
        return np.fmax.reduce(np.abs(difference), -1, initial=0)
    return norm_forward(difference, p, (difference.ndim - 1,), keepdim=False)[0]


def _norm_gradient(dy, difference, y, p):
    """dy sign(d) (|d| / y)^(p-1), and 0 where y is 0.

    For p = inf, each of several largest numbers gets all of dy, as in torch.
    """
    direction = np.sign(difference)
    if p in (1, np.inf):
        return dy * direction * (p == 1 or np.abs(difference) == y)
    no_slope = (y == 0) | (p == 0) | (p < 1) & (difference == 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(no_slope, 0, dy * direction * (np.abs(difference) / y) ** (p - 1))


def euclidean_forward(x1, x2):
    """The same for p = 2, by one matrix product."""
    product, _ = matmul_forward(x1, x2.swapaxes(-1, -2))
    squares = [np.square(x).sum(-1) for x in (x1, x2)]
    y = np.sqrt(np.maximum(squares[0][..., :, None] + squares[1][..., None, :] - 2 * product, 0))
    return y, (x1, x2, y)


def euclidean_backward(dy, cache):
    """dx1 = the sum over x2 of dy (x1 - x2) / y, and 0 where y is 0."""
    x1, x2, y = cache
    share = np.divide(dy, y, out=np.zeros_like(y), where=y != 0)
    dx1 = share.sum(-1)[..., None] * x1 - share @ x2
    dx2 = share.sum(-2)[..., None] * x2 - share.swapaxes(-1, -2) @ x1
    return unbroadcast(dx1, x1.shape), unbroadcast(dx2, x2.shape)


_cdist = lift(cdist_forward, cdist_backward)
_euclidean = lift(euclidean_forward, euclidean_backward)


def cdist(x1: REAL, x2: REAL, p: NOT_NEGATIVE = 2.0, compute_mode: MODES = IF_NECESSARY):
    """The distance between each point of x1 and each point of x2: the p-norm of their difference.

    p = 0 counts the coordinates that differ, p = inf is the largest difference of a coordinate.

    Shapes   x1 (*, P, F), x2 (*, R, F)  ->  (*, P, R); the axes * are broadcast
    Twin     torch.cdist
    """
    if x1.ndim < 2 or x2.ndim < 2 or x1.shape[-1] != x2.shape[-1]:
        raise ShapeError(f"cdist: x1 {x1.shape} and x2 {x2.shape} must be (*, P, F) and (*, R, F)")
    try:
        np.broadcast_shapes(x1.shape[:-2], x2.shape[:-2])
    except ValueError as error:
        raise not_broadcast("cdist", x1=x1, x2=x2) from error
    refuse_mixed_dtypes("cdist", x1=x1, x2=x2)
    many = max(x1.shape[-2], x2.shape[-2]) > MANY
    if p == 2 and x1.numel() and x2.numel() and (
            compute_mode == ALWAYS or compute_mode == IF_NECESSARY and many):
        return _euclidean(x1, x2)
    return _cdist(x1, x2, p=p)
