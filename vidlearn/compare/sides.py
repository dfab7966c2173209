"""The two sides under one handle: how a name is called, and how an array becomes a tensor."""

from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace

import numpy as np
import torch

from vidlearn import scratch
from vidlearn.scratch import nn
from vidlearn.scratch.layers import conv
from vidlearn.scratch.numbers import random


@dataclass(frozen=True)
class Side:
    """One library: what it is called, its nn, and what makes a tensor of an array."""

    label: str
    nn: object
    tensor: object
    device: str = "cpu"


_lifted = scratch.lift(conv.conv_plain_forward, conv.conv_plain_backward)


def _plain_conv(input, weight, bias=None, **options):
    return _lifted(input, weight, bias, **options)


_plain = SimpleNamespace(conv1d=_plain_conv, conv2d=_plain_conv, conv3d=_plain_conv)
HAND = Side("NumPy", nn, lambda array, device: scratch.tensor(array))
TORCH = Side("PyTorch CPU", torch.nn, lambda array, device: torch.tensor(array, device=device))
CUDA = Side("PyTorch CUDA", torch.nn, TORCH.tensor, "cuda")
PLAIN = Side("NumPy, plain", SimpleNamespace(functional=_plain), HAND.tensor)


class TorchsMask:
    """Stands in for the generator by hand: `random(shape) >= p`, the mask of dropout, is PyTorch's.

    Two libraries draw other numbers from one seed, and would differ by chance.
    """

    def random(self, shape):
        self.shape = shape
        return self

    def __ge__(self, p):
        ones = torch.ones(self.shape, dtype=torch.float64)
        return torch.nn.functional.dropout(ones, p).numpy() > 0


@contextmanager
def torchs_masks():
    """In this block dropout by hand silences what PyTorch's would silence in its place."""
    before, random._generator = random._generator, TorchsMask()
    try:
        yield
    finally:
        random._generator = before


def prepared(side, value, dtype, gradient):
    """An array as the side's tensor, real numbers as `dtype`; anything else as it is."""
    if not isinstance(value, np.ndarray):
        return value
    real = value.dtype.kind == "f"
    tensor = side.tensor(value.astype(dtype) if real else value, side.device)
    return tensor.requires_grad_() if real and gradient else tensor


def called(side, name, options, dtype):
    """What to call for a name, and the weights it owns: {} for a function.

    Raises   AttributeError if a side lacks the name
    """
    options = {key: prepared(side, value, dtype, gradient=False) for key, value in options.items()}
    if name[0].isupper():
        return _layer(side, name, options, dtype)
    if not hasattr(side.nn.functional, name):
        raise AttributeError(f"{side.nn.__name__}.functional has no {name!r}")
    return partial(getattr(side.nn.functional, name), **options), {}


def _layer(side, name, options, dtype):
    """A layer with the weights that torch draws, whatever the side."""
    for home in (nn, torch.nn):
        if not hasattr(home, name):
            raise AttributeError(f"{home.__name__} has no layer {name!r}")
    drawn = getattr(torch.nn, name)(**options).to(getattr(torch, np.dtype(dtype).name))
    if side is HAND:
        layer = getattr(nn, name)(**options)
        layer = layer.double() if dtype == np.float64 else layer
        layer.load_state_dict(drawn.state_dict())
    else:
        layer = drawn.to(side.device)
    return layer, dict(layer.named_parameters())


def flat(outputs):
    """Nested tuples of tensors as one list."""
    if isinstance(outputs, (tuple, list)):
        return [tensor for part in outputs for tensor in flat(part)]
    return [outputs]
