"""An LSTM at work, with a hand on its gates: the widget of lesson 21."""

import numpy as np

from vidlearn.checks import given, kinds
from vidlearn.scratch.layers import recurrent
from vidlearn.show import draw

COLUMN = 380                         # pixels: all steps together
OWN = -0.1                           # where a slider leaves its gate to decide for itself
FAR = 1e3                            # a bias that opens or shuts a gate wholly


def forced(x, weights, i=None, f=None, o=None):
    """Run an LSTM from an empty cell; a gate that is given a number stays there at every step.

    A gate is forced as one would force it by hand: no weights, and the bias whose sigmoid it is.

    Shapes   x (T, F), weights (weight_ih, weight_hh, bias)  ->  gates (T, 4, U) in the order
             i, f, g, o; cells and states (T, U)
    Units    i, f, o in 0..1
    """
    weight_ih, weight_hh, bias = (np.array(w, float) for w in weights)
    units = weight_hh.shape[1]
    for block, value in ((0, i), (1, f), (3, o)):
        if value is not None:
            rows = slice(block * units, (block + 1) * units)
            weight_ih[rows], weight_hh[rows], bias[rows] = 0, 0, _bias(value)
    start = np.zeros((1, units))
    (states, _), cache = recurrent.lstm_forward(x[:, None], start, start, weight_ih, weight_hh,
                                                bias)
    _, _, cells, gates = cache[:4]
    return gates.reshape(len(x), 4, units), cells[1:, 0], states[:, 0]


def gates(sequences, labels, weights, answer=np.argmax):
    """Make the `draw` of a widget: choose a sequence, and force its gates open or shut.

    `answer` makes a class of the last state. Without a hand on its gates, a net looks as it is.

    Shapes   sequences (N, T, F), labels (N,), weights as `forced` takes them
    Units    gates in 0..1; below 0 a gate decides for itself
    """
    def force(sequence=0, input_gate=OWN, forget_gate=OWN, output_gate=OWN):
        x = np.asarray(sequences[sequence], float)
        set_by_hand = [None if value < 0 else round(value, 6)
                       for value in (input_gate, forget_gate, output_gate)]
        opened, cells, states = forced(x, weights, *set_by_hand)
        told = answer(states[-1]) if np.abs(states[-1]).max() > 5e-3 else "nothing"
        line = (f"it was shown {labels[sequence]} and says {told}; largest number in the last "
                f"cell {np.abs(cells[-1]).max():.2f}, in the last state "
                f"{np.abs(states[-1]).max():.2f}")
        return _picture(x, opened, cells, states, set_by_hand), line
    return force


def _bias(value):
    """The number whose sigmoid is `value`."""
    if not 0 < value < 1:
        return FAR if value >= 1 else -FAR
    return np.log(value / (1 - value))


def _picture(x, opened, cells, states, set_by_hand):
    """Left what comes in and what is let through; right what is kept and what is shown."""
    names = ["input gate i", "forget gate f", "output gate o"]
    left = [_strip(x, "what comes in", "diverging", -2, 2)]
    for name, block, value in zip(names, (0, 1, 3), set_by_hand, strict=True):
        held = "" if value is None else f", held at {value:g}"
        left.append(_strip(opened[:, block], name + held, "grey", 0, 1))
    right = [_strip(opened[:, 2], "what is on offer, g", "diverging", -2, 2),
             _strip(cells, "the cell c", "diverging", -2, 2, 2),
             _strip(states, "the state h", "diverging", -2, 2)]
    return draw.beside(draw.below(*left), draw.below(*right))


def _strip(values, title, colours, low, high, tall=1):
    """Time to the right, a row a unit."""
    cell, height = max(1, COLUMN // len(values)), max(2, 64 // values.shape[1]) * tall
    heat = draw.heat(values.T, 1, colours, low, high).repeat(height, 0).repeat(cell, 1)
    edge = np.pad(heat, ((1, 1), (1, 1), (0, 0)), constant_values=173)
    return draw.titled(edge, title, 13)


given.check(globals(), {
    "sequences": kinds.array("sequences (N, T, F)", 3), "labels": kinds.NAMES,
    "i f o": kinds.SHARE, "x": kinds.array("a sequence (T, F)", 2), "answer": kinds.FUNCTION,
    "weights": kinds.row("weight_ih, weight_hh and bias", kinds.array("", 1, 2), 3),
})
