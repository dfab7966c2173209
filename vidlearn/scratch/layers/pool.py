"""Pooling of sequences, images and clips, by hand: each window becomes one number.

    x (N, C, *S)  ->  y (N, C, *S')        S' = (S + 2 padding - dilation (K - 1) - 1) // stride + 1

No window is ever cut out of x. The loop goes over the taps, and each step serves all places at
once: tap (0, 0) of all windows, then tap (0, 1), ... (see `SlidingWindow.taps`). Each time, y keeps
the larger number, or adds. Taps beyond the edge of x are left out, so x is never padded.
"""

from functools import reduce
from math import prod

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.layers.arguments import PER_AXIS, array
from vidlearn.scratch.layers.sliding_window import sliding_window


@checked
def max_pool_forward(x: array("N, C, *S"), kernel_size: PER_AXIS, stride: PER_AXIS = None,
                     padding: PER_AXIS = 0, dilation: PER_AXIS = 1, ceil_mode=False,
                     return_indices=False):
    """Take the maximum of each window. The stride is the kernel's size unless it is given.

    A window with a NaN gives NaN. With `ceil_mode` the last window may reach beyond the end of x.

    Units    kernel_size, stride, padding and dilation count pixels along H and W, frames along T
    Returns  y, or with `return_indices` (y, indices), which count positions in the flattened *S;
             and the cache that `max_pool_backward` needs
    Raises   ShapeError if the kernel does not fit, or there is more padding than half of it
    Twin     torch.nn.functional.max_pool1d, max_pool2d, max_pool3d
    """
    window = _window(x, kernel_size, stride, padding, dilation, ceil_mode)
    y = np.full_like(x, -np.inf, shape=(*x.shape[:2], *window.places))
    for places, seen in window.taps():
        np.maximum(y[places], x[seen], out=y[places])
    cache = x, y, window
    return ((y, _positions(*cache)) if return_indices else y), cache


@checked
def max_pool_backward(dy: array("N, C, *S'"), cache):
    """Give each element of `dy` to the maximum of its window; after a tie, to the first of them.

    Shapes   dy (N, C, *S')  ->  dx (N, C, *S)
    """
    dy = dy[0] if isinstance(dy, tuple) else dy       # indices have no gradient
    x, y, window = cache
    finite = np.isfinite(dy.sum())                    # else 0 · dy would be NaN
    dx = np.zeros_like(x)
    once = window.disjoint and finite and not np.isnan(y).any()      # taps with NaN come up twice
    for places, seen, won in _winners(*cache):
        if once:                                      # each pixel is written once: no need to add
            np.multiply(dy[places], won, out=dx[seen])
        else:
            dx[seen] += dy[places] * won if finite else np.where(won, dy[places], 0)
    return dx


@checked
def avg_pool_forward(x: array("N, C, *S"), kernel_size: PER_AXIS, stride: PER_AXIS = None,
                     padding: PER_AXIS = 0, ceil_mode=False, count_include_pad=True,
                     divisor_override: kinds.REAL = None):
    """Take the mean of each window. The stride is the kernel's size unless it is given.

    Padding counts as zeros, or not at all without `count_include_pad`. With `divisor_override`,
    each sum is divided by that number instead.

    Units    kernel_size, stride and padding count pixels along H and W, frames along T
    Returns  y, and the cache that `avg_pool_backward` needs
    Raises   ShapeError if the kernel does not fit, or there is more padding than half of it
    Twin     torch.nn.functional.avg_pool1d, avg_pool2d, avg_pool3d
    """
    window = _window(x, kernel_size, stride, padding, 1, ceil_mode)
    if divisor_override == 0:
        raise ArgumentError("divisor_override must not be 0: each sum is divided by it")
    count = divisor_override or _count(window, count_include_pad).astype(x.dtype)
    y = np.zeros_like(x, shape=(*x.shape[:2], *window.places))
    for places, seen in window.taps():
        y[places] += x[seen]
    y /= count
    return y, (x, count, window)


@checked
def avg_pool_backward(dy: array("N, C, *S'"), cache):
    """Spread each element of `dy` evenly over its window.

    Shapes   dy (N, C, *S')  ->  dx (N, C, *S)
    """
    x, count, window = cache
    share, dx = dy / count, np.zeros_like(x)
    for places, seen in window.taps():
        dx[seen] += share[places]
    return dx


def _winners(x, y, window):
    """For each tap, the places where it holds the maximum: the first of equals, but the last NaN.

    Returns  triples (places, seen, won), won a mask of y[places]
    """
    free, taps = np.ones_like(y, bool), list(window.taps())
    for places, seen in taps:
        won = free[places] & (x[seen] == y[places])
        free[places] ^= won
        yield places, seen, won
    for places, seen in reversed(taps) if free.any() else ():        # NaN equals nothing
        won = free[places] & np.isnan(x[seen])
        free[places] ^= won
        yield places, seen, won


def _positions(x, y, window):
    """The position of each maximum in x, counted in its flattened *S."""
    numbers = np.arange(prod(window.size)).reshape(window.size)
    indices = np.zeros_like(y, np.int64)
    for places, seen, won in _winners(x, y, window):
        indices[places] += numbers[seen] * won
    return indices


def _count(window, with_padding):
    """The number of elements in each window, *S': fewer where it reaches beyond the end."""
    along = []
    for size, k, stride, padding, _, places in zip(*window, strict=True):
        start = np.arange(places) * stride - padding
        low, high = (-padding, size + padding) if with_padding else (0, size)
        along.append(np.minimum(start + k, high) - np.maximum(start, low))
    return reduce(np.multiply.outer, along)


def _window(x, kernel, stride, padding, dilation, ceil_mode):
    stride = kernel if stride is None or np.size(stride) == 0 else stride
    window = sliding_window(x.shape[2:], kernel, stride, padding, dilation, ceil_mode)
    if any(2 * p > d * (k - 1) + 1
           for p, k, d in zip(window.padding, window.kernel, window.dilation, strict=True)):
        raise ShapeError(f"padding {window.padding} is more than half of the kernel "
                         f"{window.kernel}: some windows would see nothing of x")
    return window
