"""Answers and cases of the exercises on boxes: left, top, right, bottom; the last two excluded."""

import numpy as np


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


def boxes(rng, n, whole=True):
    """Boxes (n, 4), each with an area: on whole pixels, so that some of them touch, or between."""
    corners = rng.integers(-4, 9, (n, 2)) if whole else rng.uniform(-9, 20, (n, 2))
    sizes = rng.integers(1, 8, (n, 2)) if whole else rng.uniform(0.5, 12, (n, 2))
    return np.hstack([corners, corners + sizes]).astype(float)


def two_lists(n, m, whole=True):
    return lambda rng: (boxes(rng, n, whole), boxes(rng, m, whole))


def offsets(n, scale, weights):
    """Offsets (n, 4), one of them 0, and one that would overflow."""
    def case(rng):
        offsets = rng.normal(size=(n, 4)) * scale
        offsets[0] = 0
        offsets[-1, 2:] = 800 * weights[2]
        return offsets, boxes(rng, n, whole=False), np.array(weights)
    return case


def overlaps(true, anchors, high, low):
    """IoU in steps of 0.1, so that there are ties and some meet a limit; each box meets anchors."""
    def case(rng):
        iou = rng.integers(0, 9, (true, anchors)) / 10
        iou[np.arange(true), rng.integers(0, anchors, true)] += 0.1
        return iou, high, low
    return case


def crowd(n, threshold, different=4):
    """Boxes (n, 4) in heaps, with so many different scores."""
    def case(rng):
        heaps = np.tile(boxes(rng, 2), (n, 1))[:n] + rng.integers(-1, 2, (n, 1))
        return heaps, rng.integers(-different, different, n) / different, threshold
    return case


CHAIN = np.array([[0.0, 0, 10, 9], [4, 0, 14, 9], [8, 0, 18, 9], [40, 0, 50, 9], [0, 0, 5, 9]])
