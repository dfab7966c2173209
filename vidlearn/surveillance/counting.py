"""Who crosses a line, and which way.

A foot that trembles on the line is not counted again and again: somebody is on the other side only
once the foot is a margin away from the line. The margin is a share of the height of the box, for
far people are small and tremble less.
"""

from dataclasses import dataclass

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.surveillance.feet import BOXES, IDS, TRACKS, check_boxes, feet, frame_by_frame

LINE = kinds.row("a line (x0, y0, x1, y1) in pixels", kinds.NUMBER, 4)
DIRECTIONS = {-1: "left", 1: "right"}


@dataclass(frozen=True)
class Crossing:
    """Somebody crossed the line: in which frame, and to the side that `direction` names.

    Units    frame: the first one on the other side; direction: "right" or "left" as seen by
             somebody who walks on the picture from (x0, y0) to (x1, y1)
    """

    id: int
    frame: int
    direction: str


@dataclass
class _Walker:
    """side: -1, 1, or 0 until it is sure; met: (frame, place along the line) of the last meeting"""

    frame: int
    point: np.ndarray
    away: float
    side: int = 0
    met: tuple = (0, np.inf)


@checked
class LineCounter:
    """Count those who cross the line from (x0, y0) to (x1, y1), frame by frame.

    Units    margin: how far behind the line a foot must be, as a share of the height of its box;
             forget: frames after which somebody who is not seen any more is new
    Raises   ArgumentError for a line whose two points are the same
    """

    def __init__(self, line: LINE, margin: kinds.NOT_NEGATIVE = 0.1,
                 forget: kinds.POSITIVE_COUNT = 3000):
        self.start, end = np.reshape(line, (2, 2)).astype(float)
        self.along = end - self.start
        self.length = float(np.hypot(*self.along))
        if not self.length:
            raise ArgumentError(f"line {tuple(line)} starts where it ends: give two points")
        self.margin, self.forget = margin, forget
        self.counts, self._walkers = {"left": 0, "right": 0}, {}

    def update(self, frame: kinds.COUNT, ids: IDS, boxes: BOXES):
        """Take the next frame.

        Shapes   ids (k,), boxes (k, 4) xyxy
        Returns  a list of Crossing, for those who are now sure to be on the other side
        Raises   ArgumentError for boxes that are not finite, and for ids that are not one a box
        """
        boxes = check_boxes(boxes)
        if len(ids) != len(boxes):
            raise ArgumentError(f"{len(ids)} ids and {len(boxes)} boxes: give one id a box")
        margins = self.margin * (boxes[:, 3] - boxes[:, 1])
        found = [self._move(frame, name, point, margin) for name, point, margin in zip(
            np.asarray(ids).tolist(), feet(boxes), margins, strict=True)]
        self._walkers = {name: walker for name, walker in self._walkers.items()
                         if frame - walker.frame <= self.forget}
        return [crossing for crossing in found if crossing]

    def _move(self, frame, name, point, margin):
        """Move a walker to a point: the Crossing that this completes, or None."""
        away = _cross(self.along, point - self.start) / self.length
        walker = self._walkers.setdefault(name, _Walker(frame, point, away))
        if (walker.away > 0) != (away > 0):
            share = walker.away / (walker.away - away)
            where = walker.point + share * (point - walker.point) - self.start
            walker.met = frame, float(where @ self.along) / self.length**2
        walker.frame, walker.point, walker.away = frame, point, away
        side = int(np.sign(away))
        if abs(away) <= margin or side == walker.side:
            return None
        known, walker.side = walker.side, side
        if not known or not 0 <= walker.met[1] <= 1:            # round an end of the line
            return None
        self.counts[DIRECTIONS[side]] += 1
        return Crossing(name, walker.met[0], DIRECTIONS[side])


@checked
def crossings(tracks: TRACKS, line: LINE, margin: kinds.NOT_NEGATIVE = 0.1):
    """All crossings of a line, in the order in which they are sure.

    Shapes   tracks {id: (frames (n,), boxes (n, 4))}
    Units    line (x0, y0, x1, y1) in pixels; margin: a share of the height of a box
    Returns  a list of Crossing; nobody is counted before one side is known
    Raises   ArgumentError for a line without length, and for tracks that are none

    >>> walk = {7: ([0, 1, 2], [[0, 0, 10, 40], [20, 0, 30, 40], [40, 0, 50, 40]])}
    >>> crossings(walk, (25, 60, 25, 0))
    [Crossing(id=7, frame=2, direction='right')]
    """
    counter = LineCounter(line, margin)
    return [found for frame, ids, boxes in frame_by_frame(tracks)
            for found in counter.update(frame, ids, boxes)]


def _cross(a, b):
    return float(a[0] * b[1] - a[1] * b[0])
