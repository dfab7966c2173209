"""An LSTM whose gates are clamped to chosen values, to see what each of them does."""

import numpy as np

from vidlearn.checks import checked, kinds
from vidlearn.scratch.layers import recurrent

WEIGHTS = kinds.row("weight_ih, weight_hh and bias", kinds.array("", 1, 2), 3)
SATURATED = 1e3                      # the bias of a gate that is fully open; minus this, fully shut


@checked
def clamped_lstm(x: kinds.axes("T, F"), weights: WEIGHTS, i: kinds.FRACTION = None,
                 f: kinds.FRACTION = None, o: kinds.FRACTION = None):
    """Run an LSTM from an empty cell; a gate that is given a number has it at every step.

    A clamped gate gets weights of zero, and the bias whose sigmoid is its value.

    Shapes   x (T, F), weights (weight_ih, weight_hh, bias)  ->  gates (T, 4, U) in the order
             i, f, g, o; cells and states (T, U)
    Units    i, f, o in 0..1
    """
    weight_ih, weight_hh, bias = (np.array(w, float) for w in weights)
    units = weight_hh.shape[1]
    for block, value in ((0, i), (1, f), (3, o)):
        if value is not None:
            rows = slice(block * units, (block + 1) * units)
            weight_ih[rows], weight_hh[rows], bias[rows] = 0, 0, _logit(value)
    start = np.zeros((1, units))
    (states, _), cache = recurrent.lstm_forward(x[:, None], start, start, weight_ih, weight_hh,
                                                bias)
    _, _, cells, gates = cache[:4]
    return gates.reshape(len(x), 4, units), cells[1:, 0], states[:, 0]


def _logit(value):
    """The number whose sigmoid is `value`."""
    if not 0 < value < 1:
        return SATURATED if value >= 1 else -SATURATED
    return np.log(value / (1 - value))
