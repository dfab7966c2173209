"""Watch a film: detect, track, count, frame by frame, with memory for those in view."""

from dataclasses import dataclass, field

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.surveillance.counting import LINE, LineCounter
from vidlearn.surveillance.dwell import ZONE, ZoneWatch

TICKS = 1000                                    # a second: a film's rate may vary
FORGOTTEN = 120                                 # seconds after which somebody unseen is new
DETECT = kinds.fitting("a function frame -> {'boxes', 'scores', ...}", callable)
TRACKER = kinds.having("a tracker: with update(boxes, scores, frame) -> ids, boxes", "update")


@dataclass
class Moment:
    """One frame of the film and who is in it: ids (k,), boxes (k, 4)."""

    number: int
    second: float
    picture: np.ndarray
    ids: np.ndarray
    boxes: np.ndarray


@dataclass
class Report:
    """What happened in a film.

    Units    crossings: (id, second, direction); visits: (id, second, seconds); people: how many ids
             there were; most: how many were in view at once; detections: boxes before tracking
    """

    frames: int = 0
    seconds: float = 0.0
    detections: int = 0
    people: int = 0
    most: int = 0
    crossings: list = field(default_factory=list)
    visits: list = field(default_factory=list)


@checked
class Watch:
    """Follow everybody in a film, count who crosses the line, and time visits to the zone.

    Units    line (x0, y0, x1, y1) and zone (K, 2) in pixels of the film
    Raises   ArgumentError for a line or a zone that is none, or lies outside the picture
    """

    def __init__(self, detect: DETECT, tracker: TRACKER, line: LINE.or_none() = None,
                 zone: ZONE.or_none() = None):
        self.detect, self.tracker, self.line, self.zone = detect, tracker, line, zone
        self.report, self._seen = Report(), set()
        self.counter = LineCounter(line, forget=FORGOTTEN * TICKS) if line is not None else None
        self.timer = ZoneWatch(zone, TICKS) if zone is not None else None

    def moments(self, frames: kinds.STREAM):
        """Go through the frames of a film once; afterwards the report is complete.

        Shapes   frames: pairs (second, frame (H, W, 3) uint8), as video.frames gives them
        Returns  a generator of Moment
        """
        report = self.report
        for number, (second, picture) in enumerate(frames):
            if not number:
                self._check_places(picture.shape)
            found, scores = _with_area(self.detect(picture))
            ids, boxes = self.tracker.update(found, scores=scores, frame=picture)
            self._take(round(second * TICKS), ids, boxes)
            report.frames, report.seconds = number + 1, float(second)
            report.detections += len(found)
            report.most = max(report.most, len(ids))
            self._seen.update(np.asarray(ids).tolist())
            report.people = len(self._seen)
            yield Moment(number, second, picture, ids, boxes)
        if self.timer:
            self._add_visits(self.timer.finish())

    def _take(self, now, ids, boxes):
        if self.counter:
            self.report.crossings += [(each.id, each.frame / TICKS, each.direction)
                                      for each in self.counter.update(now, ids, boxes)]
        if self.timer:
            self._add_visits(self.timer.update(now, ids, boxes))

    def _add_visits(self, visits):
        self.report.visits += [(each.id, each.first / TICKS, each.seconds) for each in visits]

    def _check_places(self, shape):
        """Refuse a line or a zone of which nothing is in the picture: it is of another size."""
        height, width = shape[:2]
        for name, points in ("line", self.line), ("zone", self.zone):
            if points is None:
                continue
            low, high = (side(np.reshape(points, (-1, 2)), axis=0) for side in (np.min, np.max))
            if (high < 0).any() or (low > (width, height)).any():
                raise ArgumentError(f"the {name} {np.ravel(points).tolist()} lies outside the "
                                    f"picture, which is {width} wide and {height} high")


def _with_area(found):
    """Boxes and scores of what was detected, without those that the border has cut to nothing."""
    boxes = np.asarray(found["boxes"], float)
    kept = (boxes[:, 2:] > boxes[:, :2]).all(1)
    return boxes[kept], np.asarray(found["scores"])[kept]
