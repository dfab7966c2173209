"""What a detector shows: its scores and overlaps are cut where the reader says."""

import numpy as np

from vidlearn.checks import checked, kinds
from vidlearn.detection.kinds import DETECTIONS, TARGETS
from vidlearn.scratch.layers.boxes import batched_nms, box_iou
from vidlearn.show import draw
from vidlearn.show.boxes import boxed

RIGHT, WRONG, MISSED = draw.GREEN, draw.RED, draw.ORANGE
HALF = 0.5                                 # IoU from which a detection is right


@checked
def sorted_out(found: DETECTIONS, targets: TARGETS, score: kinds.FRACTION, overlap: kinds.FRACTION):
    """What is left of one picture's detections after both cuts, and what is right of it.

    A detection is right if it overlaps a true box of its class by half or more that no better one
    has found.

    Shapes   both lists of one picture
    Returns  the numbers of those kept (k,), which of them are right (k,), and which true boxes are
             found (n,)
    """
    (found,), (target,) = found, targets
    sure = np.flatnonzero(found["scores"] >= score)
    kept = sure[batched_nms(found["boxes"][sure], found["scores"][sure], found["labels"][sure],
                            overlap)]
    is_right, is_found = np.zeros(len(kept), bool), np.zeros(len(target["boxes"]), bool)
    overlaps = box_iou(found["boxes"][kept], target["boxes"])
    same = found["labels"][kept][:, None] == target["labels"]
    for i, row in enumerate(np.where(same, overlaps, 0)):
        free = np.where(is_found, 0, row)
        if free.max(initial=0) >= HALF:
            is_right[i] = is_found[free.argmax()] = True
    return kept, is_right, is_found


@checked
def detection_thresholds(crops: kinds.BYTES, found: DETECTIONS, targets: TARGETS,
                         names: kinds.WORDS):
    """Make the `draw` of a widget: from what score on, and up to what overlap, a detection stays.

    The counts stand in the picture: they may differ a little where the network was trained.

    Shapes   crops (N, H, W, 3); detections before NMS and true boxes of each; a name for each label
    """
    def cut_detections(picture=0, score=0.5, overlap=0.5):
        one, target = found[picture], targets[picture]
        kept, is_right, is_found = sorted_out([one], [target], score, overlap)
        missed = target["boxes"][~is_found]
        boxes = np.concatenate([missed, one["boxes"][kept]])
        words = [""] * len(missed) + [
            f"{names[label]} {value:.2f}" for label, value in zip(
                one["labels"][kept], one["scores"][kept], strict=True)]
        colours = [MISSED] * len(missed) + [RIGHT if right else WRONG for right in is_right]
        counts = (f"{len(kept)} detections: {is_right.sum()} right, {(~is_right).sum()} wrong; "
                  f"{len(missed)} missed")
        sheet = boxed(crops[picture], boxes, words, colours or RIGHT, times=5)
        return draw.titled(sheet, counts), f"score {score:.2f}, overlap {overlap:.2f}"
    return cut_detections
