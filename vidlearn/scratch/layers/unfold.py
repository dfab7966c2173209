"""Unfold: the windows of a picture as the columns of a matrix. Fold: add columns back.

Convolution is a product with these columns. Each of the two is the other's backward pass.
"""

from inspect import unwrap
from math import prod

import numpy as np

from vidlearn.checks import checked
from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.layers.arguments import PER_AXIS, array
from vidlearn.scratch.layers.sliding_window import each_axis, sliding_window


@checked
def unfold_forward(x: array("N, C, H, W"), kernel_size: PER_AXIS, dilation: PER_AXIS = 1,
                   padding: PER_AXIS = 0, stride: PER_AXIS = 1):
    """Copy each window of x into a column, channel by channel and row by row.

    Shapes   x (N, C, H, W)  ->  y (N, C·KH·KW, H'·W')
    Twin     torch.nn.functional.unfold
    """
    window = sliding_window(x.shape[2:], kernel_size, stride, padding, dilation)
    padded = np.pad(x, [(0, 0), (0, 0), *((p, p) for p in window.padding)])
    columns = window.views(padded, 2).transpose(0, 1, 4, 5, 2, 3)    # (N, C, KH, KW, H', W')
    rows = x.shape[1] * prod(window.kernel)
    return columns.reshape(len(x), rows, prod(window.places)), window


@checked
def unfold_backward(dy: array("N, C·KH·KW, H'·W'"), window):
    """Each pixel collects the gradients of all columns that it was copied to.

    Shapes   dy (N, C·KH·KW, H'·W')  ->  dx (N, C, H, W)
    """
    channels = dy.shape[1] // prod(window.kernel)
    columns = dy.reshape(len(dy), channels, *window.kernel, *window.places)
    padded = np.zeros((*columns.shape[:2], *window.padded_size), dy.dtype)
    windows = window.views(padded, 2)                                # (N, C, H', W', KH, KW)
    for tap in np.ndindex(*window.kernel):
        windows[..., *tap] += columns[:, :, *tap]
    return padded[..., *window.interior]


@checked
def fold_forward(x: array("N, C·KH·KW, L"), output_size: PER_AXIS, kernel_size: PER_AXIS,
                 dilation: PER_AXIS = 1, padding: PER_AXIS = 0, stride: PER_AXIS = 1):
    """Add each column back to the window that it stands for.

    Shapes   x (N, C·KH·KW, L)  ->  y (N, C, *output_size), if the kernel has L places there
    Raises   ShapeError if the rows are no multiple of the kernel's size, or L is not the number
             of places
    Twin     torch.nn.functional.fold
    """
    size = each_axis("output_size", output_size, 2, 1)
    window = sliding_window(size, kernel_size, stride, padding, dilation)
    if x.shape[1] % prod(window.kernel) or x.shape[2] != prod(window.places):
        raise ShapeError(f"fold: x {x.shape} must be (N, C·{prod(window.kernel)}, "
                         f"{prod(window.places)}) for kernel {window.kernel}, which has "
                         f"{window.places} places in {size}")
    return unwrap(unfold_backward)(x, window), (window, kernel_size, dilation, padding, stride)


@checked
def fold_backward(dy: array("N, C, H, W"), cache):
    """Each column reads the gradient under its window: this is `unfold_forward`."""
    return unwrap(unfold_forward)(dy, *cache[1:])[0]
