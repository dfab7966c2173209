"""Activations: the nonlinear functions between the layers.

Without them a stack of linear layers is one matrix. Each pair takes x of any shape and gives y of
the same shape. Where a function has a kink, its slope there is the one that PyTorch uses; the
docstring says which.
"""

import math

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.scratch.layers.arguments import NUMBERS, array
from vidlearn.scratch.numbers.elementwise import zero_safe_product
from vidlearn.scratch.numbers.shape import unbroadcast

_erf = np.vectorize(math.erf, otypes=[float])   # NumPy has no erf: one Python call per element


@checked
def relu_forward(x: NUMBERS):
    """Keep what is positive: y = max(x, 0). The slope at 0 is 0.

    Twin     torch.nn.functional.relu
    """
    y = np.maximum(x, 0)
    return y, y


@checked
def relu_backward(dy: NUMBERS, y):
    """Let the gradient through where y > 0, and where y is NaN."""
    return zero_safe_product(dy, y != 0)


@checked
def leaky_relu_forward(x: NUMBERS, negative_slope=0.01):
    """Keep what is positive and scale the rest by `negative_slope`, which is the slope at 0, too.

    Twin     torch.nn.functional.leaky_relu
    """
    slope = np.where(x > 0, 1, negative_slope).astype(x.dtype)
    return x * slope, slope


@checked
def leaky_relu_backward(dy: NUMBERS, slope):
    """Multiply by the slope at each element: 1 or `negative_slope`."""
    return dy * slope


@checked
def prelu_forward(x: NUMBERS, weight: array("C", "")):
    """Keep what is positive and scale the rest by a learned `weight`, one for all channels or each.

    The slope at 0 is the weight.

    Shapes   x (N, C, *S), or any with one weight; weight (C,), (1,) or ()
    Source   He et al., arXiv:1502.01852
    Twin     torch.nn.functional.prelu
    """
    per_channel = weight.reshape((-1, *[1] * (x.ndim - 2)) if x.ndim > 1 else (1,) * x.ndim)
    slope = np.where(x > 0, 1, per_channel).astype(x.dtype)
    return x * slope, (x, slope, per_channel.shape, weight.shape)


@checked
def prelu_backward(dy: NUMBERS, cache):
    """The slope for x; for each weight the sum of what it scaled."""
    x, slope, per_channel, shape = cache
    dweight = unbroadcast(np.where(x > 0, 0, dy * x), per_channel)
    return dy * slope, dweight.reshape(shape)


@checked
def elu_forward(x: NUMBERS, alpha=1.0):
    """Keep what is positive, and take alpha (exp(x) - 1) of the rest. The slope at 0 is alpha.

    Source   Clevert et al., arXiv:1511.07289
    Twin     torch.nn.functional.elu
    """
    y = np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))
    return y, (x, y, alpha)


@checked
def elu_backward(dy: NUMBERS, cache):
    """The slope of alpha (exp(x) - 1) is alpha exp(x), which is y + alpha."""
    x, y, alpha = cache
    return np.where(x > 0, dy, dy * (y + alpha))


@checked
def gelu_forward(x: NUMBERS, approximate="none"):
    """Multiply x by the probability P(x) that a standard normal variable is below it: y = x P(x).

    With `approximate="tanh"`, a formula with tanh replaces P: it is cheaper, and y within 0.001.

    Raises   ArgumentError if `approximate` is another word
    Source   Hendrycks and Gimpel, arXiv:1606.08415
    Twin     torch.nn.functional.gelu
    """
    if approximate == "tanh":
        a = math.sqrt(2 / math.pi)
        p = sigmoid(2 * a * x * (1 + 0.044715 * x**2))
        slope = p * (1 - p) * 2 * a * (1 + 3 * 0.044715 * x**2)
    elif approximate == "none":
        p = (0.5 * (1 + _erf(x / math.sqrt(2)))).astype(x.dtype)
        slope = np.exp(-0.5 * x**2) / math.sqrt(2 * math.pi)
    else:
        raise ArgumentError(f"gelu: approximate must be 'none' or 'tanh', not {approximate!r}")
    return x * p, (x, p, slope)


@checked
def gelu_backward(dy: NUMBERS, cache):
    """The product rule on x P(x): P + x P'."""
    x, p, slope = cache
    return dy * (p + x * slope)


def sigmoid(x):
    """1 / (1 + exp(-x)), written with tanh, which never overflows."""
    return 0.5 * (1 + np.tanh(0.5 * x))


@checked
def sigmoid_forward(x: NUMBERS):
    """Map any number into 0..1: y = 1 / (1 + exp(-x)).

    Twin     torch.sigmoid
    """
    y = sigmoid(x)
    return y, y


@checked
def sigmoid_backward(dy: NUMBERS, y):
    """The slope of the sigmoid is y (1 - y): at most 1/4."""
    return dy * y * (1 - y)


@checked
def silu_forward(x: NUMBERS):
    """x times its sigmoid: close to 0 below, close to x above.

    Source   Elfwing et al., arXiv:1702.03118
    Twin     torch.nn.functional.silu
    """
    s = sigmoid(x)
    return x * s, (x, s)


@checked
def silu_backward(dy: NUMBERS, cache):
    """The slope is s (1 + x (1 - s)) with s the sigmoid of x."""
    x, s = cache
    return dy * s * (1 + x * (1 - s))


@checked
def tanh_forward(x: NUMBERS):
    """Map any number into -1..1.

    Twin     torch.tanh
    """
    y = np.tanh(x)
    return y, y


@checked
def tanh_backward(dy: NUMBERS, y):
    """The slope of tanh is 1 - y²: at most 1."""
    return dy * (1 - y * y)


@checked
def softplus_forward(x: NUMBERS, beta=1.0, threshold: kinds.REAL = 20.0):
    """A smooth relu: y = log(1 + exp(beta x)) / beta.

    Where beta x is above `threshold`, y is x itself.

    Twin     torch.nn.functional.softplus
    """
    is_linear = beta * x > threshold
    y = np.where(is_linear, x, np.logaddexp(0, beta * x) / beta)
    return y, (x, is_linear, beta)


@checked
def softplus_backward(dy: NUMBERS, cache):
    """The slope of softplus is the sigmoid."""
    x, is_linear, beta = cache
    return np.where(is_linear, dy, dy * sigmoid(beta * x))


@checked
def softmax_forward(x: NUMBERS, dim: kinds.INTEGER = -1):
    """Turn scores into probabilities along `dim`: exp(x) divided by its sum.

    The highest score is subtracted first: y stays the same, and exp cannot overflow.

    Twin     torch.nn.functional.softmax
    """
    e = np.exp(x - x.max(dim, keepdims=True, initial=-np.inf))
    y = e / e.sum(dim, keepdims=True)
    return y, (y, dim)


@checked
def softmax_backward(dy: NUMBERS, cache):
    """Each score raises its own probability and lowers all the others: y (dy - sum(y dy))."""
    y, dim = cache
    return y * (dy - (y * dy).sum(dim, keepdims=True))


@checked
def log_softmax_forward(x: NUMBERS, dim: kinds.INTEGER = -1):
    """The logarithm of softmax, without ever taking the logarithm of 0: x - log(sum(exp(x))).

    Twin     torch.nn.functional.log_softmax
    """
    y = x - x.max(dim, keepdims=True, initial=-np.inf)
    y -= np.log(np.exp(y).sum(dim, keepdims=True))
    return y, (y, dim)


@checked
def log_softmax_backward(dy: NUMBERS, cache):
    """Subtract from each gradient its probability's share of their sum: dy - p sum(dy)."""
    y, dim = cache
    return dy - np.exp(y) * dy.sum(dim, keepdims=True)
