"""A kernel tilted in space-time, and a moving bar: which speed does it respond to?"""

import numpy as np

from vidlearn.checks import checked, kinds
from vidlearn.scratch.layers import conv
from vidlearn.show import draw

SPEEDS = np.arange(-8, 9) / 4        # pixels a frame


@checked
def moving_bar(speed: kinds.NUMBER, frames=16, size=24):
    """One row of a clip in which a bar, 3 pixels wide, moves and wraps around: (T, W) in 0..1."""
    centre = size / 2 - 0.5 + speed * (np.arange(frames) - (frames - 1) / 2)[:, None]
    distance = np.abs((np.arange(size) - centre + size / 2) % size - size / 2)
    return np.clip(2 - distance, 0, 1)


@checked
def spacetime_kernel(tilt: kinds.NUMBER, frames=5, size=9):
    """A kernel (KT, KW) along a line that moves by `tilt` pixels a frame; each frame sums to 0."""
    line = tilt * (np.arange(frames) - (frames - 1) / 2)[:, None]
    ridge = np.exp(-0.5 * (np.arange(size) - (size - 1) / 2 - line) ** 2)
    return ridge - ridge.mean(axis=1, keepdims=True)


@checked
def response(bar: kinds.MATRIX, kernel: kinds.MATRIX):
    """The kernel's response at every place where it fits: (T', W')."""
    return conv.conv_forward(bar[None, None], kernel[None, None], None)[0][0, 0]


def loudness_by_speed(kernel):
    """The mean square of the positive responses to a bar of each of SPEEDS."""
    return [(np.maximum(response(moving_bar(s), kernel), 0) ** 2).mean() for s in SPEEDS]


def tilted_kernel():
    """Make the `draw` of a widget: a kernel's tilt, a bar's speed, and how loud the response is."""
    def tilt_kernel(tilt=1.0, speed=1.0):
        kernel, bar = spacetime_kernel(tilt), moving_bar(speed)
        y, loudness = response(bar, kernel), loudness_by_speed(kernel)
        here = int(np.abs(SPEEDS - speed).argmin())
        sheet = draw.beside(
            draw.titled(draw.heat(bar, 10, low=0, high=1), "one row of the clip"),
            draw.titled(draw.heat(kernel, 14, "diverging", -1, 1), "the kernel"),
            draw.titled(draw.heat(y, 10, "diverging", -6, 6), "its results"), gap=16)
        words = (f"bar {speed:+.2f}, kernel {tilt:+.2f} pixels a frame: "
                 f"loudness {loudness[here]:.2f}")
        return draw.below(sheet, _columns(loudness, here, sheet.shape[1])), words
    return tilt_kernel


def _columns(loudness, here, width, height=90):
    """The loudness at every speed as columns, the speed of the bar in red."""
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
