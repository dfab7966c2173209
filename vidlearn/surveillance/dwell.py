"""Who visits a zone of the picture, and for how long."""

from dataclasses import dataclass

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.surveillance.feet import BOXES, IDS, TRACKS, check_boxes, feet, frame_by_frame

POINTS = kinds.array("points (N, 2): x, y in pixels", 2, last=(2,), empty=True)
ZONE = kinds.array("the corners of a zone (K, 2), K at least 3: x, y in pixels", 2, last=(2,))


@dataclass
class Visit:
    """Somebody was in the zone from the frame `first` to the frame `last`, both included."""

    id: int
    first: int
    last: int
    fps: float

    @property
    def seconds(self):
        """How long the visit was."""
        return (self.last - self.first + 1) / self.fps


@checked
def inside(points: POINTS, zone: ZONE):
    """Which points lie in a polygon: a ray to the right meets its border an odd number of times.

    Shapes   points (N, 2), zone (K, 2)  ->  (N,) of bool
    Units    of the border, what is left or above is inside, so that a point between two zones that
             touch lies in one of them
    Twin     cv2.pointPolygonTest, which tells the border apart

    >>> inside([[1, 1], [5, 1]], [[0, 0], [4, 0], [4, 4], [0, 4]])
    array([ True, False])
    """
    points, start = np.asarray(points, float), _polygon(zone)
    end = np.roll(start, -1, axis=0)
    x, y = points[:, :1], points[:, 1:]
    spans = (start[:, 1] <= y) != (end[:, 1] <= y)              # (N, K)
    rise = np.where(end[:, 1] == start[:, 1], 1, end[:, 1] - start[:, 1])
    meets = start[:, 0] + (y - start[:, 1]) / rise * (end[:, 0] - start[:, 0])
    return (spans & (x < meets)).sum(1) % 2 == 1


@checked
class ZoneWatch:
    """Find visits to a zone, frame by frame.

    Units    fps: frames a second; gap: who is away, or unseen, for longer has ended the visit;
             least: shorter visits are none; both in seconds
    Raises   ArgumentError for a zone of fewer than three corners, or without area
    """

    def __init__(self, zone: ZONE, fps: kinds.POSITIVE, gap: kinds.NOT_NEGATIVE = 0.5,
                 least: kinds.NOT_NEGATIVE = 0.2):
        self.zone, self.fps, self.gap, self.least = _polygon(zone), fps, gap, least
        self._open = {}

    def update(self, frame: kinds.COUNT, ids: IDS, boxes: BOXES):
        """Take the next frame.

        Shapes   ids (k,), boxes (k, 4) xyxy
        Returns  the visits that have ended, a list of Visit
        Raises   ArgumentError for boxes that are not finite, and for ids that are not one a box
        """
        boxes = check_boxes(boxes)
        if len(ids) != len(boxes):
            raise ArgumentError(f"{len(ids)} ids and {len(boxes)} boxes: give one id a box")
        ended = self._close(lambda visit: frame - visit.last - 1 > self.gap * self.fps)
        for name in np.asarray(ids)[inside(feet(boxes), self.zone)].tolist():
            self._open.setdefault(name, Visit(name, frame, frame, self.fps)).last = frame
        return ended

    def finish(self):
        """End all visits, at the end of the film, and return those."""
        return self._close(lambda visit: True)

    @property
    def present(self):
        """The ids of those whose visit has not ended."""
        return list(self._open)

    def _close(self, over):
        done = [visit for visit in self._open.values() if over(visit)]
        for visit in done:
            del self._open[visit.id]
        return [visit for visit in done if visit.seconds >= self.least]


@checked
def visits(tracks: TRACKS, zone: ZONE, fps: kinds.POSITIVE, gap: kinds.NOT_NEGATIVE = 0.5,
           least: kinds.NOT_NEGATIVE = 0.2):
    """All visits to a zone, in the order in which they end.

    Shapes   tracks {id: (frames (n,), boxes (n, 4))}, zone (K, 2)
    Units    as ZoneWatch
    Returns  a list of Visit
    Raises   ArgumentError for a zone without area, and for tracks that are none
    """
    watch = ZoneWatch(zone, fps, gap, least)
    ended = [visit for frame, ids, boxes in frame_by_frame(tracks)
             for visit in watch.update(frame, ids, boxes)]
    return ended + watch.finish()


def _polygon(zone):
    """The corners as floating numbers, if they enclose an area."""
    zone = np.asarray(zone, float)
    if len(zone) < 3 or not np.isfinite(zone).all():
        raise ArgumentError(f"a zone needs three corners or more, all finite; this one has "
                            f"{len(zone)}")
    x, y = zone.T
    if not abs((x * np.roll(y, -1) - y * np.roll(x, -1)).sum()) / 2 > 0:
        raise ArgumentError(f"the zone {zone.tolist()} encloses no area: its corners lie on a line,"
                            " or its sides cross")
    return zone
