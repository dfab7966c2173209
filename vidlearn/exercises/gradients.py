"""Exercises of notebook 04, gradients. `broken_linear_backward` is the one to be mended."""

import numpy as np

from vidlearn.course.exercise import Exercise
from vidlearn.exercises.cases import normal


def walk_back(tape, last):
    slopes = {name: 0.0 for step, inputs in tape for name in (step, *(n for n, _ in inputs))}
    slopes[last] = 1.0
    for step, inputs in reversed(tape):
        for name, local in inputs:
            slopes[name] += slopes[step] * local
    return slopes


def log_sum_exp(x, axis):
    highest = x.max(axis, keepdims=True)
    return np.log(np.exp(x - highest).sum(axis)) + highest.squeeze(axis)


def cross_entropy_gradient(scores, labels):
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    dscores = odds / odds.sum(axis=1, keepdims=True)
    dscores[np.arange(len(labels)), labels] -= 1
    return dscores / len(labels)


def linear_backward(dy, x, weight):
    dx = dy @ weight
    dweight = dy.T @ x
    dbias = dy.sum(axis=0)
    return dx, dweight, dbias


def broken_linear_backward(dy, x, weight):
    dx = dy @ weight.T
    dweight = x.T @ dy
    dbias = dy.mean(axis=0)
    return dx, dweight, dbias


def _in_order_made(tape, last):
    slopes = {name: 0.0 for step, inputs in tape for name in (step, *(n for n, _ in inputs))}
    slopes[last] = 1.0
    for step, inputs in tape:
        for name, local in inputs:
            slopes[name] += slopes[step] * local
    return slopes


def _overwriting(tape, last):
    slopes = {name: 0.0 for step, inputs in tape for name in (step, *(n for n, _ in inputs))}
    slopes[last] = 1.0
    for step, inputs in reversed(tape):
        for name, local in inputs:
            slopes[name] = slopes[step] * local
    return slopes


def _local_only(tape, last):
    slopes = {name: 0.0 for step, inputs in tape for name in (step, *(n for n, _ in inputs))}
    slopes[last] = 1.0
    for _, inputs in reversed(tape):
        for name, local in inputs:
            slopes[name] += local
    return slopes


def _without_the_highest(x, axis):
    with np.errstate(over="ignore", divide="ignore"):
        return np.log(np.exp(x).sum(axis))


def _highest_of_all(x, axis):
    with np.errstate(divide="ignore"):
        return np.log(np.exp(x - x.max()).sum(axis)) + x.max()


def _overflowing_gradient(scores, labels):
    with np.errstate(over="ignore", invalid="ignore"):
        odds = np.exp(scores)
        dscores = odds / odds.sum(axis=1, keepdims=True)
    dscores[np.arange(len(labels)), labels] -= 1
    return dscores / len(labels)


def _softmax_over_the_batch(scores, labels):
    odds = np.exp(scores - scores.max(axis=0))
    dscores = odds / odds.sum(axis=0)
    dscores[np.arange(len(labels)), labels] -= 1
    return dscores / len(labels)


def _probability_alone(scores, labels):
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True) / len(labels)


def _scores(rows, classes, size=2.0):
    return lambda rng: (rng.normal(0, size, (rows, classes)), rng.integers(0, classes, rows))


def _numbers(shape, axis, shift=0.0):
    return lambda rng: (normal(rng, shape) + shift, axis)


def _layer(rows, features, outputs):
    return lambda rng: (normal(rng, (rows, outputs)), normal(rng, (rows, features)),
                        normal(rng, (outputs, features)))


def _changed(i, change):
    """The right gradients, but for number i."""
    def attempt(dy, x, weight):
        shares = list(linear_backward(dy, x, weight))
        shares[i] = change(dy, x, weight)
        return tuple(shares)
    return attempt


WALK_BACK = Exercise(
    walk_back,
    cases=[([("y", [("x", 3.0)])], "y"),
           ([("a", [("x", 2.0)]), ("y", [("a", -3.0), ("x", 5.0)])], "y"),
           ([("s", [("x", 3.0), ("x", 3.0)]), ("y", [("s", 1.0), ("x", 1.0)])], "y"),
           ([("a", [("x", 2.0), ("w", -1.0)]), ("b", [("a", 0.5)]), ("c", [("a", 4.0)]),
             ("y", [("b", -2.0), ("c", 0.25)]), ("side", [("w", 7.0)])], "y"),
           ([("a", [("x", 2.0)]), ("b", [("a", 3.0)]), ("c", [("b", 5.0)])], "b"),
           ([("a", [("x", 2.0)]), ("b", [("a", 3.0)]), ("y", [("a", 5.0), ("b", 7.0)])], "y"),
           ([("y", [("x", 2.0), ("w", -3.0), ("bias", 1.0)])], "y"),     # three inputs
           ([("y", [("x", 2.0), ("w", -3.0)])], "w")],                   # the last is a leaf
    hints=["Begin with a slope of 0.0 for every name on the tape, and 1.0 for `last`.",
           "Go through reversed(tape): when a step's turn comes, its own slope is complete.",
           "slopes[name] += slopes[step] * local: what arrives, times the slope of this step."],
    mistakes={
        "a value that is used twice keeps one share only: = where += is needed": _overwriting,
        "the tape is read in the order it was made: slopes are passed on before they are complete":
            _in_order_made,
        "local slopes are added up: each must be multiplied by what arrives": _local_only,
        "the walk begins at the end of the tape, not at `last`":
            lambda tape, last: walk_back(tape, tape[-1][0]),
        "nothing starts the walk: the slope of `last` with respect to itself is 1":
            lambda tape, last: dict.fromkeys(walk_back(tape, last), 0.0),
    },
)

LOG_SUM_EXP = Exercise(
    log_sum_exp,
    cases=[_numbers((4, 3), 1), _numbers((4, 3), 0), _numbers((2, 3, 5), 1, 3.0),
           _numbers((3, 4), 1, 1000.0), _numbers((3, 4), 0, -1000.0),
           lambda rng: (np.array([[1000.0, 1001], [0, 1], [-1000, -1001]]), 1),
           lambda rng: (np.array([[0.0, 1000], [1000, -1000]]), 1),      # one row spreads far
           lambda rng: (np.array([[2.5]]), 1), _numbers((2, 3, 4), -1), _numbers((2, 3, 4), 0)],
    hints=["exp(1000) is infinity, exp(-1000) is 0, and log(0) is minus infinity.",
           "log(sum(exp(x))) = m + log(sum(exp(x - m))) for any m. Which m keeps exp below 1?",
           "Each row has an m of its own: x.max(axis, keepdims=True)."],
    mistakes={
        "exp overflows, or all of it becomes 0: take the highest away first": _without_the_highest,
        "one highest for the whole array: the other rows vanish": _highest_of_all,
        "the highest is taken away and never added back":
            lambda x, axis: log_sum_exp(x - x.max(axis, keepdims=True), axis),
        "that is the highest alone": lambda x, axis: x.max(axis),
        "the mean of exp, not its sum":
            lambda x, axis: log_sum_exp(x, axis) - np.log(x.shape[axis]),
        "the axis is ignored: it always takes the last": lambda x, axis: log_sum_exp(x, -1),
    },
)

CROSS_ENTROPY_GRADIENT = Exercise(
    cross_entropy_gradient,
    cases=[_scores(4, 3), _scores(1, 5), _scores(6, 2), _scores(3, 3),
           lambda rng: (np.array([[1000.0, 0, 999], [-1000, -1001, -1002]]), np.array([2, 1]))],
    hints=["Probability less truth: softmax(scores), and 1 taken away at each row's label.",
           "dscores[np.arange(len(labels)), labels] picks one number in each row.",
           "The loss is a mean over the rows: divide by how many there are.",
           "exp(1000) overflows: take each row's highest score away before exp."],
    mistakes={
        "the loss is a mean over the rows: it is not divided by their number":
            lambda s, labels: cross_entropy_gradient(s, labels) * len(s),
        "truth less probability: the sign is turned round":
            lambda s, labels: -cross_entropy_gradient(s, labels),
        "the truth is not taken away: that is p alone": _probability_alone,
        "softmax runs over the rows, not over the classes": _softmax_over_the_batch,
        "exp overflows: take each row's highest score away first": _overflowing_gradient,
        "the highest score is taken for the label":
            lambda s, labels: cross_entropy_gradient(s, s.argmax(axis=1)),
        "twice too much: the 2 belongs to squares, and no square is in this loss":
            lambda s, labels: 2 * cross_entropy_gradient(s, labels),
        "divided by all numbers, not by the rows":
            lambda s, labels: cross_entropy_gradient(s, labels) / s.shape[1],
    },
)

LINEAR_BACKWARD = Exercise(
    linear_backward,
    cases=[_layer(5, 3, 3), _layer(3, 3, 3), _layer(4, 3, 2), _layer(1, 2, 4), _layer(7, 1, 1)],
    hints=["Write down the shapes: dy (N, O), x (N, F), weight (O, F). dx has the shape of x.",
           "Which product of dy and weight is (N, F)? Which of dy and x is (O, F)?",
           "The bias was added to every row, so it hears from every row: a sum."],
    mistakes={
        "as it was: nothing is mended": broken_linear_backward,
        "dx: the weight is still turned round": _changed(0, lambda dy, x, weight: dy @ weight.T),
        "dweight: x and dy are still the wrong way round":
            _changed(1, lambda dy, x, weight: x.T @ dy),
        "dbias: still a mean over the rows; only losses take means":
            _changed(2, lambda dy, x, weight: dy.mean(axis=0)),
        "dbias: one row for each sample; the bias has one number an output":
            _changed(2, lambda dy, x, weight: dy),
        "dbias: summed over the outputs, not over the rows":
            _changed(2, lambda dy, x, weight: dy.sum(axis=1)),
        "dweight: divided by the rows; only losses take means":
            _changed(1, lambda dy, x, weight: dy.T @ x / len(x)),
    },
    returns=("dx", "dweight", "dbias"),
)
