"""Wrong answers to the exercises on boxes: what each of them does otherwise."""

import numpy as np

from vidlearn.exercises.box_answers import pairwise_iou


def counts_edges(a, b):
    """As if the last pixel belonged to the box: every side is one longer."""
    return pairwise_iou(a + [0, 0, 1, 1], b + [0, 0, 1, 1])


def unclamped(a, b):
    low = np.maximum(a[:, None, :2], b[:, :2])
    high = np.minimum(a[:, None, 2:], b[:, 2:])
    shared = (high - low).prod(axis=2)
    return shared / (areas(a)[:, None] + areas(b) - shared)


def areas(boxes):
    return (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)


def shared(a, b):
    whole = areas(a)[:, None] + areas(b)
    iou = pairwise_iou(a, b)
    return iou * whole / (1 + iou)                    # of IoU = shared / (whole - shared)


def decode_by(**changed):
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


def match_by(best_kept=None, **changed):
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


def usual(matched, ties, nearest, k):
    matched[ties] = nearest[ties]


def one_of_them(matched, ties, nearest, k):
    matched[ties.argmax()] = nearest[ties.argmax()]


def takes_it(matched, ties, nearest, k):
    matched[ties] = k


def nms_by(drops=lambda iou, threshold: iou > threshold, rank=None, chain=False):
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


def points_by(place, inside=lambda at, pixels: -1 <= at <= pixels):
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


def usual_place(start, cell_size, cell, point, points):
    return start + (cell + (point + 0.5) / points) * cell_size - 0.5


def nearest(start, stop, cells, pixels, points):
    weights = np.zeros((cells, pixels))
    for cell, point in np.ndindex(cells, points):
        at = usual_place(start, (stop - start) / cells, cell, point, points)
        if -1 <= at <= pixels:
            weights[cell, int(np.clip(np.floor(at + 0.5), 0, pixels - 1))] += 1 / points
    return weights


def every_precision(right, count):
    """The precision at each right one: no best that is still to come."""
    return float((right * np.cumsum(right) / np.arange(1, len(right) + 1)).sum() / count)


def at_recalls(recalls):
    def attempt(right, count):
        found = np.cumsum(right)
        precision = found / np.arange(1, len(right) + 1)
        return float(np.mean([precision[found / count >= r - 1e-12].max(initial=0)
                              for r in recalls]))
    return attempt
