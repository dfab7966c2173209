"""Pooling of sequences, images and clips, by hand: one number for each window.

    x (N, C, *S)  ->  y (N, C, *S')        S' = (S + 2 padding - dilation (K - 1) - 1) // stride + 1

A window is never cut out. Tap after tap, all places look at once: tap (0, 0) of all windows, then
tap (0, 1), ... (see `Slide.taps`); each time, y keeps the larger number, or adds. What hangs over
the edge of x is left out, so the padding need not be there at all.
"""

from functools import reduce
from math import prod

import numpy as np

from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.layers.slide import slide_over


def max_pool_forward(x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False,
                     return_indices=False):
    """The largest number in each window; the stride is the kernel's size unless it is given.

    A window with a NaN gives NaN. With `ceil_mode` a last window may hang over the end.

    Units    kernel_size, stride, padding and dilation count pixels along H and W, frames along T
    Returns  y, or with `return_indices` (y, where), `where` counting positions along the flat *S;
             and the cache that `max_pool_backward` needs
    Raises   ShapeError if the kernel does not fit, or there is more padding than half of it
    Twin     torch.nn.functional.max_pool1d, max_pool2d, max_pool3d
    """
    slide = _slide(x, kernel_size, stride, padding, dilation, ceil_mode)
    y = np.full_like(x, -np.inf, shape=(*x.shape[:2], *slide.places))
    for places, seen in slide.taps():
        np.maximum(y[places], x[seen], out=y[places])
    cache = x, y, slide
    return ((y, _positions(*cache)) if return_indices else y), cache


def max_pool_backward(dy, cache):
    """Hand each number of `dy` to the one of x that was largest: the first, where several were.

    Shapes   dy (N, C, *S')  ->  dx (N, C, *S)
    """
    dy = dy[0] if isinstance(dy, tuple) else dy       # positions have no gradient
    x, y, slide = cache
    finite = np.isfinite(dy.sum())                    # else 0 · dy would be NaN
    dx, once = np.zeros_like(x), slide.apart and finite and not np.isnan(y).any()   # sought twice
    for places, seen, won in _winners(*cache):
        if once:                                      # each pixel is met once: nothing to add to
            np.multiply(dy[places], won, out=dx[seen])
        else:
            dx[seen] += dy[places] * won if finite else np.where(won, dy[places], 0)
    return dx


def avg_pool_forward(x, kernel_size, stride=None, padding=0, ceil_mode=False,
                     count_include_pad=True, divisor_override=None):
    """The mean of each window; the stride is the kernel's size unless it is given.

    Padding counts as zeros, or not at all without `count_include_pad`. `divisor_override` divides
    each sum by that number instead.

    Units    kernel_size, stride and padding count pixels along H and W, frames along T
    Returns  y, and the cache that `avg_pool_backward` needs
    Raises   ShapeError if the kernel does not fit, or there is more padding than half of it
    Twin     torch.nn.functional.avg_pool1d, avg_pool2d, avg_pool3d
    """
    slide = _slide(x, kernel_size, stride, padding, 1, ceil_mode)
    if divisor_override == 0:
        raise ValueError("divisor_override must not be 0: nothing divides by it")
    count = divisor_override or _count(slide, count_include_pad).astype(x.dtype)
    y = np.zeros_like(x, shape=(*x.shape[:2], *slide.places))
    for places, seen in slide.taps():
        y[places] += x[seen]
    y /= count
    return y, (x, count, slide)


def avg_pool_backward(dy, cache):
    """Spread each number of `dy` evenly over its window.

    Shapes   dy (N, C, *S')  ->  dx (N, C, *S)
    """
    x, count, slide = cache
    share, dx = dy / count, np.zeros_like(x)
    for places, seen in slide.taps():
        dx[seen] += share[places]
    return dx


def _winners(x, y, slide):
    """For each tap, where it holds the maximum: the first of equals; torch takes the last NaN."""
    free, taps = np.ones_like(y, bool), list(slide.taps())
    for places, seen in taps:
        won = free[places] & (x[seen] == y[places])
        free[places] ^= won
        yield places, seen, won
    for places, seen in reversed(taps) if free.any() else ():        # NaN equals nothing
        won = free[places] & np.isnan(x[seen])
        free[places] ^= won
        yield places, seen, won


def _positions(x, y, slide):
    """The place of each maximum in x, counted along its flat *S."""
    numbers = np.arange(prod(slide.size)).reshape(slide.size)
    where = np.zeros_like(y, np.int64)
    for places, seen, won in _winners(x, y, slide):
        where[places] += numbers[seen] * won
    return where


def _count(slide, with_padding):
    """How many numbers each window has, *S': fewer where it hangs over the end."""
    along = []
    for size, k, stride, padding, _, places in zip(*slide, strict=True):
        start = np.arange(places) * stride - padding
        low, high = (-padding, size + padding) if with_padding else (0, size)
        along.append(np.minimum(start + k, high) - np.maximum(start, low))
    return reduce(np.multiply.outer, along)


def _slide(x, kernel, stride, padding, dilation, ceil_mode):
    stride = kernel if stride is None or np.size(stride) == 0 else stride
    slide = slide_over(x.shape[2:], kernel, stride, padding, dilation, ceil_mode)
    if any(2 * p > q * (k - 1) + 1
           for p, k, q in zip(slide.padding, slide.kernel, slide.dilation, strict=True)):
        raise ShapeError(f"padding {slide.padding} is more than half of the kernel "
                         f"{slide.kernel}: some windows would see nothing of x")
    return slide
