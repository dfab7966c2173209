"""Exercises of notebook 10, convolution. One picture at a time: no batch axis."""

import numpy as np

from vidlearn.course.exercise import Exercise
from vidlearn.exercises import cases
from vidlearn.exercises.cases import normal


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


def one_kernel(a, b):
    kernel = np.zeros(np.add(a.shape, b.shape) - 1)
    for p, q in np.ndindex(b.shape):                  # each weight of b moves a on, and scales it
        kernel[p:p + a.shape[0], q:q + a.shape[1]] += b[p, q] * a
    return kernel


def _rounded_up(x, weight, bias, stride, padding):
    padded = np.add(x.shape[1:], 2 * padding)
    left = -np.subtract(padded, weight.shape[2:]) % stride            # of the last step
    x = np.pad(x, [(0, 0), *((padding, padding + n) for n in left)])
    return convolve(x, weight, bias, stride, 0)


def _to_the_last_result(dy, weight, size, stride):
    reached = np.subtract(dy.shape[1:], 1) * stride + weight.shape[2:]
    return input_gradient(dy, weight, tuple(reached), stride)


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


def _overwriting_copies(a, b):
    kernel = np.zeros(np.add(a.shape, b.shape) - 1)
    for p, q in np.ndindex(b.shape):
        kernel[p:p + a.shape[0], q:q + a.shape[1]] = b[p, q] * a
    return kernel


SIZES = [  # channels, size, outputs, kernel, stride
    (1, (5, 5), 1, (3, 3), 1), (3, (6, 7), 2, (3, 2), 1),
    (2, (9, 8), 3, (2, 4), 2), (2, (7, 6), 2, (1, 3), 3),
    (2, (6, 8), 3, (3, 3), 2),                        # the last row and column are left out
]

CONVOLVE = Exercise(
    convolve,
    cases=[cases.forward(1, (5, 5), 1, (3, 3), 1, 0), cases.forward(3, (6, 7), 2, (3, 2), 1, 1),
           cases.forward(2, (9, 8), 3, (2, 4), 2, 2), cases.forward(2, (7, 7), 1, (1, 1), 3, 0),
           cases.forward(1, (4, 5), 2, (1, 1), 1, 2), cases.forward(2, (5, 6), 2, (2, 3), 2, 0),
           cases.forward(1, (6, 8), 2, (3, 3), 4, 1)],
    hints=["Lay the zeros round H and W first, not round the channels: np.pad.",
           "np.ndindex(y.shape) counts through all results (o, i, j).",
           "The window of result (o, i, j) begins at row i * stride and column j * stride."],
    mistakes={
        "stride is ignored": lambda x, w, b, s, p: convolve(x, w, b, 1, p),
        "padding is fixed at 1": lambda x, w, b, s, p: convolve(x, w, b, s, 1),
        "padding is ignored": lambda x, w, b, s, p: convolve(x, w, b, s, 0),
        "stride and padding have changed places":
            lambda x, w, b, s, p: convolve(x, w, b, max(1, p), s),
        "the kernel is taken to be square":
            lambda x, w, b, s, p: convolve(x, w[..., :w.shape[3], :w.shape[2]], b, s, p),
        "the weights are turned round: that is true convolution":
            lambda x, w, b, s, p: convolve(x, w[..., ::-1, ::-1], b, s, p),
        "the bias is forgotten": lambda x, w, b, s, p: convolve(x, w, 0 * b, s, p),
        "the bias is added once for each channel": lambda x, w, b, s, p:
            convolve(x, w, b * len(x), s, p),
        "the bias is inside the sum: it is added once a window, not once a weight":
            lambda x, w, b, s, p: convolve(x, w, b * w[0].size, s, p),
        "the last step is counted though it is not full": _rounded_up,
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
        "pixels that no window reached are left out": _to_the_last_result,
        "only the first output is carried back": lambda dy, w, size, s:
            input_gradient(dy[:1], w[:1], size, s),
    },
)

TRUE_CONVOLUTION = Exercise(
    true_convolution,
    cases=[lambda rng: (normal(rng, (5, 6)), normal(rng, (3, 3))),
           lambda rng: (normal(rng, (6, 5)), normal(rng, (2, 3))),
           lambda rng: (normal(rng, (4, 7)), normal(rng, (1, 4)))],
    hints=["weight[::-1] turns the rows round.",
           "The windows stay as they are; only the weights are turned, along both axes."],
    mistakes={
        "nothing is turned: this is cross-correlation":
            lambda x, w: true_convolution(x, w[::-1, ::-1]),
        "only the rows are turned": lambda x, w: true_convolution(x, w[:, ::-1]),
        "only the columns are turned": lambda x, w: true_convolution(x, w[::-1]),
        "the picture is turned too, or the answer and not the weights":
            lambda x, w: true_convolution(x[::-1, ::-1], w),
    },
)

ONE_KERNEL = Exercise(
    one_kernel,
    cases=[lambda rng: (normal(rng, (3, 3)), normal(rng, (3, 3))),
           lambda rng: (normal(rng, (2, 3)), normal(rng, (4, 1))),
           lambda rng: (normal(rng, (1, 1)), normal(rng, (2, 5))),
           (np.array([[0.0, 1.0]]), np.array([[1.0, -1.0], [0.0, 2.0]]))],
    hints=["How many pixels of the picture does one result of the second layer depend on?",
           "A result of the second layer adds up results of the first, and each of those is a copy "
           "of the kernel a, moved by the row and the column of the weight of b.",
           "One kernel of size KH + LH - 1 by KW + LW - 1 is enough; add b[p, q] * a into it."],
    mistakes={
        "b is turned round first": lambda a, b: one_kernel(a, b[::-1, ::-1]),
        "a is turned round first": lambda a, b: one_kernel(a[::-1, ::-1], b),
        "the kernel is as large as a": lambda a, b: one_kernel(a, b)[:a.shape[0], :a.shape[1]],
        "each copy overwrites the last: = where += is needed": _overwriting_copies,
        "the two are laid edge to edge, and share no pixel": lambda a, b: np.kron(b, a),
    },
)
