"""Causal convolution by hand: along time, and never ahead of it.

    y[t]  =  bias + Σ over taps k of  weight[k] · x[t - (K - 1 - k)·dilation]

The last tap looks at now, those before it each `dilation` steps further back. What came before the
first step is 0: the input is padded on the left only, by the reach (K - 1)·dilation.

In a stream the zeros are only where it begins. Later their place is taken by the last inputs, the
*state*: whoever keeps those goes on as if there had been no cut, a step or a chunk at a time.

A stack lays such layers over one another, each with a path round it:  x + relu(causal conv of x).
"""

import numpy as np

from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.layers.conv import conv_backward, conv_forward
from vidlearn.scratch.layers.slide import each_axis


def causal_conv1d_forward(x, weight, bias=None, dilation=1):
    """Convolve along time with the past alone; y has as many steps as x.

    Shapes   x (N, C, T), weight (O, C, K), bias (O,)  ->  y (N, O, T)
    Units    dilation in steps from tap to tap
    Returns  y, and the cache that `causal_conv1d_backward` needs
    Raises   ShapeError if x and weight are not sequences with the same channels, or T is 0
    Source   van den Oord et al., arXiv:1609.03499
    Twin     torch.nn.functional.conv1d of torch.nn.functional.pad(x, ((K - 1)·dilation, 0))
    """
    past = causal_start(len(x), weight, dilation, x.dtype)
    return _conv(past, x, weight, bias, dilation)


def causal_conv1d_backward(dy, cache, needs=(True, True, True)):
    """Carry the gradient `dy` back through `causal_conv1d_forward`: what falls on zeros is lost.

    Shapes   dy (N, O, T)  ->  dx (N, C, T), dweight (O, C, K), dbias (O,)
    """
    dpadded, dweight, dbias = conv_backward(dy, cache, needs)
    dx = None if dpadded is None else dpadded[..., dpadded.shape[2] - dy.shape[2]:]
    return dx, dweight, dbias


def causal_start(n, weight, dilation=1, dtype=float):
    """The state before the first step: as many zeros as a layer reaches back.

    Shapes   weight (O, C, K)  ->  (n, C, (K - 1)·dilation), oldest first
    """
    if weight.ndim != 3:
        raise ShapeError(f"weight {weight.shape} must be (O, C, K): outputs, channels, taps")
    dilation, = each_axis("dilation", dilation, 1, 1)
    return np.zeros((n, weight.shape[1], (weight.shape[2] - 1) * dilation), dtype)


def causal_conv1d_step(x, state, weight, bias=None, dilation=1):
    """Go on from `state` by one step, or by as many as x has: the whole run, cut anywhere.

    Shapes   x (N, C, T), state (N, C, (K - 1)·dilation)  ->  y (N, O, T), the next state
    Raises   ShapeError if the state is not that of these weights
    """
    needed = causal_start(len(x), weight, dilation).shape
    if state.shape != needed:
        raise ShapeError(f"state {state.shape} does not fit: x {x.shape}, weight {weight.shape} "
                         f"and dilation {dilation} need {needed}; begin with causal_start")
    y, _ = _conv(state, x, weight, bias, dilation)
    return y, np.concatenate([state, x], axis=2)[..., x.shape[2]:]


def causal_stack_forward(x, layers):
    """Layers over one another, each added to what it was given: x + relu(causal conv of x).

    Shapes   x (N, C, T), layers: a list of weight (C, C, K), bias (C,) or None, dilation
    Returns  y (N, C, T), and the cache that `causal_stack_backward` needs
    Source   Bai et al., arXiv:1803.01271
    """
    caches = []
    for weight, bias, dilation in layers:
        z, cache = causal_conv1d_forward(x, weight, bias, dilation)
        caches.append((cache, z > 0))
        x = x + np.maximum(z, 0)
    return x, caches


def causal_stack_backward(dy, caches):
    """Carry `dy` back through `causal_stack_forward`.

    Returns  dx (N, C, T), and for each layer its dweight and dbias
    """
    gradients = []
    for cache, on in reversed(caches):
        dx, *rest = causal_conv1d_backward(dy * on, cache)
        dy = dy + dx
        gradients.insert(0, tuple(rest))
    return dy, gradients


def causal_stack_start(n, layers, dtype=float):
    """The state of each layer before the first step."""
    return [causal_start(n, weight, dilation, dtype) for weight, _, dilation in layers]


def causal_stack_step(x, states, layers):
    """Go on by one step, or by as many as x has, through all layers.

    Shapes   x (N, C, T), one state a layer  ->  y (N, C, T), the next states
    """
    new = []
    for state, layer in zip(states, layers, strict=True):
        z, state = causal_conv1d_step(x, state, *layer)
        new.append(state)
        x = x + np.maximum(z, 0)
    return x, new


def receptive_field(kernels, dilations):
    """How many steps lie between the oldest that can be seen and now, both counted.

    Units    one kernel size and one dilation a layer; 1 + Σ (K - 1)·dilation steps
    """
    return 1 + sum((k - 1) * d for k, d in zip(kernels, dilations, strict=True))


def delays(kernels, dilations):
    """How far back the inputs lie that an output hears, ascending: a gap in it is a hole.

    A way from input to output takes one tap of each layer, and its delays add up.
    """
    found = {0}
    for k, d in zip(kernels, dilations, strict=True):
        found = {delay + tap * d for delay in found for tap in range(k)}
    return sorted(found)


def _conv(past, x, weight, bias, dilation):
    """Convolve x, with `past` in front of it; y has as many steps as x."""
    if x.ndim != 3 or x.shape[1:2] != past.shape[1:2] or not x.shape[2]:
        raise ShapeError(f"x {x.shape} must be (N, C, T) with at least one step and the channels "
                         f"of weight {weight.shape}: (O, C, K)")
    return conv_forward(np.concatenate([past, x], axis=2), weight, bias, dilation=dilation)
