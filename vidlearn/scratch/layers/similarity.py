"""Lengths, angles and distances of vectors: what a network that compares things is trained on."""

import numpy as np

from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.layers.loss import reduce, same_shape, share_out
from vidlearn.scratch.numbers.elementwise import gate
from vidlearn.scratch.numbers.statistics import norm_backward, norm_forward


def cosine_similarity_forward(a, b, dim=1, eps=1e-8):
    """The cosine of the angle between vectors that lie along `dim`: 1 along, 0 across, -1 against.

    Shapes   a and b of one shape  ->  y without the axis `dim`
    Twin     torch.nn.functional.cosine_similarity
    """
    lengths = [norm_forward(v, 2, dim, keepdim=True)[0] for v in (a, b)]
    units = [v / np.maximum(length, eps) for v, length in zip((a, b), lengths, strict=True)]
    y = (units[0] * units[1]).sum(dim)
    return y, (a, b, lengths, units, y, dim, eps)


def cosine_similarity_backward(dy, cache):
    """Turning a towards b raises the cosine; what points along a itself changes nothing."""
    a, b, lengths, units, y, dim, eps = cache
    dy, y = np.expand_dims(dy, dim), np.expand_dims(y, dim)

    def towards(v, length, other):
        along = np.divide(v, length, out=np.zeros_like(v), where=length > 0)
        return dy * (other - y * along) / np.maximum(length, eps)
    return towards(a, lengths[0], units[1]), towards(b, lengths[1], units[0])


def cosine_embedding_loss_forward(a, b, target, margin=0.0, reduction="mean"):
    """Pull pairs together where the target is 1: 1 - cos. Push apart where it is -1: cos - margin.

    Shapes   a and b (N, F) or (F,), target (N,) or ()
    Twin     torch.nn.functional.cosine_embedding_loss
    """
    same_shape(a, b, ("input1", "input2"))
    if target.ndim != a.ndim - 1:
        raise ShapeError(f"cosine_embedding_loss needs one target for each of {a.shape}, "
                         f"not {target.shape}")
    cosine, cache = cosine_similarity_forward(a, b, a.ndim - 1, eps=1e-6)
    apart = cosine - margin
    losses = np.where(target == 1, 1 - cosine, np.where(target == -1, np.maximum(apart, 0), 0))
    slope = np.where(target == 1, -1, np.where((target == -1) & (apart > 0), 1, 0))
    return reduce(losses, reduction), (slope.astype(a.dtype), reduction, cache)


def cosine_embedding_loss_backward(dy, cache):
    """-1 or +1 times the gradient of the cosine; 0 for pairs that are far enough apart."""
    slope, reduction, cosine_cache = cache
    dcosine = gate(share_out(dy, slope.shape, reduction), slope)
    return *cosine_similarity_backward(dcosine, cosine_cache), None


def triplet_margin_loss_forward(anchor, positive, negative, margin=1.0, p=2.0, eps=1e-6, swap=False,
                                reduction="mean"):
    """Like to like: the anchor should be nearer to the positive than to the negative, by `margin`.

    max(0, |a - p| - |a - n| + margin); `swap` takes |p - n| instead of |a - n| where it is smaller.

    Shapes   all (N, F) or (F,)  ->  y (), or (N,) without reduction
    Source   Schroff et al., arXiv:1503.03832
    Twin     torch.nn.functional.triplet_margin_loss
    """
    same_shape(anchor, positive, ("anchor", "positive"))
    same_shape(anchor, negative, ("anchor", "negative"))
    pairs = anchor - positive, anchor - negative, *([positive - negative] if swap else [])
    (near, far, *other), caches = zip(*(_length(d + eps, p) for d in pairs), strict=True)
    takes = _takes(far, *other) if swap else np.zeros_like(far)
    gap = near - (np.minimum(far, *other) if swap else far) + margin
    return reduce(np.maximum(gap, 0), reduction), (gap > 0, takes, caches, reduction)


def triplet_margin_loss_backward(dy, cache):
    """Three pulls, of length 1 each: anchor and positive together, the negative away."""
    active, takes, caches, reduction = cache
    each = gate(share_out(dy, active.shape, reduction), active)
    pulls = [each, gate(each, takes - 1), gate(each, -takes)][:len(caches)]
    near, far, *swapped = (norm_backward(pull, c) for pull, c in zip(pulls, caches, strict=True))
    other = swapped[0] if swapped else 0
    return near + far, other - near, -far - other


def _takes(far, other):
    """Which part of the smaller one's gradient goes to `other`: all, none, or half at a tie."""
    return np.where(other < far, 1, np.where(other == far, 0.5, 0)).astype(far.dtype)


def _length(x, p):
    """The p-norm along the last axis, and what its backward needs."""
    return norm_forward(x, p, axes=(x.ndim - 1,), keepdim=False)
