"""Normalisation: mean 0 and variance 1 for every channel or sample, then a learned scale and shift.

Batch norm takes its statistics over the batch, one channel at a time; layer norm over one sample,
group norm over a group of channels of one sample.
"""

import math
from inspect import unwrap

import numpy as np

from vidlearn.checks import checked, kinds
from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.layers.arguments import array
from vidlearn.scratch.layers.im2col import lie_innermost

CHANNELS = array("C")


@checked
def batch_norm_forward(x: array("N, C, *S"), weight: CHANNELS = None, bias: CHANNELS = None,
                       running_mean: CHANNELS = None, running_var: CHANNELS = None,
                       training=False, momentum=0.1, eps=1e-5):
    """Normalise each channel to x̂ with mean 0 and variance 1, then y = weight x̂ + bias.

    In training, mean and variance are those of the batch, and `running_mean` and `running_var` move
    towards them, in place: new = old + momentum (batch - old). Otherwise the running ones are used.

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
    y = x - _per_channel(mean, x)
    var = _dot(y, y) / count if batch else running_var               # of the batch: divided by n
    if training and running_mean is not None:
        running_mean += momentum * (mean - running_mean)
        running_var += momentum * (var * (count / (count - 1)) - running_var)     # by n - 1
    scale = 1 / np.sqrt(var + eps)                                   # (C,)
    y *= _per_channel(scale if weight is None else scale * weight, x)
    if bias is not None:
        y += _per_channel(bias, x)
    return y, (x, mean, scale, weight, bias, batch)


@checked
def batch_norm_backward(dy: array("N, C, *S"), cache):
    """Compute the gradients; x also acts through its channel's mean and variance.

    Shapes   dy (N, C, *S)  ->  dx (N, C, *S), dweight (C,), dbias (C,)
    """
    x, mean, scale, weight, bias, batch = cache
    count = x.size // x.shape[1]
    dx = (x - _per_channel(mean, x)) * _per_channel(scale, x)          # x̂; later dx
    dweight, dbias = _dot(dy, dx), _sum(dy)
    if batch:
        dx *= _per_channel(-dweight / count, x)
        dx -= _per_channel(dbias / count, x)
        dx += dy
    else:
        dx[:] = dy
    dx *= _per_channel(scale if weight is None else scale * weight, x)
    return dx, None if weight is None else dweight, None if bias is None else dbias


def _per_channel(v, x):
    """Reshape (C,) so that it broadcasts along the channels of x."""
    return v.reshape(-1, *[1] * (x.ndim - 2))


def _sum(a):
    """The sum of each channel, by a product with ones, which is fast: (N, C, *S) -> (C,)."""
    flat, = _flat(a)
    return (flat @ np.ones(flat.shape[2], a.dtype)).sum(0)


def _dot(a, b):
    """The sum of a · b in each channel, without a temporary array: (N, C, *S) -> (C,)."""
    return np.vecdot(*_flat(a, b)).sum(0)


def _flat(*arrays):
    """(N, C, *S) as (M, C, L), with M · L = N · S: views, if all have the first's memory order.

    M is N, or 1 if the clips lie innermost, as a convolution leaves them.
    """
    n, channels, *space = arrays[0].shape
    if lie_innermost(arrays[0]):
        return [np.moveaxis(a, 0, -1).reshape(1, channels, n * math.prod(space)) for a in arrays]
    return [a.reshape(n, channels, math.prod(space)) for a in arrays]


@checked
def layer_norm_forward(x: array("*N, F"), weight: array("*F") = None,
                       bias: array("*F") = None, axes=1, eps=1e-5):
    """Normalise every sample to x̂ over its last `axes` axes, then y = weight x̂ + bias.

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


@checked
def layer_norm_backward(dy: array("*N, F"), cache):
    """Compute the gradients, as in batch norm, but over each sample.

    Shapes   dy (..., *F)  ->  dx (..., *F), dweight (*F), dbias (*F)
    """
    normal, scale, weight, bias, last = cache
    others = tuple(range(dy.ndim - len(last)))
    d = dy if weight is None else dy * weight                        # the gradient of x̂
    through_mean = d.mean(last, keepdims=True)
    through_variance = (d * normal).mean(last, keepdims=True)
    dx = scale * (d - through_mean - normal * through_variance)
    dweight = None if weight is None else (dy * normal).sum(others)
    return dx, dweight, None if bias is None else dy.sum(others)


@checked
def group_norm_forward(x: array("N, C, *S"), weight: CHANNELS = None, bias: CHANNELS = None,
                       num_groups: kinds.POSITIVE_COUNT = 1, eps=1e-5):
    """Normalise each group of channels of each sample to x̂, then y = weight x̂ + bias.

    Shapes   x (N, C, *S), weight (C,), bias (C,)  ->  y (N, C, *S); C/num_groups channels a group
    Source   Wu and He, arXiv:1803.08494
    Twin     torch.nn.functional.group_norm
    """
    rows = x.reshape(len(x), num_groups, x[:1].size // num_groups)   # one row a group
    normal, cache = unwrap(layer_norm_forward)(rows, eps=eps)
    normal = normal.reshape(x.shape)                                 # x̂
    y = normal if weight is None else normal * _per_channel(weight, x)
    return y if bias is None else y + _per_channel(bias, x), (normal, weight, bias, cache)


@checked
def group_norm_backward(dy: array("N, C, *S"), cache):
    """Compute the gradients, as in layer norm, but over each group.

    Shapes   dy (N, C, *S)  ->  dx (N, C, *S), dweight (C,), dbias (C,)
    """
    normal, weight, bias, of_rows = cache
    d = dy if weight is None else dy * _per_channel(weight, dy)      # the gradient of x̂
    dx, _, _ = unwrap(layer_norm_backward)(d.reshape(of_rows[0].shape), of_rows)
    dweight = None if weight is None else _dot(dy, normal)
    return dx.reshape(dy.shape), dweight, None if bias is None else _sum(dy)
