"""Ready-made calls for `vidlearn compare`: by name the shapes of the arrays, and the options."""

import json

import numpy as np

from vidlearn.checks.kinds import LARGEST

EXAMPLES = {
    "conv1d": ([(8, 16, 256), (32, 16, 5), (32,)], {"padding": 2}),
    "conv2d": ([(8, 16, 32, 32), (32, 16, 3, 3), (32,)], {"padding": 1}),
    "conv3d": ([(4, 3, 16, 56, 56), (16, 3, 3, 3, 3), (16,)], {"padding": 1}),
    "conv_transpose2d": ([(4, 16, 16, 16), (16, 8, 4, 4), (8,)], {"stride": 2, "padding": 1}),
    "max_pool2d": ([(8, 16, 64, 64)], {"kernel_size": 2}),
    "max_pool3d": ([(4, 16, 16, 28, 28)], {"kernel_size": 2}),
    "avg_pool3d": ([(4, 16, 16, 28, 28)], {"kernel_size": 2}),
    "linear": ([(256, 512), (128, 512), (128,)], {}),
    "relu": ([(64, 4096)], {}),
    "softmax": ([(256, 1000)], {"dim": 1}),
    "layer_norm": ([(256, 512)], {"normalized_shape": [512]}),
    "BatchNorm3d": ([(4, 16, 16, 28, 28)], {"num_features": 16}),
    "RNN": ([(16, 32, 64)], {"input_size": 64, "hidden_size": 64}),
    "LSTM": ([(16, 32, 64)], {"input_size": 64, "hidden_size": 64}),
    "GRU": ([(16, 32, 64)], {"input_size": 64, "hidden_size": 64}),
}


class ExampleError(ValueError):
    """A call cannot be made of these words: an unknown name, a wrong shape or a wrong option."""


def arrays_and_options(name, shapes=(), settings=()):
    """Make random arrays and options for a call, from words such as 8,3,32,32 and stride=2.

    Returns  arrays in float64, and a dict of options; those of EXAMPLES if no shape is given
    Raises   ExampleError
    """
    if shapes:
        sizes, options = [_shape(text) for text in shapes], {}
    elif name in EXAMPLES:
        sizes, options = EXAMPLES[name]
    else:
        raise ExampleError(f"there is no example of {name!r}: give the shapes of its arrays, such "
                           f"as 8,3,32,32, or choose one of {', '.join(EXAMPLES)}")
    rng = np.random.default_rng(1)
    return [rng.normal(size=size) for size in sizes], options | dict(map(_setting, settings))


def _shape(text):
    sizes = text.split(",")
    if not all(size.strip().isdecimal() and int(size) <= LARGEST for size in sizes):
        raise ExampleError(f"{text!r:.80} is not a shape: write 8,3,32,32")
    return tuple(map(int, sizes))


def _setting(text):
    key, equals, value = text.partition("=")
    if not equals:
        raise ExampleError(f"{text!r} is not an option: write stride=2 or padding=[1,0]")
    try:
        return key, json.loads(value)
    except json.JSONDecodeError:
        return key, value
