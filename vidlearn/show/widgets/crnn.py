"""What a recurrent net knows after each frame: its hidden state and its class probabilities."""

from functools import lru_cache

import cv2
import numpy as np

from vidlearn.checks import checked, kinds
from vidlearn.show import draw

LEFT, PAGE, TALLEST = 150, 800, 80         # pixels: the names, the page, a frame
STRIP, ROW = 160, 22                       # pixels: all units together, a class
FUTURE = 233                               # the grey of frames that have not come yet
DATA = kinds.having("a dataset: with clips, labels, classes and backwards()", "clips", "labels",
                    "classes", "backwards")


@checked
def hidden_states(data: DATA, read: kinds.FUNCTION):
    """Make the `draw` of a widget: the hidden state and the prediction after each frame of a clip.

    `read(frames)` returns the state after each frame, (T, U), and the probability of each class if
    the clip ended there, (T, classes). The widget starts at the last frame of the first clip.

    Shapes   data: a Motion, or another with its clips, labels, classes and backwards()
    """
    datasets = {False: data, True: data.backwards()}

    @lru_cache(maxsize=16)                     # the network runs once for all frames of a clip
    def read_clip(clip, backwards):
        return [np.asarray(values, float) for values in read(datasets[backwards].clips[clip])]

    def scrub(clip=0, frame=data.clips.shape[1] - 1, backwards=False):
        shown = datasets[bool(backwards)]
        frames, label = shown.clips[clip], shown.labels[clip]
        states, probabilities = read_clip(clip, bool(backwards))
        best, reached = probabilities[frame].argmax(), frame + 1
        line = (f"it shows {data.classes[label]}; after {reached} of {len(frames)} frames the "
                f"state says {data.classes[best]} {'✓' if best == label else '✗'}")
        cell = min(TALLEST, (PAGE - LEFT) // len(frames))
        return draw.below(_film(frames, frame, cell), _strip(states, reached, cell),
                          _table(probabilities, data.classes, label, reached, cell), gap=10), line
    return scrub


def _film(frames, now, cell):
    """All frames in a row: a border around the current one, later ones pale."""
    tiles = [cv2.resize(f, (cell, cell), interpolation=cv2.INTER_NEAREST) for f in frames]
    for t in range(now + 1, len(tiles)):
        tiles[t] = (tiles[t] // 4 + 190).astype(np.uint8)
    draw.box(tiles[now], 0, 0, cell, cell)
    return np.hstack([_names(cell, ["frames"]), *tiles])


def _strip(states, reached, cell):
    """The states up to the current frame: a row for each unit, a column for each frame."""
    tall = max(2, STRIP // states.shape[1])
    heat = draw.heat(states.T, 1, "diverging", -1, 1).repeat(tall, 0).repeat(cell, 1)
    heat[:, reached * cell:] = FUTURE
    return np.hstack([_names(len(heat), ["state, a row a unit"]), _ruled(heat, cell)])


def _table(probabilities, classes, label, reached, cell):
    """The probability of each class after each frame, in per cent; the highest in bold."""
    heat = draw.heat(probabilities.T, 1, "Blues", 0, 1).repeat(ROW, 0).repeat(cell, 1)
    heat[:, reached * cell:] = FUTURE
    size = 12 if cell >= 36 else 9
    for t in range(reached):
        for k, probability in enumerate(probabilities[t]):
            draw.text(heat, f"{100 * probability:.0f}", (t + 0.5) * cell, (k + 0.5) * ROW, size,
                      draw.PAPER if probability > 0.55 else draw.INK, "centre",
                      k == probabilities[t].argmax())
    draw.box(heat, 0, label * ROW, heat.shape[1], (label + 1) * ROW, draw.RED, 2)
    names = _names(ROW * len(classes), [f"{name}, %" for name in classes], label)
    return np.hstack([names, _ruled(heat, cell)])


def _names(height, words, bold=None):
    """Names for the left margin, evenly spaced over the height."""
    sheet = draw.canvas(height, LEFT)
    for k, word in enumerate(words):
        middle = (k + 0.5) * height / len(words)
        draw.text(sheet, word, LEFT - 8, middle, 12, align="right", bold=k == bold)
    return sheet


def _ruled(heat, cell):
    """A thin line between each two frames."""
    heat[:, ::cell] = draw.FAINT
    return heat
