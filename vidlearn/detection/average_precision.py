"""How good is a detector: average precision, the mean precision over all recalls.

A detection is right if it overlaps a true box of its class, in its picture, that no better one has
found. Sort the detections of all pictures by their score and cut the list anywhere: of those above
the cut, a share is right (precision); of the true boxes, a share is found (recall).
"""

from typing import NamedTuple

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.detection.kinds import DETECTIONS, TARGETS
from vidlearn.scratch.layers.boxes import box_iou

COCO_THRESHOLDS = np.linspace(0.5, 0.95, 10)
COCO_RECALLS = np.linspace(0, 1, 101)
ALMOST_ONE = 1 - 1e-10                     # rounding must not cost a box its match at threshold 1


class AveragePrecision(NamedTuple):
    """The average precision of each class that has true boxes, and the mean over these classes."""

    mean: float
    by_class: dict


@checked
def precision_recall(detections: DETECTIONS, targets: TARGETS, label: kinds.INTEGER,
                     iou_threshold: kinds.FRACTION = 0.5):
    """Precision and recall of one class after the best detection, the best two, and so on.

    Returns  precision (n,), recall (n,), scores (n,) of the n detections of that class, the best
             first; those of equal score stay in the order of the pictures
    Raises   ArgumentError if no picture has a true box of the class, for recall would be 0/0
    """
    _check_lengths(detections, targets)
    hits, scores, count = _found(detections, targets, label, np.array([iou_threshold]))
    right = hits[0].cumsum()
    return right / np.arange(1, len(right) + 1), right / count, scores


@checked
def average_precision(detections: DETECTIONS, targets: TARGETS,
                      iou_threshold: kinds.FRACTION = 0.5):
    """Average precision of each class at one IoU threshold; AP50 with 0.5.

    It is the area under precision over recall, where precision counts as the best that is still to
    come at this recall or a higher one.

    Raises   ArgumentError if no picture has a true box
    Source   Everingham et al., The PASCAL Visual Object Classes Challenge, 2010

    >>> found = {"boxes": [[0, 0, 9, 9], [50, 0, 59, 9]], "labels": [1, 1], "scores": [0.9, 0.8]}
    >>> truth = {"boxes": [[0, 0, 9, 8], [20, 0, 29, 9]], "labels": [1, 1]}
    >>> average_precision([found], [truth])
    AveragePrecision(mean=0.5, by_class={1: 0.5})
    """
    def area(hits, count):
        return np.diff(hits.cumsum(1), axis=1, prepend=0) @ _best_to_come(hits)[0] / count
    return _each_class(detections, targets, np.array([iou_threshold]), area)


@checked
def coco_average_precision(detections: DETECTIONS, targets: TARGETS,
                           max_detections: kinds.POSITIVE_COUNT = 100):
    """COCO's average precision: the mean over 10 IoU thresholds from 0.5 to 0.95.

    Precision is read at 101 recalls, 0 to 1. Of each class, only the best `max_detections` of a
    picture count.

    Raises   ArgumentError if no picture has a true box
    Source   Lin et al., arXiv:1405.0312
    Twin     pycocotools.cocoeval.COCOeval(...).stats[0]
    """
    def at_recalls(hits, count):
        precision = np.pad(_best_to_come(hits), [(0, 0), (0, 1)])     # 0 where no recall is as high
        recall = hits.cumsum(1) / count
        return [row[np.searchsorted(reached, COCO_RECALLS)].mean()
                for row, reached in zip(precision, recall, strict=True)]
    return _each_class(detections, targets, COCO_THRESHOLDS, at_recalls, max_detections)


def _each_class(detections, targets, thresholds, score, most=None):
    _check_lengths(detections, targets)
    classes = sorted({int(label) for target in targets for label in target["labels"]})
    if not classes:
        raise ArgumentError(f"none of {len(targets)} pictures has a true box: recall would be 0/0")
    by_class = {}
    for label in classes:
        hits, _, count = _found(detections, targets, label, thresholds, most)
        by_class[label] = float(np.mean(score(hits, count)))
    return AveragePrecision(float(np.mean(list(by_class.values()))), by_class)


def _check_lengths(detections, targets):
    if len(detections) != len(targets):
        raise ArgumentError(f"detections of {len(detections)} pictures, but targets of "
                            f"{len(targets)}: each picture needs one of each, empty ones too")


def _best_to_come(hits):
    """At each cut, the highest precision at this cut or a lower one: (thresholds, n)."""
    precision = hits.cumsum(1) / np.arange(1, hits.shape[1] + 1)
    return np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]


def _found(detections, targets, label, thresholds, most=None):
    """Which detections of a class are right at each threshold (T, n), their scores, the truth."""
    hits, scores, count = [], [], 0
    for found, target in zip(detections, targets, strict=True):
        mine, truth = found["labels"] == label, target["boxes"][target["labels"] == label]
        best = np.argsort(-found["scores"][mine], kind="stable")[:most]
        hits.append(_hits(found["boxes"][mine][best], truth, thresholds))
        scores.append(found["scores"][mine][best])
        count += len(truth)
    if not count:
        raise ArgumentError(f"no picture has a true box of class {label}: recall would be 0/0")
    scores = np.concatenate(scores)
    order = np.argsort(-scores, kind="stable")
    return np.concatenate(hits, 1)[:, order], scores[order], count


def _hits(boxes, truth, thresholds):
    """Which boxes, the best first, find a true box that is still free: (thresholds, boxes)."""
    hits = np.zeros((len(thresholds), len(boxes)), bool)
    if not len(truth):
        return hits
    rows, free = np.arange(len(thresholds)), np.ones((len(thresholds), len(truth)), bool)
    for i, overlaps in enumerate(box_iou(boxes, truth)):
        left = np.where(free, overlaps, -1)
        nearest = len(truth) - 1 - left[:, ::-1].argmax(1)      # of equals the last, as COCO does
        hits[:, i] = left[rows, nearest] >= np.minimum(thresholds, ALMOST_ONE)
        free[rows, nearest] &= ~hits[:, i]
    return hits
