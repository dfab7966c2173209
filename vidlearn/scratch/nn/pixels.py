"""Unfold, Fold, PixelShuffle and PixelUnshuffle as layers."""

from vidlearn.scratch.core.tensor_kinds import sizes
from vidlearn.scratch.nn import functional
from vidlearn.scratch.nn.module import Module


class Unfold(Module):
    """Each window as a column: (N, C, H, W) -> (N, C·KH·KW, number of places).

    Twin     torch.nn.Unfold
    """

    def __init__(self, kernel_size, dilation=1, padding=0, stride=1):
        super().__init__()
        self.kernel_size, self.dilation = kernel_size, dilation
        self.padding, self.stride = padding, stride

    def forward(self, input):
        return functional.unfold(input, self.kernel_size, self.dilation, self.padding, self.stride)

    def extra_repr(self):
        return (f"kernel_size={self.kernel_size}, dilation={self.dilation}, "
                f"padding={self.padding}, stride={self.stride}")


class Fold(Module):
    """Add columns back to their windows: (N, C·KH·KW, number of places) -> (N, C, *output_size).

    Twin     torch.nn.Fold
    """

    def __init__(self, output_size: sizes(1), kernel_size, dilation=1, padding=0, stride=1):
        super().__init__()
        self.output_size, self.kernel_size, self.dilation = output_size, kernel_size, dilation
        self.padding, self.stride = padding, stride

    def forward(self, input):
        return functional.fold(input, self.output_size, self.kernel_size, self.dilation,
                               self.padding, self.stride)

    def extra_repr(self):
        return (f"output_size={self.output_size}, kernel_size={self.kernel_size}, "
                f"dilation={self.dilation}, padding={self.padding}, stride={self.stride}")


class PixelShuffle(Module):
    """Channels become pixels: (N, C·r², H, W) -> (N, C, H·r, W·r), r the `upscale_factor`.

    Source   Shi et al., arXiv:1609.05158
    Twin     torch.nn.PixelShuffle
    """

    def __init__(self, upscale_factor):
        super().__init__()
        self.upscale_factor = upscale_factor

    def forward(self, input):
        return functional.pixel_shuffle(input, self.upscale_factor)

    def extra_repr(self):
        return f"upscale_factor={self.upscale_factor}"


class PixelUnshuffle(Module):
    """Pixels become channels: (N, C, H·r, W·r) -> (N, C·r², H, W), r the `downscale_factor`.

    Twin     torch.nn.PixelUnshuffle
    """

    def __init__(self, downscale_factor):
        super().__init__()
        self.downscale_factor = downscale_factor

    def forward(self, input):
        return functional.pixel_unshuffle(input, self.downscale_factor)

    def extra_repr(self):
        return f"downscale_factor={self.downscale_factor}"
