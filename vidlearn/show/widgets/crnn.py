"""What a recurrent net knows after each frame: the widget of lesson 22."""

from functools import lru_cache

import cv2
import numpy as np

from vidlearn.checks import given, kinds
from vidlearn.show import draw

LEFT, PAGE, TALLEST = 150, 800, 80         # pixels: the names, the page, a frame
STRIP, ROW = 160, 22                       # pixels: all units together, a class
UNKNOWN = 233                              # the grey of what has not happened yet


def hidden(data, read):
    """Make the `draw` of a widget: scrub a clip, and see the state and the answer so far.

    `read(frames)` gives the state after each frame, (T, U), and the probability of each class if
    the clip ended there, (T, classes). It begins at the last frame of the first clip.

    Shapes   data: a Motion, or what has its clips, labels, classes and backwards()
    """
    ways = {False: data, True: data.backwards()}

    @lru_cache(maxsize=16)                     # another frame of a clip asks nothing new
    def known(clip, backwards):
        return [np.asarray(values, float) for values in read(ways[backwards].clips[clip])]

    def scrub(clip=0, frame=data.clips.shape[1] - 1, backwards=False):
        shown = ways[bool(backwards)]
        frames, label = shown.clips[clip], shown.labels[clip]
        states, chances = known(clip, bool(backwards))
        best, reached = chances[frame].argmax(), frame + 1
        line = (f"it shows {data.classes[label]}; after {reached} of {len(frames)} frames the "
                f"state says {data.classes[best]} {'✓' if best == label else '✗'}")
        cell = min(TALLEST, (PAGE - LEFT) // len(frames))
        return draw.below(_film(frames, frame, cell), _strip(states, reached, cell),
                          _table(chances, data.classes, label, reached, cell), gap=10), line
    return scrub


def _film(frames, now, cell):
    """All frames in a row; the one that is shown framed, those to come pale."""
    tiles = [cv2.resize(f, (cell, cell), interpolation=cv2.INTER_NEAREST) for f in frames]
    for t in range(now + 1, len(tiles)):
        tiles[t] = (tiles[t] // 4 + 190).astype(np.uint8)
    draw.box(tiles[now], 0, 0, cell, cell)
    return np.hstack([_names(cell, ["frames"]), *tiles])


def _strip(states, reached, cell):
    """A row a unit, a column a frame, up to the frame that is shown."""
    tall = max(2, STRIP // states.shape[1])
    heat = draw.heat(states.T, 1, "diverging", -1, 1).repeat(tall, 0).repeat(cell, 1)
    heat[:, reached * cell:] = UNKNOWN
    return np.hstack([_names(len(heat), ["state, a row a unit"]), _ruled(heat, cell)])


def _table(chances, classes, label, reached, cell):
    """How probable each class is after each frame, in per cent; the likeliest is written bold."""
    heat = draw.heat(chances.T, 1, "Blues", 0, 1).repeat(ROW, 0).repeat(cell, 1)
    heat[:, reached * cell:] = UNKNOWN
    size = 12 if cell >= 36 else 9
    for t in range(reached):
        for k, chance in enumerate(chances[t]):
            draw.text(heat, f"{100 * chance:.0f}", (t + 0.5) * cell, (k + 0.5) * ROW, size,
                      draw.PAPER if chance > 0.55 else draw.INK, "centre",
                      k == chances[t].argmax())
    draw.box(heat, 0, label * ROW, heat.shape[1], (label + 1) * ROW, draw.RED, 2)
    names = _names(ROW * len(classes), [f"{name}, %" for name in classes], label)
    return np.hstack([names, _ruled(heat, cell)])


def _names(height, words, bold=None):
    """Words at the left, evenly spaced over the height."""
    sheet = draw.canvas(height, LEFT)
    for k, word in enumerate(words):
        middle = (k + 0.5) * height / len(words)
        draw.text(sheet, word, LEFT - 8, middle, 12, align="right", bold=k == bold)
    return sheet


def _ruled(heat, cell):
    """A fine line between two frames."""
    heat[:, ::cell] = draw.FAINT
    return heat


given.check(globals(), {
    "data": kinds.having("a dataset: with clips, labels, classes and backwards()", "clips",
                         "labels", "classes", "backwards"), "read": kinds.FUNCTION,
})
