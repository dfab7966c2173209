"""Exercises of notebook 40, boxes."""

import numpy as np

from vidlearn.course.exercise import Exercise
from vidlearn.exercises import box_slips as slips
from vidlearn.exercises.box_answers import (
    CHAIN,
    average_precision,
    axis_weights,
    crowd,
    decode,
    match,
    nms,
    offsets,
    overlaps,
    pairwise_iou,
    two_lists,
    worst_overlap,
)

IOU = Exercise(
    pairwise_iou,
    cases=[two_lists(3, 2), two_lists(1, 5), two_lists(6, 1, whole=False), two_lists(5, 7),
           (CHAIN, CHAIN), (np.array([[0.0, 0, 2, 3]]), np.array([[4.0, 5, 7, 9], [2, 0, 3, 3]]))],
    hints=["The overlap begins at the larger left and ends at the smaller right.",
           "a[:, None, :2] and b[:, :2] give every pair: (N, M, 2).",
           "Where they do not meet, the end lies before the beginning: that is 0, on each axis."],
    mistakes={
        "each side is taken one pixel longer: right and bottom are excluded": slips.counts_edges,
        "boxes that miss each other in both axes get a product of two negative sides":
            slips.unclamped,
        "the overlap is counted twice in the union":
            lambda a, b: slips.shared(a, b) / (slips.areas(a)[:, None] + slips.areas(b)),
        "it is the share of the smaller box: a box in a box is not 1":
            lambda a, b: slips.shared(a, b) / np.minimum(slips.areas(a)[:, None], slips.areas(b)),
        "it is the share of the first box alone":
            lambda a, b: slips.shared(a, b) / slips.areas(a)[:, None],
        "it is the Dice score, twice the overlap through the sum":
            lambda a, b: 2 * slips.shared(a, b) / (slips.areas(a)[:, None] + slips.areas(b)),
        "rows and columns are swapped": lambda a, b: pairwise_iou(b, a),
    },
)

DECODE = Exercise(
    decode,
    cases=[offsets(3, 0.5, (1.0, 1, 1, 1)), offsets(5, 4.0, (10.0, 10, 5, 5)),
           offsets(2, 1.0, (2.0, 3, 5, 7)),
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
        "the shift is counted in pixels, not in sizes of the anchor":
            slips.decode_by(move="pixels"),
        "the shift is counted in sizes of the new box": slips.decode_by(move="new"),
        "the size grows by 1 + dw, not by exp(dw)": slips.decode_by(grow=lambda d: 1 + d),
        "a wild offset is not cut off": slips.decode_by(grow=lambda d: np.exp(np.minimum(d, 700))),
        "the corner of the anchor is taken for its centre": slips.decode_by(at_corner=True),
        "it returns centre and size, not corners": slips.decode_by(as_centre=True),
    },
)

MATCH = Exercise(
    match,
    cases=[overlaps(3, 12, 0.7, 0.3), overlaps(2, 9, 0.5, 0.5), overlaps(1, 6, 0.6, 0.2),
           overlaps(5, 15, 0.7, 0.3), overlaps(4, 1, 0.7, 0.3), overlaps(2, 25, 0.9, 0.6),
           (np.array([[0.2, 0.2, 0.1, 0.0], [0.1, 0.7, 0.3, 0.29]]), 0.7, 0.3),
           (np.array([[0.6, 0.5], [0.7, 0.4]]), 0.8, 0.3)],
    hints=["For each anchor: iou.max(axis=0), and iou.argmax(axis=0) says of which true box.",
           "np.where(best >= high, ..., np.where(best < low, -1, -2))",
           "Then go through the true boxes: the anchors that tie for its best are trained on, each "
           "for the true box that *it* overlaps most."],
    mistakes={
        "no true box keeps its best anchor: small ones are never found": slips.match_by(),
        "a true box keeps only the first of the anchors that tie":
            slips.match_by(slips.one_of_them),
        "a true box takes its best anchor from another that the anchor overlaps more":
            slips.match_by(slips.takes_it),
        "an anchor between the limits is background": slips.match_by(slips.usual, between=-1),
        "an anchor at exactly `high` is left out": slips.match_by(slips.usual, above=True),
        "an anchor at exactly `low` is background": slips.match_by(slips.usual, below=True),
    },
)

NMS = Exercise(
    nms,
    cases=[(CHAIN, np.array([0.9, 0.8, 0.7, 0.1, 0.2]), 0.4),
           (CHAIN, np.array([0.5, 0.9, 0.9, -1, 0]), 0.4), crowd(12, 0.5), crowd(9, 0.3),
           crowd(7, 0.0), crowd(15, 1.0, different=2), crowd(1, 0.5), crowd(25, 0.6),
           (CHAIN[[0, 4]], np.array([0.3, 0.7]), 0.5)],
    hints=["np.argsort(-scores, kind='stable') puts the best first, and the first of equals.",
           "Take the best that is left; then only those stay that overlap it by at most the limit.",
           "A box that was dropped drops no other."],
    mistakes={
        "a box that was dropped drops others, too": slips.nms_by(chain=True),
        "an overlap of exactly the threshold is dropped":
            slips.nms_by(lambda iou, threshold: iou >= threshold),
        "the lowest score goes first":
            slips.nms_by(rank=lambda scores: np.argsort(scores, kind="stable")),
        "boxes go in the order of the list: the scores are ignored":
            slips.nms_by(rank=lambda scores: np.arange(len(scores))),
        "of equal scores the last box wins":
            slips.nms_by(rank=lambda scores: np.argsort(scores, kind="stable")[::-1]),
        "they are in the order of the list, not the best first":
            lambda *given: np.sort(nms(*given)),
    },
)

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
            slips.points_by(lambda *at: slips.usual_place(*at) + 0.5),
        "the points lie at the edges of their shares, not in the middle": slips.points_by(
            lambda start, size, cell, point, points:
            start + (cell + point / points) * size - 0.5),
        "a point reads the nearest pixel, nothing between": slips.nearest,
        "the points are added up, not averaged":
            lambda *given: axis_weights(*given) * given[4],
        "a point outside of the map reads the edge, however far it is":
            slips.points_by(slips.usual_place, lambda at, pixels: True),
        "a point just outside of the centres reads nothing":
            slips.points_by(slips.usual_place, lambda at, pixels: 0 <= at <= pixels - 1),
        "the region is rounded to whole pixels first":
            lambda start, stop, *rest: axis_weights(np.rint(start), np.rint(stop), *rest),
    },
)

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
        "the precision of each place counts, not the best that is still to come":
            slips.every_precision,
        "it is divided by the boxes that were found, not by all there are":
            lambda right, count: average_precision(right, max(1, int(np.sum(right)))),
        "the wrong ones are left out: the precision is always 1":
            lambda right, count: float(np.sum(right) / count),
        "it is the precision at the end of the list":
            lambda right, count: float(np.mean(right)) if len(right) else 0.0,
        "only 11 recalls are read, as in Pascal VOC 2007": slips.at_recalls(np.linspace(0, 1, 11)),
        "only 101 recalls are read, as COCO does": slips.at_recalls(np.linspace(0, 1, 101)),
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
