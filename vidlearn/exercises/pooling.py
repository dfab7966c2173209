"""Exercises of notebook 11, pooling. One picture at a time: there is no batch axis."""

import numpy as np

from vidlearn.course.exercise import Exercise
from vidlearn.exercises.cases import normal


def max_pool(x, kernel, stride):
    channels, height, width = x.shape
    rows, columns = kernel
    down, right = stride
    y = np.empty((channels, (height - rows) // down + 1, (width - columns) // right + 1))
    for c, i, j in np.ndindex(y.shape):
        y[c, i, j] = x[c, i * down:i * down + rows, j * right:j * right + columns].max()
    return y


def max_pool_gradient(x, dy, kernel, stride):
    rows, columns = kernel
    down, right = stride
    dx = np.zeros(x.shape)
    for c, i, j in np.ndindex(dy.shape):
        window = x[c, i * down:i * down + rows, j * right:j * right + columns]
        p, q = divmod(int(window.argmax()), columns)           # argmax gives the first of equals
        dx[c, i * down + p, j * right + q] += dy[c, i, j]
    return dx


def avg_pool(x, kernel, stride, padding, count_padding):
    around = (0, 0), (padding, padding), (padding, padding)
    room, real = np.pad(x, around), np.pad(np.ones(x.shape), around)
    rows, columns = kernel
    down, right = stride
    y = np.empty((len(x), (room.shape[1] - rows) // down + 1,
                  (room.shape[2] - columns) // right + 1))
    for c, i, j in np.ndindex(y.shape):
        here = c, slice(i * down, i * down + rows), slice(j * right, j * right + columns)
        y[c, i, j] = room[here].sum() / (rows * columns if count_padding else real[here].sum())
    return y


def _gradient(share):
    """A gradient that hands `share(window) · dy` to a window; the answer gives 1 to the first."""
    def gradient(x, dy, kernel, stride):
        rows, columns = kernel
        down, right = stride
        dx = np.zeros(x.shape)
        for c, i, j in np.ndindex(dy.shape):
            here = c, slice(i * down, i * down + rows), slice(j * right, j * right + columns)
            dx[here] += share(x[here]) * dy[c, i, j]
        return dx
    return gradient


def _last(window):
    return np.arange(window.size).reshape(window.shape) == np.flatnonzero(_equal(window))[-1]


def _equal(window):
    return window == window.max()


def _overwriting(x, dy, kernel, stride):
    dx = np.zeros(x.shape)
    for place in np.ndindex(dy.shape):
        one = np.zeros_like(dy)
        one[place] = dy[place]
        alone = max_pool_gradient(x, one, kernel, stride)
        dx = np.where(alone != 0, alone, dx)
    return dx


SIZES = [  # channels, size, kernel, stride
    (1, (4, 6), (2, 2), (2, 2)), (2, (7, 8), (3, 2), (2, 3)),
    (3, (6, 7), (2, 3), (1, 2)), (2, (5, 9), (1, 4), (3, 1)), (1, (3, 5), (1, 1), (2, 2)),
    (1, (5, 6), (2, 3), (2, 2)),                      # the last row and column are left out
]


def _whole(rng, size):
    """Small whole numbers, also negative, so that most windows have ties."""
    return rng.integers(-3, 1, size).astype(float)


def _pooled(size, kernel, stride):
    return tuple((s - k) // step + 1 for s, k, step in zip(size, kernel, stride, strict=True))


def _forward(channels, size, *options):
    return lambda rng: (normal(rng, (channels, *size)) - 2, *options)


def _below_all(rng):
    """Numbers so low that no number of one's own is a safe start for a maximum."""
    return -1e30 * (1 + rng.random((2, 4, 5))), (2, 3), (2, 1)


def _after_relu(channels, size, *options):
    """Half of the numbers are 0, as behind a ReLU."""
    return lambda rng: (np.maximum(normal(rng, (channels, *size)), 0), *options)


def _backward(channels, size, kernel, stride):
    places = _pooled(size, kernel, stride)
    return lambda rng: (_whole(rng, (channels, *size)), normal(rng, (channels, *places)),
                        kernel, stride)


MAX_POOL = Exercise(
    max_pool,
    cases=[*(_forward(*size) for size in SIZES), _below_all],
    hints=["How many places are there along H? (H - KH) // SH + 1, and along W likewise.",
           "np.ndindex(y.shape) counts through all results (c, i, j).",
           "The window of result (c, i, j) begins at row i * SH and column j * SW."],
    mistakes={
        "the stride is ignored: the window moves by one pixel": lambda x, k, s:
            max_pool(x, k, (1, 1)),
        "the stride is taken to be the window's size": lambda x, k, s: max_pool(x, k, k),
        "the maximum starts from 0: numbers below zero are lost": lambda x, k, s:
            np.maximum(max_pool(x, k, s), 0),
        "the window is taken to be square": lambda x, k, s: max_pool(x, (k[0], k[0]), s),
        "the channels are pooled together": lambda x, k, s:
            max_pool(x, k, s).max(axis=0, keepdims=True),
        "it is the mean of the window": lambda x, k, s: avg_pool(x, k, s, 0, True),
        "the window and the stride have changed places": lambda x, k, s: max_pool(x, s, k),
    },
)

MAX_POOL_GRADIENT = Exercise(
    max_pool_gradient,
    cases=[_backward(*size) for size in SIZES],
    hints=["Walk through all results as in 11.1: dy[c, i, j] goes to one pixel of its window.",
           "window.argmax() counts row by row and gives the first of equals; "
           "divmod(_, KW) makes a row and a column of it.",
           "Where windows overlap, one pixel may win several times: add."],
    mistakes={
        "each of the equals gets the whole gradient: it must go to the first":
            _gradient(_equal),
        "the equals share the gradient: it must go to the first":
            _gradient(lambda window: _equal(window) / _equal(window).sum()),
        "the last of the equals gets the gradient: it must go to the first": _gradient(_last),
        "each place overwrites the last: = where += is needed": _overwriting,
        "every pixel of the window gets a share: that is the mean's gradient":
            _gradient(lambda window: 1 / window.size),
        "the stride is taken to be the window's size": lambda x, dy, k, s:
            max_pool_gradient(x, dy, k, k),
    },
)

AVG_POOL = Exercise(
    avg_pool,
    cases=[_forward(1, (4, 4), (2, 2), (2, 2), 0, True),
           _forward(2, (6, 7), (3, 2), (2, 1), 1, True),
           _forward(2, (6, 7), (3, 2), (2, 1), 1, False),
           _forward(3, (7, 5), (4, 5), (1, 3), 2, False),
           _after_relu(2, (5, 6), (3, 3), (2, 2), 1, False),
           _after_relu(1, (4, 5), (2, 2), (1, 2), 0, False)],
    hints=["Lay the zeros round H and W, not round the channels: np.pad.",
           "With count_padding, every window is divided by KH * KW.",
           "Without: how many pixels of a window are real? Pad a picture of ones, and add it up."],
    mistakes={
        "the padding always counts": lambda x, k, s, p, count: avg_pool(x, k, s, p, True),
        "the padding never counts": lambda x, k, s, p, count: avg_pool(x, k, s, p, False),
        "there is no padding": lambda x, k, s, p, count: avg_pool(x, k, s, 0, count),
        "count_padding is the wrong way round: with it, the padding counts":
            lambda x, k, s, p, count: avg_pool(x, k, s, p, not count),
        "the stride is ignored: the window moves by one pixel": lambda x, k, s, p, count:
            avg_pool(x, k, (1, 1), p, count),
        "the sum is not divided": lambda x, k, s, p, count:
            avg_pool(x, k, s, p, True) * (k[0] * k[1]),
        "it divides by the window's height squared": lambda x, k, s, p, count:
            avg_pool(x, k, s, p, count) * k[1] / k[0],
    },
)
