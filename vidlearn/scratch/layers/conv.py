"""Convolution of sequences, images and clips, by hand.

One idea serves all three: lay a small kernel of weights over the input, multiply, add, move on.
The number of the kernel's axes says which it is:

    sequence   x (N, C, T)         weight (O, C, KT)
    image      x (N, C, H, W)      weight (O, C, KH, KW)
    clip       x (N, C, T, H, W)   weight (O, C, KT, KH, KW)

Below, *S stands for the axes that the kernel moves along, *K for its size and *S' for the number
of places where it stops. `conv_plain` is three sums; `conv` is the same, faster and with less
memory.
"""

import numpy as np

from vidlearn.checks import checked
from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.layers.arguments import PER_AXIS, array
from vidlearn.scratch.layers.im2col import (
    clips_innermost,
    correlate,
    input_gradient,
    weight_gradient,
)
from vidlearn.scratch.layers.sliding_window import sliding_window

AXES = {  # number of axes in *S -> einsum's letters for windows (N, C, *S', *K), weight and y
    1: ("nc t k", "oc k", "no t"),
    2: ("nc ij pq", "oc pq", "no ij"),
    3: ("nc tij kpq", "oc kpq", "no tij"),
}


@checked
def conv_plain_forward(x: array("N, C, *S"), weight: array("O, C, *K"),
                       bias: array("O") = None, stride: PER_AXIS = 1,
                       padding: PER_AXIS = 0, dilation: PER_AXIS = 1):
    """Slide `weight` over `x` and add `bias`, in one sum over all windows at once.

    Shapes   as `conv_forward`, without groups
    Returns  y, and the cache that `conv_plain_backward` needs
    """
    window = _window(x, weight, bias, stride, padding, dilation, 1)
    margins = [(p, p) for p in window.padding]
    windows = window.views(np.pad(x, [(0, 0), (0, 0), *margins]), 2)         # (N, C, *S', *K)
    seen, kernel, out = AXES[len(margins)]
    y = _sum(f"{seen}, {kernel} -> {out}", windows, weight)
    return add_bias(y, bias), (windows, weight, bias, window)


@checked
def conv_plain_backward(dy: array("N, O, *S'"), cache):
    """Compute the gradients of `conv_plain_forward`: the same sum, over two other sets of axes.

    Shapes   dy (N, O, *S')  ->  dx (N, C, *S), dweight (O, C, *K), dbias (O,)
    """
    windows, weight, bias, window = cache
    seen, kernel, out = AXES[len(window.size)]
    dweight = _sum(f"{out}, {seen} -> {kernel}", dy, windows)
    dwindows = _sum(f"{out}, {kernel} -> {seen}", dy, weight)
    dpadded = np.zeros((*windows.shape[:2], *window.padded_size), dwindows.dtype)
    targets = window.views(dpadded, 2)
    for tap in np.ndindex(*window.kernel):            # windows overlap, one tap of them does not
        targets[(..., *tap)] += dwindows[(..., *tap)]
    return dpadded[(..., *window.interior)], dweight, bias_gradient(dy, bias)


@checked
def conv_forward(x: array("N, C, *S"), weight: array("O, C/groups, *K"),
                 bias: array("O") = None, stride: PER_AXIS = 1, padding: PER_AXIS = 0,
                 dilation: PER_AXIS = 1, groups=1):
    """Slide `weight` over `x` and add `bias`.  (Cross-correlation: the kernel is not flipped.)

    Each option is one number, or one for each axis. With G groups, the first O/G outputs see only
    the first C/G channels, and so on.

    Shapes   x (N, C, *S), weight (O, C/G, *K), bias (O,)  ->  y (N, O, *S')
             S' = (S + 2 padding - dilation (K - 1) - 1) // stride + 1, on each axis
    Units    stride, padding and dilation count pixels along H and W, frames along T
    Returns  y, and the cache that `conv_backward` needs
    Raises   ShapeError if the channels differ or the kernel does not fit in the padded input
    Source   Dumoulin and Visin, arXiv:1603.07285
    Twin     torch.nn.functional.conv1d, conv2d, conv3d

    >>> y, cache = conv_forward(np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2)))
    >>> y[0, 0]
    array([[4., 4.],
           [4., 4.]])
    """
    window = _window(x, weight, bias, stride, padding, dilation, groups)
    return correlate(x, weight, window, groups, bias), (x, weight, bias, window, groups)


@checked
def conv_backward(dy: array("N, O, *S'"), cache, needs=(True, True, True)):
    """Compute the gradients of `conv_forward` from `dy`.

    The first layer of a network `needs` no dx: dx is None then, and its time is saved.

    Shapes   dy (N, O, *S')  ->  dx (N, C, *S), dweight (O, C/G, *K), dbias (O,)
    """
    x, weight, bias, window, groups = cache
    dy = clips_innermost(dy)
    dweight = weight_gradient(x, dy, window, groups) if needs[1] else None      # needs a padded x,
    dx = input_gradient(dy, weight, window, groups) if needs[0] else None       # freed before dx
    return dx, dweight, bias_gradient(dy, bias)


def _window(x, weight, bias, stride, padding, dilation, groups):
    """Check that the arrays fit each other; return the window that slides over x."""
    if x.ndim != weight.ndim or x.ndim - 2 not in AXES or \
            x.shape[1] != groups * weight.shape[1]:
        times = f" times {groups} groups" if groups != 1 else ""
        raise ShapeError(f"x {x.shape} and weight {weight.shape} must have the same axes and "
                         f"channels{times}: (N, C, *S) and (O, C, *K)")
    if not x.shape[1]:
        raise ShapeError(f"x {x.shape} has no channels, so there is nothing to add up")
    if len(weight) % groups:
        raise ShapeError(f"weight {weight.shape} has {len(weight)} outputs: "
                         f"{groups} groups need a multiple of {groups}")
    if bias is not None and bias.shape != weight.shape[:1]:
        raise ShapeError(f"bias {bias.shape} must have one number for each output of weight "
                         f"{weight.shape}: ({len(weight)},)")
    return sliding_window(x.shape[2:], weight.shape[2:], stride, padding, dilation)


def _sum(formula, a, b):
    return np.einsum(formula, a, b, optimize=True)    # optimize: as one matrix product


def add_bias(y, bias):
    """y with one number added to each output, if there is a bias."""
    if bias is not None:
        y += bias.reshape(-1, *[1] * (y.ndim - 2))
    return y


def bias_gradient(dy, bias):
    """The sum of dy over all places, since the bias was added at each: (N, O, *S') -> (O,)."""
    return None if bias is None else dy.sum((0, *range(2, dy.ndim)))
