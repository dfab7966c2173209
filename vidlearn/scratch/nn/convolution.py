"""Convolution layers, plain and transposed, for sequences, images and clips."""

import math

import numpy as np

from vidlearn.checks import ArgumentError
from vidlearn.scratch.core.errors import ShapeError, UnsupportedOption
from vidlearn.scratch.core.tensor_kinds import sizes
from vidlearn.scratch.layers.resize import PADDING_MODES
from vidlearn.scratch.layers.sliding_window import each_axis
from vidlearn.scratch.nn import functional, init
from vidlearn.scratch.nn.module import Module
from vidlearn.scratch.nn.parameter import Parameter

PADDING = sizes(0, "same", "valid")


class _Convolution(Module):
    """The base class of all six: sizes, parameters, initial values and printing."""

    axes, function, transposed = None, None, False       # transposed: weight is (C, O), not (O, C)

    def _build(self, in_channels, out_channels, groups, bias, **sizes):
        if in_channels % groups or out_channels % groups:
            raise ShapeError(f"in_channels {in_channels} and out_channels {out_channels} "
                             f"must be divisible by groups {groups}")
        self.in_channels, self.out_channels, self.groups = in_channels, out_channels, groups
        for name, value in sizes.items():
            least = 0 if name.endswith("padding") else 1
            word = name == "padding" and value in ("same", "valid")
            setattr(self, name, value if word else each_axis(name, value, self.axes, least))
        channels = (in_channels, out_channels // groups) if self.transposed else \
            (out_channels, in_channels // groups)
        self.weight = Parameter(np.empty((*channels, *self.kernel_size), np.float32))
        self.bias = Parameter(np.empty(out_channels, np.float32)) if bias else None
        self.reset_parameters()

    def reset_parameters(self):
        """Draw weight and bias from -b..b with b = 1 / sqrt(fan_in), as torch does."""
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            bound = 1 / math.sqrt(init.fan_in_and_fan_out(self.weight)[0])
            init.uniform_(self.bias, -bound, bound)

    def extra_repr(self):
        defaults = {"padding": (0,) * self.axes, "dilation": (1,) * self.axes,
                    "output_padding": (0,) * self.axes, "groups": 1, "padding_mode": "zeros"}
        parts = [f"{self.in_channels}, {self.out_channels}",
                 f"kernel_size={self.kernel_size}, stride={self.stride}"]
        parts += [f"{name}={getattr(self, name)}" for name, default in defaults.items()
                  if getattr(self, name, default) != default]
        return ", ".join(parts + ["bias=False"] * (self.bias is None))


class _Conv(_Convolution):

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding: PADDING = 0,
                 dilation=1, groups=1, bias=True, padding_mode="zeros"):
        super().__init__()
        if padding_mode not in ("zeros", *PADDING_MODES):
            raise ArgumentError("padding_mode must be zeros, " + ", ".join(PADDING_MODES)
                                + f", not {padding_mode!r}")
        self._build(in_channels, out_channels, groups, bias,
                    kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation)
        self.padding_mode = padding_mode

    def forward(self, input):
        padding = self.padding
        if self.padding_mode != "zeros":
            input, padding = functional.pad(input, self._pad_sizes(), self.padding_mode), 0
        return self.function(input, self.weight, self.bias, self.stride, padding, self.dilation,
                             self.groups)

    def _pad_sizes(self):
        """The padding before and after each axis, last axis first, for `functional.pad`."""
        if self.padding == "valid":
            return [0, 0] * self.axes
        pads = []
        for axis in reversed(range(self.axes)):
            total = self.dilation[axis] * (self.kernel_size[axis] - 1)
            before = total // 2 if self.padding == "same" else self.padding[axis]
            pads += [before, total - before if self.padding == "same" else before]
        return pads


class Conv1d(_Conv):
    """Convolution of sequences: (N, C, T) -> (N, O, T').

    Twin     torch.nn.Conv1d
    """

    axes, function = 1, staticmethod(functional.conv1d)


class Conv2d(_Conv):
    """Convolution of images: (N, C, H, W) -> (N, O, H', W').

    Twin     torch.nn.Conv2d
    """

    axes, function = 2, staticmethod(functional.conv2d)


class Conv3d(_Conv):
    """Convolution of clips: (N, C, T, H, W) -> (N, O, T', H', W').

    Twin     torch.nn.Conv3d
    """

    axes, function = 3, staticmethod(functional.conv3d)


class _ConvTranspose(_Convolution):

    transposed = True

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0,
                 output_padding=0, groups=1, bias=True, dilation=1, padding_mode="zeros"):
        super().__init__()
        if padding_mode != "zeros":
            raise ArgumentError("padding_mode must be 'zeros' for a transposed convolution, not "
                                f"{padding_mode!r:.60}")
        self._build(in_channels, out_channels, groups, bias,
                    kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation,
                    output_padding=output_padding)

    def forward(self, input, output_size=None):
        if output_size is not None:
            raise UnsupportedOption("output_size is not implemented: use output_padding")
        return self.function(input, self.weight, self.bias, self.stride, self.padding,
                             self.output_padding, self.groups, self.dilation)


class ConvTranspose1d(_ConvTranspose):
    """Transposed convolution of sequences: (N, C, T) -> (N, O, T'), as the backward of Conv1d.

    Twin     torch.nn.ConvTranspose1d
    """

    axes, function = 1, staticmethod(functional.conv_transpose1d)


class ConvTranspose2d(_ConvTranspose):
    """Transposed convolution of images: (N, C, H, W) -> (N, O, H', W'), as Conv2d's backward.

    Twin     torch.nn.ConvTranspose2d
    """

    axes, function = 2, staticmethod(functional.conv_transpose2d)


class ConvTranspose3d(_ConvTranspose):
    """Transposed convolution of clips: (N, C, T, H, W) -> (N, O, T', H', W').

    Twin     torch.nn.ConvTranspose3d
    """

    axes, function = 3, staticmethod(functional.conv_transpose3d)
