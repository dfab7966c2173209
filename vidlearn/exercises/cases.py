"""Random arguments for the exercises on convolution and CNNs: each function returns a case's maker.

`size` and `kernel` are lengths along (H, W) or (T, H, W); `stride` is one number, or one for each
axis. There is no batch axis but where N stands.
"""

import numpy as np


def normal(rng, size):
    """Normal numbers, about one in ten of which is exactly 0."""
    return rng.normal(size=size) * (rng.random(size) > 0.1)


def forward(channels, size, outputs, kernel, *options):
    """x (C, *size), weight (O, C, *kernel), bias (O,), and the options as they are."""
    return lambda rng: (normal(rng, (channels, *size)),
                        normal(rng, (outputs, channels, *kernel)),
                        normal(rng, outputs), *options)


def weight_gradient(channels, size, outputs, kernel, stride):
    """x (C, *size), dy (O, *places), kernel, stride."""
    places = _places(size, kernel, stride)
    return lambda rng: (normal(rng, (channels, *size)),
                        normal(rng, (outputs, *places)), kernel, stride)


def input_gradient(channels, size, outputs, kernel, stride):
    """dy (O, *places), weight (O, C, *kernel), size, stride."""
    places = _places(size, kernel, stride)
    return lambda rng: (normal(rng, (outputs, *places)),
                        normal(rng, (outputs, channels, *kernel)), size, stride)


def channels(n, channels, height, width, training, momentum, eps):
    """x (N, C, H, W), weight, bias, running mean and variance (C,), the options of batch norm."""
    def case(rng):
        x = normal(rng, (n, channels, height, width)) * 0.5 + 2
        return (x, *normal(rng, (3, channels)), rng.uniform(0.5, 2, channels), training,
                momentum, eps)
    return case


def slopes(n, channels, height, width, eps):
    """dy and x (N, C, H, W), weight (C,), eps."""
    def case(rng):
        dy, x = normal(rng, (2, n, channels, height, width))
        return dy + normal(rng, (channels, 1, 1)), 2 * x + 1, normal(rng, channels), eps
    return case


def silenced(shape, p):
    """x and dy of this shape, p, and a random number from 0 to 1 for each."""
    return lambda rng: (normal(rng, shape), normal(rng, shape), p, rng.random(shape))


def _places(size, kernel, stride):
    return tuple((np.subtract(size, kernel) // stride + 1).tolist())
