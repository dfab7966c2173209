"""The gates, cell and state of an LSTM, step by step, with gates clamped by hand."""

import numpy as np

from vidlearn.checks import checked, kinds
from vidlearn.scratch.layers.clamped_lstm import WEIGHTS, clamped_lstm
from vidlearn.show import draw

COLUMN = 380                         # pixels: all steps together
FREE = -0.1                          # the slider's value that leaves a gate free
SEQUENCES = kinds.array("sequences (N, T, F)", 3)


@checked
def lstm_gates(sequences: SEQUENCES, labels: kinds.NAMES, weights: WEIGHTS,
               answer: kinds.FUNCTION = np.argmax):
    """Make the `draw` of a widget: run an LSTM over a sequence, with gates clamped or left free.

    `answer` turns the last state into a class.

    Shapes   sequences (N, T, F), labels (N,), weights (weight_ih, weight_hh, bias)
    Units    gates in 0..1; below 0 a gate is free
    """
    def force(sequence=0, input_gate=FREE, forget_gate=FREE, output_gate=FREE):
        x = np.asarray(sequences[sequence], float)
        clamped = [None if value < 0 else round(value, 6)
                   for value in (input_gate, forget_gate, output_gate)]
        gates, cells, states = clamped_lstm(x, weights, *clamped)
        prediction = answer(states[-1]) if np.abs(states[-1]).max() > 5e-3 else "nothing"
        line = (f"it was shown {labels[sequence]} and says {prediction}; largest number in the "
                f"last cell {np.abs(cells[-1]).max():.2f}, in the last state "
                f"{np.abs(states[-1]).max():.2f}")
        return _picture(x, gates, cells, states, clamped), line
    return force


def _picture(x, gates, cells, states, clamped):
    """Left the input and the three gates; right the candidate, the cell and the state."""
    names = ["input gate i", "forget gate f", "output gate o"]
    left = [_strip(x, "what comes in", "diverging", -2, 2)]
    for name, block, value in zip(names, (0, 1, 3), clamped, strict=True):
        held = "" if value is None else f", held at {value:g}"
        left.append(_strip(gates[:, block], name + held, "grey", 0, 1))
    right = [_strip(gates[:, 2], "what is on offer, g", "diverging", -2, 2),
             _strip(cells, "the cell c", "diverging", -2, 2, 2),
             _strip(states, "the state h", "diverging", -2, 2)]
    return draw.beside(draw.below(*left), draw.below(*right))


def _strip(values, title, colours, low, high, tall=1):
    """A heat map: time to the right, a row for each unit."""
    cell, height = max(1, COLUMN // len(values)), max(2, 64 // values.shape[1]) * tall
    heat = draw.heat(values.T, 1, colours, low, high).repeat(height, 0).repeat(cell, 1)
    edge = np.pad(heat, ((1, 1), (1, 1), (0, 0)), constant_values=173)
    return draw.titled(edge, title, 13)
