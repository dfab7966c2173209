"""Trackers: link the boxes of each frame to the tracks of the frames before.

Each track predicts its box; predictions and detections are paired so that the sum of their IoU is
as large as possible; what overlaps too little is not paired.
"""

from dataclasses import dataclass
from itertools import count

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.scratch.layers.boxes import BOXES, SCORES, box_iou
from vidlearn.tracking.assignment import linear_sum_assignment
from vidlearn.tracking.kalman import BoxFilter

STAYS = 2                                  # frames after which a faint box brings nobody back
CLOSE = 0.5                                # IoU that a faint box needs


@dataclass
class Track:
    """id; its filter; frames since it was seen; boxes linked to it, in all and in a row."""

    id: int
    filter: BoxFilter
    unseen: int = 0
    hits: int = 0
    streak: int = 0


@checked
class Sort:
    """SORT: a Kalman filter for each track, and one assignment a frame.

    A track is shown once it was linked in `min_hits` frames in a row, and dropped after `max_age`
    frames without a box. In the first `min_hits` frames of a film, all tracks are shown. With
    `keep_confirmed`, a track that was shown before is shown at once when it is seen again; SORT
    itself waits for `min_hits` frames anew.

    Source   Bewley et al., arXiv:1602.00763
    """

    def __init__(self, max_age: kinds.COUNT = 1, min_hits: kinds.COUNT = 3,
                 iou_threshold: kinds.FRACTION = 0.3, keep_confirmed=False):
        self.max_age, self.min_hits, self.iou_threshold = max_age, min_hits, iou_threshold
        self.keep_confirmed = keep_confirmed
        self.tracks, self._ids, self._frames = [], count(1), 0

    def update(self, boxes: BOXES, scores: SCORES = None, frame=None):
        """Take the boxes of the next frame, also if there are none.

        Shapes   boxes (N, 4), scores (N,)
        Returns  ids (k,) and boxes (k, 4) of the tracks seen in this frame, in the order of ids
        Raises   ArgumentError for boxes that are not finite or have no area
        """
        boxes, scores = _checked(boxes, scores)
        self._frames += 1
        self._predict()
        self._link(boxes, scores)
        shown = [track for track in self.tracks if track.unseen == 0 and self._is_sure(track)]
        self.tracks = [track for track in self.tracks if track.unseen <= self.max_age]
        return (np.array([track.id for track in shown], int),
                np.array([track.filter.box for track in shown]).reshape(-1, 4))

    def _predict(self):
        for track in self.tracks:
            track.filter.predict()
            if track.unseen:
                track.streak = 0
            track.unseen += 1
        self.tracks = [track for track in self.tracks if np.isfinite(track.filter.box).all()]

    def _link(self, boxes, scores):
        free = self._pair(self.tracks, boxes, self.iou_threshold)
        self._begin(boxes[free])

    def _pair(self, tracks, boxes, threshold):
        """Link tracks and boxes that overlap enough; returns the numbers of boxes left over."""
        predicted = np.array([track.filter.box for track in tracks]).reshape(-1, 4)
        overlaps = box_iou(boxes, predicted)
        rows, columns = linear_sum_assignment(-overlaps)
        enough = overlaps[rows, columns] >= threshold
        for row, column in zip(rows[enough], columns[enough], strict=True):
            track = tracks[column]
            track.filter.update(boxes[row])
            track.unseen, track.hits, track.streak = 0, track.hits + 1, track.streak + 1
        return np.setdiff1d(np.arange(len(boxes)), rows[enough])

    def _begin(self, boxes):
        self.tracks += [Track(next(self._ids), BoxFilter(box)) for box in boxes]

    def _is_sure(self, track):
        return (track.streak >= self.min_hits or self._frames <= self.min_hits
                or self.keep_confirmed and track.hits >= self.min_hits)


@checked
class TwoStep(Sort):
    """SORT with a second assignment: faint boxes keep tracks alive, and begin none.

    Somebody half hidden is a faint detection. Dropped, it breaks a track; taken for full, it begins
    wrong ones. So boxes of `high` or more are linked first, and those from `low` on are offered to
    the tracks that are left and were just seen.

    Source   Zhang et al., ByteTrack, arXiv:2110.06864
    """

    def __init__(self, max_age: kinds.COUNT = 20, min_hits: kinds.COUNT = 3,
                 iou_threshold: kinds.FRACTION = 0.2, low: kinds.FRACTION = 0.1,
                 high: kinds.FRACTION = 0.6):
        super().__init__(max_age, min_hits, iou_threshold, keep_confirmed=True)
        if low > high:
            raise ArgumentError(f"low {low} is more than high {high}: no box would be faint")
        self.low, self.high = low, high

    def _link(self, boxes, scores):
        sure = boxes[scores >= self.high]
        faint = boxes[(scores >= self.low) & (scores < self.high)]
        free = self._pair(self.tracks, sure, self.iou_threshold)
        self._pair([track for track in self.tracks if 0 < track.unseen <= STAYS], faint, CLOSE)
        self._begin(sure[free])


def _checked(boxes, scores):
    boxes = boxes.astype(float)
    flat = (boxes[:, 2:] == boxes[:, :2]).any(1)
    if flat.any():
        raise ArgumentError(f"box {flat.argmax()} is {boxes[flat.argmax()].tolist()}, which has no "
                            "area: drop it before")
    scores = np.ones(len(boxes)) if scores is None else scores
    if len(scores) != len(boxes):
        raise ArgumentError(f"{len(boxes)} boxes and {len(scores)} scores: give one score a box")
    return boxes, scores
