"""Exercises of notebook 23: causal dilated convolution, its field, its stream, its schedule.

One sequence at a time: there is no batch axis.
"""

from math import ceil, log, prod

import numpy as np

from vidlearn.course.exercise import Exercise
from vidlearn.exercises.cases import normal


def causal_conv1d(x, weight, bias, dilation):
    (outputs, channels, kernel), steps = weight.shape, x.shape[1]
    y = np.zeros((outputs, steps))
    for o, t in np.ndindex(outputs, steps):
        y[o, t] = bias[o]
        for c, k in np.ndindex(channels, kernel):
            at = t - (kernel - 1 - k) * dilation
            if at >= 0:
                y[o, t] += weight[o, c, k] * x[c, at]
    return y


def field(kernels, dilations):
    delays = {0}
    for kernel, dilation in zip(kernels, dilations, strict=True):
        delays = {delay + tap * dilation for delay in delays for tap in range(kernel)}
    return max(delays) + 1, len(delays)


def stream_step(x, state, weight, bias, dilation):
    seen = np.concatenate([state, x[:, None]], axis=1)             # (C, reach + 1), oldest first
    y = bias + np.einsum("ock,ck->o", weight, seen[:, ::dilation])
    return y, seen[:, 1:]


def schedule(steps, kernel):
    dilations, reached = [], 1
    while reached < steps:
        dilations.append(reached)
        reached *= kernel
    return dilations


def _padded(left):
    """An attempt that pads `left(reach)` zeros on the left, and the rest on the right."""
    def attempt(x, weight, bias, dilation):
        reach = (weight.shape[2] - 1) * dilation
        moved = np.zeros((len(x), x.shape[1] + reach))
        moved[:, left(reach):left(reach) + x.shape[1]] = x
        return causal_conv1d(moved, weight, bias, dilation)[:, reach:]
    return attempt


def _each_channel_alone(x, weight, bias, dilation):
    summed = np.broadcast_to(weight.sum(axis=1, keepdims=True), weight.shape)
    return causal_conv1d(x, summed / weight.shape[1], bias, dilation)


def _conv(channels, steps, outputs, kernel, dilation):
    return lambda rng: (normal(rng, (channels, steps)),
                        normal(rng, (outputs, channels, kernel)), normal(rng, outputs),
                        dilation)


def _step(channels, outputs, kernel, dilation):
    return lambda rng: (normal(rng, channels),
                        normal(rng, (channels, (kernel - 1) * dilation)),
                        normal(rng, (outputs, channels, kernel)), normal(rng, outputs),
                        dilation)


def _sum_of(reach):
    return lambda ks, ds: (1 + sum(reach(k, d) for k, d in zip(ks, ds, strict=True)),
                           field(ks, ds)[1])


def _neighbours(x, state, weight, bias, dilation):
    """The newest K - 1 inputs of the state, whatever the dilation."""
    taps = weight.shape[2] - 1
    near = np.concatenate([state[:, state.shape[1] - taps:], x[:, None]], axis=1)
    y = bias + np.einsum("ock,ck->o", weight, near)
    return y, stream_step(x, state, weight, bias, dilation)[1]


def _a_step_late(x, state, weight, bias, dilation):
    late = np.concatenate([np.zeros((len(x), 1)), state], axis=1)
    return (bias + np.einsum("ock,ck->o", weight, late[:, ::dilation]),
            stream_step(x, state, weight, bias, dilation)[1])


CAUSAL_CONV1D = Exercise(
    causal_conv1d,
    cases=[_conv(1, 6, 1, 2, 1), _conv(2, 9, 3, 3, 2), _conv(3, 8, 2, 4, 1), _conv(2, 4, 2, 3, 5),
           _conv(2, 5, 3, 1, 2)],
    hints=["y has as many steps as x: (O, T). np.ndindex(O, T) counts through them.",
           "The last tap, k = K - 1, looks at step t itself. Where does tap k look?",
           "At step t - (K - 1 - k) * dilation. Where that is below 0 there is nothing to add."],
    mistakes={
        "it is padded on both sides: half of the taps look ahead": _padded(lambda r: r // 2),
        "it is padded on the right: every tap but one looks ahead": _padded(lambda r: 0),
        "the kernel is turned round: the last tap is now, the first the oldest":
            lambda x, w, b, d: causal_conv1d(x, w[..., ::-1], b, d),
        "the dilation is ignored": lambda x, w, b, d: causal_conv1d(x, w, b, 1),
        "there is no padding: the first steps are missing":
            lambda x, w, b, d: causal_conv1d(x, w, b, d)[:, (w.shape[2] - 1) * d:],
        "off by one: the last tap looks at the step before": lambda x, w, b, d:
            causal_conv1d(np.pad(x, ((0, 0), (1, 0)))[:, :-1], w, b, d),
        "the bias is left out": lambda x, w, b, d: causal_conv1d(x, w, b * 0, d),
        "all channels get the same weights": _each_channel_alone,
    },
)

FIELD = Exercise(
    field,
    cases=[([2, 2, 2, 2], [1, 2, 4, 8]), ([2, 2, 2], [1, 4, 16]), ([3, 3], [2, 2]),
           ([3, 2, 4], [1, 5, 2]), ([1, 5], [7, 3]), ([], [])],
    hints=["A layer reaches back by (K - 1) * dilation steps; the layers' reaches add up. "
           "And now counts, too.",
           "For the number that is heard, keep a set of delays: at first {0}.",
           "A layer turns each delay into K: delay + tap * dilation for tap in range(K)."],
    mistakes={
        "a layer reaches (K - 1)·dilation back, not K·dilation": _sum_of(lambda k, d: k * d),
        "off by one: now counts, too": lambda ks, ds:
            (field(ks, ds)[0] - 1, field(ks, ds)[1]),
        "holes are counted as heard": lambda ks, ds: (field(ks, ds)[0],) * 2,
        "ways are counted, not inputs: several ways may end at one input": lambda ks, ds:
            (field(ks, ds)[0], prod(ks)),
        "the dilation is ignored": lambda ks, ds: field(ks, [1] * len(ks)),
        "the layers' fields are multiplied: their reaches add up": lambda ks, ds:
            (prod(1 + (k - 1) * d for k, d in zip(ks, ds, strict=True)), field(ks, ds)[1]),
    },
    returns=("field", "heard"),
)

STREAM_STEP = Exercise(
    stream_step,
    cases=[_step(1, 1, 2, 1), _step(2, 3, 3, 2), _step(3, 2, 2, 4), _step(2, 2, 4, 3),
           _step(2, 3, 1, 5)],
    hints=["Put x behind the state: that is (C, (K - 1)·dilation + 1) inputs, oldest first.",
           "Every dilation-th of them meets a tap: seen[:, ::dilation] is (C, K).",
           "y[o] = bias[o] + the sum over c and k. The next state is without the oldest."],
    mistakes={
        "the state is taken newest first": lambda x, s, w, b, d:
            (stream_step(x, s[:, ::-1], w, b, d)[0], stream_step(x, s, w, b, d)[1]),
        "the state is not moved on": lambda x, s, w, b, d:
            (stream_step(x, s, w, b, d)[0], s.copy()),
        "the oldest is not dropped: the state grows with every step": lambda x, s, w, b, d:
            (stream_step(x, s, w, b, d)[0], np.concatenate([s, x[:, None]], axis=1)),
        "the dilation is ignored: the newest inputs meet the taps": _neighbours,
        "x itself is not heard: the answer comes a step late": _a_step_late,
        "the next state begins with x: it is oldest first": lambda x, s, w, b, d:
            (stream_step(x, s, w, b, d)[0], np.concatenate([x[:, None], s], axis=1)[:, :-1]
             if s.size else s.copy()),
        "the kernel is turned round": lambda x, s, w, b, d:
            stream_step(x, s, w[..., ::-1], b, d),
    },
    returns=("y", "the next state"),
)

SCHEDULE = Exercise(
    schedule,
    cases=[(16, 2), (17, 2), (1, 2), (27, 3), (28, 3), (125, 5), (100, 4), (2, 3)],
    hints=["Without a layer the field is 1. Which dilation lays the K taps side by side, "
           "each a whole field further back?",
           "A layer whose dilation is the field so far makes the field K times as large.",
           "dilations 1, K, K², ...: stop as soon as the field is at least `steps`."],
    mistakes={
        "one layer too many: stop when the field reaches": lambda n, k:
            schedule(n, k) + [k ** len(schedule(n, k))],
        "one layer too few": lambda n, k: schedule(n, k)[:-1],
        "the dilations double whatever the kernel: with 3 taps and more they could grow faster":
            lambda n, k: [2**i for i in range(20)][:next(
                i for i in range(20) if 1 + (k - 1) * (2**i - 1) >= n)],
        "all dilations are 1: far too many layers": lambda n, k: [1] * ceil((n - 1) / (k - 1)),
        "a logarithm was rounded: log(125, 5) is a little more than 3": lambda n, k:
            [k**i for i in range(ceil(log(n, k)))],
        "the largest dilation comes first": lambda n, k: schedule(n, k)[::-1],
        "the field goes one further than it must: at least `steps`, not more": lambda n, k:
            schedule(n + 1, k),
    },
)
