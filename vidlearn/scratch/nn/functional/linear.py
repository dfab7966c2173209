"""linear, embedding and one_hot on Tensors, under the names of torch.nn.functional."""

import numpy as np

from vidlearn.checks import ArgumentError, kinds
from vidlearn.scratch.core.errors import ShapeError, UnsupportedOption, refuse_mixed_dtypes
from vidlearn.scratch.core.tensor import Tensor, array_of, lift
from vidlearn.scratch.core.tensor_kinds import INTEGER, TENSOR
from vidlearn.scratch.layers.linear import (
    embedding_backward,
    embedding_forward,
    linear_backward,
    linear_forward,
)

_linear = lift(linear_forward, linear_backward)
_embedding = lift(embedding_forward, embedding_backward)


def linear(input, weight, bias=None):
    """x weightᵀ + bias, over the last axis of x."""
    if weight.ndim not in (1, 2):
        raise ShapeError(f"linear: weight {weight.shape} must be (O, F), or (F,) for one output")
    refuse_mixed_dtypes("linear", input=input, weight=weight, bias=bias)
    return _linear(input, weight, bias)


def embedding(input: TENSOR, weight, padding_idx=None, max_norm=None, norm_type=2.0,
              scale_grad_by_freq=False, sparse=False):
    """The row of `weight` for each index; the row `padding_idx` gets no gradient."""
    refuse_unsupported(max_norm=max_norm, scale_grad_by_freq=scale_grad_by_freq, sparse=sparse)
    _whole_numbers("embedding", "input", input)
    if weight.ndim != 2:
        raise ShapeError(f"embedding: weight {weight.shape} must be (words, F)")
    if padding_idx is not None and not -len(weight) <= INTEGER.look(
            padding_idx, "embedding: padding_idx") < len(weight):
        raise IndexError(f"embedding: padding_idx {padding_idx} is not a row of weight "
                         f"{weight.shape}")
    return _embedding(weight, input, padding_idx=padding_idx)


def refuse_unsupported(**options):
    """Refuse by name the options of torch's embedding that are not implemented."""
    for name, value in options.items():
        if value:
            raise UnsupportedOption(f"embedding: {name}={value} is not implemented")


def _whole_numbers(name, argument, x):
    if x.dtype.kind not in "iu":
        raise ArgumentError(f"{name}: {argument} {x.shape} must hold whole numbers, not {x.dtype}: "
                            "convert it with .long() first")
    return array_of(x)


def one_hot(tensor, num_classes: kinds.whole(-1) = -1):
    """For each class number, a row of zeros with a 1 at its index.

    Units    num_classes: by default one more than the largest class number
    Raises   ArgumentError if a class number is out of range
    """
    index = _whole_numbers("one_hot", "tensor", tensor)
    if num_classes == -1 and not index.size:
        raise ArgumentError("one_hot: tensor is empty, so num_classes must be given")
    classes = int(index.max()) + 1 if num_classes == -1 else num_classes
    if index.size and not 0 <= index.min() <= index.max() < classes:
        raise ArgumentError(f"one_hot: class numbers must be from 0 to {classes - 1}, and they run "
                            f"from {index.min()} to {index.max()}")
    return Tensor(np.eye(classes, dtype=np.int64)[index])
