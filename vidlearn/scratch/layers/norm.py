"""Normalisation: give every channel, or sample, mean 0 and spread 1; then let it learn its own.

Batch norm looks down the batch, one channel at a time; layer norm looks along one sample.
"""

import math

import numpy as np

from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.layers.columns import lie_innermost


def batch_norm_forward(x, weight=None, bias=None, running_mean=None, running_var=None,
                       training=False, momentum=0.1, eps=1e-5):
    """Take each channel's mean off, divide by its spread, then y = weight x̂ + bias.

    In training, mean and spread are those of the batch, and `running_mean` and `running_var` are
    moved towards them, in place, by the share `momentum`. Otherwise the running ones are used.

    Shapes   x (N, C, *S), all else (C,)  ->  y (N, C, *S), for any number of axes S
    Raises   ShapeError if a channel has only one value to learn from
    Source   Ioffe and Szegedy, arXiv:1502.03167
    Twin     torch.nn.functional.batch_norm
    """
    count = x.size // x.shape[1]                                     # values in a channel
    batch = training or running_mean is None
    if batch and count == 1:
        raise ShapeError(f"batch_norm: x {x.shape} has one value a channel; training needs more")
    mean = _sum(x) / count if batch else running_mean
    y = x - _column(mean, x)
    var = _dot(y, y) / count if batch else running_var               # of the batch: divided by n
    if training and running_mean is not None:
        running_mean += momentum * (mean - running_mean)
        running_var += momentum * (var * (count / (count - 1)) - running_var)     # by n - 1
    scale = 1 / np.sqrt(var + eps)                                   # (C,)
    y *= _column(scale if weight is None else scale * weight, x)
    if bias is not None:
        y += _column(bias, x)
    return y, (x, mean, scale, weight, bias, batch)


def batch_norm_backward(dy, cache):
    """Carry `dy` back. Each x also moved its channel's mean and spread: both ways are taken off.

    Shapes   dy (N, C, *S)  ->  dx (N, C, *S), dweight (C,), dbias (C,)
    """
    x, mean, scale, weight, bias, batch = cache
    count = x.size // x.shape[1]
    dx = (x - _column(mean, x)) * _column(scale, x)                  # x̂, and soon dx: one buffer
    dweight, dbias = _dot(dy, dx), _sum(dy)
    if batch:
        dx *= _column(-dweight / count, x)
        dx -= _column(dbias / count, x)
        dx += dy
    else:
        dx[:] = dy
    dx *= _column(scale if weight is None else scale * weight, x)
    return dx, None if weight is None else dweight, None if bias is None else dbias


def _column(v, x):
    """Stand a (C,) along the channels of x, so that it spreads over the rest."""
    return v.reshape(-1, *[1] * (x.ndim - 2))


def _sum(a):
    """Sum each channel, by a product with ones, which is fast: (N, C, *S) -> (C,)."""
    flat, = _flat(a)
    return (flat @ np.ones(flat.shape[2], a.dtype)).sum(0)


def _dot(a, b):
    """Multiply and sum each channel, without a temporary of a's size: (N, C, *S) -> (C,)."""
    return np.vecdot(*_flat(a, b)).sum(0)


def _flat(*arrays):
    """(N, C, *S) as (M, C, L), with M · L = N · S, as the first one lies in memory: not copied.

    M is N; or 1 where the clips lie innermost, as a convolution leaves them.
    """
    n, channels, *space = arrays[0].shape
    if lie_innermost(arrays[0]):
        return [np.moveaxis(a, 0, -1).reshape(1, channels, n * math.prod(space)) for a in arrays]
    return [a.reshape(n, channels, math.prod(space)) for a in arrays]


def layer_norm_forward(x, weight=None, bias=None, axes=1, eps=1e-5):
    """Give the last `axes` axes of every sample mean 0 and spread 1, then y = weight x̂ + bias.

    Shapes   x (..., *F), weight (*F), bias (*F)  ->  y (..., *F), with F the last `axes` axes
    Source   Ba et al., arXiv:1607.06450
    Twin     torch.nn.functional.layer_norm
    """
    last = tuple(range(-axes, 0))
    y = x - x.mean(last, keepdims=True)
    scale = 1 / np.sqrt((y * y).mean(last, keepdims=True) + eps)
    normal = y * scale                                               # x̂
    y = normal if weight is None else normal * weight
    return y if bias is None else y + bias, (normal, scale, weight, bias, last)


def layer_norm_backward(dy, cache):
    """Carry `dy` back: as in batch norm, but along each sample.

    Shapes   dy (..., *F)  ->  dx (..., *F), dweight (*F), dbias (*F)
    """
    normal, scale, weight, bias, last = cache
    others = tuple(range(dy.ndim - len(last)))
    d = dy if weight is None else dy * weight                        # the gradient of x̂
    along_mean = d.mean(last, keepdims=True)
    along_spread = (d * normal).mean(last, keepdims=True)
    dx = scale * (d - along_mean - normal * along_spread)
    dweight = None if weight is None else (dy * normal).sum(others)
    return dx, dweight, None if bias is None else dy.sum(others)
