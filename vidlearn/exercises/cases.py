"""Random arguments for the exercises on convolution: each function returns a maker of a case.

`size` and `kernel` are lengths along (H, W) or (T, H, W); `stride` is one number, or one for each
axis. There is no batch axis.
"""

import numpy as np


def forward(channels, size, outputs, kernel, *options):
    """x (C, *size), weight (O, C, *kernel), bias (O,), and the options as they are."""
    return lambda rng: (rng.normal(size=(channels, *size)),
                        rng.normal(size=(outputs, channels, *kernel)),
                        rng.normal(size=outputs), *options)


def weight_gradient(channels, size, outputs, kernel, stride):
    """x (C, *size), dy (O, *places), kernel, stride."""
    places = _places(size, kernel, stride)
    return lambda rng: (rng.normal(size=(channels, *size)),
                        rng.normal(size=(outputs, *places)), kernel, stride)


def input_gradient(channels, size, outputs, kernel, stride):
    """dy (O, *places), weight (O, C, *kernel), size, stride."""
    places = _places(size, kernel, stride)
    return lambda rng: (rng.normal(size=(outputs, *places)),
                        rng.normal(size=(outputs, channels, *kernel)), size, stride)


def _places(size, kernel, stride):
    return tuple((np.subtract(size, kernel) // stride + 1).tolist())
