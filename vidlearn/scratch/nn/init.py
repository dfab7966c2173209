"""Initial values of parameters, drawn from the generator that `scratch.manual_seed` seeds.

As in torch, a trailing underscore means that the tensor is changed in place. It is also returned.
"""

import math
from functools import partial

import numpy as np

from vidlearn.checks import ArgumentError, kinds
from vidlearn.scratch.core import versions
from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.core.tensor_kinds import NOT_NEGATIVE
from vidlearn.scratch.numbers.random import generator

FAN = kinds.choice("fan_in", "fan_out")


def uniform_(tensor, a=0.0, b=1.0):
    """Numbers from the uniform distribution between a and b."""
    if not a <= b:
        raise ArgumentError(f"uniform_: a must be at most b, but a is {a} and b is {b}")
    return _draw(tensor, partial(generator().uniform, a, b))


def normal_(tensor, mean=0.0, std: NOT_NEGATIVE = 1.0):
    """Numbers from the normal distribution with this mean and standard deviation."""
    return _draw(tensor, partial(generator().normal, mean, std))


def constant_(tensor, val):
    """Fill with one number."""
    return _fill(tensor, val)


def zeros_(tensor):
    """Fill with 0."""
    return _fill(tensor, 0)


def ones_(tensor):
    """Fill with 1."""
    return _fill(tensor, 1)


def xavier_uniform_(tensor, gain=1.0):
    """Keep the variance the same in the forward and the backward pass, on average.

    Source   Glorot and Bengio, AISTATS 2010
    """
    bound = math.sqrt(3) * _xavier_std(tensor, gain)
    return uniform_(tensor, -bound, bound)


def xavier_normal_(tensor, gain=1.0):
    """As `xavier_uniform_`, from a normal distribution."""
    return normal_(tensor, 0, _xavier_std(tensor, gain))


def kaiming_uniform_(tensor, a=0.0, mode: FAN = "fan_in", nonlinearity="leaky_relu"):
    """Keep the variance the same through layers with this activation; `a` is its negative slope.

    Source   He et al., arXiv:1502.01852
    """
    bound = math.sqrt(3) * _kaiming_std(tensor, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound)


def kaiming_normal_(tensor, a=0.0, mode: FAN = "fan_in", nonlinearity="leaky_relu"):
    """As `kaiming_uniform_`, from a normal distribution."""
    return normal_(tensor, 0, _kaiming_std(tensor, a, mode, nonlinearity))


def orthogonal_(tensor, gain=1.0):
    """Orthogonal rows (or columns, if they are fewer), each of length `gain`.

    Source   Saxe et al., arXiv:1312.6120
    """
    fan_in_and_fan_out(tensor)               # refuses fewer than two axes
    rows, columns = len(tensor.data), math.prod(tensor.shape[1:])
    q, r = np.linalg.qr(generator().normal(size=(max(rows, columns), min(rows, columns))))
    q *= np.sign(np.diag(r))                 # without this, not all rotations are equally likely
    return _fill(tensor, gain * (q if rows >= columns else q.T).reshape(tensor.shape))


def calculate_gain(nonlinearity, param=None):
    """The factor for weights that makes up for how much the activation shrinks its input."""
    if nonlinearity in ("linear", "sigmoid") or nonlinearity.startswith("conv"):
        return 1.0
    if nonlinearity == "leaky_relu":
        return math.sqrt(2 / (1 + (0.01 if param is None else param) ** 2))
    gains = {"tanh": 5 / 3, "relu": math.sqrt(2), "selu": 3 / 4}
    if nonlinearity not in gains:
        raise ArgumentError("calculate_gain: nonlinearity must be linear, conv..., sigmoid, "
                            f"leaky_relu, {', '.join(gains)}, not {nonlinearity!r}")
    return gains[nonlinearity]


def fan_in_and_fan_out(tensor):
    """How many inputs one output has, and how many outputs one input has: (fan_in, fan_out)."""
    if tensor.ndim < 2:
        raise ShapeError("fan_in and fan_out need a tensor of two axes or more, not of shape "
                         f"{tensor.shape}")
    kernel = math.prod(tensor.shape[2:])
    return tensor.shape[1] * kernel, tensor.shape[0] * kernel


def _xavier_std(tensor, gain):
    return gain * math.sqrt(2 / max(1, sum(fan_in_and_fan_out(tensor))))


def _kaiming_std(tensor, a, mode, nonlinearity):
    fan = max(1, fan_in_and_fan_out(tensor)[mode == "fan_out"])         # it is 0 without numbers
    return calculate_gain(nonlinearity, a) / math.sqrt(fan)


def _draw(tensor, draw):
    return _fill(tensor, draw(tensor.shape))


def _fill(tensor, values):
    versions.bump(tensor.data)
    tensor.data[...] = values
    return tensor
