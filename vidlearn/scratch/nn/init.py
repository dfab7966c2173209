"""First values for parameters. They are drawn from the generator that `scratch.manual_seed` sets.

A trailing underscore means, as in torch, that the tensor is changed in place; it is also returned.
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
    """Any number between a and b, all equally likely."""
    if not a <= b:
        raise ArgumentError(f"uniform_: a must be at most b: a is {a}, b is {b}")
    return _draw(tensor, partial(generator().uniform, a, b))


def normal_(tensor, mean=0.0, std: NOT_NEGATIVE = 1.0):
    """Numbers from a normal distribution."""
    return _draw(tensor, partial(generator().normal, mean, std))


def constant_(tensor, val):
    """One number everywhere."""
    return _fill(tensor, val)


def zeros_(tensor):
    """0 everywhere."""
    return _fill(tensor, 0)


def ones_(tensor):
    """1 everywhere."""
    return _fill(tensor, 1)


def xavier_uniform_(tensor, gain=1.0):
    """Keep the spread the same forward and backward, on average.

    Source   Glorot and Bengio, AISTATS 2010
    """
    bound = math.sqrt(3) * _xavier_std(tensor, gain)
    return uniform_(tensor, -bound, bound)


def xavier_normal_(tensor, gain=1.0):
    """As `xavier_uniform_`, from a normal distribution."""
    return normal_(tensor, 0, _xavier_std(tensor, gain))


def kaiming_uniform_(tensor, a=0.0, mode: FAN = "fan_in", nonlinearity="leaky_relu"):
    """Keep the spread the same through layers whose activation is `nonlinearity`, of slope `a`.

    Source   He et al., arXiv:1502.01852
    """
    bound = math.sqrt(3) * _kaiming_std(tensor, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound)


def kaiming_normal_(tensor, a=0.0, mode: FAN = "fan_in", nonlinearity="leaky_relu"):
    """As `kaiming_uniform_`, from a normal distribution."""
    return normal_(tensor, 0, _kaiming_std(tensor, a, mode, nonlinearity))


def orthogonal_(tensor, gain=1.0):
    """Rows (or columns, if they are fewer) at right angles, each of length `gain`.

    Source   Saxe et al., arXiv:1312.6120
    """
    fans(tensor)                             # refuses what is no matrix
    rows, columns = len(tensor.data), math.prod(tensor.shape[1:])
    q, r = np.linalg.qr(generator().normal(size=(max(rows, columns), min(rows, columns))))
    q *= np.sign(np.diag(r))                 # without this, not all turns are equally likely
    return _fill(tensor, gain * (q if rows >= columns else q.T).reshape(tensor.shape))


def calculate_gain(nonlinearity, param=None):
    """By how much weights must grow to make up for what the activation takes away."""
    if nonlinearity in ("linear", "sigmoid") or nonlinearity.startswith("conv"):
        return 1.0
    if nonlinearity == "leaky_relu":
        return math.sqrt(2 / (1 + (0.01 if param is None else param) ** 2))
    gains = {"tanh": 5 / 3, "relu": math.sqrt(2), "selu": 3 / 4}
    if nonlinearity not in gains:
        raise ArgumentError(f"calculate_gain knows linear, conv..., sigmoid, leaky_relu, "
                            f"{', '.join(gains)}; not {nonlinearity!r}")
    return gains[nonlinearity]


def fans(tensor):
    """How many numbers flow into one output, and out of one input: (fan_in, fan_out)."""
    if tensor.ndim < 2:
        raise ShapeError(f"a tensor {tensor.shape} has no fan: it needs two axes or more")
    kernel = math.prod(tensor.shape[2:])
    return tensor.shape[1] * kernel, tensor.shape[0] * kernel


def _xavier_std(tensor, gain):
    return gain * math.sqrt(2 / max(1, sum(fans(tensor))))


def _kaiming_std(tensor, a, mode, nonlinearity):
    fan = max(1, fans(tensor)[mode == "fan_out"])           # 0: there is nothing to fill
    return calculate_gain(nonlinearity, a) / math.sqrt(fan)


def _draw(tensor, draw):
    return _fill(tensor, draw(tensor.shape))


def _fill(tensor, values):
    versions.note(tensor.data)
    tensor.data[...] = values
    return tensor
