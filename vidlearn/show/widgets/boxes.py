"""Anchors over a frame, and what NMS keeps of many boxes."""

import numpy as np

from vidlearn.checks import ArgumentError, checked
from vidlearn.detection.anchors import grid_anchors
from vidlearn.detection.average_precision import precision_recall
from vidlearn.scratch.layers.boxes import BOXES, SCORES, box_iou, nms
from vidlearn.show import draw
from vidlearn.show.boxes import boxed
from vidlearn.show.structure.anchors import cell_anchors

GOOD = 0.5                           # IoU from which a box counts as right
TIMES = 3                            # a pixel of the frame on the page


@checked
def anchor_matches(frame: draw.PICTURE, true_boxes: BOXES):
    """Make the `draw` of a widget: the anchors of one size and ratio that overlap a true box.

    Shapes   frame (H, W, 3) uint8, true_boxes (N, 4)
    Units    size and step in pixels; ratio is height through width
    """
    if not len(true_boxes):
        raise ArgumentError("true_boxes: there is none to overlap")

    def place_anchors(size=24, ratio=2.0, step=8):
        cells = frame.shape[0] // step, frame.shape[1] // step
        anchors = grid_anchors(cell_anchors([size], [ratio]), cells, frame.shape[:2])
        iou = box_iou(true_boxes, anchors)
        good = (iou >= GOOD).any(0)
        sheet = boxed(frame, anchors[good], colour=draw.SKY, times=TIMES, thickness=1)
        best = iou.max(1)
        sheet = _outlined(sheet, true_boxes, best >= GOOD)
        words = " ".join(f"{value:.2f}" for value in best)
        return sheet, (f"{len(anchors)} anchors, {good.sum()} overlap by {GOOD} or more; "
                       f"best of each: {words}")
    return place_anchors


@checked
def kept_boxes(frame: draw.PICTURE, boxes: BOXES, scores: SCORES, true_boxes: BOXES):
    """Make the `draw` of a widget: what NMS keeps at a threshold, the right ones and the wrong.

    Shapes   frame (H, W, 3) uint8, boxes (M, 4), scores (M,), true_boxes (N, 4), N at least 1
    """
    truth = {"boxes": true_boxes, "labels": np.ones(len(true_boxes), int)}

    def suppress(threshold=0.5, least_score=0.0):
        asked = np.flatnonzero(scores >= least_score)
        kept = asked[nms(boxes[asked], scores[asked], threshold)]
        found = {"boxes": boxes[kept], "labels": np.ones(len(kept), int), "scores": scores[kept]}
        precision, _, _ = precision_recall([found], [truth], 1, GOOD)
        hits = np.diff(precision * np.arange(1, len(kept) + 1), prepend=0) > 0.5
        sheet = _outlined(draw.enlarge(frame, TIMES), boxes[kept], hits)
        right = int(hits.sum())
        return sheet, (f"{len(asked)} boxes, {len(kept)} kept: {right} right, {len(kept) - right} "
                       f"wrong; {len(true_boxes) - right} of {len(true_boxes)} missed")
    return suppress


def _outlined(sheet, boxes, good):
    """Outline boxes on an enlarged picture: green where they are good, red where they are not."""
    colours = [draw.GREEN if right else draw.RED for right in good]
    return boxed(sheet, boxes * TIMES, colour=colours) if len(boxes) else sheet
