"""Exercises of notebook 21: a step of an LSTM, a step of a GRU, and each gate's gradient.

Every gate is returned, so that a check can name the first one that is wrong.
"""

import numpy as np

from vidlearn.course.exercise import Exercise
from vidlearn.exercises.cases import normal


def lstm_step(x, h, c, weight_ih, weight_hh, bias):
    z = x @ weight_ih.T + h @ weight_hh.T + bias
    i, f, g, o = np.split(z, 4, axis=1)
    i, f, o = (1 / (1 + np.exp(-gate)) for gate in (i, f, o))
    g = np.tanh(g)
    new_c = f * c + i * g
    return i, f, g, o, new_c, o * np.tanh(new_c)


def gru_step(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    from_x = np.split(x @ weight_ih.T + bias_ih, 3, axis=1)
    from_h = np.split(h @ weight_hh.T + bias_hh, 3, axis=1)
    r = 1 / (1 + np.exp(-from_x[0] - from_h[0]))
    z = 1 / (1 + np.exp(-from_x[1] - from_h[1]))
    n = np.tanh(from_x[2] + r * from_h[2])
    return r, z, n, (1 - z) * n + z * h


def lstm_step_backward(dh, dc, i, f, g, o, c, new_c):
    bent = np.tanh(new_c)
    dc = dc + dh * o * (1 - bent**2)
    return (dc * g * i * (1 - i), dc * c * f * (1 - f), dc * i * (1 - g**2),
            dh * bent * o * (1 - o), dc * f)


def _arguments(states, gates, biases):
    """Makes cases with this many states, gates and biases from N, F and U."""
    def sized(n, features, units):
        rows = gates * units
        shapes = ((rows, features), (rows, units), *((rows,),) * biases)
        return lambda rng: (normal(rng, (n, features)),
                            *(normal(rng, (n, units)) for _ in range(states)),
                            *(normal(rng, shape) for shape in shapes))
    return sized


def _back(n, features, units):
    def case(rng):
        x, h, c, *weights = _arguments(2, 4, 1)(n, features, units)(rng)
        i, f, g, o, new_c, _ = lstm_step(x, h, c, *weights)
        return (*normal(rng, (2, n, units)), i, f, g, o, c, new_c)
    return case


def _ordered(order):
    """An LSTM whose four blocks of rows are in another order than i, f, g, o."""
    def step(x, h, c, weight_ih, weight_hh, bias):
        turned = (np.concatenate([np.split(w, 4)[k] for k in order])
                  for w in (weight_ih, weight_hh, bias))
        return lstm_step(x, h, c, *turned)
    return step


def _from(change):
    """An LSTM with the right gates that ends with `change(i, f, g, o, c)` -> new_c, new_h."""
    def step(x, h, c, *weights):
        gates = lstm_step(x, h, c, *weights)[:4]
        return (*gates, *change(*gates, c))
    return step


def _squashed(x, h, c, *weights):
    i, f, _, o, _, _ = lstm_step(x, h, c, *weights)
    z = x @ weights[0].T + h @ weights[1].T + weights[2]
    g = 1 / (1 + np.exp(-np.split(z, 4, axis=1)[2]))
    new_c = f * c + i * g
    return i, f, g, o, new_c, o * np.tanh(new_c)


def _reset_before(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    r, z, _, _ = gru_step(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    units = h.shape[1]
    n = np.tanh(x @ weight_ih[-units:].T + bias_ih[-units:]
                + (r * h) @ weight_hh[-units:].T + bias_hh[-units:])
    return r, z, n, (1 - z) * n + z * h


def _bias_outside(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    units, inside = h.shape[1], np.r_[bias_hh[:-h.shape[1]], np.zeros(h.shape[1])]
    moved = bias_ih + np.r_[np.zeros(2 * units), bias_hh[-units:]]
    return gru_step(x, h, weight_ih, weight_hh, moved, inside)


def _other_way_round(x, h, *weights):
    r, z, n, _ = gru_step(x, h, *weights)
    return r, z, n, z * n + (1 - z) * h


def _update_first(x, h, *weights):
    def swapped(w):
        r, z, n = np.split(w, 3)
        return np.concatenate([z, r, n])
    return gru_step(x, h, *map(swapped, weights))


def _wrong_part(number, part):
    """A backward pass with one wrong result."""
    def backward(*arguments):
        right = list(lstm_step_backward(*arguments))
        right[number] = part(*arguments)
        return tuple(right)
    return backward


def _whole(dh, dc, o, new_c):
    return dc + dh * o * (1 - np.tanh(new_c) ** 2)


SIZES = [(1, 1, 1), (2, 3, 4), (4, 2, 3), (3, 5, 2)]        # N, F, U

LSTM_STEP = Exercise(
    lstm_step,
    cases=[_arguments(2, 4, 1)(*size) for size in SIZES],
    hints=["One product makes all four gates: z = x @ weight_ih.T + h @ weight_hh.T + bias, "
           "shape (N, 4U).",
           "np.split(z, 4, axis=1) gives the four blocks, in the order i, f, g, o.",
           "i, f and o are gates: a sigmoid, 0 to 1. g is an offer: a tanh, -1 to 1.",
           "new_c = f * c + i * g, and new_h = o * np.tanh(new_c): all elementwise."],
    mistakes={
        "the blocks are taken in the order i, f, o, g: torch's is i, f, g, o":
            _ordered([0, 1, 3, 2]),
        "the blocks are taken in the order f, i, g, o: torch's is i, f, g, o":
            _ordered([1, 0, 2, 3]),
        "g is bent by a sigmoid: then nothing can ever be taken off the cell": _squashed,
        "the cell before is left out: f has nothing to keep":
            _from(lambda i, f, g, o, c: (i * g, o * np.tanh(i * g))),
        "what is new is let in whole: i is missing":
            _from(lambda i, f, g, o, c: (f * c + g, o * np.tanh(f * c + g))),
        "f and i have changed places in the cell":
            _from(lambda i, f, g, o, c: (i * c + f * g, o * np.tanh(i * c + f * g))),
        "the tanh between the cell and the state is missing":
            _from(lambda i, f, g, o, c: (f * c + i * g, o * (f * c + i * g))),
        "the state before is left out of the gates":
            lambda x, h, c, wi, wh, b: lstm_step(x, h * 0, c, wi, wh, b),
        "weight_hh is not transposed within its gates": lambda x, h, c, wi, wh, b: lstm_step(
            x, h, c, wi, np.concatenate([block.T for block in np.split(wh, 4)]), b),
    },
    returns=("gate i", "gate f", "offer g", "gate o", "cell new_c", "state new_h"),
)

GRU_STEP = Exercise(
    gru_step,
    cases=[_arguments(1, 3, 2)(*size) for size in SIZES],
    hints=["Make two sums, one from x and one from h, each with its own bias, and split both in "
           "three: r, z, n.",
           "r and z are sigmoids of both sums together.",
           "n = tanh(its part from x + r * its part from h): the bias from h stands inside.",
           "z says how much of the old state stays: (1 - z) * n + z * h."],
    mistakes={
        "r is multiplied with h before the product: torch does it after": _reset_before,
        "bias_hh of n stands outside of r": _bias_outside,
        "z and 1 - z have changed places: z keeps the old state": _other_way_round,
        "the blocks are taken in the order z, r, n: torch's is r, z, n": _update_first,
        "r is left out: n sees all of h": lambda x, h, wi, wh, bi, bh: (
            *gru_step(x, h, wi, wh, bi, bh)[:2],
            *gru_step(x, h, wi, wh, bi + np.r_[np.full(h.shape[1], 1e3),
                                              np.zeros(2 * h.shape[1])], bh)[2:]),
        "bias_hh is left out": lambda x, h, wi, wh, bi, bh: gru_step(x, h, wi, wh, bi, bh * 0),
    },
    returns=("gate r", "gate z", "offer n", "state new_h"),
)

LSTM_STEP_BACKWARD = Exercise(
    lstm_step_backward,
    cases=[_back(*size) for size in SIZES],
    hints=["new_c hears twice: dc from the step after, and dh through o * tanh(new_c). Add both.",
           "With that sum dc: what multiplied i forward? g. So i's gradient is dc * g; for f it is "
           "dc * c, for g dc * i.",
           "o stands in new_h alone: dh * tanh(new_c).",
           "Then back through each bend: times s (1 - s) for a sigmoid s, 1 - g² for the tanh.",
           "The last result: forward the cell was multiplied by f. So is its gradient."],
    mistakes={
        "dc from the step after is left out": lambda dh, dc, *rest:
            lstm_step_backward(dh, dc * 0, *rest),
        "dh does not reach the cell: it does, through o * tanh(new_c)":
            lambda dh, dc, i, f, g, o, c, new_c: (
                *lstm_step_backward(dh * 0, dc, i, f, g, o, c, new_c)[:3],
                lstm_step_backward(dh, dc, i, f, g, o, c, new_c)[3], dc * f),
        "the slope of the tanh round new_c is left out":
            lambda dh, dc, i, f, g, o, c, new_c: (
                *lstm_step_backward(0 * dh, dc + dh * o, i, f, g, o, c, new_c)[:3],
                lstm_step_backward(dh, dc, i, f, g, o, c, new_c)[3], (dc + dh * o) * f),
        "the gradient of f takes the new cell: forward, f met the one before":
            _wrong_part(1, lambda dh, dc, i, f, g, o, c, new_c:
                        _whole(dh, dc, o, new_c) * new_c * f * (1 - f)),
        "g's slope is that of a sigmoid: g is a tanh":
            _wrong_part(2, lambda dh, dc, i, f, g, o, c, new_c:
                        _whole(dh, dc, o, new_c) * i * g * (1 - g)),
        "the gradient of o misses tanh: o met tanh(new_c)":
            _wrong_part(3, lambda dh, dc, i, f, g, o, c, new_c: dh * new_c * o * (1 - o)),
        "the cell's gradient goes back without f":
            _wrong_part(4, lambda dh, dc, i, f, g, o, c, new_c: _whole(dh, dc, o, new_c)),
        "the slopes of the sigmoids are left out":
            lambda dh, dc, i, f, g, o, c, new_c: (
                _whole(dh, dc, o, new_c) * g, _whole(dh, dc, o, new_c) * c,
                _whole(dh, dc, o, new_c) * i * (1 - g**2), dh * np.tanh(new_c),
                _whole(dh, dc, o, new_c) * f),
    },
    returns=("gate i", "gate f", "offer g", "gate o", "the cell before"),
)
