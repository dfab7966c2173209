"""Exercises of notebook 12, a whole CNN: batch norm and its backward pass, dropout, a count."""

from math import prod

import numpy as np

from vidlearn.course.exercise import Exercise
from vidlearn.exercises.cases import channels, silenced, slopes


def batch_norm(x, weight, bias, running_mean, running_var, training, momentum, eps):
    column = np.index_exp[:, None, None]                             # (C,) -> (C, 1, 1)
    if training:
        count = x.size / x.shape[1]
        mean, var = x.mean(axis=(0, 2, 3)), x.var(axis=(0, 2, 3))
        running_mean = (1 - momentum) * running_mean + momentum * mean
        running_var = (1 - momentum) * running_var + momentum * var * count / (count - 1)
    else:
        mean, var = running_mean, running_var
    normal = (x - mean[column]) / np.sqrt(var[column] + eps)
    return weight[column] * normal + bias[column], running_mean, running_var


def batch_norm_backward(dy, x, weight, eps):
    axes = (0, 2, 3)
    scale = 1 / np.sqrt(x.var(axis=axes, keepdims=True) + eps)
    normal = (x - x.mean(axis=axes, keepdims=True)) * scale
    dweight, dbias = (dy * normal).sum(axis=axes), dy.sum(axis=axes)
    along = (dy * normal).mean(axis=axes, keepdims=True)
    dx = weight[:, None, None] * scale * (
        dy - dy.mean(axis=axes, keepdims=True) - normal * along)
    return dx, dweight, dbias


def dropout_both_ways(x, dy, p, random):
    mask = (random >= p) / (1 - p)
    return x * mask, dy * mask


def count_parameters(shape, layers):
    channels, height, width = shape
    total = 0
    for kind, *options in layers:
        if kind == "conv":
            outputs, kernel, padding = options
            total += (channels * kernel ** 2 + 1) * outputs
            channels = outputs
            height, width = (n + 2 * padding - kernel + 1 for n in (height, width))
        elif kind == "norm":
            total += 2 * channels
        elif kind == "pool":
            height, width = height // options[0], width // options[0]
        elif kind == "flatten":
            channels, height, width = channels * height * width, 1, 1
        elif kind == "average":
            height, width = 1, 1
        elif kind == "dense":
            total += (channels + 1) * options[0]
            channels = options[0]
    return total, (channels, height, width)


def _normal(axes=(0, 2, 3), inside=True, unbiased=False, shift=True):
    """The forward pass with one thing changed."""
    def attempt(x, weight, bias, running_mean, running_var, training, momentum, eps):
        _, *moved = batch_norm(x, weight, bias, running_mean, running_var, training, momentum, eps)
        mean, var = running_mean[:, None, None], running_var[:, None, None]
        if training:
            mean = x.mean(axis=axes, keepdims=True)
            var = x.var(axis=axes, keepdims=True, ddof=int(unbiased))
        root = np.sqrt(var + eps) if inside else np.sqrt(var) + eps
        y = weight[:, None, None] * (x - mean) / root
        return y + bias[:, None, None] * shift, *moved
    return attempt


def _batch_in_eval(x, weight, bias, mean, var, training, momentum, eps):
    y, new_mean, new_var = batch_norm(x, weight, bias, mean, var, True, momentum, eps)
    return (y, new_mean, new_var) if training else (y, mean, var)


def _biased(x, weight, bias, mean, var, training, momentum, eps):
    y, new_mean, new_var = batch_norm(x, weight, bias, mean, var, training, momentum, eps)
    if training:
        new_var = (1 - momentum) * var + momentum * x.var(axis=(0, 2, 3))
    return y, new_mean, new_var


def _other_way(x, weight, bias, mean, var, training, momentum, eps):
    return batch_norm(x, weight, bias, mean, var, training, 1 - momentum, eps)


def _running_in_training(x, weight, bias, mean, var, training, momentum, eps):
    _, *moved = batch_norm(x, weight, bias, mean, var, training, momentum, eps)
    return batch_norm(x, weight, bias, *moved, False, momentum, eps)


def _back(mean=1, spread=1, weighed=1):
    """A backward pass that leaves out (0) or keeps (1) each of three paths."""
    def attempt(dy, x, weight, eps):
        _, dweight, dbias = batch_norm_backward(dy, x, weight, eps)
        size = x.size / x.shape[1]
        scale = 1 / np.sqrt(x.var(axis=(0, 2, 3), keepdims=True) + eps)
        normal = (x - x.mean(axis=(0, 2, 3), keepdims=True)) * scale
        dx = dy - (mean * dbias[:, None, None] + spread * normal * dweight[:, None, None]) / size
        return dx * scale * (weight[:, None, None] if weighed else 1), dweight, dbias
    return attempt


def _means(dy, x, weight, eps):
    dx, *sums = batch_norm_backward(dy, x, weight, eps)
    return dx, *(total * x.shape[1] / x.size for total in sums)


def _raw(dy, x, weight, eps):
    dx, _, dbias = batch_norm_backward(dy, x, weight, eps)
    return dx, (dy * x).sum(axis=(0, 2, 3)), dbias


def _after(shape, options):
    return count_parameters(shape, [("conv", *options)])[1]


def _with(**changed):
    """The count plus `change(input shape, options)` for each layer of these kinds."""
    def attempt(shape, layers):
        total, last = count_parameters(shape, layers)
        for i, (kind, *options) in enumerate(layers):
            if kind in changed:
                total += changed[kind](count_parameters(shape, layers[:i])[1], options)
        return total, last
    return attempt


BATCH_NORM = Exercise(
    batch_norm,
    cases=[channels(4, 2, 3, 3, True, 0.1, 1e-5), channels(4, 2, 3, 3, False, 0.1, 1e-5),
           channels(2, 3, 1, 2, True, 0.7, 0.5), channels(1, 1, 2, 5, True, 0.3, 0.1),
           channels(3, 2, 2, 1, False, 0.9, 0.5), channels(5, 3, 1, 1, True, 0.01, 1e-3)],
    hints=["A channel's values lie along three axes: x.mean(axis=(0, 2, 3)) has the shape (C,).",
           "v[:, None, None] stands a (C,) along the channels, so that it spreads over H and W.",
           "The new running value is (1 - momentum) * old + momentum * new.",
           "With n values a channel, the batch is divided by its own variance (by n); the running "
           "one gets that variance times n / (n - 1)."],
    mistakes={
        "in eval it still looks at the batch: the running values are for that": _batch_in_eval,
        "eps stands outside the root": _normal(inside=False),
        "the batch is divided by the unbiased variance; only the running one is unbiased":
            _normal(unbiased=True),
        "the running variance is biased: it takes n - 1": _biased,
        "the momentum is the wrong way round: it is the share of the new": _other_way,
        "in training it uses the running values; the batch's own are meant": _running_in_training,
        "the running values never move": lambda *a: (batch_norm(*a)[0], a[3].copy(), a[4].copy()),
        "the running values move in eval, too": lambda *a:
            (batch_norm(*a)[0], *batch_norm(*a[:5], True, *a[6:])[1:]),
        "each picture has a mean of its own: the batch's axis is missing": _normal(axes=(2, 3)),
        "one mean for all channels": _normal(axes=(0, 1, 2, 3)),
        "the bias is left out": _normal(shift=False),
    },
    returns=("y", "running_mean", "running_var"),
)

BATCH_NORM_BACKWARD = Exercise(
    batch_norm_backward,
    cases=[slopes(4, 2, 3, 3, 1e-5), slopes(2, 3, 1, 2, 0.5), slopes(1, 1, 2, 5, 0.1),
           slopes(5, 2, 1, 1, 1e-3)],
    hints=["Make x̂ again, and scale = 1 / sqrt(var + eps), both from x.",
           "dbias is the sum of dy over all values of a channel, dweight that of dy * x̂.",
           "dx = weight * scale * (dy - mean of dy - x̂ * mean of dy * x̂), means per channel."],
    mistakes={
        "dx: mean and spread are taken for constants; each x has moved them": _back(0, 0),
        "dx: the path through the mean is missing": _back(mean=0),
        "dx: the path through the spread is missing": _back(spread=0),
        "dx: the weight is missing": _back(weighed=0),
        "dweight and dbias are means: they must be sums": _means,
        "dweight: dy is multiplied by x, not by x̂": _raw,
    },
    returns=("dx", "dweight", "dbias"),
)

DROPOUT = Exercise(
    dropout_both_ways,
    cases=[silenced((4, 6), 0.5), silenced((3, 5), 0.2), silenced((2, 3, 4), 0.9),
           silenced((7,), 0.0),
           lambda rng: (np.array([0.0, 3.0, 0.0, -2.0]), np.array([1.0, 2.0, 3.0, 4.0]), 0.5,
                        np.array([0.5, 0.5, 0.9, 0.1]))],         # at p it is kept; x may be 0
    hints=["A number is kept where its random one is at least p.",
           "What is kept is divided by 1 - p: the mean stays.",
           "The way back has the same mask, and the same division."],
    mistakes={
        "what is kept is not divided by 1 - p": lambda x, dy, p, random:
            (x * (random >= p), dy * (random >= p)),
        "divided by p: it is the kept share that counts, 1 - p": lambda x, dy, p, random:
            (x * (random >= p) / (p or 1), dy * (random >= p) / (p or 1)),
        "kept with probability p: p is the share that is silenced": lambda x, dy, p, random:
            (x * (random < p) / (1 - p), dy * (random < p) / (1 - p)),
        "the way back has no mask: what was silent hears all the same": lambda x, dy, p, random:
            (dropout_both_ways(x, dy, p, random)[0], dy / (1 - p)),
        "the way back is not divided by 1 - p": lambda x, dy, p, random:
            (dropout_both_ways(x, dy, p, random)[0], dy * (random >= p)),
        "gradients pass where y is not 0, not where the mask is": lambda x, dy, p, random:
            (dropout_both_ways(x, dy, p, random)[0],
             dy * (dropout_both_ways(x, dy, p, random)[0] != 0) / (1 - p)),
        "the way back is dy as it is": lambda x, dy, p, random:
            (dropout_both_ways(x, dy, p, random)[0], dy),
        "a random number of exactly p is silenced: kept is what is at least p":
            lambda x, dy, p, random: (x * (random > p) / (1 - p), dy * (random > p) / (1 - p)),
    },
    returns=("y", "dx"),
)

COUNT = Exercise(
    count_parameters,
    cases=[((3, 8, 8), [("conv", 4, 3, 0)]), ((3, 9, 7), [("conv", 4, 3, 1), ("pool", 2)]),
           ((1, 12, 10), [("conv", 5, 5, 0), ("norm",), ("pool", 2), ("flatten",), ("dense", 7)]),
           ((2, 10, 10), [("conv", 6, 3, 1), ("norm",), ("pool", 3), ("conv", 4, 1, 0),
                          ("average",), ("dense", 3)]),
           ((3, 64, 64), [("conv", 32, 3, 0), ("pool", 2), ("flatten",), ("dense", 128),
                          ("dense", 1)]),
           ((2, 9, 11), [("conv", 3, 3, 2), ("pool", 3), ("flatten",), ("dense", 2)]),
           ((4, 7, 5), [("average",), ("flatten",), ("dense", 3)]),
           ((1, 8, 9), [("conv", 3, 3, 1), ("pool", 2), ("norm",), ("conv", 2, 3, 0)])],
    hints=["Go through the list with (channels, height, width) in hand: each layer changes it.",
           "A convolution: kernel ** 2 weights an input channel, and a bias, for every output.",
           "It gives n + 2 * padding - kernel + 1 rows; a pooling n // window, the rest is lost.",
           "flatten makes channels * height * width channels of 1 x 1; average keeps the channels.",
           "dense: a weight for each input, and a bias, for every output."],
    mistakes={
        "the biases are forgotten": _with(conv=lambda s, o: -o[0], dense=lambda s, o: -o[0]),
        "the biases of the convolutions are forgotten": _with(conv=lambda s, o: -o[0]),
        "the input channels are forgotten: a kernel has weights for each of them":
            _with(conv=lambda s, o: (1 - s[0]) * o[1] ** 2 * o[0]),
        "kernel, where kernel ** 2 is meant":
            _with(conv=lambda s, o: s[0] * (o[1] - o[1] ** 2) * o[0]),
        "weights for every place: a convolution shares them":
            _with(conv=lambda s, o: (s[0] * o[1] ** 2 + 1) * (prod(_after(s, o)) - o[0])),
        "batch norm has two numbers a channel, weight and bias": _with(norm=lambda s, o: -s[0]),
        "a convolution before batch norm has a bias here, as all have": lambda shape, layers:
            (count_parameters(shape, layers)[0] - sum(
                here[1] for here, after in zip(layers, layers[1:], strict=False)
                if (here[0], after[0]) == ("conv", "norm")), count_parameters(shape, layers)[1]),
        "the padding is ignored": lambda shape, layers: count_parameters(
            shape, [(k, *o[:2], 0) if k == "conv" else (k, *o) for k, *o in layers]),
    },
    returns=("parameters", "shape"),
)
