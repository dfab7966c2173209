"""Exercises of notebook 10, convolution. One picture at a time: no batch axis."""

import numpy as np

from vidlearn.course.exercise import Exercise
from vidlearn.exercises import cases


def convolve(x, weight, bias, stride, padding):
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    _, channels, rows, columns = weight.shape
    height = (x.shape[1] - rows) // stride + 1
    width = (x.shape[2] - columns) // stride + 1
    y = np.empty((len(weight), height, width))
    for o, i, j in np.ndindex(y.shape):
        window = x[:, i * stride:i * stride + rows, j * stride:j * stride + columns]
        y[o, i, j] = (window * weight[o]).sum() + bias[o]
    return y


def weight_gradient(x, dy, kernel, stride):
    rows, columns = kernel
    dweight = np.zeros((len(dy), len(x), rows, columns))
    for o, i, j in np.ndindex(dy.shape):
        window = x[:, i * stride:i * stride + rows, j * stride:j * stride + columns]
        dweight[o] += dy[o, i, j] * window
    return dweight


def input_gradient(dy, weight, size, stride):
    _, channels, rows, columns = weight.shape
    dx = np.zeros((channels, *size))
    for o, i, j in np.ndindex(dy.shape):
        window = dx[:, i * stride:i * stride + rows, j * stride:j * stride + columns]
        window += dy[o, i, j] * weight[o]             # a view: this adds into dx
    return dx


def true_convolution(x, weight):
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape)
    return np.einsum("ijpq,pq->ij", windows, weight[::-1, ::-1])


def _overwriting_weight(x, dy, kernel, stride):
    last = np.zeros_like(dy)
    last[:, -1, -1] = dy[:, -1, -1]
    return weight_gradient(x, last, kernel, stride)


def _overwriting_input(dy, weight, size, stride):
    dx = np.zeros((weight.shape[1], *size))
    for o, i, j in np.ndindex(dy.shape):
        rows, columns = weight.shape[2:]
        window = dx[:, i * stride:i * stride + rows, j * stride:j * stride + columns]
        window[:] = dy[o, i, j] * weight[o]
    return dx


SIZES = [  # channels, size, outputs, kernel, stride
    (1, (5, 5), 1, (3, 3), 1), (3, (6, 7), 2, (3, 2), 1),
    (2, (9, 8), 3, (2, 4), 2), (2, (7, 6), 2, (1, 3), 3),
]

CONVOLVE = Exercise(
    convolve,
    cases=[cases.forward(1, (5, 5), 1, (3, 3), 1, 0), cases.forward(3, (6, 7), 2, (3, 2), 1, 1),
           cases.forward(2, (9, 8), 3, (2, 4), 2, 2), cases.forward(2, (7, 7), 1, (1, 1), 3, 0)],
    hints=["Lay the zeros round H and W first, not round the channels: np.pad.",
           "np.ndindex(y.shape) counts through all results (o, i, j).",
           "The window of result (o, i, j) begins at row i * stride and column j * stride."],
    mistakes={
        "stride is ignored": lambda x, w, b, s, p: convolve(x, w, b, 1, p),
        "padding is fixed at 1": lambda x, w, b, s, p: convolve(x, w, b, s, 1),
        "the kernel is taken to be square":
            lambda x, w, b, s, p: convolve(x, w[..., :w.shape[3], :w.shape[2]], b, s, p),
        "the weights are turned round: that is true convolution":
            lambda x, w, b, s, p: convolve(x, w[..., ::-1, ::-1], b, s, p),
        "the bias is forgotten": lambda x, w, b, s, p: convolve(x, w, 0 * b, s, p),
        "only the first channel is read": lambda x, w, b, s, p: convolve(x[:1], w[:, :1], b, s, p),
    },
)

WEIGHT_GRADIENT = Exercise(
    weight_gradient,
    cases=[cases.weight_gradient(*size) for size in SIZES],
    hints=["Result (o, i, j) saw one window. How much did weight[o] matter there?",
           "Each place adds dy[o, i, j] times its window to dweight[o]."],
    mistakes={
        "stride is ignored": lambda x, dy, k, s: weight_gradient(x, dy, k, 1),
        "each place overwrites the last: = where += is needed": _overwriting_weight,
        "the windows are averaged: only losses take means":
            lambda x, dy, k, s: weight_gradient(x, dy, k, s) / dy[0].size,
        "the answer is turned round":
            lambda x, dy, k, s: weight_gradient(x, dy, k, s)[..., ::-1, ::-1],
        "rows and columns of the kernel are swapped":
            lambda x, dy, k, s: weight_gradient(x, dy, k, s).swapaxes(2, 3),
    },
)

INPUT_GRADIENT = Exercise(
    input_gradient,
    cases=[cases.input_gradient(*size) for size in SIZES],
    hints=["Which pixels did result (o, i, j) read, and under which weights?",
           "It is the forward loop with the roles changed: dy is known, dx is filled.",
           "Windows overlap: what lands on a pixel must be added up."],
    mistakes={
        "each place overwrites the last: = where += is needed": _overwriting_input,
        "stride is ignored": lambda dy, w, size, s: input_gradient(dy, w, size, 1),
        "the weights are turned round": lambda dy, w, size, s:
            input_gradient(dy, w[..., ::-1, ::-1], size, s),
        "only the first output is carried back": lambda dy, w, size, s:
            input_gradient(dy[:1], w[:1], size, s),
    },
)

TRUE_CONVOLUTION = Exercise(
    true_convolution,
    cases=[lambda rng: (rng.normal(size=(5, 6)), rng.normal(size=(3, 3))),
           lambda rng: (rng.normal(size=(6, 5)), rng.normal(size=(2, 3))),
           lambda rng: (rng.normal(size=(4, 7)), rng.normal(size=(1, 4)))],
    hints=["weight[::-1] turns the rows round.",
           "The windows stay as they are; only the weights are turned, along both axes."],
    mistakes={
        "nothing is turned: this is cross-correlation":
            lambda x, w: true_convolution(x, w[::-1, ::-1]),
        "only the rows are turned": lambda x, w: true_convolution(x, w[:, ::-1]),
        "only the columns are turned": lambda x, w: true_convolution(x, w[::-1]),
        "the picture is turned too": lambda x, w: true_convolution(x[::-1, ::-1], w),
    },
)
