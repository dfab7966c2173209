"""Convolution of sequences, images and clips, by hand.

One idea serves all three: lay a small box of weights over the input, multiply, add, move on.
The number of kernel axes says which it is:

    sequence   x (N, C, T)         weight (O, C, KT)
    image      x (N, C, H, W)      weight (O, C, KH, KW)
    clip       x (N, C, T, H, W)   weight (O, C, KT, KH, KW)

Below, *S stands for the axes the box moves along, *K for its sizes and *S' for the places where it
stops. `conv_plain` says it in three sums; `conv` is the same, faster and with less memory.
"""

import numpy as np

from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.layers.columns import (
    clips_innermost,
    correlate,
    input_gradient,
    weight_gradient,
)
from vidlearn.scratch.layers.slide import slide_over

LETTERS = {  # axes the box moves along -> the letters of windows (N, C, *S', *K), weight and y
    1: ("nc t k", "oc k", "no t"),
    2: ("nc ij pq", "oc pq", "no ij"),
    3: ("nc tij kpq", "oc kpq", "no tij"),
}


def conv_plain_forward(x, weight, bias=None, stride=1, padding=0, dilation=1):
    """Slide `weight` over `x` and add `bias`, in one sum over all windows at once.

    Shapes   as `conv_forward`, without groups
    Returns  y, and the cache that `conv_plain_backward` needs
    """
    slide = _slide(x, weight, bias, stride, padding, dilation, 1)
    margins = [(p, p) for p in slide.padding]
    windows = slide.windows(np.pad(x, [(0, 0), (0, 0), *margins]), 2)        # (N, C, *S', *K)
    see, box, out = LETTERS[len(margins)]
    y = _sum(f"{see}, {box} -> {out}", windows, weight)
    return add_bias(y, bias), (windows, weight, bias, slide)


def conv_plain_backward(dy, cache):
    """Carry the gradient `dy` back through `conv_plain_forward`: the same sum, read two other ways.

    Shapes   dy (N, O, *S')  ->  dx (N, C, *S), dweight (O, C, *K), dbias (O,)
    """
    windows, weight, bias, slide = cache
    see, box, out = LETTERS[len(slide.size)]
    dweight = _sum(f"{out}, {see} -> {box}", dy, windows)
    dwindows = _sum(f"{out}, {box} -> {see}", dy, weight)
    dpadded = np.zeros((*windows.shape[:2], *slide.room), dwindows.dtype)
    arrive = slide.windows(dpadded, 2)
    for tap in np.ndindex(*slide.kernel):             # windows overlap, one tap of them does not
        arrive[(..., *tap)] += dwindows[(..., *tap)]
    return dpadded[(..., *slide.inside)], dweight, bias_gradient(dy, bias)


def conv_forward(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
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
    slide = _slide(x, weight, bias, stride, padding, dilation, groups)
    return correlate(x, weight, slide, groups, bias), (x, weight, bias, slide, groups)


def conv_backward(dy, cache, needs=(True, True, True)):
    """Carry the gradient `dy` back through `conv_forward`.

    The first layer of a network `needs` no dx: that is None then, and its time is saved.

    Shapes   dy (N, O, *S')  ->  dx (N, C, *S), dweight (O, C/G, *K), dbias (O,)
    """
    x, weight, bias, slide, groups = cache
    dy = clips_innermost(dy)
    dweight = weight_gradient(x, dy, slide, groups) if needs[1] else None       # needs a padded x,
    dx = input_gradient(dy, weight, slide, groups) if needs[0] else None        # freed before dx
    return dx, dweight, bias_gradient(dy, bias)


def _slide(x, weight, bias, stride, padding, dilation, groups):
    """Check that the arrays fit each other; return how the box goes over x."""
    if x.ndim != weight.ndim or x.ndim - 2 not in LETTERS or \
            x.shape[1] != groups * weight.shape[1]:
        times = f" times {groups} groups" if groups != 1 else ""
        raise ShapeError(f"x {x.shape} and weight {weight.shape} must have the same axes and "
                         f"channels{times}: (N, C, *S) and (O, C, *K)")
    if not x.shape[1]:
        raise ShapeError(f"x {x.shape} has no channels: there is nothing to sum up")
    if len(weight) % groups:
        raise ShapeError(f"weight {weight.shape} has {len(weight)} outputs: "
                         f"{groups} groups need a multiple of {groups}")
    if bias is not None and bias.shape != weight.shape[:1]:
        raise ShapeError(f"bias {bias.shape} must have one number for each output of weight "
                         f"{weight.shape}: ({len(weight)},)")
    return slide_over(x.shape[2:], weight.shape[2:], stride, padding, dilation)


def _sum(formula, a, b):
    return np.einsum(formula, a, b, optimize=True)    # optimize: as one matrix product


def add_bias(y, bias):
    """y with one number added to each output, if there is a bias."""
    if bias is not None:
        y += bias.reshape(-1, *[1] * (y.ndim - 2))
    return y


def bias_gradient(dy, bias):
    """Each number of the bias was added everywhere: (N, O, *S') -> (O,)."""
    return None if bias is None else dy.sum((0, *range(2, dy.ndim)))
