"""Our engine and PyTorch behind one interface: how to call a name, and how to make a tensor."""

from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from inspect import Parameter, signature
from types import SimpleNamespace

import numpy as np
import torch

from vidlearn import scratch
from vidlearn.scratch import nn
from vidlearn.scratch.layers import conv
from vidlearn.scratch.numbers import random


class UnknownNameError(AttributeError):
    """A library has no function or layer of this name, or it has no option of this name."""


@dataclass(frozen=True)
class Backend:
    """One library: its label in tables, its nn, and the function that makes tensors of arrays."""

    label: str
    nn: object
    tensor: object
    device: str = "cpu"


_lifted = scratch.lift(conv.conv_plain_forward, conv.conv_plain_backward)


def _plain_conv(input, weight, bias=None, **options):
    return _lifted(input, weight, bias, **options)


_plain = SimpleNamespace(conv1d=_plain_conv, conv2d=_plain_conv, conv3d=_plain_conv)
SCRATCH = Backend("NumPy", nn, lambda array, device: scratch.tensor(array))
TORCH = Backend("PyTorch CPU", torch.nn, lambda array, device: torch.tensor(array, device=device))
CUDA = Backend("PyTorch CUDA", torch.nn, TORCH.tensor, "cuda")
PLAIN = Backend("NumPy, plain", SimpleNamespace(functional=_plain), SCRATCH.tensor)


class TorchMask:
    """Stands in for our random generator: `random(shape) >= p`, a dropout mask, is PyTorch's.

    Two libraries draw different numbers from one seed, so their dropout would differ by chance.
    """

    def random(self, shape):
        self.shape = shape
        return self

    def __ge__(self, p):
        ones = torch.ones(self.shape, dtype=torch.float64)
        return torch.nn.functional.dropout(ones, p).numpy() > 0


@contextmanager
def torch_masks():
    """In this block our dropout uses the masks that PyTorch's dropout would use."""
    before, random._generator = random._generator, TorchMask()
    try:
        yield
    finally:
        random._generator = before


def as_tensor(backend, value, dtype, gradient):
    """Make a backend's tensor of an array, floating numbers as `dtype`; leave other values alone.

    With `gradient`, tensors of floating numbers require a gradient.
    """
    if not isinstance(value, np.ndarray):
        return value
    floating = value.dtype.kind == "f"
    tensor = backend.tensor(value.astype(dtype) if floating else value, backend.device)
    return tensor.requires_grad_() if floating and gradient else tensor


def function_and_weights(backend, name, options, dtype):
    """The function or layer of a name with its options, and the weights it owns (a dict).

    Raises   UnknownNameError if a library lacks the name or an option
    """
    options = {key: as_tensor(backend, value, dtype, False) for key, value in options.items()}
    if name[0].isupper():
        return _layer(backend, name, options, dtype)
    if not hasattr(backend.nn.functional, name):
        raise UnknownNameError(f"{backend.nn.__name__}.functional has no {name!r}")
    function = getattr(backend.nn.functional, name)
    if backend is SCRATCH:
        _check_options(name, function, options)
    return partial(function, **options), {}


def _layer(backend, name, options, dtype):
    """A layer whose weights torch has drawn, on every backend."""
    for library in (nn, torch.nn):
        if not hasattr(library, name):
            raise UnknownNameError(f"{library.__name__} has no layer {name!r}")
    _check_options(name, getattr(nn, name), options)
    check_call(name, getattr(nn, name), **options)
    drawn = getattr(torch.nn, name)(**options).to(getattr(torch, np.dtype(dtype).name))
    if backend is SCRATCH:
        layer = getattr(nn, name)(**options)
        layer = layer.double() if dtype == np.float64 else layer
        layer.load_state_dict(drawn.state_dict())
    else:
        layer = drawn.to(backend.device)
    return layer, dict(layer.named_parameters())


def _check_options(name, function, options):
    """Refuse an option that our function or layer does not have."""
    known = signature(function).parameters
    if any(parameter.kind is Parameter.VAR_KEYWORD for parameter in known.values()):
        return
    for option in options:
        if option not in known:
            raise UnknownNameError(f"{name} has no option {option!r}: choose from "
                                   f"{', '.join(known)}")


def check_call(name, function, *arrays, **options):
    """Refuse too few or too many arrays for our function, or too few options for our layer."""
    try:
        signature(function).bind(*arrays, **options)
    except TypeError as error:
        raise UnknownNameError(f"{name}: {error}") from error


def flatten(outputs):
    """Turn nested tuples of tensors into one list."""
    if isinstance(outputs, (tuple, list)):
        return [tensor for part in outputs for tensor in flatten(part)]
    return [outputs]
