"""A recurrent net unrolled, with its state and the norm of the gradient at each step."""

import numpy as np

from vidlearn.datasets.recall import recall
from vidlearn.scratch.layers.unrolled import unroll_rnn
from vidlearn.show import draw

WIDTH, ROOM = 720, 56                # pixels: all steps together, and the labels left of them
LOW, HIGH = -8, 4                    # the powers of ten at the bottom and the top of the columns


def unrolled_rnn():
    """Make the `draw` of a widget: a random net on a sequence of Recall, forward and back.

    Units    `radius` is that of weight_hh, `loudness` scales the input, `clip` limits the norm of
             weight_hh's gradient (0: no clipping)
    """
    def unroll(radius=0.8, lag=30, loudness=0.01, clip=0.0):
        x = loudness * recall(1, lag, seed=20).sequences[0]
        states, norms, weight = unroll_rnn(x, radius)
        scale = min(1, clip / (weight + 1e-6)) if clip else 1
        words = (f"from step {lag} back to 0 the gradient goes from 1 to {norms[0]:.1e}; "
                 f"norm of dweight_hh {weight:.1e}"
                 + (f", clipped to {weight * scale:.1e}" if clip else ""))
        cell = WIDTH // len(states)
        height = max(6, min(12, cell))
        heat = draw.heat(states.T, 1, "diverging").repeat(height, 0).repeat(cell, 1)
        # a border, because zeros are white
        draw.box(heat, 0, 0, heat.shape[1], heat.shape[0], draw.FAINT, 1)
        return draw.below(
            draw.titled(_named(heat, ["units"]),
                        f"the state after each step, at most {np.abs(states).max():.2g}"),
            draw.titled(_columns(norms * scale, cell), "norm of the gradient at each step"),
        ), words
    return unroll


def _named(picture, names):
    """The picture with names at its left, evenly spaced from top to bottom."""
    margin = draw.canvas(len(picture), ROOM)
    for k, name in enumerate(names):
        y = len(picture) / 2 if len(names) == 1 else 8 + k * (len(picture) - 16) / (len(names) - 1)
        draw.text(margin, name, ROOM - 8, y, 12, align="right")
    return np.hstack([margin, picture])


def _columns(norms, cell, height=192):
    """A column for each step on a logarithmic scale, clipped at its ends."""
    share = (np.clip(np.log10(norms + 1e-300), LOW, HIGH) - LOW) / (HIGH - LOW)
    one = round(height * HIGH / (HIGH - LOW))                        # the row where the norm is 1
    sheet = draw.canvas(height, cell * len(norms))
    for power in range(LOW, HIGH + 1, 2):
        sheet[min(height - 1, round(height * (HIGH - power) / (HIGH - LOW)))] = draw.FAINT
    for t, part in enumerate(share):
        top = height - round(height * part)
        sheet[min(top, one):max(top, one) + 1, t * cell + 1:(t + 1) * cell - 1] = (
            draw.RED if top < one else draw.BLUE)
    sheet = _named(sheet, [f"1e{p:+d}" if p else "1" for p in range(HIGH, LOW - 1, -4)])
    ends = draw.canvas(22, sheet.shape[1])
    draw.text(ends, "step 0: the symbol", ROOM, 10, 12)
    draw.text(ends, f"step {len(norms) - 1}: the answer", sheet.shape[1], 10, 12, align="right")
    return np.vstack([sheet, ends])
