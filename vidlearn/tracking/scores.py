"""How good are tracks? CLEAR counts errors frame by frame, IDF1 and HOTA ask who stays who.

Truth and tracks are lists with (ids, boxes) for each frame: ids (n,) whole numbers, boxes (n, 4).
"""

from typing import NamedTuple

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.scratch.layers.boxes import box_iou
from vidlearn.tracking.assignment import linear_sum_assignment

HALF = 0.5                                 # the IoU from which a box counts as found
FORBIDDEN = 1e6                            # a cost that no pair is worth
ALPHAS = np.arange(0.05, 0.99, 0.05)       # HOTA is a mean over these overlaps


def _frame(value):
    ids, boxes = value
    ids = kinds.LABELS.take(ids)
    boxes = kinds.array("", 2, last=(4,), empty=True).take(np.reshape(boxes, (-1, 4)))
    if len(ids) != len(boxes):
        raise ValueError(f"a frame has {len(ids)} ids and {len(boxes)} boxes")
    if len(set(ids.tolist())) < len(ids):
        raise ValueError("an id comes twice in one frame")
    if not np.isfinite(boxes).all():
        raise ValueError("a box is not finite")
    return ids, boxes.astype(float)


FRAMES = kinds.Kind("a list of (ids, boxes), one a frame", lambda value: [
    _frame(frame) for frame in kinds.LIST.take(value)])


class Clear(NamedTuple):
    """mota = 1 - (misses + false alarms + switches) / true boxes; motp: the mean IoU of pairs."""

    mota: float
    motp: float
    false_positives: int
    misses: int
    switches: int
    truth: int


class Hota(NamedTuple):
    """The mean over ALPHAS of HOTA, of the accuracy of detection and of association."""

    hota: float
    detection: float
    association: float


@checked
def clear(truth: FRAMES, tracks: FRAMES, iou_threshold: kinds.FRACTION = HALF):
    """CLEAR: how many boxes are missed, invented, or linked to another track than before.

    A pair of the frame before stays a pair as long as it overlaps enough.

    Raises   ArgumentError if there is no true box, or if the numbers of frames differ
    Source   Bernardin and Stiefelhagen, 2008
    Twin     motmetrics, trackeval
    """
    last, counts = {}, np.zeros(4, int)                # pairs, false positives, misses, switches
    overlap, total = 0.0, 0
    for (ids, boxes), (names, found) in _together(truth, tracks):
        iou = box_iou(boxes, found)
        pairs = _kept_pairs(ids, names, iou, last, iou_threshold)
        new = _new_pairs(pairs, iou, iou_threshold)
        switches = sum(last.get(ids[a], names[b]) != names[b] for a, b in new)
        pairs += new
        last |= {ids[a]: names[b] for a, b in pairs}
        counts += len(pairs), len(names) - len(pairs), len(ids) - len(pairs), switches
        overlap += sum(iou[pair] for pair in pairs)
        total += len(ids)
    pairs, extra, missed, switches = counts.tolist()
    return Clear(1 - (extra + missed + switches) / total, float(overlap / max(pairs, 1)), extra,
                 missed, switches, total)


def _kept_pairs(ids, names, iou, last, threshold):
    where = {name: b for b, name in enumerate(names)}
    pairs, taken = [], set()
    for a, i in enumerate(ids):
        b = where.get(last.get(i))
        if b is not None and b not in taken and iou[a, b] >= threshold:
            pairs.append((a, b))
            taken.add(b)
    return pairs


def _new_pairs(pairs, iou, threshold):
    """Pairs of what is left, as near as possible."""
    rows, columns = (np.setdiff1d(np.arange(n), [pair[axis] for pair in pairs]).astype(int)
                     for axis, n in enumerate(iou.shape))
    left = iou[np.ix_(rows, columns)]
    a, b = linear_sum_assignment(np.where(left >= threshold, 1 - left, FORBIDDEN))
    return [(int(rows[i]), int(columns[j])) for i, j in zip(a, b, strict=True)
            if left[i, j] >= threshold]


@checked
def idf1(truth: FRAMES, tracks: FRAMES, iou_threshold: kinds.FRACTION = HALF):
    """IDF1: each person gets one track for the whole film; what share of all boxes then agrees?

    Raises   as `clear`
    Source   Ristani et al., arXiv:1609.01775
    Twin     motmetrics, trackeval
    """
    table = _Table(truth, tracks)
    together = np.zeros((len(table.people), len(table.tracks)))
    for rows, columns, iou in table.frames:
        together[np.ix_(rows, columns)] += iou >= iou_threshold
    pairs = linear_sum_assignment(-together)
    return float(2 * together[pairs].sum() / (table.people.sum() + table.tracks.sum()))


@checked
def hota(truth: FRAMES, tracks: FRAMES):
    """HOTA: detection and association, weighed alike, over overlaps from 0.05 to 0.95.

    Raises   as `clear`
    Source   Luiten et al., arXiv:2009.07736
    Twin     trackeval
    """
    table = _Table(truth, tracks)
    alike = table.likeness()
    both = np.array([_hota_at(table, alike, alpha) for alpha in ALPHAS])
    return Hota(*(float(x) for x in (np.sqrt(both.prod(1)).mean(), *both.mean(0))))


def _hota_at(table, alike, alpha):
    """The accuracy of detection and of association at one overlap."""
    together = np.zeros_like(alike)
    for rows, columns, iou in table.frames:
        a, b = linear_sum_assignment(-alike[np.ix_(rows, columns)] * iou)
        enough = iou[a, b] >= alpha - np.finfo(float).eps
        together[rows[a[enough]], columns[b[enough]]] += 1
    right = together.sum()
    either = table.people[:, None] + table.tracks - together
    association = (together * together / np.maximum(either, 1)).sum() / max(right, 1)
    return right / (table.people.sum() + table.tracks.sum() - right), association


class _Table:
    """How often each person and each track is there; and per frame their numbers and overlaps."""

    def __init__(self, truth, tracks):
        pairs = list(_together(truth, tracks))
        rows, columns = ({name: k for k, name in enumerate(dict.fromkeys(
            i for pair in pairs for i in pair[side][0].tolist()))} for side in (0, 1))
        self.people, self.tracks, self.frames = np.zeros(len(rows)), np.zeros(len(columns)), []
        for (ids, boxes), (names, found) in pairs:
            here = np.array([rows[i] for i in ids.tolist()], int)
            there = np.array([columns[i] for i in names.tolist()], int)
            self.people[here] += 1
            self.tracks[there] += 1
            self.frames.append((here, there, box_iou(boxes, found)))

    def likeness(self):
        """How much each person and each track overlap over the film, 0 to 1."""
        shared = np.zeros((len(self.people), len(self.tracks)))
        for rows, columns, iou in self.frames:
            either = iou.sum(0) + iou.sum(1)[:, None] - iou
            shared[np.ix_(rows, columns)] += iou / np.maximum(either, 1e-12)
        return shared / (self.people[:, None] + self.tracks - shared)


def _together(truth, tracks):
    if len(truth) != len(tracks):
        raise ArgumentError(f"truth of {len(truth)} frames, but tracks of {len(tracks)}: each "
                            "frame needs both, empty ones too")
    if not any(len(ids) for ids, _ in truth):
        raise ArgumentError("truth has no box in any frame: every score would be 0/0")
    return zip(truth, tracks, strict=True)
