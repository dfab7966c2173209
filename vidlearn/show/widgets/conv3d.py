"""A box that leans in space and time, and a bar that moves: what the widget of lesson 24 draws."""

import numpy as np

from vidlearn.checks import given, kinds
from vidlearn.scratch.layers import conv
from vidlearn.show import draw

SPEEDS = np.arange(-8, 9) / 4        # pixels a frame


def moving_bar(speed, frames=16, size=24):
    """One row of a clip in which a bar, 3 pixels wide, moves and wraps round: (T, W) in 0..1."""
    centre = size / 2 - 0.5 + speed * (np.arange(frames) - (frames - 1) / 2)[:, None]
    distance = np.abs((np.arange(size) - centre + size / 2) % size - size / 2)
    return np.clip(2 - distance, 0, 1)


def leaning_box(tilt, frames=5, size=9):
    """Weights (KT, KW) along a line that leans by `tilt` pixels a frame; each frame sums to 0."""
    line = tilt * (np.arange(frames) - (frames - 1) / 2)[:, None]
    ridge = np.exp(-0.5 * (np.arange(size) - (size - 1) / 2 - line) ** 2)
    return ridge - ridge.mean(axis=1, keepdims=True)


def answer(bar, box):
    """What the box says at every place where it fits: (T', W')."""
    return conv.conv_forward(bar[None, None], box[None, None], None)[0][0, 0]


def tilting():
    """Make the `draw` of a widget: a bar with a speed, a box with a tilt, and how loud it is."""
    def tilt_box(tilt=1.0, speed=1.0):
        box, bar = leaning_box(tilt), moving_bar(speed)
        y = answer(bar, box)
        loudness = [(np.maximum(answer(moving_bar(s), box), 0) ** 2).mean() for s in SPEEDS]
        here = int(np.abs(SPEEDS - speed).argmin())
        sheet = draw.beside(
            draw.titled(draw.heat(bar, 10, low=0, high=1), "one row of the clip"),
            draw.titled(draw.heat(box, 14, "diverging", -1, 1), "the box"),
            draw.titled(draw.heat(y, 10, "diverging", -6, 6), "its answers"), gap=16)
        words = f"bar {speed:+.2f}, box {tilt:+.2f} pixels a frame: loudness {loudness[here]:.2f}"
        return draw.below(sheet, _columns(loudness, here, sheet.shape[1])), words
    return tilt_box


def _columns(loudness, here, width, height=90):
    """The loudness for every speed as columns, with the bar's own speed marked."""
    sheet = draw.canvas(height + 44, width)
    draw.text(sheet, "loudness for every speed of the bar, in pixels a frame", 0, 8, 13)
    step = width / len(loudness)
    for k, value in enumerate(loudness):
        top = 22 + height - round(height * value / max(1e-9, max(loudness)))
        left = round(k * step) + 3
        colour = draw.RED if k == here else draw.FAINT
        sheet[top:22 + height, left:round((k + 1) * step) - 3] = colour
        if SPEEDS[k] % 1 == 0:
            words = f"{SPEEDS[k]:+.0f}".replace("+0", "0")
            draw.text(sheet, words, (k + 0.5) * step, height + 34, 12, align="centre")
    return sheet


given.check(globals(), {"speed tilt": kinds.number()})
