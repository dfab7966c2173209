"""Exercises of notebook 40, boxes: left, top, right and bottom, right and bottom excluded."""

import numpy as np

from vidlearn.course.exercise import Exercise


def pairwise_iou(a, b):
    low = np.maximum(a[:, None, :2], b[:, :2])
    high = np.minimum(a[:, None, 2:], b[:, 2:])
    shared = np.maximum(high - low, 0).prod(axis=2)
    area_a = (a[:, 2:] - a[:, :2]).prod(axis=1)
    area_b = (b[:, 2:] - b[:, :2]).prod(axis=1)
    return shared / (area_a[:, None] + area_b - shared)


def decode(offsets, anchors, weights):
    dx, dy, dw, dh = (offsets / weights).T
    width = anchors[:, 2] - anchors[:, 0]
    height = anchors[:, 3] - anchors[:, 1]
    x = anchors[:, 0] + width / 2 + dx * width
    y = anchors[:, 1] + height / 2 + dy * height
    w = width * np.exp(np.minimum(dw, np.log(62.5)))
    h = height * np.exp(np.minimum(dh, np.log(62.5)))
    return np.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], axis=1)


def match(iou, high, low):
    best = iou.max(axis=0)
    nearest = iou.argmax(axis=0)
    matched = np.where(best >= high, nearest, np.where(best < low, -1, -2))
    for overlaps in iou:                              # one true box and all anchors
        ties = overlaps == overlaps.max()
        matched[ties] = nearest[ties]
    return matched


def nms(boxes, scores, threshold):
    order = np.argsort(-scores, kind="stable")
    kept = []
    while len(order):
        best = order[0]
        kept.append(best)
        overlaps = pairwise_iou(boxes[[best]], boxes[order])[0]
        order = order[(overlaps <= threshold) & (order != best)]
    return np.array(kept, int)


def axis_weights(start, stop, cells, pixels, points):
    weights = np.zeros((cells, pixels))
    for cell, point in np.ndindex(cells, points):
        place = start + (cell + (point + 0.5) / points) * (stop - start) / cells - 0.5
        if -1 <= place <= pixels:
            place = np.clip(place, 0, pixels - 1)
            low = int(place)
            high = min(low + 1, pixels - 1)
            weights[cell, low] += (1 - (place - low)) / points
            weights[cell, high] += (place - low) / points
    return weights


def average_precision(right, count):
    precision = np.cumsum(right) / np.arange(1, len(right) + 1)
    area, best = 0.0, 0.0
    for k in range(len(right) - 1, -1, -1):           # from the end of the list
        best = max(best, precision[k])
        area += right[k] * best / count
    return area


def worst_overlap(width, height, step):
    shared = max(0, width - step / 2) * max(0, height - step / 2)
    return shared / (2 * width * height - shared)


def _boxes(rng, n, whole=True):
    """Boxes (n, 4), each with an area: on whole pixels, so that some of them touch, or between."""
    corners = rng.integers(-4, 9, (n, 2)) if whole else rng.uniform(-9, 20, (n, 2))
    sizes = rng.integers(1, 8, (n, 2)) if whole else rng.uniform(0.5, 12, (n, 2))
    return np.hstack([corners, corners + sizes]).astype(float)


def _two_lists(n, m, whole=True):
    return lambda rng: (_boxes(rng, n, whole), _boxes(rng, m, whole))


def _offsets(n, scale, weights):
    """Offsets (n, 4), one of them 0, and one that would overflow."""
    def case(rng):
        offsets = rng.normal(size=(n, 4)) * scale
        offsets[0] = 0
        offsets[-1, 2:] = 800 * weights[2]
        return offsets, _boxes(rng, n, whole=False), np.array(weights)
    return case


def _overlaps(true, anchors, high, low):
    """IoU in steps of 0.1, so that there are ties and some meet a limit; each box meets anchors."""
    def case(rng):
        iou = rng.integers(0, 9, (true, anchors)) / 10
        iou[np.arange(true), rng.integers(0, anchors, true)] += 0.1
        return iou, high, low
    return case


def _crowd(n, threshold, different=4):
    """Boxes (n, 4) in heaps, with so many different scores."""
    def case(rng):
        boxes = np.tile(_boxes(rng, 2), (n, 1))[:n] + rng.integers(-1, 2, (n, 1))
        return boxes, rng.integers(-different, different, n) / different, threshold
    return case


CHAIN = np.array([[0.0, 0, 10, 9], [4, 0, 14, 9], [8, 0, 18, 9], [40, 0, 50, 9], [0, 0, 5, 9]])


def _counts_edges(a, b):
    """As if the last pixel belonged to the box: every side is one longer."""
    return pairwise_iou(a + [0, 0, 1, 1], b + [0, 0, 1, 1])


def _unclamped(a, b):
    low = np.maximum(a[:, None, :2], b[:, :2])
    high = np.minimum(a[:, None, 2:], b[:, 2:])
    shared = (high - low).prod(axis=2)
    return shared / (_areas(a)[:, None] + _areas(b) - shared)


def _areas(boxes):
    return (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)


def _shared(a, b):
    whole = _areas(a)[:, None] + _areas(b)
    iou = pairwise_iou(a, b)
    return iou * whole / (1 + iou)                    # of IoU = shared / (whole - shared)


IOU = Exercise(
    pairwise_iou,
    cases=[_two_lists(3, 2), _two_lists(1, 5), _two_lists(6, 1, whole=False), _two_lists(5, 7),
           (CHAIN, CHAIN), (np.array([[0.0, 0, 2, 3]]), np.array([[4.0, 5, 7, 9], [2, 0, 3, 3]]))],
    hints=["The overlap begins at the larger left and ends at the smaller right.",
           "a[:, None, :2] and b[:, :2] give every pair: (N, M, 2).",
           "Where they do not meet, the end lies before the beginning: that is 0, on each axis."],
    mistakes={
        "each side is taken one pixel longer: right and bottom are excluded": _counts_edges,
        "boxes that miss each other in both axes get a product of two negative sides": _unclamped,
        "the overlap is counted twice in the union":
            lambda a, b: _shared(a, b) / (_areas(a)[:, None] + _areas(b)),
        "it is the share of the smaller box: a box in a box is not 1":
            lambda a, b: _shared(a, b) / np.minimum(_areas(a)[:, None], _areas(b)),
        "it is the share of the first box alone": lambda a, b: _shared(a, b) / _areas(a)[:, None],
        "it is the Dice score, twice the overlap through the sum":
            lambda a, b: 2 * _shared(a, b) / (_areas(a)[:, None] + _areas(b)),
        "rows and columns are swapped": lambda a, b: pairwise_iou(b, a),
    },
)


def _decode_by(**changed):
    """The answer, where one part of it is worked out otherwise."""
    def attempt(offsets, anchors, weights):
        corner, size = anchors[:, :2], anchors[:, 2:] - anchors[:, :2]
        shift, stretch = np.split(offsets / weights, 2, axis=1)
        grow = changed.get("grow", lambda d: np.exp(np.minimum(d, np.log(62.5))))
        new = size * grow(stretch)
        start = corner if changed.get("at_corner") else corner + size / 2
        step = {"pixels": shift, "new": shift * new}.get(changed.get("move"), shift * size)
        centre = start + step
        if changed.get("as_centre"):
            return np.hstack([centre, new])
        return np.hstack([centre - new / 2, centre + new / 2])
    return attempt


DECODE = Exercise(
    decode,
    cases=[_offsets(3, 0.5, (1.0, 1, 1, 1)), _offsets(5, 4.0, (10.0, 10, 5, 5)),
           _offsets(2, 1.0, (2.0, 3, 5, 7)),
           (np.array([[0.25, -0.5, 0.0, np.log(2)]]), np.array([[-8.0, 0, 12, 40]]), np.ones(4)),
           (np.array([[0.0, 0, 5, -5]]), np.array([[0.0, 0, 1, 9]]), np.ones(4))],
    hints=["First divide the offsets by their weights.",
           "Solve the four formulas for x, y, w and h; the anchor's centre is left + width / 2.",
           "Half of the size lies on each side of the centre.",
           "np.minimum(dw, np.log(62.5)) goes into the exponential."],
    mistakes={
        "the weights are multiplied, not divided":
            lambda o, a, w: decode(o * np.square(w), a, w),
        "the weights are forgotten": lambda o, a, w: decode(o, a, np.ones(4)),
        "the shift is counted in pixels, not in sizes of the anchor": _decode_by(move="pixels"),
        "the shift is counted in sizes of the new box": _decode_by(move="new"),
        "the size grows by 1 + dw, not by exp(dw)": _decode_by(grow=lambda d: 1 + d),
        "a wild offset is not cut off": _decode_by(grow=lambda d: np.exp(np.minimum(d, 700))),
        "the corner of the anchor is taken for its centre": _decode_by(at_corner=True),
        "it returns centre and size, not corners": _decode_by(as_centre=True),
    },
)


def _match_by(best_kept=None, **changed):
    """The answer, where one rule is another."""
    def attempt(iou, high, low):
        best, nearest = iou.max(axis=0), iou.argmax(axis=0)
        reached = best > high if changed.get("above") else best >= high
        below = best <= low if changed.get("below") else best < low
        matched = np.where(reached, nearest, np.where(below, -1, changed.get("between", -2)))
        for k, overlaps in enumerate(iou if best_kept is not None else ()):
            ties = overlaps == overlaps.max()
            best_kept(matched, ties, nearest, k)
        return matched
    return attempt


def _usual(matched, ties, nearest, k):
    matched[ties] = nearest[ties]


def _one_of_them(matched, ties, nearest, k):
    matched[ties.argmax()] = nearest[ties.argmax()]


def _takes_it(matched, ties, nearest, k):
    matched[ties] = k


MATCH = Exercise(
    match,
    cases=[_overlaps(3, 12, 0.7, 0.3), _overlaps(2, 9, 0.5, 0.5), _overlaps(1, 6, 0.6, 0.2),
           _overlaps(5, 15, 0.7, 0.3), _overlaps(4, 1, 0.7, 0.3), _overlaps(2, 25, 0.9, 0.6),
           (np.array([[0.2, 0.2, 0.1, 0.0], [0.1, 0.7, 0.3, 0.29]]), 0.7, 0.3),
           (np.array([[0.6, 0.5], [0.7, 0.4]]), 0.8, 0.3)],
    hints=["For each anchor: iou.max(axis=0), and iou.argmax(axis=0) says of which true box.",
           "np.where(best >= high, ..., np.where(best < low, -1, -2))",
           "Then go through the true boxes: the anchors that tie for its best are trained on, each "
           "for the true box that *it* overlaps most."],
    mistakes={
        "no true box keeps its best anchor: small ones are never found": _match_by(),
        "a true box keeps only the first of the anchors that tie": _match_by(_one_of_them),
        "a true box takes its best anchor from another that the anchor overlaps more":
            _match_by(_takes_it),
        "an anchor between the limits is background": _match_by(_usual, between=-1),
        "an anchor at exactly `high` is left out": _match_by(_usual, above=True),
        "an anchor at exactly `low` is background": _match_by(_usual, below=True),
    },
)


def _nms_by(drops=lambda iou, threshold: iou > threshold, rank=None, chain=False):
    """The answer with another rule for what is dropped, or another order."""
    def attempt(boxes, scores, threshold):
        order = np.argsort(-scores, kind="stable") if rank is None else rank(scores)
        iou, kept, dropped = pairwise_iou(boxes, boxes), [], np.zeros(len(boxes), bool)
        for place, i in enumerate(order):
            if not dropped[i]:
                kept.append(i)
            if chain or not dropped[i]:
                later = order[place + 1:]
                dropped[later] |= drops(iou[i, later], threshold)
        return np.array(kept, int)
    return attempt


NMS = Exercise(
    nms,
    cases=[(CHAIN, np.array([0.9, 0.8, 0.7, 0.1, 0.2]), 0.4),
           (CHAIN, np.array([0.5, 0.9, 0.9, -1, 0]), 0.4), _crowd(12, 0.5), _crowd(9, 0.3),
           _crowd(7, 0.0), _crowd(15, 1.0, different=2), _crowd(1, 0.5), _crowd(25, 0.6),
           (CHAIN[[0, 4]], np.array([0.3, 0.7]), 0.5)],
    hints=["np.argsort(-scores, kind='stable') puts the best first, and the first of equals.",
           "Take the best that is left; then only those stay that overlap it by at most the limit.",
           "A box that was dropped drops no other."],
    mistakes={
        "a box that was dropped drops others, too": _nms_by(chain=True),
        "an overlap of exactly the threshold is dropped":
            _nms_by(lambda iou, threshold: iou >= threshold),
        "the lowest score goes first":
            _nms_by(rank=lambda scores: np.argsort(scores, kind="stable")),
        "boxes go in the order of the list: the scores are ignored":
            _nms_by(rank=lambda scores: np.arange(len(scores))),
        "of equal scores the last box wins":
            _nms_by(rank=lambda scores: np.argsort(scores, kind="stable")[::-1]),
        "they are in the order of the list, not the best first":
            lambda *given: np.sort(nms(*given)),
    },
)


def _points_by(place, inside=lambda at, pixels: -1 <= at <= pixels):
    """The answer, where a point lies elsewhere: place(start, size of a cell, cell, share, ...)."""
    def attempt(start, stop, cells, pixels, points):
        weights = np.zeros((cells, pixels))
        for cell, point in np.ndindex(cells, points):
            at = place(start, (stop - start) / cells, cell, point, points)
            if inside(at, pixels):
                at = np.clip(at, 0, pixels - 1)
                low = int(at)
                high = min(low + 1, pixels - 1)
                weights[cell, low] += (1 - (at - low)) / points
                weights[cell, high] += (at - low) / points
        return weights
    return attempt


def _usual_place(start, cell_size, cell, point, points):
    return start + (cell + (point + 0.5) / points) * cell_size - 0.5


def _nearest(start, stop, cells, pixels, points):
    weights = np.zeros((cells, pixels))
    for cell, point in np.ndindex(cells, points):
        at = _usual_place(start, (stop - start) / cells, cell, point, points)
        if -1 <= at <= pixels:
            weights[cell, int(np.clip(np.floor(at + 0.5), 0, pixels - 1))] += 1 / points
    return weights


AXIS_WEIGHTS = Exercise(
    axis_weights,
    cases=[(1.0, 4.0, 3, 6, 1), (0.7, 5.2, 2, 7, 2), (-2.3, 3.1, 4, 5, 3), (3.5, 9.9, 3, 6, 2),
           (2.0, 2.4, 2, 5, 2), (0.0, 4.0, 1, 4, 4), (-0.5, 0.5, 2, 1, 1), (-3.0, 9.0, 6, 5, 1),
           (2.25, 4.75, 5, 9, 2), (-1.0, 0.0, 1, 4, 1), (4.0, 5.0, 1, 4, 1)],
    hints=["Point number k of a cell lies (k + 0.5) / points of the way through it.",
           "Pixel 0 reaches from 0 to 1, so its centre is at 0.5: subtract 0.5.",
           "Below -1 or above `pixels`, a point reads nothing; otherwise clip it to the centres.",
           "low gets 1 - (place - low) of the point, and its neighbour the rest: use +=."],
    mistakes={
        "the centre of a pixel is not at a half: all is half a pixel off":
            _points_by(lambda *at: _usual_place(*at) + 0.5),
        "the points lie at the edges of their shares, not in the middle": _points_by(
            lambda start, size, cell, point, points:
            start + (cell + point / points) * size - 0.5),
        "a point reads the nearest pixel, nothing between": _nearest,
        "the points are added up, not averaged":
            lambda *given: axis_weights(*given) * given[4],
        "a point outside of the map reads the edge, however far it is":
            _points_by(_usual_place, lambda at, pixels: True),
        "a point just outside of the centres reads nothing":
            _points_by(_usual_place, lambda at, pixels: 0 <= at <= pixels - 1),
        "the region is rounded to whole pixels first":
            lambda start, stop, *rest: axis_weights(np.rint(start), np.rint(stop), *rest),
    },
)


def _every_precision(right, count):
    """The precision at each right one: no best that is still to come."""
    return float((right * np.cumsum(right) / np.arange(1, len(right) + 1)).sum() / count)


def _at_recalls(recalls):
    def attempt(right, count):
        found = np.cumsum(right)
        precision = found / np.arange(1, len(right) + 1)
        return float(np.mean([precision[found / count >= r - 1e-12].max(initial=0)
                              for r in recalls]))
    return attempt


AVERAGE_PRECISION = Exercise(
    average_precision,
    cases=[(np.array([1, 0, 1, 1, 0]), 4), (np.array([0, 1, 1, 0, 1]), 3),
           (np.array([0, 0, 1]), 1), (np.array([0, 0]), 7), (np.array([1, 1, 1]), 3),
           (np.array([], int), 2), (np.array([1]), 5), (np.array([0, 1, 0, 0, 1, 1, 0, 1]), 9),
           lambda rng: (rng.integers(0, 2, 41), 57)],
    hints=["np.cumsum(right) is the number found after 1, 2, 3, ... detections.",
           "Each right detection adds 1 / count of recall.",
           "Walk from the end, and remember the best precision so far."],
    mistakes={
        "the precision of each place counts, not the best that is still to come": _every_precision,
        "it is divided by the boxes that were found, not by all there are":
            lambda right, count: average_precision(right, max(1, int(np.sum(right)))),
        "the wrong ones are left out: the precision is always 1":
            lambda right, count: float(np.sum(right) / count),
        "it is the precision at the end of the list":
            lambda right, count: float(np.mean(right)) if len(right) else 0.0,
        "only 11 recalls are read, as in Pascal VOC 2007": _at_recalls(np.linspace(0, 1, 11)),
        "only 101 recalls are read, as COCO does": _at_recalls(np.linspace(0, 1, 101)),
        "best so far is taken from the start of the list": lambda right, count: float(
            (right * np.maximum.accumulate(np.cumsum(right) / np.arange(1, len(right) + 1))).sum()
            / count),
    },
)

WORST_OVERLAP = Exercise(
    worst_overlap,
    cases=[(16, 32, 16), (8, 8, 16), (40, 20, 8), (10, 30, 0), (5, 9, 10), (5, 9, 18), (4, 50, 20),
           (50, 4, 20), (7.5, 2.5, 3)],
    hints=["The anchors lie a step apart: how far is the nearest of them, at worst, on one axis?",
           "At worst the object is half a step off on both axes.",
           "How wide and how high is what both cover? It is never less than 0."],
    mistakes={
        "the nearest anchor is taken to be a whole step away":
            lambda width, height, step: worst_overlap(width, height, 2 * step),
        "the object is off on one axis only": lambda width, height, step:
            max(0, width - step / 2) / (width + min(width, step / 2)),
        "it is the share of the object, not the IoU": lambda width, height, step:
            max(0, width - step / 2) * max(0, height - step / 2) / (width * height),
        "where the anchor misses on both axes, two negative sides are multiplied":
            lambda width, height, step: (width - step / 2) * (height - step / 2) / (
                2 * width * height - (width - step / 2) * (height - step / 2)),
        "it is the mean over all places, not the worst": lambda width, height, step:
            worst_overlap(width, height, step / 2),
    },
)
