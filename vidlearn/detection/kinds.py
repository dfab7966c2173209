"""Kinds of arguments that detection adds: boxes, and what is true of an image."""


from vidlearn.checks import kinds
from vidlearn.checks.kinds import Kind
from vidlearn.scratch.layers.boxes import BOXES, SCORES

OFFSETS = kinds.array("an array (N, 4), or (N, K, 4), of offsets", 2, 3, last=(4,), empty=True)
FOUR = kinds.row("four numbers, more than 0", kinds.POSITIVE, 4)
POSITIVES = kinds.row("a list of numbers, each more than 0", kinds.POSITIVE)
FOR_EACH_MAP = kinds.row("a list of numbers for each feature map", POSITIVES)
SIZE = kinds.row("(height, width) in whole pixels, 1 or more", kinds.POSITIVE_COUNT, 2)
ALL_ANCHORS = kinds.row("a list of anchors (A, 4), one a feature map", BOXES)


def _target(value):
    boxes = BOXES.take(value["boxes"]).astype(float)
    labels = kinds.LABELS.take(value["labels"])
    if len(boxes) != len(labels):
        raise ValueError(f"it has {len(boxes)} boxes and {len(labels)} labels")
    bad = ~(boxes[:, 2:] > boxes[:, :2]).all(1)
    if bad.any():
        raise ValueError(f"box {bad.argmax()} is {boxes[bad.argmax()].tolist()}, which has no "
                         "area: drop it, or put left and top first")
    return {"boxes": boxes, "labels": labels}


def _detected(value):
    boxes = BOXES.take(value["boxes"]).astype(float)
    labels, scores = kinds.LABELS.take(value["labels"]), SCORES.take(value["scores"])
    if not len(boxes) == len(labels) == len(scores):
        raise ValueError(f"it has {len(boxes)} boxes, {len(labels)} labels, {len(scores)} scores")
    return {"boxes": boxes, "labels": labels, "scores": scores.astype(float)}


def _known(take):
    def known(value):
        try:
            return take(value)
        except KeyError as error:
            raise TypeError(f"it has no {error}") from None
    return known


TARGET = Kind('{"boxes": (N, 4), "labels": (N,)}, each box with an area', _known(_target))
DETECTION = Kind('{"boxes": (N, 4), "labels": (N,), "scores": (N,)}', _known(_detected))
DETECTIONS = kinds.row('a list of {"boxes": (N, 4), "labels": (N,), "scores": (N,)}, one a picture',
                       DETECTION)
TARGETS = kinds.row('a list of {"boxes": (N, 4), "labels": (N,)}, one an image', TARGET)
