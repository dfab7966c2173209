"""Padding layers and Upsample."""

import numpy as np

from vidlearn.checks import kinds
from vidlearn.scratch.core.tensor_kinds import ANY_NUMBER, sizes
from vidlearn.scratch.nn import functional
from vidlearn.scratch.nn.module import Module

PADDING = sizes(-kinds.LARGEST)       # a negative size crops


class _Pad(Module):
    """Padding before and after each of the last `axes` axes, the last axis first."""

    axes, mode = None, None

    def __init__(self, padding: PADDING):
        super().__init__()
        several = np.iterable(padding)
        self.padding = tuple(padding) if several else (padding,) * (2 * self.axes)

    def forward(self, input):
        return functional.pad(input, self.padding, self.mode)

    def extra_repr(self):
        return f"{self.padding}"


class _ConstantPad(_Pad):

    def __init__(self, padding: PADDING, value: ANY_NUMBER):
        super().__init__(padding)
        self.value = value

    def forward(self, input):
        return functional.pad(input, self.padding, "constant", self.value)

    def extra_repr(self):
        return f"padding={self.padding}, value={self.value}"


class _ZeroPad(_ConstantPad):

    def __init__(self, padding: PADDING):
        super().__init__(padding, 0.0)

    def extra_repr(self):
        return f"{self.padding}"


def _classes(base, kind, content, **attributes):
    """The three classes of one kind, for sequences, images and clips."""
    shapes = {1: "(N, C, T)", 2: "(N, C, H, W)", 3: "(N, C, T, H, W)"}
    for axes, shape in shapes.items():
        name = f"{kind}{axes}d"
        yield type(name, (base,), {
            "axes": axes, "__module__": __name__, **attributes,
            "__doc__": f"Pad {shape} with {content}.\n\nTwin     torch.nn.{name}"})


ConstantPad1d, ConstantPad2d, ConstantPad3d = _classes(_ConstantPad, "ConstantPad", "one number")
ZeroPad1d, ZeroPad2d, ZeroPad3d = _classes(_ZeroPad, "ZeroPad", "zeros")
ReflectionPad1d, ReflectionPad2d, ReflectionPad3d = _classes(
    _Pad, "ReflectionPad", "its mirror image, without the edge", mode="reflect")
ReplicationPad1d, ReplicationPad2d, ReplicationPad3d = _classes(
    _Pad, "ReplicationPad", "copies of its edge", mode="replicate")


class Upsample(Module):
    """Resize to a size or by a factor.

    Twin     torch.nn.Upsample
    """

    def __init__(self, size=None, scale_factor=None, mode="nearest", align_corners=None,
                 recompute_scale_factor=None):
        super().__init__()
        functional.resize.check_mode(mode)
        several = isinstance(scale_factor, (tuple, list))
        self.scale_factor = tuple(map(float, scale_factor)) if several else \
            scale_factor and float(scale_factor)
        self.size = size
        self.mode, self.align_corners = mode, align_corners
        self.recompute_scale_factor = recompute_scale_factor

    def forward(self, input):
        return functional.interpolate(input, self.size, self.scale_factor, self.mode,
                                      self.align_corners, self.recompute_scale_factor)

    def extra_repr(self):
        target = f"scale_factor={self.scale_factor!r}" if self.scale_factor is not None \
            else f"size={self.size!r}"
        return f"{target}, mode={self.mode!r}"
