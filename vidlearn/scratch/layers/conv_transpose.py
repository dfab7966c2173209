"""Transposed convolution: a convolution whose forward and backward passes are exchanged.

A convolution gathers K elements of x into one of y. This spreads one element of x over K of y, and
so makes small maps large. It needs only the gradients of the convolution from y to x:

                               convolution         transposed convolution
    forward                    correlate           input_gradient
    gradient of the input      input_gradient      correlate
    gradient of the weight     weight_gradient     weight_gradient, with x and dy exchanged
"""

from vidlearn.checks import checked
from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.layers.arguments import PER_AXIS, array
from vidlearn.scratch.layers.conv import add_bias, bias_gradient
from vidlearn.scratch.layers.im2col import (
    clips_innermost,
    correlate,
    input_gradient,
    weight_gradient,
)
from vidlearn.scratch.layers.sliding_window import each_axis, sliding_window


@checked
def conv_transpose_forward(x: array("N, C, *S"), weight: array("C, O/groups, *K"),
                           bias: array("O") = None, stride: PER_AXIS = 1,
                           padding: PER_AXIS = 0, output_padding: PER_AXIS = 0, groups=1,
                           dilation: PER_AXIS = 1):
    """Multiply the kernel `weight` by each element of x, add it up in y, and add `bias`.

    The convolution from y to x gives the same size of x for several sizes of y; `output_padding`
    says by how many positions y is longer than the shortest of them.

    Shapes   x (N, C, *S), weight (C, O/G, *K), bias (O,)  ->  y (N, O, *S')
             S' = (S - 1) stride - 2 padding + dilation (K - 1) + output_padding + 1
    Units    stride, padding and dilation count pixels along H and W of y, frames along T
    Returns  y, and the cache that `conv_transpose_backward` needs
    Raises   ShapeError if the channels differ or nothing would be left of y
    Source   Dumoulin and Visin, arXiv:1603.07285
    Twin     torch.nn.functional.conv_transpose1d, conv_transpose2d, conv_transpose3d
    """
    _check(x, weight, bias, groups)
    window = _window(x.shape[2:], weight.shape[2:], stride, padding, output_padding, dilation)
    x = clips_innermost(x)
    y = input_gradient(x, weight, window, groups)
    return add_bias(y, bias), (x, weight, bias, window, groups)


@checked
def conv_transpose_backward(dy: array("N, O, *S'"), cache, needs=(True, True, True)):
    """Compute the gradients of `conv_transpose_forward` from `dy`.

    Shapes   dy (N, O, *S')  ->  dx (N, C, *S), dweight (C, O/G, *K), dbias (O,)
    """
    x, weight, bias, window, groups = cache
    dx = correlate(dy, weight, window, groups) if needs[0] else None
    dweight = weight_gradient(dy, x, window, groups) if needs[1] else None
    return dx, dweight, bias_gradient(dy, bias)


def _window(places, kernel, stride, padding, output_padding, dilation):
    """The window over y whose places are the positions of x."""
    axes = len(places)
    stride, padding = each_axis("stride", stride, axes, 1), each_axis("padding", padding, axes, 0)
    dilation = each_axis("dilation", dilation, axes, 1)
    extra = each_axis("output_padding", output_padding, axes, 0)
    if any(e >= max(s, d) for e, s, d in zip(extra, stride, dilation, strict=True)):
        raise ShapeError(f"output_padding {extra} must be smaller than stride {stride} or "
                         f"dilation {dilation}")
    size = tuple((n - 1) * s - 2 * p + d * (k - 1) + e + 1 for n, k, s, p, e, d in zip(
        places, kernel, stride, padding, extra, dilation, strict=True))
    if min(size) < 1:
        raise ShapeError(f"y would have the size {size}: take less padding than {padding}, "
                         "or a larger x")
    return sliding_window(size, kernel, stride, padding, dilation)._replace(places=tuple(places))


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
