"""Causal convolution by hand: along time, from the present and the past alone.

    y[t]  =  bias + Σ over taps k of  weight[k] · x[t - (K - 1 - k)·dilation]

A tap is one element of the kernel along time. The last tap sees the present; each one before it
sees `dilation` steps further back. Before the first step x counts as 0: the input is padded on the
left only, with (K - 1)·dilation zeros.

A stream needs those zeros only at its start. Later the last inputs take their place: they are the
*state*. Whoever keeps the state can go on step by step, or chunk by chunk, and gets the same y.

A stack of such layers has a residual connection around each:  x + relu(causal conv of x).
"""

from inspect import unwrap

import numpy as np

from vidlearn.checks import checked, kinds
from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.layers import conv
from vidlearn.scratch.layers.arguments import PER_AXIS, array
from vidlearn.scratch.layers.sliding_window import each_axis

_conv_forward, _conv_backward = unwrap(conv.conv_forward), unwrap(conv.conv_backward)

WEIGHT, BIAS, STATE = array("O, C, K"), array("O"), array("N, C, past")


def _layers(value):
    return [(WEIGHT.take(weight), bias if bias is None else BIAS.take(bias), dilation)
            for weight, bias, dilation in kinds.LIST.take(value)]


def _states(value):
    return [*map(STATE.take, kinds.LIST.take(value))]


LAYERS = kinds.Kind("a list of weight (C, C, K), bias (C,) or None, dilation", _layers)
STATES = kinds.Kind("a list of states (N, C, past)", _states)


@checked
def causal_conv1d_forward(x: array("N, C, T"), weight: WEIGHT, bias: BIAS = None,
                          dilation: PER_AXIS = 1):
    """Convolve along time, from the past alone; y has as many steps as x.

    Shapes   x (N, C, T), weight (O, C, K), bias (O,)  ->  y (N, O, T)
    Units    dilation in steps from tap to tap
    Returns  y, and the cache that `causal_conv1d_backward` needs
    Raises   ShapeError if x and weight are not sequences with the same channels, or T is 0
    Source   van den Oord et al., arXiv:1609.03499
    Twin     torch.nn.functional.conv1d of torch.nn.functional.pad(x, ((K - 1)·dilation, 0))
    """
    past = _start(len(x), weight, dilation, x.dtype)
    return _conv(past, x, weight, bias, dilation)


@checked
def causal_conv1d_backward(dy: array("N, O, T"), cache, needs=(True, True, True)):
    """Compute the gradients of `causal_conv1d_forward`; that of the zeros before x is dropped.

    Shapes   dy (N, O, T)  ->  dx (N, C, T), dweight (O, C, K), dbias (O,)
    """
    dpadded, dweight, dbias = _conv_backward(dy, cache, needs)
    dx = None if dpadded is None else dpadded[..., dpadded.shape[2] - dy.shape[2]:]
    return dx, dweight, dbias


@checked
def causal_start(n: kinds.COUNT, weight: WEIGHT, dilation: PER_AXIS = 1, dtype=float):
    """The state before the first step: zeros, as many as the layer looks back.

    Shapes   weight (O, C, K)  ->  (n, C, (K - 1)·dilation), oldest first
    """
    return _start(n, weight, dilation, dtype)


@checked
def causal_conv1d_step(x: array("N, C, T"), state: STATE,
                       weight: WEIGHT, bias: BIAS = None, dilation: PER_AXIS = 1):
    """Go on from `state` by as many steps as x has: chunk by chunk, y is that of the whole run.

    Shapes   x (N, C, T), state (N, C, (K - 1)·dilation)  ->  y (N, O, T), the next state
    Raises   ShapeError if the state does not fit these weights
    """
    needed = _start(len(x), weight, dilation).shape
    if state.shape != needed:
        raise ShapeError(f"state {state.shape} does not fit: x {x.shape}, weight {weight.shape} "
                         f"and dilation {dilation} need {needed}; begin with causal_start")
    y, _ = _conv(state, x, weight, bias, dilation)
    return y, np.concatenate([state, x], axis=2)[..., x.shape[2]:]


# A stack looks at the arguments of all its layers at once; they need not look again.
_forward, _backward, _step = map(unwrap, (causal_conv1d_forward, causal_conv1d_backward,
                                          causal_conv1d_step))


@checked
def causal_stack_forward(x: array("N, C, T"), layers: LAYERS):
    """Apply several layers, each with a residual connection: x + relu(causal conv of x).

    Shapes   x (N, C, T), layers: a list of weight (C, C, K), bias (C,) or None, dilation
    Returns  y (N, C, T), and the cache that `causal_stack_backward` needs
    Source   Bai et al., arXiv:1803.01271
    """
    caches = []
    for weight, bias, dilation in layers:
        z, cache = _forward(x, weight, bias, dilation)
        caches.append((cache, z > 0))
        x = x + np.maximum(z, 0)
    return x, caches


@checked
def causal_stack_backward(dy: array("N, C, T"), caches):
    """Compute the gradients of `causal_stack_forward` from `dy`.

    Returns  dx (N, C, T), and for each layer its dweight and dbias
    """
    gradients = []
    for cache, active in reversed(caches):
        dx, *rest = _backward(dy * active, cache)
        dy = dy + dx
        gradients.insert(0, tuple(rest))
    return dy, gradients


@checked
def causal_stack_start(n: kinds.COUNT, layers: LAYERS, dtype=float):
    """The state of each layer before the first step."""
    return [_start(n, weight, dilation, dtype) for weight, _, dilation in layers]


@checked
def causal_stack_step(x: array("N, C, T"), states: STATES, layers: LAYERS):
    """Go on through all layers by as many steps as x has.

    Shapes   x (N, C, T), one state per layer  ->  y (N, C, T), the next states
    """
    new = []
    for state, layer in zip(states, layers, strict=True):
        z, state = _step(x, state, *layer)
        new.append(state)
        x = x + np.maximum(z, 0)
    return x, new


@checked
def receptive_field(kernels: kinds.LIST, dilations: kinds.LIST):
    """The number of steps from the oldest that an output can see to the present, both included.

    Units    one kernel size and one dilation per layer; 1 + Σ (K - 1)·dilation steps
    """
    return 1 + sum((k - 1) * d for k, d in zip(kernels, dilations, strict=True))


@checked
def delays(kernels: kinds.LIST, dilations: kinds.LIST):
    """How many steps back the inputs lie that an output depends on, ascending.

    A path from input to output takes one tap of each layer, and their delays add up. A number that
    is missing from the list is a hole in the receptive field.
    """
    found = {0}
    for k, d in zip(kernels, dilations, strict=True):
        found = {delay + tap * d for delay in found for tap in range(k)}
    return sorted(found)


def _start(n, weight, dilation, dtype=float):
    if weight.ndim != 3:
        raise ShapeError(f"weight {weight.shape} must be (O, C, K): outputs, channels, taps")
    dilation, = each_axis("dilation", dilation, 1, 1)
    return np.zeros((n, weight.shape[1], (weight.shape[2] - 1) * dilation), dtype)


def _conv(past, x, weight, bias, dilation):
    """Convolve x, with `past` before it; y has as many steps as x."""
    if x.ndim != 3 or x.shape[1:2] != past.shape[1:2] or not x.shape[2]:
        raise ShapeError(f"x {x.shape} must be (N, C, T) with at least one step and the channels "
                         f"of weight {weight.shape}: (O, C, K)")
    return _conv_forward(np.concatenate([past, x], axis=2), weight, bias, dilation=dilation)
