"""Metric learning: the cosine similarity of embeddings, and the losses that compare embeddings."""

from inspect import unwrap

import numpy as np

from vidlearn.checks import checked, kinds
from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.layers.arguments import NUMBERS, array
from vidlearn.scratch.layers.reduction import check_same_shape, reduce, reduce_backward
from vidlearn.scratch.numbers.elementwise import zero_safe_product
from vidlearn.scratch.numbers.statistics import norm_backward, norm_forward

EMBEDDINGS = array("*N, F")


@checked
def cosine_similarity_forward(a: EMBEDDINGS, b: EMBEDDINGS, dim: kinds.INTEGER = 1, eps=1e-8):
    """The cosine of the angle between vectors along `dim`: 1 parallel, 0 orthogonal, -1 opposite.

    Shapes   a and b of one shape  ->  y without the axis `dim`
    Twin     torch.nn.functional.cosine_similarity
    """
    lengths = [norm_forward(v, 2, dim, keepdim=True)[0] for v in (a, b)]
    units = [v / np.maximum(length, eps) for v, length in zip((a, b), lengths, strict=True)]
    y = (units[0] * units[1]).sum(dim)
    return y, (a, b, lengths, units, y, dim, eps)


@checked
def cosine_similarity_backward(dy: NUMBERS, cache):
    """Turning a towards b raises the cosine; a change of a's length leaves it as it is."""
    a, b, lengths, units, y, dim, eps = cache
    dy, y = np.expand_dims(dy, dim), np.expand_dims(y, dim)

    def gradient(v, length, other):
        direction = np.divide(v, length, out=np.zeros_like(v), where=length > 0)
        return dy * (other - y * direction) / np.maximum(length, eps)
    return gradient(a, lengths[0], units[1]), gradient(b, lengths[1], units[0])


@checked
def pairwise_distance_forward(a: EMBEDDINGS, b: EMBEDDINGS, p: kinds.REAL = 2.0, eps=1e-6,
                              keepdim=False):
    """The p-norm of a - b + eps along the last axis: how far apart two vectors are.

    Shapes   a and b (..., F)  ->  y (...), or (..., 1) with `keepdim`
    Twin     torch.nn.functional.pairwise_distance
    """
    return norm_forward(a - b + eps, p, axes=(a.ndim - 1,), keepdim=keepdim)


@checked
def pairwise_distance_backward(dy: NUMBERS, cache):
    """The gradient of the norm for a, and its negative for b."""
    da = norm_backward(dy, cache)
    return da, -da


_similarity_forward = unwrap(cosine_similarity_forward)
_similarity_backward = unwrap(cosine_similarity_backward)


@checked
def cosine_embedding_loss_forward(a: array("N, F", "F"), b: array("N, F", "F"), target: NUMBERS,
                                  margin=0.0, reduction="mean"):
    """Target 1, a pair that is alike: 1 - cos. Target -1, an unlike pair: max(0, cos - margin).

    Shapes   a and b (N, F) or (F,), target (N,) or ()
    Twin     torch.nn.functional.cosine_embedding_loss
    """
    check_same_shape(a, b, ("input1", "input2"))
    if target.ndim != a.ndim - 1:
        raise ShapeError(f"cosine_embedding_loss needs one target for each of {a.shape}, "
                         f"not {target.shape}")
    cosine, cache = _similarity_forward(a, b, a.ndim - 1, eps=1e-6)
    excess = cosine - margin
    losses = np.where(target == 1, 1 - cosine, np.where(target == -1, np.maximum(excess, 0), 0))
    slope = np.where(target == 1, -1, np.where((target == -1) & (excess > 0), 1, 0))
    return reduce(losses, reduction), (slope.astype(a.dtype), reduction, cache)


@checked
def cosine_embedding_loss_backward(dy: NUMBERS, cache):
    """-1 or +1 times the gradient of the cosine; 0 for pairs that are far enough apart."""
    slope, reduction, cosine_cache = cache
    dcosine = zero_safe_product(reduce_backward(dy, slope.shape, reduction), slope)
    return *_similarity_backward(dcosine, cosine_cache), None


@checked
def margin_ranking_loss_forward(a: NUMBERS, b: NUMBERS, target: NUMBERS, margin=0.0,
                                reduction="mean"):
    """Target 1: a should be larger than b by `margin`; target -1: smaller. max(0, -t(a-b) + m).

    Shapes   a, b and target (N,) or any one shape. The slope at the margin is 0
    Twin     torch.nn.functional.margin_ranking_loss
    """
    gap = -target * (a - b) + margin
    return reduce(np.maximum(gap, 0), reduction), (a, b, target, gap > 0, reduction)


@checked
def margin_ranking_loss_backward(dy: NUMBERS, cache):
    """-target for a and target for b, where the margin is not kept."""
    a, b, target, active, reduction = cache
    each = zero_safe_product(reduce_backward(dy, active.shape, reduction), active)
    return -each * target, each * target, each * (b - a)


@checked
def triplet_margin_loss_forward(anchor: EMBEDDINGS, positive: EMBEDDINGS, negative: EMBEDDINGS,
                                margin=1.0, p: kinds.REAL = 2.0, eps=1e-6, swap=False,
                                reduction="mean"):
    """The anchor should be nearer to the positive than to the negative, by at least `margin`.

    max(0, |a - p| - |a - n| + margin); `swap` takes |p - n| instead of |a - n| where it is smaller.

    Shapes   all (N, F) or (F,)  ->  y (), or (N,) without reduction
    Source   Schroff et al., arXiv:1503.03832
    Twin     torch.nn.functional.triplet_margin_loss
    """
    check_same_shape(anchor, positive, ("anchor", "positive"))
    check_same_shape(anchor, negative, ("anchor", "negative"))
    pairs = anchor - positive, anchor - negative, *([positive - negative] if swap else [])
    (near, far, *other), caches = zip(*(_length(d + eps, p) for d in pairs), strict=True)
    part = _part_of_other(far, *other) if swap else np.zeros_like(far)
    gap = near - (np.minimum(far, *other) if swap else far) + margin
    return reduce(np.maximum(gap, 0), reduction), (gap > 0, part, caches, reduction)


@checked
def triplet_margin_loss_backward(dy: NUMBERS, cache):
    """The gradients of the distances: anchor and positive come nearer, the negative moves away."""
    active, part, caches, reduction = cache
    each = zero_safe_product(reduce_backward(dy, active.shape, reduction), active)
    dlengths = [each, zero_safe_product(each, part - 1), zero_safe_product(each, -part)]
    dlengths = dlengths[:len(caches)]
    near, far, *swapped = (norm_backward(d, c) for d, c in zip(dlengths, caches, strict=True))
    other = swapped[0] if swapped else 0
    return near + far, other - near, -far - other


def _part_of_other(far, other):
    """Which part of the minimum's gradient goes to `other`: all, none, or half at a tie."""
    return np.where(other < far, 1, np.where(other == far, 0.5, 0)).astype(far.dtype)


def _length(x, p):
    """The p-norm along the last axis, and what its backward needs."""
    return norm_forward(x, p, axes=(x.ndim - 1,), keepdim=False)
