"""A recurrent net unrolled, with the gradient's norm at each step: the widget of lesson 20."""

import numpy as np

from vidlearn.checks import given, kinds
from vidlearn.datasets.recall import recall
from vidlearn.scratch.layers import recurrent
from vidlearn.show import draw

UNITS = 12
WIDTH, ROOM = 720, 56               # pixels: all steps together, and what stands left of them
LOW, HIGH = -8, 4                    # powers of ten that the columns reach from and to


def rotation(units, seed=0):
    """A random orthogonal matrix (U, U): it turns a state and keeps its length."""
    drawn = np.random.default_rng(seed).normal(size=(units, units))
    return np.linalg.qr(drawn)[0]


def unrolled(radius, lag, loudness):
    """One sequence of Recall, forth and back: a gradient of norm 1 comes in behind the last step.

    Shapes   ->  states (T, U), the norm of the loss's gradient with respect to each of them (T,),
             and that of the gradient of weight_hh
    """
    x = loudness * np.moveaxis(recall(1, lag, seed=20).sequences, 1, 0)      # (T, 1, F)
    rng = np.random.default_rng(1)
    weight_ih, dy = rng.normal(size=(UNITS, x.shape[2])), rng.normal(size=(1, UNITS))
    weight_hh, h = radius * rotation(UNITS), np.zeros((1, UNITS))
    states, _ = recurrent.rnn_forward(x, h, weight_ih, weight_hh)
    dh, norms = dy / np.linalg.norm(dy), []
    dweight = np.zeros_like(weight_hh)
    for t in reversed(range(lag + 1)):
        norms.append(np.linalg.norm(dh))
        dz = dh * (1 - states[t] ** 2)
        dweight += dz.T @ (states[t - 1] if t else h)
        dh = dz @ weight_hh
    return states[:, 0], np.array(norms[::-1]), np.linalg.norm(dweight)


def unrolling():
    """Make the `draw` of a widget: radius of weight_hh, lag, loudness of the input, clipping."""
    def unroll(radius=0.8, lag=30, loudness=0.01, clip=0.0):
        states, norms, weight = unrolled(radius, lag, loudness)
        kept = min(1, clip / (weight + 1e-6)) if clip else 1
        words = (f"from step {lag} back to 0 the gradient goes from 1 to {norms[0]:.1e}; "
                 f"norm of dweight_hh {weight:.1e}"
                 + (f", clipped to {weight * kept:.1e}" if clip else ""))
        cell = WIDTH // len(states)
        height = max(6, min(12, cell))
        heat = draw.heat(states.T, 1, "diverging").repeat(height, 0).repeat(cell, 1)
        draw.box(heat, 0, 0, heat.shape[1], heat.shape[0], draw.FAINT, 1)    # silence is white
        return draw.below(
            draw.titled(_named(heat, ["units"]),
                        f"the state after each step, at most {np.abs(states).max():.2g}"),
            draw.titled(_columns(norms * kept, cell), "norm of the gradient at each step"),
        ), words
    return unroll


def _named(picture, names):
    """The picture with names at its left, evenly spread from top to bottom."""
    margin = draw.canvas(len(picture), ROOM)
    for k, name in enumerate(names):
        y = len(picture) / 2 if len(names) == 1 else 8 + k * (len(picture) - 16) / (len(names) - 1)
        draw.text(margin, name, ROOM - 8, y, 12, align="right")
    return np.hstack([margin, picture])


def _columns(norms, cell, height=192):
    """A column a step on a scale of powers of ten; those that leave it are cut at its rim."""
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


given.check(globals(), {
    "units": kinds.whole(1), "radius loudness": kinds.number(), "lag": kinds.whole(1),
})
