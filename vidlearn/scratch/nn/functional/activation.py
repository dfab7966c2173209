"""Activations and dropout on Tensors, under the names of torch.nn.functional.

`inplace` is accepted because torch has it, but the input is never changed.
"""

from vidlearn.checks import kinds
from vidlearn.scratch.core.errors import ShapeError, UnsupportedOption, refuse_mixed_dtypes
from vidlearn.scratch.core.tensor import lift
from vidlearn.scratch.core.tensor_kinds import TENSOR
from vidlearn.scratch.layers import activation as pairs
from vidlearn.scratch.layers.dropout import dropout_backward, dropout_forward
from vidlearn.scratch.numbers.elementwise import as_float, cast
from vidlearn.scratch.numbers.random import generator
from vidlearn.scratch.numbers.shape import axis_of

_relu = lift(pairs.relu_forward, pairs.relu_backward)
_leaky_relu = lift(pairs.leaky_relu_forward, pairs.leaky_relu_backward)
_elu = lift(pairs.elu_forward, pairs.elu_backward)
_gelu = lift(pairs.gelu_forward, pairs.gelu_backward)
_softplus = lift(pairs.softplus_forward, pairs.softplus_backward)
_silu = lift(pairs.silu_forward, pairs.silu_backward)
_prelu = lift(pairs.prelu_forward, pairs.prelu_backward)
_sigmoid = lift(pairs.sigmoid_forward, pairs.sigmoid_backward)
_tanh = lift(pairs.tanh_forward, pairs.tanh_backward)
_softmax = lift(pairs.softmax_forward, pairs.softmax_backward)
_log_softmax = lift(pairs.log_softmax_forward, pairs.log_softmax_backward)
_dropout = lift(dropout_forward, dropout_backward)


def relu(input: TENSOR, inplace=False):
    """max(x, 0)."""
    return _relu(input)


def leaky_relu(input, negative_slope=0.01, inplace=False):
    """x where it is positive, `negative_slope` times x elsewhere."""
    return _leaky_relu(input, negative_slope=negative_slope)


def elu(input, alpha=1.0, inplace=False):
    """x where it is positive, alpha (exp(x) - 1) elsewhere."""
    return _elu(input, alpha=alpha)


def prelu(input, weight):
    """x where it is positive, `weight` times x elsewhere: one weight, or one for each channel."""
    refuse_mixed_dtypes("prelu", input=input, weight=weight)
    channels = input.shape[1] if input.ndim > 1 else 1
    if weight.shape not in ((), (1,), (channels,)):
        raise ShapeError(f"prelu: weight {weight.shape} must be (1,), or ({channels},), one for "
                         f"each channel of input {input.shape}")
    return _prelu(input, weight)


def silu(input, inplace=False):
    """x times its sigmoid."""
    return _silu(input)


def gelu(input, approximate="none"):
    """x times the probability that a standard normal number is below x."""
    return _gelu(input, approximate=approximate)


def softplus(input, beta=1.0, threshold=20.0):
    """log(1 + exp(beta x)) / beta: a smooth ReLU."""
    return _softplus(input, beta=beta, threshold=threshold)


def sigmoid(input: TENSOR):
    """1 / (1 + exp(-x))."""
    return _sigmoid(as_float(input))


def tanh(input: TENSOR):
    """The hyperbolic tangent: values between -1 and 1."""
    return _tanh(as_float(input))


def softmax(input, dim=None, dtype=None):
    """The probabilities of scores (logits) along `dim`."""
    return _along(_softmax, "softmax", input, dim, dtype)


def log_softmax(input, dim=None, dtype=None):
    """The log-probabilities of scores (logits) along `dim`."""
    return _along(_log_softmax, "log_softmax", input, dim, dtype)


def _along(function, name, input, dim, dtype):
    if dim is None:
        raise UnsupportedOption(f"{name}: dim=None is not implemented: name the axis with dim=")
    if dtype is not None:
        input = cast(input, dtype)
    dim = axis_of(dim, input.ndim)
    if input.ndim == 0:                                  # a Tensor without axes becomes a row of 1
        return function(input.reshape(1), dim=dim).reshape(())
    return function(input, dim=dim)


def dropout(input, p: kinds.FRACTION = 0.5, training=True, inplace=False):
    """In training, set numbers to 0 with probability p and divide the rest by 1 - p."""
    return _drop(input, p, training, input.shape)


def dropout1d(input, p: kinds.FRACTION = 0.5, training=True, inplace=False):
    """In training, set whole channels of (N, C, T) or (C, T) to 0."""
    return _drop_channels("dropout1d", input, p, training, batched=(3,), single=(2,))


def dropout2d(input, p: kinds.FRACTION = 0.5, training=True, inplace=False):
    """In training, set channels of (N, C, H, W) to 0. Three axes are (N, C, T), as in torch."""
    return _drop_channels("dropout2d", input, p, training, batched=(3, 4), single=())


def dropout3d(input, p: kinds.FRACTION = 0.5, training=True, inplace=False):
    """In training, set whole channels of (N, C, T, H, W) or (C, T, H, W) to 0."""
    return _drop_channels("dropout3d", input, p, training, batched=(5,), single=(4,))


def _drop_channels(name, input, p, training, batched, single):
    if input.ndim not in (*batched, *single):
        raise ShapeError(f"{name}: x {input.shape} must have {sorted(batched + single)} axes")
    leading = 2 if input.ndim in batched else 1
    return _drop(input, p, training, input.shape[:leading] + (1,) * (input.ndim - leading))


def _drop(input, p, training, shape):
    if not training or p == 0:
        return input
    return _dropout(input, p=p, rng=generator(), shape=shape)
