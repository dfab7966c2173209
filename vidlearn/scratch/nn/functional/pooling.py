"""Pooling on Tensors, under the names of torch.nn.functional.

`input` is a batch (N, C, *S), or one sample (C, *S).
"""

from vidlearn.scratch.core.tensor import lift
from vidlearn.scratch.core.tensor_kinds import TENSOR
from vidlearn.scratch.layers.adaptive_pool import (
    adaptive_avg_pool_backward,
    adaptive_avg_pool_forward,
    adaptive_max_pool_backward,
    adaptive_max_pool_forward,
)
from vidlearn.scratch.layers.pool import (
    avg_pool_backward,
    avg_pool_forward,
    max_pool_backward,
    max_pool_forward,
)
from vidlearn.scratch.nn.functional.batch import batched

_max_pool = lift(max_pool_forward, max_pool_backward)
_avg_pool = lift(avg_pool_forward, avg_pool_backward)
_adaptive_avg_pool = lift(adaptive_avg_pool_forward, adaptive_avg_pool_backward)
_adaptive_max_pool = lift(adaptive_max_pool_forward, adaptive_max_pool_backward)


def max_pool1d(input: TENSOR, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False,
               return_indices=False):
    """The maximum of each window of (N, C, T)."""
    return _max_pool_nd(1, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool2d(input: TENSOR, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False,
               return_indices=False):
    """The maximum of each window of (N, C, H, W)."""
    return _max_pool_nd(2, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool3d(input: TENSOR, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False,
               return_indices=False):
    """The maximum of each window of (N, C, T, H, W)."""
    return _max_pool_nd(3, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def avg_pool1d(input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    """The mean of each window of (N, C, T)."""
    return _avg_pool_nd(1, input, kernel_size, stride, padding, ceil_mode, count_include_pad)


def avg_pool2d(input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True,
               divisor_override=None):
    """The mean of each window of (N, C, H, W)."""
    return _avg_pool_nd(2, input, kernel_size, stride, padding, ceil_mode, count_include_pad,
                        divisor_override)


def avg_pool3d(input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True,
               divisor_override=None):
    """The mean of each window of (N, C, T, H, W)."""
    return _avg_pool_nd(3, input, kernel_size, stride, padding, ceil_mode, count_include_pad,
                        divisor_override)


def adaptive_avg_pool1d(input, output_size):
    """The mean of each of `output_size` windows of (N, C, T)."""
    return batched("adaptive_avg_pool1d", 1, _adaptive_avg_pool, input, output_size=output_size)


def adaptive_avg_pool2d(input, output_size):
    """The mean of each of `output_size` windows of (N, C, H, W); None keeps an axis."""
    return batched("adaptive_avg_pool2d", 2, _adaptive_avg_pool, input, output_size=output_size)


def adaptive_avg_pool3d(input, output_size):
    """The mean of each of `output_size` windows of (N, C, T, H, W); None keeps an axis."""
    return batched("adaptive_avg_pool3d", 3, _adaptive_avg_pool, input, output_size=output_size)


def adaptive_max_pool1d(input: TENSOR, output_size, return_indices=False):
    """The maximum of each of `output_size` windows of (N, C, T)."""
    return batched("adaptive_max_pool1d", 1, _adaptive_max_pool, input, output_size=output_size,
                   return_indices=return_indices)


def adaptive_max_pool2d(input: TENSOR, output_size, return_indices=False):
    """The maximum of each of `output_size` windows of (N, C, H, W); None keeps an axis."""
    return batched("adaptive_max_pool2d", 2, _adaptive_max_pool, input, output_size=output_size,
                   return_indices=return_indices)


def adaptive_max_pool3d(input: TENSOR, output_size, return_indices=False):
    """The maximum of each of `output_size` windows of (N, C, T, H, W); None keeps an axis."""
    return batched("adaptive_max_pool3d", 3, _adaptive_max_pool, input, output_size=output_size,
                   return_indices=return_indices)


def _max_pool_nd(axes, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices):
    return batched(f"max_pool{axes}d", axes, _max_pool, input, kernel_size=kernel_size,
                   stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil_mode,
                   return_indices=return_indices)


def _avg_pool_nd(axes, input, kernel_size, stride, padding, ceil_mode, count_include_pad,
                 divisor_override=None):
    return batched(f"avg_pool{axes}d", axes, _avg_pool, input, kernel_size=kernel_size,
                   stride=stride, padding=padding, ceil_mode=ceil_mode,
                   count_include_pad=count_include_pad, divisor_override=divisor_override)
