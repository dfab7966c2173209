"""Batch, layer and group norm, and normalize, on Tensors: the names of torch.nn.functional."""

from vidlearn.checks import ArgumentError, kinds
from vidlearn.scratch.core.errors import ShapeError, refuse_mixed_dtypes
from vidlearn.scratch.core.tensor import array_of, lift
from vidlearn.scratch.layers.norm import (
    batch_norm_backward,
    batch_norm_forward,
    group_norm_backward,
    group_norm_forward,
    layer_norm_backward,
    layer_norm_forward,
)
from vidlearn.scratch.numbers.shape import as_ints
from vidlearn.scratch.numbers.statistics import norm

_batch_norm = lift(batch_norm_forward, batch_norm_backward)
_layer_norm = lift(layer_norm_forward, layer_norm_backward)
_group_norm = lift(group_norm_forward, group_norm_backward)


def batch_norm(input, running_mean, running_var, weight=None, bias=None, training=False,
               momentum=0.1, eps=1e-5):
    """Normalize each channel of (N, C, *S) by the batch, or by the running mean and variance.

    In training, the batch is used, and `running_mean` and `running_var` are updated in place.
    """
    if not array_of(input).size:                         # there is nothing to normalize
        return input
    if input.ndim < 2:
        raise ShapeError(f"batch_norm: input {input.shape} must be (N, C, *S)")
    if not training and (running_mean is None or running_var is None):
        raise ArgumentError("batch_norm: training=False needs running_mean and running_var")
    _fit("batch_norm", input, input.shape[1:2], running_mean=running_mean,
         running_var=running_var, weight=weight, bias=bias)
    running = [None if r is None else array_of(r) for r in (running_mean, running_var)]
    return _batch_norm(input, weight, bias, running_mean=running[0], running_var=running[1],
                       training=training, momentum=momentum, eps=eps)


def layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-5):
    """Normalize each sample over its last axes, whose shape is `normalized_shape`."""
    shape = as_ints((normalized_shape,))
    if not shape or input.shape[-len(shape):] != shape:
        raise ShapeError(f"layer_norm: the last axes of x {input.shape} must be {shape}")
    _fit("layer_norm", input, shape, weight=weight, bias=bias)
    return _layer_norm(input, weight, bias, axes=len(shape), eps=eps)


def group_norm(input, num_groups: kinds.POSITIVE_COUNT, weight=None, bias=None, eps=1e-5):
    """Normalize each of `num_groups` groups of channels of each sample of (N, C, *S)."""
    if input.ndim < 2 or input.shape[1] % num_groups:
        raise ShapeError(f"group_norm: input {input.shape} must be (N, C, *S), its channels in "
                         f"{num_groups} groups of one size")
    _fit("group_norm", input, input.shape[1:2], weight=weight, bias=bias)
    if not array_of(input).size:                         # there is nothing to normalize
        return input
    return _group_norm(input, weight, bias, num_groups=num_groups, eps=eps)


def _fit(name, input, wanted, **arrays):
    """Refuse an array of another dtype, or of another shape, which would be broadcast unseen."""
    refuse_mixed_dtypes(name, input=input, **arrays)
    for argument, array in arrays.items():
        if array is not None and array.shape != wanted:
            raise ShapeError(f"{name}: {argument} {array.shape} must be {wanted} for an input "
                             f"{input.shape}")


def normalize(input, p=2.0, dim=1, eps=1e-12):
    """Divide the vectors along `dim` by their p-norm, or by `eps` if that is larger."""
    return input / norm(input, p, dim, keepdim=True).clamp(min=eps)
