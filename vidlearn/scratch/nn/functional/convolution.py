"""Convolution and transposed convolution on Tensors, under the names of torch.nn.functional.

`input` is a batch (N, C, *S), or one sample (C, *S). `padding` may be "valid", which is none, or
"same", which keeps the size of the input.
"""

from vidlearn.checks import ArgumentError
from vidlearn.scratch.core.tensor import lift
from vidlearn.scratch.layers.conv import conv_backward, conv_forward
from vidlearn.scratch.layers.conv_transpose import conv_transpose_backward, conv_transpose_forward
from vidlearn.scratch.layers.sliding_window import each_axis
from vidlearn.scratch.nn.functional.batch import batched
from vidlearn.scratch.nn.functional.resize import pad

_conv = lift(conv_forward, conv_backward)
_conv_transpose = lift(conv_transpose_forward, conv_transpose_backward)


def conv1d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Slide weight (O, C/groups, K) over sequences (N, C, T)."""
    return _slide(1, input, weight, bias, stride, padding, dilation, groups)


def conv2d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Slide weight (O, C/groups, KH, KW) over images (N, C, H, W)."""
    return _slide(2, input, weight, bias, stride, padding, dilation, groups)


def conv3d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Slide weight (O, C/groups, KT, KH, KW) over clips (N, C, T, H, W)."""
    return _slide(3, input, weight, bias, stride, padding, dilation, groups)


def conv_transpose1d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1,
                     dilation=1):
    """Spread sequences (N, C, T) by weight (C, O/groups, K)."""
    return _spread(1, input, weight, bias, stride, padding, output_padding, groups, dilation)


def conv_transpose2d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1,
                     dilation=1):
    """Spread images (N, C, H, W) by weight (C, O/groups, KH, KW)."""
    return _spread(2, input, weight, bias, stride, padding, output_padding, groups, dilation)


def conv_transpose3d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1,
                     dilation=1):
    """Spread clips (N, C, T, H, W) by weight (C, O/groups, KT, KH, KW)."""
    return _spread(3, input, weight, bias, stride, padding, output_padding, groups, dilation)


def _slide(axes, input, weight, bias, stride, padding, dilation, groups):
    if isinstance(padding, str):
        input, padding = _pad_by_name(input, padding, weight.shape[2:], stride, dilation)
    return batched(f"conv{axes}d", axes, _conv, input, weight, bias, stride=stride,
                   padding=padding, dilation=dilation, groups=groups)


def _spread(axes, input, weight, bias, stride, padding, output_padding, groups, dilation):
    return batched(f"conv_transpose{axes}d", axes, _conv_transpose, input, weight, bias,
                   stride=stride, padding=padding, output_padding=output_padding, groups=groups,
                   dilation=dilation)


def _pad_by_name(input, padding, kernel, stride, dilation):
    """The input, padded by hand where before and behind must differ, and the padding left to do."""
    if padding == "valid":
        return input, 0
    if padding != "same":
        raise ArgumentError(f"padding {padding!r} has no meaning: say 'same', 'valid' or numbers")
    if max(each_axis("stride", stride, len(kernel), 1)) > 1:
        raise ArgumentError(f"padding 'same' keeps the size, stride {stride} does not: take "
                            "stride 1")
    dilation = each_axis("dilation", dilation, len(kernel), 1)
    whole = [q * (k - 1) for k, q in zip(kernel, dilation, strict=True)]
    if any(total % 2 for total in whole):             # the odd one goes behind
        margins = [[total // 2, total - total // 2] for total in reversed(whole)]
        return pad(input, sum(margins, [])), 0
    return input, [total // 2 for total in whole]
