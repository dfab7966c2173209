"""Transposed convolution: a convolution walked backward.

Where a convolution gathers K numbers of x into one of y, this spreads one number of x over K of y:
it makes small maps large. It needs nothing new, only the other convolution's gradients:

                               convolution         transposed convolution
    forward                    correlate           input_gradient
    gradient of the input      input_gradient      correlate
    gradient of the weight     weight_gradient     weight_gradient, with x and dy exchanged
"""

from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.layers.columns import (
    clips_innermost,
    correlate,
    input_gradient,
    weight_gradient,
)
from vidlearn.scratch.layers.conv import add_bias, bias_gradient
from vidlearn.scratch.layers.slide import each_axis, slide_over


def conv_transpose_forward(x, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1,
                           dilation=1):
    """Spread each number of x over a box of y, times `weight`, and add `bias`.

    Many sizes of x lead to one size of y under the convolution from y to x; `output_padding` says
    how many positions longer than the shortest y is to be.

    Shapes   x (N, C, *S), weight (C, O/G, *K), bias (O,)  ->  y (N, O, *S')
             S' = (S - 1) stride - 2 padding + dilation (K - 1) + output_padding + 1
    Units    stride, padding and dilation count pixels along H and W of y, frames along T
    Returns  y, and the cache that `conv_transpose_backward` needs
    Raises   ShapeError if the channels differ or nothing would be left of y
    Source   Dumoulin and Visin, arXiv:1603.07285
    Twin     torch.nn.functional.conv_transpose1d, conv_transpose2d, conv_transpose3d
    """
    _check(x, weight, bias, groups)
    slide = _slide_back(x.shape[2:], weight.shape[2:], stride, padding, output_padding, dilation)
    x = clips_innermost(x)
    y = input_gradient(x, weight, slide, groups)
    return add_bias(y, bias), (x, weight, bias, slide, groups)


def conv_transpose_backward(dy, cache, needs=(True, True, True)):
    """Carry the gradient `dy` back through `conv_transpose_forward`.

    Shapes   dy (N, O, *S')  ->  dx (N, C, *S), dweight (C, O/G, *K), dbias (O,)
    """
    x, weight, bias, slide, groups = cache
    dx = correlate(dy, weight, slide, groups) if needs[0] else None
    dweight = weight_gradient(dy, x, slide, groups) if needs[1] else None
    return dx, dweight, bias_gradient(dy, bias)


def _slide_back(places, kernel, stride, padding, output_padding, dilation):
    """The Slide over y whose places are the positions of x."""
    axes = len(places)
    stride, padding = each_axis("stride", stride, axes, 1), each_axis("padding", padding, axes, 0)
    dilation = each_axis("dilation", dilation, axes, 1)
    extra = each_axis("output_padding", output_padding, axes, 0)
    if any(e >= max(s, q) for e, s, q in zip(extra, stride, dilation, strict=True)):
        raise ShapeError(f"output_padding {extra} must be smaller than stride {stride} or "
                         f"dilation {dilation}")
    size = tuple((n - 1) * s - 2 * p + q * (k - 1) + e + 1 for n, k, s, p, e, q in zip(
        places, kernel, stride, padding, extra, dilation, strict=True))
    if min(size) < 1:
        raise ShapeError(f"y would have the size {size}: take less padding than {padding}, "
                         "or a larger x")
    return slide_over(size, kernel, stride, padding, dilation)._replace(places=tuple(places))


def _check(x, weight, bias, groups):
    if x.ndim != weight.ndim or x.ndim not in (3, 4, 5) or x.shape[1] != len(weight):
        raise ShapeError(f"x {x.shape} and weight {weight.shape} must have the same axes and "
                         "channels: (N, C, *S) and (C, O, *K)")
    if len(weight) % groups:
        raise ShapeError(f"x {x.shape} has {len(weight)} channels: "
                         f"{groups} groups need a multiple of {groups}")
    if bias is not None and bias.shape != (weight.shape[1] * groups,):
        raise ShapeError(f"bias {bias.shape} must have one number for each output: "
                         f"({weight.shape[1] * groups},)")
