"""Pooling layers: max and average, over windows of a given size or to a given output size."""

from vidlearn.scratch.nn import functional
from vidlearn.scratch.nn.module import Module


class _MaxPool(Module):
    """The maximum of each window."""

    def __init__(self, kernel_size, stride=None, padding=0, dilation=1, return_indices=False,
                 ceil_mode=False):
        super().__init__()
        self.kernel_size, self.padding, self.dilation = kernel_size, padding, dilation
        self.stride = kernel_size if stride is None else stride
        self.return_indices, self.ceil_mode = return_indices, ceil_mode

    def forward(self, input):
        return self.function(input, self.kernel_size, self.stride, self.padding, self.dilation,
                             self.ceil_mode, self.return_indices)

    def extra_repr(self):
        return (f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}, "
                f"dilation={self.dilation}, ceil_mode={self.ceil_mode}")


class MaxPool1d(_MaxPool):
    """The maximum of each window of (N, C, T).

    Twin     torch.nn.MaxPool1d
    """

    function = staticmethod(functional.max_pool1d)


class MaxPool2d(_MaxPool):
    """The maximum of each window of (N, C, H, W).

    Twin     torch.nn.MaxPool2d
    """

    function = staticmethod(functional.max_pool2d)


class MaxPool3d(_MaxPool):
    """The maximum of each window of (N, C, T, H, W).

    Twin     torch.nn.MaxPool3d
    """

    function = staticmethod(functional.max_pool3d)


class AvgPool1d(Module):
    """The mean of each window of (N, C, T).

    Twin     torch.nn.AvgPool1d
    """

    function = staticmethod(functional.avg_pool1d)

    def __init__(self, kernel_size, stride=None, padding=0, ceil_mode=False,
                 count_include_pad=True):
        super().__init__()
        self.kernel_size, self.padding = kernel_size, padding
        self.stride = kernel_size if stride is None else stride
        self.ceil_mode, self.count_include_pad = ceil_mode, count_include_pad

    def forward(self, input):
        return self.function(input, self.kernel_size, self.stride, self.padding, self.ceil_mode,
                             self.count_include_pad)

    def extra_repr(self):
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class AvgPool2d(AvgPool1d):
    """The mean of each window of (N, C, H, W); `divisor_override` divides by another number.

    Twin     torch.nn.AvgPool2d
    """

    function = staticmethod(functional.avg_pool2d)

    def __init__(self, kernel_size, stride=None, padding=0, ceil_mode=False,
                 count_include_pad=True, divisor_override=None):
        super().__init__(kernel_size, stride, padding, ceil_mode, count_include_pad)
        self.divisor_override = divisor_override

    def forward(self, input):
        return self.function(input, self.kernel_size, self.stride, self.padding, self.ceil_mode,
                             self.count_include_pad, self.divisor_override)


class AvgPool3d(AvgPool2d):
    """The mean of each window of (N, C, T, H, W).

    Twin     torch.nn.AvgPool3d
    """

    function = staticmethod(functional.avg_pool3d)


class _AdaptiveAvgPool(Module):
    """The mean of each window, with windows such that the output has the size `output_size`."""

    def __init__(self, output_size):
        super().__init__()
        self.output_size = output_size

    def forward(self, input):
        return self.function(input, self.output_size)

    def extra_repr(self):
        return f"output_size={self.output_size}"


class AdaptiveAvgPool1d(_AdaptiveAvgPool):
    """(N, C, T) -> (N, C, output_size).

    Twin     torch.nn.AdaptiveAvgPool1d
    """

    function = staticmethod(functional.adaptive_avg_pool1d)


class AdaptiveAvgPool2d(_AdaptiveAvgPool):
    """(N, C, H, W) -> (N, C, *output_size); None keeps an axis.

    Twin     torch.nn.AdaptiveAvgPool2d
    """

    function = staticmethod(functional.adaptive_avg_pool2d)


class AdaptiveAvgPool3d(_AdaptiveAvgPool):
    """(N, C, T, H, W) -> (N, C, *output_size); None keeps an axis.

    Twin     torch.nn.AdaptiveAvgPool3d
    """

    function = staticmethod(functional.adaptive_avg_pool3d)


class _AdaptiveMaxPool(_AdaptiveAvgPool):
    """The maximum of each window, with windows such that the output has the size `output_size`."""

    def __init__(self, output_size, return_indices=False):
        super().__init__(output_size)
        self.return_indices = return_indices

    def forward(self, input):
        return self.function(input, self.output_size, self.return_indices)


class AdaptiveMaxPool1d(_AdaptiveMaxPool):
    """(N, C, T) -> (N, C, output_size).

    Twin     torch.nn.AdaptiveMaxPool1d
    """

    function = staticmethod(functional.adaptive_max_pool1d)


class AdaptiveMaxPool2d(_AdaptiveMaxPool):
    """(N, C, H, W) -> (N, C, *output_size); None keeps an axis.

    Twin     torch.nn.AdaptiveMaxPool2d
    """

    function = staticmethod(functional.adaptive_max_pool2d)


class AdaptiveMaxPool3d(_AdaptiveMaxPool):
    """(N, C, T, H, W) -> (N, C, *output_size); None keeps an axis.

    Twin     torch.nn.AdaptiveMaxPool3d
    """

    function = staticmethod(functional.adaptive_max_pool3d)
