"""A film in which everybody has a box, a number and a trail."""

from collections import deque

import cv2
import numpy as np

from vidlearn.checks import checked, kinds
from vidlearn.show import draw
from vidlearn.surveillance.feet import feet
from vidlearn.surveillance.watch import Watch

MOMENT = kinds.having("a Moment, as Watch gives it", "picture", "ids", "boxes", "second")
WATCH = kinds.fitting("a Watch", lambda value: isinstance(value, Watch))


@checked
class Painter:
    """Paint what a Watch has found, moment by moment.

    Units    trail: how many seconds of everybody's way are shown
    """

    def __init__(self, watch: WATCH, trail: kinds.NOT_NEGATIVE = 2.0):
        self.watch, self.trail, self._trails = watch, trail, {}

    def paint(self, moment: MOMENT):
        """Paint a moment on a copy of its picture.

        Shapes   ->  (H, W, 3) uint8 with even sides, as video files need them
        """
        picture = np.ascontiguousarray(_even(moment.picture)).copy()
        thick = max(round(picture.shape[0] / 240), 1)
        self._places(picture, thick)
        self._follow(moment)
        for name, box in zip(np.asarray(moment.ids).tolist(), moment.boxes, strict=True):
            colour = draw.COLOURS[name % len(draw.COLOURS)]
            way = np.rint([point for _, point in self._trails[name]]).astype(np.int32)
            cv2.polylines(picture, [way[:, None]], False, colour, thick, cv2.LINE_AA)
            draw.box(picture, *box.tolist(), colour, thick)
            draw.text(picture, name, box[0], box[1] - 6 * thick, 9 * thick + 2, colour, bold=True)
        return picture

    def _follow(self, moment):
        """Lengthen the trails of those in view, and drop what is too old."""
        for name, point in zip(np.asarray(moment.ids).tolist(), feet(moment.boxes), strict=True):
            self._trails.setdefault(name, deque()).append((moment.second, point))
        for name, way in list(self._trails.items()):
            while way and way[0][0] < moment.second - self.trail:
                way.popleft()
            if not way:
                del self._trails[name]

    def _places(self, picture, thick):
        """The line with its counts, and the zone with how many are in it."""
        size = 9 * thick + 3
        if self.watch.counter:
            ends = np.rint(self.watch.line).astype(int).tolist()
            cv2.line(picture, ends[:2], ends[2:], draw.ORANGE, thick, cv2.LINE_AA)
            counts = self.watch.counter.counts
            words = f"left {counts['left']}  right {counts['right']}"
            _caption(picture, words, 0, size, draw.ORANGE)
        if self.watch.timer:
            corners = np.rint(self.watch.zone).astype(np.int32)
            cv2.polylines(picture, [corners], True, draw.SKY, thick, cv2.LINE_AA)
            words = f"in the zone {len(self.watch.timer.present)}"
            _caption(picture, words, 1, size, draw.SKY)


def _caption(picture, words, row, size, colour):
    """A line of text at the top left, on a dark ground."""
    top, high = row * (size + 4), size + 4
    picture[top:top + high, :draw.text_width(words, size, True) + 8] //= 4
    draw.text(picture, words, 4, top + high / 2, size, colour, bold=True)


def _even(picture):
    """Without a last row or column that would make a side odd."""
    height, width = (side - side % 2 for side in picture.shape[:2])
    return picture[:height, :width]
