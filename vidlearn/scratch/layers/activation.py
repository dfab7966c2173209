"""Activations: the bends between the layers. Without them a stack of layers is one matrix.

Each pair takes x of any shape and gives y of the same shape. Where a curve has a kink, the slope
there is the one that PyTorch takes, and it is said.
"""

import math

import numpy as np

from vidlearn.scratch.numbers.elementwise import gate

_erf = np.vectorize(math.erf, otypes=[float])        # NumPy has no erf: one Python call a number


def relu_forward(x):
    """Keep what is positive: y = max(x, 0). The slope at 0 is 0.

    Twin     torch.nn.functional.relu
    """
    y = np.maximum(x, 0)
    return y, y


def relu_backward(dy, y):
    """Let the gradient through where y > 0, or is no number: then nobody knows."""
    return gate(dy, y != 0)


def leaky_relu_forward(x, negative_slope=0.01):
    """Keep what is positive, let a little of the rest through. The slope at 0 is `negative_slope`.

    Twin     torch.nn.functional.leaky_relu
    """
    slope = np.where(x > 0, 1, negative_slope).astype(x.dtype)
    return x * slope, slope


def leaky_relu_backward(dy, slope):
    """Multiply by the slope that each number met: 1 or `negative_slope`."""
    return dy * slope


def elu_forward(x, alpha=1.0):
    """Keep what is positive, bend the rest to -alpha: alpha (exp(x) - 1). The slope at 0 is alpha.

    Source   Clevert et al., arXiv:1511.07289
    Twin     torch.nn.functional.elu
    """
    y = np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))
    return y, (x, y, alpha)


def elu_backward(dy, cache):
    """The slope of alpha (exp(x) - 1) is alpha exp(x), which is y + alpha."""
    x, y, alpha = cache
    return np.where(x > 0, dy, dy * (y + alpha))


def gelu_forward(x, approximate="none"):
    """Weigh x by the chance P that a standard normal number is below it: y = x P(x).

    Shapes   `approximate="tanh"` puts a tanh in the place of P, cheaper and within 0.001
    Source   Hendrycks and Gimpel, arXiv:1606.08415
    Twin     torch.nn.functional.gelu
    """
    if approximate == "tanh":
        a = math.sqrt(2 / math.pi)
        chance = sigmoid(2 * a * x * (1 + 0.044715 * x**2))
        slope = chance * (1 - chance) * 2 * a * (1 + 3 * 0.044715 * x**2)
    elif approximate == "none":
        chance = (0.5 * (1 + _erf(x / math.sqrt(2)))).astype(x.dtype)
        slope = np.exp(-0.5 * x**2) / math.sqrt(2 * math.pi)
    else:
        raise ValueError(f"gelu: approximate is 'none' or 'tanh', not {approximate!r}")
    return x * chance, (x, chance, slope)


def gelu_backward(dy, cache):
    """The product rule on x P(x): P + x P'."""
    x, chance, slope = cache
    return dy * (chance + x * slope)


def sigmoid(x):
    """1 / (1 + exp(-x)), written with tanh, which never overflows."""
    return 0.5 * (1 + np.tanh(0.5 * x))


def sigmoid_forward(x):
    """Press any number into 0..1: y = 1 / (1 + exp(-x)).

    Twin     torch.sigmoid
    """
    y = sigmoid(x)
    return y, y


def sigmoid_backward(dy, y):
    """The slope of the sigmoid is y (1 - y): at most a quarter."""
    return dy * y * (1 - y)


def tanh_forward(x):
    """Press any number into -1..1.

    Twin     torch.tanh
    """
    y = np.tanh(x)
    return y, y


def tanh_backward(dy, y):
    """The slope of tanh is 1 - y²: at most one."""
    return dy * (1 - y * y)


def softplus_forward(x, beta=1.0, threshold=20.0):
    """A relu with its corner rounded off: log(1 + exp(beta x)) / beta.

    Where beta x is above `threshold`, y is x itself.

    Twin     torch.nn.functional.softplus
    """
    straight = beta * x > threshold
    y = np.where(straight, x, np.logaddexp(0, beta * x) / beta)
    return y, (x, straight, beta)


def softplus_backward(dy, cache):
    """The slope of softplus is the sigmoid."""
    x, straight, beta = cache
    return np.where(straight, dy, dy * sigmoid(beta * x))


def softmax_forward(x, dim=-1):
    """Turn scores into probabilities along `dim`: exp(x) divided by its sum.

    The highest score is taken off first: it changes nothing, and exp cannot overflow.

    Twin     torch.nn.functional.softmax
    """
    e = np.exp(x - x.max(dim, keepdims=True, initial=-np.inf))
    y = e / e.sum(dim, keepdims=True)
    return y, (y, dim)


def softmax_backward(dy, cache):
    """Each score pulls its own probability up and all the others down: y (dy - sum(y dy))."""
    y, dim = cache
    return y * (dy - (y * dy).sum(dim, keepdims=True))


def log_softmax_forward(x, dim=-1):
    """The logarithm of softmax, without ever taking the logarithm of 0: x - log(sum(exp(x))).

    Twin     torch.nn.functional.log_softmax
    """
    y = x - x.max(dim, keepdims=True, initial=-np.inf)
    y -= np.log(np.exp(y).sum(dim, keepdims=True))
    return y, (y, dim)


def log_softmax_backward(dy, cache):
    """What arrives, less each probability's share of the whole: dy - p sum(dy)."""
    y, dim = cache
    return dy - np.exp(y) * dy.sum(dim, keepdims=True)
