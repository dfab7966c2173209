"""Every formula as plain loops: the specification with which the fast versions are compared.

Nothing here is clever and nothing is fast. Each function takes and returns NumPy arrays, under the
names of torch. Positions i (in the output) and k (in the kernel) have one index for each axis along
which the window moves: 1, 2 or 3. The axes of the arrays stand in the signatures.
"""

from itertools import product
from math import exp, log, prod, sqrt, tanh

import numpy as np

from vidlearn.checks import ArgumentError, checked
from vidlearn.checks.kinds import NOT_NEGATIVE, NUMBER, PADS, STEPS, VALUES, axes


@checked
def conv(x: axes("N, C, *S"), weight: axes("O, C/groups, *K"), bias: axes("O") = None,
         stride: STEPS = 1, padding: PADS = 0, dilation: STEPS = 1, groups=1):
    """y[n, o, i] = bias[o] + Σ over c, k of weight[o, c, k] · x[n, c, i·stride + k·dilation - pad]

    pad is `padding`; outside, x is 0. With groups, output o sees only the channels of its group.

    Shapes   x (N, C, *S), weight (O, C/groups, *K)  ->  y (N, O, *S')
    """
    stride, padding, dilation = _each_axis(x.ndim - 2, stride, padding, dilation)
    size, kernel = x.shape[2:], weight.shape[2:]
    outputs, channels = weight.shape[:2]
    y = np.zeros((len(x), outputs, *_places(size, kernel, stride, padding, dilation)), x.dtype)
    for n, o, *i in np.ndindex(y.shape):
        y[n, o, *i] = 0 if bias is None else bias[o]
        first = o // (outputs // groups) * channels
        for c, *k in np.ndindex(channels, *kernel):
            at = _position(i, k, stride, padding, dilation)
            if _inside(at, size):
                y[n, o, *i] += weight[o, c, *k] * x[n, first + c, *at]
    return y


@checked
def conv_transpose(x: axes("N, C, *S"), weight: axes("C, O/groups, *K"), bias: axes("O") = None,
                   stride: STEPS = 1, padding: PADS = 0, output_padding: PADS = 0, groups=1,
                   dilation: STEPS = 1):
    """y[n, o, i·stride + k·dilation - padding] += weight[c, o, k] · x[n, c, i], for all c, i and k.

    What falls outside y is dropped.

    Shapes   x (N, C, *S), weight (C, O/groups, *K)  ->  y (N, O, *S')
    """
    stride, padding, dilation, more = _each_axis(
        x.ndim - 2, stride, padding, dilation, output_padding)
    kernel, (channels, outputs) = weight.shape[2:], weight.shape[:2]
    size = [(s - 1) * step - 2 * p + d * (k - 1) + 1 + m for s, step, p, d, k, m in zip(
        x.shape[2:], stride, padding, dilation, kernel, more, strict=True)]
    y = np.zeros((len(x), outputs * groups, *size), x.dtype)
    for n, o, *i in np.ndindex(y.shape):
        y[n, o, *i] = 0 if bias is None else bias[o]
    for n, c, *i in np.ndindex(x.shape):
        first = c // (channels // groups) * outputs
        for o, *k in np.ndindex(outputs, *kernel):
            at = _position(i, k, stride, padding, dilation)
            if _inside(at, size):
                y[n, first + o, *at] += weight[c, o, *k] * x[n, c, *i]
    return y


@checked
def causal_conv(x: axes("N, C, T"), weight: axes("O, C, K"), bias: axes("O") = None,
                dilation: STEPS = 1):
    """y[n, o, t] = bias[o] + Σ over c, k of weight[o, c, k] · x[n, c, t - (K - 1 - k)·dilation]

    Before the first step, x is 0.
    """
    (outputs, channels, kernel), y = weight.shape, np.zeros((len(x), len(weight), x.shape[2]))
    for n, o, t in np.ndindex(len(x), outputs, x.shape[2]):
        y[n, o, t] = 0 if bias is None else bias[o]
        for c, k in np.ndindex(channels, kernel):
            at = t - (kernel - 1 - k) * dilation
            if at >= 0:
                y[n, o, t] += weight[o, c, k] * x[n, c, at]
    return y


@checked
def max_pool(x: axes("N, C, *S"), kernel_size: STEPS, stride: STEPS = None, padding: PADS = 0,
             dilation: STEPS = 1):
    """y[n, c, i] = max over k of x[n, c, i·stride + k·dilation - padding]"""
    return _each_window(max, x, kernel_size, stride, padding, dilation)


@checked
def avg_pool(x: axes("N, C, *S"), kernel_size: STEPS, stride: STEPS = None, padding: PADS = 0):
    """y[n, c, i] = 1/K · Σ over k of x[n, c, i·stride + k - padding]; outside, x is 0."""
    count = prod(_each_axis(x.ndim - 2, kernel_size)[0])
    return _each_window(lambda inside: sum(inside) / count, x, kernel_size, stride, padding, 1)


@checked
def batch_norm(x: axes("N, C, *S"), weight: axes("C"), bias: axes("C"), eps: NOT_NEGATIVE = 1e-5):
    """y[n, c, i] = weight[c] · (x[n, c, i] - mean[c]) / √(var[c] + eps) + bias[c], in training."""
    y = np.zeros_like(x)
    for c in range(x.shape[1]):
        values = [x[n, c, *i] for n in range(len(x)) for i in np.ndindex(x.shape[2:])]
        mean = sum(values) / len(values)
        var = sum((value - mean) ** 2 for value in values) / len(values)
        for n, *i in np.ndindex(len(x), *x.shape[2:]):
            y[n, c, *i] = weight[c] * (x[n, c, *i] - mean) / sqrt(var + eps) + bias[c]
    return y


@checked
def linear(x: axes("N, F"), weight: axes("O, F"), bias: axes("O") = None):
    """y[n, o] = bias[o] + Σ over f of weight[o, f] · x[n, f]"""
    y = np.zeros((len(x), len(weight)), x.dtype)
    for n, o in np.ndindex(y.shape):
        y[n, o] = 0 if bias is None else bias[o]
        for f in range(x.shape[1]):
            y[n, o] += weight[o, f] * x[n, f]
    return y


@checked
def rnn_step(x: axes("N, F"), h: axes("N, U"), weight_ih: axes("U, F"), weight_hh: axes("U, U"),
             bias_ih: axes("U") = None, bias_hh: axes("U") = None):
    """h'[n, u] = tanh(from x + from h)"""
    from_x, from_h = linear(x, weight_ih, bias_ih), linear(h, weight_hh, bias_hh)
    new = np.zeros_like(h)
    for n, u in np.ndindex(h.shape):
        new[n, u] = tanh(from_x[n, u] + from_h[n, u])
    return new


@checked
def lstm_step(x: axes("N, F"), h: axes("N, U"), c: axes("N, U"), weight_ih: axes("4U, F"),
              weight_hh: axes("4U, U"), bias_ih: axes("4U") = None, bias_hh: axes("4U") = None):
    """c' = f c + i g and h' = o tanh(c'); the gates i, f, g, o are U rows each of the weights."""
    z, units = linear(x, weight_ih, bias_ih) + linear(h, weight_hh, bias_hh), h.shape[1]
    new_h, new_c = np.zeros_like(h), np.zeros_like(c)
    for n, u in np.ndindex(h.shape):
        i, f = sigmoid(z[n, u]), sigmoid(z[n, units + u])
        g, o = tanh(z[n, 2 * units + u]), sigmoid(z[n, 3 * units + u])
        new_c[n, u] = f * c[n, u] + i * g
        new_h[n, u] = o * tanh(new_c[n, u])
    return new_h, new_c


@checked
def gru_step(x: axes("N, F"), h: axes("N, U"), weight_ih: axes("3U, F"),
             weight_hh: axes("3U, U"), bias_ih: axes("3U") = None, bias_hh: axes("3U") = None):
    """h' = (1 - z) m + z h, with m = tanh(from x + r · from h); the weights' rows are r, z, m."""
    from_x, from_h = linear(x, weight_ih, bias_ih), linear(h, weight_hh, bias_hh)
    units, new = h.shape[1], np.zeros_like(h)
    for n, u in np.ndindex(h.shape):
        r = sigmoid(from_x[n, u] + from_h[n, u])
        z = sigmoid(from_x[n, units + u] + from_h[n, units + u])
        m = tanh(from_x[n, 2 * units + u] + r * from_h[n, 2 * units + u])
        new[n, u] = (1 - z) * m + z * h[n, u]
    return new


@checked
def cross_entropy(x: axes("N, C"), target: axes("N")):
    """Mean over n of  log Σ over c of exp(x[n, c])  -  x[n, target[n]]"""
    total = 0.0
    for n in range(len(x)):
        total += log(sum(exp(score) for score in x[n])) - x[n, target[n]]
    return total / len(x)


@checked
def mse_loss(x: VALUES, target: VALUES):
    """Mean of (x - target)²"""
    return sum((a - b) ** 2 for a, b in _pairs(x, target)) / x.size


@checked
def l1_loss(x: VALUES, target: VALUES):
    """Mean of |x - target|"""
    return sum(abs(a - b) for a, b in _pairs(x, target)) / x.size


@checked
def binary_cross_entropy_with_logits(x: VALUES, target: VALUES):
    """Mean of  -target log σ(x) - (1 - target) log(1 - σ(x))"""
    total = 0.0
    for z, t in _pairs(x, target):
        p = sigmoid(z)
        total -= t * log(p) + (1 - t) * log(1 - p)
    return total / x.size


@checked
def triplet_margin_loss(anchor: axes("N, F"), positive: axes("N, F"), negative: axes("N, F"),
                        margin=1.0):
    """Mean over n of max(0, |anchor - positive| - |anchor - negative| + margin)"""
    total = 0.0
    for a, p, n in zip(anchor, positive, negative, strict=True):
        total += max(0.0, distance(a, p) - distance(a, n) + margin)
    return total / len(anchor)


@checked
def distance(a: axes("F"), b: axes("F")):
    """√ Σ over f of (a[f] - b[f] + 1e-6)²; torch adds the 1e-6, too."""
    return sqrt(sum((p - q + 1e-6) ** 2 for p, q in zip(a, b, strict=True)))


@checked
def sigmoid(z: NUMBER):
    """σ(z) = 1 / (1 + e^-z)"""
    return 1 / (1 + exp(-z))


def _pairs(x, target):
    """Numbers that stand at the same place."""
    if x.shape != target.shape:
        raise ArgumentError(f"x {x.shape} and target {target.shape} must have one shape")
    return zip(x.flat, target.flat, strict=True)


def _each_window(function, x, kernel, stride, padding, dilation):
    """y[n, c, i] = function of the values of x[n, c] inside the window at i"""
    kernel, stride, padding, dilation = _each_axis(
        x.ndim - 2, kernel, kernel if stride is None else stride, padding, dilation)
    size = x.shape[2:]
    y = np.zeros((*x.shape[:2], *_places(size, kernel, stride, padding, dilation)), x.dtype)
    for n, c, *i in np.ndindex(y.shape):
        window = [_position(i, k, stride, padding, dilation) for k in product(*map(range, kernel))]
        y[n, c, *i] = function([x[n, c, *at] for at in window if _inside(at, size)])
    return y


def _position(i, k, stride, padding, dilation):
    return [a * s + b * d - p
            for a, b, s, p, d in zip(i, k, stride, padding, dilation, strict=True)]


def _inside(at, size):
    return all(0 <= a < s for a, s in zip(at, size, strict=True))


def _places(size, kernel, stride, padding, dilation):
    return [(s + 2 * p - d * (k - 1) - 1) // step + 1 for s, k, step, p, d in zip(
        size, kernel, stride, padding, dilation, strict=True)]


def _each_axis(axes, *options):
    return [[option] * axes if np.isscalar(option) else list(option) for option in options]
