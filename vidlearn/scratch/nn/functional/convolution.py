"""Convolution and transposed convolution on Tensors, under the names of torch.nn.functional.

`input` is a batch (N, C, *S), or one sample (C, *S). `padding` may be "valid", for no padding, or
"same", for an output of the input's size.
"""

from vidlearn.checks import ArgumentError
from vidlearn.scratch.core.errors import refuse_mixed_dtypes
from vidlearn.scratch.core.tensor import lift
from vidlearn.scratch.layers.conv import conv_backward, conv_forward
from vidlearn.scratch.layers.conv_transpose import conv_transpose_backward, conv_transpose_forward
from vidlearn.scratch.layers.sliding_window import each_axis
from vidlearn.scratch.nn.functional.batch import batched
from vidlearn.scratch.nn.functional.resize import pad

_conv = lift(conv_forward, conv_backward)
_conv_transpose = lift(conv_transpose_forward, conv_transpose_backward)


def conv1d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Convolution of sequences (N, C, T) with weight (O, C/groups, K)."""
    return _conv_nd(1, input, weight, bias, stride, padding, dilation, groups)


def conv2d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Convolution of images (N, C, H, W) with weight (O, C/groups, KH, KW)."""
    return _conv_nd(2, input, weight, bias, stride, padding, dilation, groups)


def conv3d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Convolution of clips (N, C, T, H, W) with weight (O, C/groups, KT, KH, KW)."""
    return _conv_nd(3, input, weight, bias, stride, padding, dilation, groups)


def conv_transpose1d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1,
                     dilation=1):
    """Transposed convolution of sequences (N, C, T) with weight (C, O/groups, K)."""
    return _conv_transpose_nd(1, input, weight, bias, stride, padding, output_padding, groups,
                              dilation)


def conv_transpose2d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1,
                     dilation=1):
    """Transposed convolution of images (N, C, H, W) with weight (C, O/groups, KH, KW)."""
    return _conv_transpose_nd(2, input, weight, bias, stride, padding, output_padding, groups,
                              dilation)


def conv_transpose3d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1,
                     dilation=1):
    """Transposed convolution of clips (N, C, T, H, W) with weight (C, O/groups, KT, KH, KW)."""
    return _conv_transpose_nd(3, input, weight, bias, stride, padding, output_padding, groups,
                              dilation)


def _conv_nd(axes, input, weight, bias, stride, padding, dilation, groups):
    refuse_mixed_dtypes(f"conv{axes}d", input=input, weight=weight, bias=bias)
    if isinstance(padding, str):
        input, padding = _pad_by_name(input, padding, weight.shape[2:], stride, dilation)
    return batched(f"conv{axes}d", axes, _conv, input, weight, bias, stride=stride,
                   padding=padding, dilation=dilation, groups=groups)


def _conv_transpose_nd(axes, input, weight, bias, stride, padding, output_padding, groups,
                       dilation):
    refuse_mixed_dtypes(f"conv_transpose{axes}d", input=input, weight=weight, bias=bias)
    return batched(f"conv_transpose{axes}d", axes, _conv_transpose, input, weight, bias,
                   stride=stride, padding=padding, output_padding=output_padding, groups=groups,
                   dilation=dilation)


def _pad_by_name(input, padding, kernel, stride, dilation):
    """The input, padded already if the two sides differ, and the padding that remains to do."""
    if padding == "valid":
        return input, 0
    if padding != "same":
        raise ArgumentError(f"padding must be 'same', 'valid' or numbers, not {padding!r}")
    if max(each_axis("stride", stride, len(kernel), 1)) > 1:
        raise ArgumentError(f"padding 'same' needs stride 1, not stride {stride}")
    dilation = each_axis("dilation", dilation, len(kernel), 1)
    totals = [q * (k - 1) for k, q in zip(kernel, dilation, strict=True)]
    if any(total % 2 for total in totals):            # one side gets one more
        pads = [[total // 2, total - total // 2] for total in reversed(totals)]
        return pad(input, sum(pads, [])), 0
    return input, [total // 2 for total in totals]
