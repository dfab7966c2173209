"""Random arguments for the exercises on convolution and CNNs: each function returns a case's maker.

`size` and `kernel` are lengths along (H, W) or (T, H, W); `stride` is one number, or one for each
axis. There is no batch axis but where N stands.
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


def channels(n, channels, height, width, training, momentum, eps):
    """x (N, C, H, W), weight, bias, running mean and variance (C,), the options of batch norm."""
    def case(rng):
        x = rng.normal(size=(n, channels, height, width)) * 0.5 + 2
        return (x, *rng.normal(size=(3, channels)), rng.uniform(0.5, 2, channels), training,
                momentum, eps)
    return case


def slopes(n, channels, height, width, eps):
    """dy and x (N, C, H, W), weight (C,), eps."""
    def case(rng):
        dy, x = rng.normal(size=(2, n, channels, height, width))
        return dy + 0.3, 2 * x + 1, rng.normal(size=channels), eps
    return case


def silenced(shape, p):
    """x and dy of this shape, p, and a random number from 0 to 1 for each."""
    return lambda rng: (rng.normal(size=shape), rng.normal(size=shape), p, rng.random(shape))


def _places(size, kernel, stride):
    return tuple((np.subtract(size, kernel) // stride + 1).tolist())
