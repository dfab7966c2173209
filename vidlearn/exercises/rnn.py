"""Exercises of notebook 20: one step of a recurrent net, its backward pass, and clipping."""

import numpy as np

from vidlearn.course.exercise import Exercise
from vidlearn.exercises.cases import normal


def rnn_step(x, h, weight_ih, weight_hh, bias):
    return np.tanh(x @ weight_ih.T + h @ weight_hh.T + bias)


def rnn_step_backward(dy, new, x, h, weight_ih, weight_hh):
    dz = dy * (1 - new**2)
    return dz @ weight_ih, dz @ weight_hh, dz.T @ x, dz.T @ h, dz.sum(axis=0)


def clip_by_norm(gradients, max_norm):
    total = np.sqrt(sum((g**2).sum() for g in gradients))
    scale = min(1, max_norm / (total + 1e-6))
    return total, [g * scale for g in gradients]


def _step(n, features, units):
    return lambda rng: (normal(rng, (n, features)), rng.uniform(-1, 1, (n, units)),
                        normal(rng, (units, features)), normal(rng, (units, units)),
                        normal(rng, units))


def _back(n, features, units):
    def case(rng):
        x, h, weight_ih, weight_hh, bias = _step(n, features, units)(rng)
        new = rnn_step(x, h, weight_ih, weight_hh, bias)
        return normal(rng, (n, units)), new, x, h, weight_ih, weight_hh
    return case


def _gradients(max_norm, *shapes):
    return lambda rng: ([normal(rng, shape) for shape in shapes], max_norm)


def _slope_of_z(dy, new, x, h, weight_ih, weight_hh):
    z = np.arctanh(np.clip(new, -1 + 1e-12, 1 - 1e-12))
    return rnn_step_backward(dy / (1 - new**2) * (1 - z**2), new, x, h, weight_ih, weight_hh)


def _each_alone(gradients, max_norm):
    parts = [clip_by_norm([g], max_norm) for g in gradients]
    return clip_by_norm(gradients, max_norm)[0], [p[1][0] for p in parts]


def _each_number(gradients, max_norm):
    return clip_by_norm(gradients, max_norm)[0], [
        np.clip(g, -max_norm, max_norm) for g in gradients]


def _always(gradients, max_norm):
    total, _ = clip_by_norm(gradients, max_norm)
    return total, [g * max_norm / (total + 1e-6) for g in gradients]


SIZES = [(1, 1, 1), (2, 3, 4), (5, 4, 2), (3, 3, 3)]        # N, F, U

RNN_STEP = Exercise(
    rnn_step,
    cases=[_step(*size) for size in SIZES],
    hints=["weight_ih (U, F) meets x (N, F): which of the two must be turned to give (N, U)?",
           "x @ weight_ih.T is what the input says. Add what the state says, and the bias.",
           "np.tanh comes last, once, round the whole sum."],
    mistakes={
        "the state before is left out: that is a layer without memory":
            lambda x, h, wi, wh, b: rnn_step(x, h * 0, wi, wh, b),
        "weight_hh is not transposed: row u holds what unit u hears":
            lambda x, h, wi, wh, b: rnn_step(x, h, wi, wh.T, b),
        "the bias is left out": lambda x, h, wi, wh, b: rnn_step(x, h, wi, wh, b * 0),
        "tanh is left out": lambda x, h, wi, wh, b: x @ wi.T + h @ wh.T + b,
        "tanh bends the input's part alone":
            lambda x, h, wi, wh, b: np.tanh(x @ wi.T + b) + h @ wh.T,
    },
)

RNN_STEP_BACKWARD = Exercise(
    rnn_step_backward,
    cases=[_back(*size) for size in SIZES],
    hints=["First through tanh: dz = dy times its slope, and the slope is 1 - new².",
           "z = x weight_ih.T + h weight_hh.T + bias: go back through each as through a linear "
           "layer. dx is dz @ weight_ih.",
           "dweight_ih has the shape (U, F): dz.T @ x. The bias was added to each row: sum them."],
    mistakes={
        "the slope of tanh is left out": lambda dy, new, x, h, wi, wh:
            rnn_step_backward(dy, new * 0, x, h, wi, wh),
        "the slope is taken as 1 - z²: it is 1 - tanh(z)², and `new` is that tanh": _slope_of_z,
        "dh goes through weight_hh transposed: forward was h @ weight_hh.T, back is @ weight_hh":
            lambda dy, new, x, h, wi, wh: rnn_step_backward(dy, new, x, h, wi, wh)[:1]
            + (dy * (1 - new**2) @ wh.T,) + rnn_step_backward(dy, new, x, h, wi, wh)[2:],
        "dweight_hh takes the new state: forward, the weights met the one before":
            lambda dy, new, x, h, wi, wh: rnn_step_backward(dy, new, x, new, wi, wh),
        "dbias is averaged over the batch: only losses take means":
            lambda dy, new, x, h, wi, wh: (*rnn_step_backward(dy, new, x, h, wi, wh)[:4],
                                           (dy * (1 - new**2)).mean(axis=0)),
    },
    returns=("dx", "dh", "dweight_ih", "dweight_hh", "dbias"),
)

CLIP_BY_NORM = Exercise(
    clip_by_norm,
    cases=[_gradients(1.0, (3, 4), (4,)), _gradients(0.3, (2, 2), (5, 1), (2,)),
           _gradients(50.0, (3, 2), (3,)), _gradients(2.0, (6,)),
           lambda rng: ([np.array([3.0, 0.0]), np.array([[4.0]])], 1.0),
           lambda rng: ([np.array([1e-6]), np.zeros(2)], 1e-7),  # where 1e-6 is not small
           lambda rng: ([np.zeros((2, 2)), np.zeros(3)], 1.0)],
    hints=["One norm for all arrays together: the root of the sum of all squares.",
           "All are multiplied by one and the same number, max_norm / (total + 1e-6).",
           "Gradients that are short enough stay as they are: the number is at most 1."],
    mistakes={
        "each array is shortened by itself: the direction of the step turns": _each_alone,
        "every number is cut off: that is clip_grad_value_, and the direction turns": _each_number,
        "short gradients are made longer: the factor is at most 1": _always,
        "the norm after clipping is returned: torch gives the one before":
            lambda g, m: (min(clip_by_norm(g, m)[0], m), clip_by_norm(g, m)[1]),
        "the root is left out of the norm": lambda g, m: (
            sum((a**2).sum() for a in g),
            [a * min(1, m / (sum((b**2).sum() for b in g) + 1e-6)) for a in g]),
    },
    returns=("norm", "gradients"),
    tolerance=1e-9,
)
