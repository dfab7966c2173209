"""Normalization layers: BatchNorm with its running statistics, LayerNorm and GroupNorm."""

import numpy as np

from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.core.tensor import Tensor
from vidlearn.scratch.core.tensor_kinds import TENSOR
from vidlearn.scratch.nn import functional, init
from vidlearn.scratch.nn.module import Module
from vidlearn.scratch.nn.parameter import Parameter
from vidlearn.scratch.numbers.shape import as_shape


class _BatchNorm(Module):
    """Normalizes each channel: by the batch in training, by the running statistics in evaluation.
    """

    axes = ()                                            # the numbers of axes x may have

    def __init__(self, num_features, eps=1e-5, momentum=0.1, affine=True, track_running_stats=True,
                 *, bias=True):
        super().__init__()
        self.num_features = num_features
        self.eps, self.momentum = eps, momentum
        self.affine, self.track_running_stats = affine, track_running_stats
        self.weight = Parameter(np.ones(num_features, np.float32)) if affine else None
        self.bias = Parameter(np.zeros(num_features, np.float32)) if affine and bias else None
        tracked = track_running_stats
        zeros, ones = np.zeros(num_features, np.float32), np.ones(num_features, np.float32)
        self.register_buffer("running_mean", Tensor(zeros) if tracked else None)
        self.register_buffer("running_var", Tensor(ones) if tracked else None)
        self.register_buffer("num_batches_tracked", Tensor(np.array(0)) if tracked else None)

    def forward(self, input):
        input = TENSOR.look(input, f"{type(self).__name__}: input")
        if input.ndim not in self.axes:
            raise ShapeError(f"{type(self).__name__}: x {input.shape} must have "
                             f"{' or '.join(map(str, self.axes))} axes")
        momentum = self.momentum
        if self.training and self.track_running_stats:
            self.num_batches_tracked.data[...] += 1
            if momentum is None:                         # the mean of all batches so far
                momentum = 1 / self.num_batches_tracked.item()
        return functional.batch_norm(
            input, self.running_mean, self.running_var, self.weight, self.bias,
            self.training or self.running_mean is None, momentum, self.eps)

    def extra_repr(self):
        return (f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, "
                f"affine={self.affine}, track_running_stats={self.track_running_stats}")


class BatchNorm1d(_BatchNorm):
    """Batch norm of (N, C) or (N, C, T).

    Twin     torch.nn.BatchNorm1d
    """

    axes = (2, 3)


class BatchNorm2d(_BatchNorm):
    """Batch norm of (N, C, H, W).

    Twin     torch.nn.BatchNorm2d
    """

    axes = (4,)


class BatchNorm3d(_BatchNorm):
    """Batch norm of clips, (N, C, T, H, W).

    Twin     torch.nn.BatchNorm3d
    """

    axes = (5,)


class LayerNorm(Module):
    """Normalizes each sample over its last axes, whose shape is `normalized_shape`.

    Twin     torch.nn.LayerNorm
    """

    def __init__(self, normalized_shape, eps=1e-5, elementwise_affine=True, bias=True):
        super().__init__()
        self.normalized_shape = as_shape((normalized_shape,))
        self.eps, self.elementwise_affine = eps, elementwise_affine
        shape = self.normalized_shape
        self.weight = Parameter(np.ones(shape, np.float32)) if elementwise_affine else None
        self.bias = Parameter(np.zeros(shape, np.float32)) if elementwise_affine and bias else None

    def reset_parameters(self):
        """Set the weight to 1 and the bias to 0."""
        for parameter, fill in ((self.weight, init.ones_), (self.bias, init.zeros_)):
            if parameter is not None:
                fill(parameter)

    def forward(self, input):
        return functional.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self):
        return (f"{self.normalized_shape}, eps={self.eps}, "
                f"elementwise_affine={self.elementwise_affine}")


class GroupNorm(Module):
    """Normalizes each sample of (N, C, *S) over each of `num_groups` groups of channels.

    Twin     torch.nn.GroupNorm
    """

    def __init__(self, num_groups, num_channels, eps=1e-5, affine=True, *, bias=True):
        super().__init__()
        if num_channels % num_groups:
            raise ShapeError(f"GroupNorm: num_channels {num_channels} must be a multiple of "
                             f"num_groups {num_groups}")
        self.num_groups, self.num_channels = num_groups, num_channels
        self.eps, self.affine = eps, affine
        self.weight = Parameter(np.ones(num_channels, np.float32)) if affine else None
        self.bias = Parameter(np.zeros(num_channels, np.float32)) if affine and bias else None

    def forward(self, input):
        return functional.group_norm(input, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self):
        return f"{self.num_groups}, {self.num_channels}, eps={self.eps}, affine={self.affine}"
