"""The second stage: what is in each proposed region, and where exactly?"""

from typing import NamedTuple

import numpy as np

from vidlearn.checks import checked, kinds
from vidlearn.detection.box_coder import decode, encode
from vidlearn.detection.kinds import BOXES, SIZE, TARGET
from vidlearn.detection.matcher import BACKGROUND, match, sample
from vidlearn.scratch.layers.boxes import (
    batched_nms,
    box_iou,
    clip_boxes_to_image,
    remove_small_boxes,
)

WEIGHTS = (10.0, 10.0, 5.0, 5.0)           # of the box coder: these offsets are small
SMALLEST = 1e-2                            # pixels: no detection is narrower
SCORES = kinds.array("an array (N, classes) of probabilities", 2, empty=True)


class HeadOptions(NamedTuple):
    """How regions are trained and detections chosen: torchvision's names, without `box_`."""

    score_thresh: float = 0.05
    nms_thresh: float = 0.5
    detections_per_img: int = 100
    fg_iou_thresh: float = 0.5
    bg_iou_thresh: float = 0.5
    batch_size_per_image: int = 512
    positive_fraction: float = 0.25


USUAL = HeadOptions()
OPTIONS = kinds.fitting("HeadOptions", lambda value: isinstance(value, HeadOptions))


@checked
def sample_regions(proposals: BOXES, target: TARGET, options: OPTIONS = USUAL, *, rng):
    """Choose regions to train on, among the proposals and the true boxes of one image.

    The true boxes are added, for at the start no proposal is near an object.

    Returns  regions (n, 4), their labels (n,) with 0 for background, and the offsets (m, 4) of
             those whose label is not 0
    Twin     torchvision.models.detection.roi_heads.RoIHeads.select_training_samples
    """
    boxes, classes = target["boxes"], np.append(target["labels"], [0, -1])   # -1 and -2 come last
    regions = np.concatenate([proposals, boxes])
    matched = match(box_iou(boxes, regions), options.fg_iou_thresh, options.bg_iou_thresh)
    labels = classes[np.where(matched == BACKGROUND, -2, np.where(matched < 0, -1, matched))]
    chosen = np.sort(np.concatenate(sample(labels, options.batch_size_per_image,
                                           options.positive_fraction, rng)))
    objects = chosen[labels[chosen] > 0]
    return (regions[chosen], labels[chosen],
            encode(boxes[matched[objects]], regions[objects], WEIGHTS))


@checked
def choose_detections(scores: SCORES, offsets: SCORES, regions: BOXES, image_size: SIZE,
                      options: OPTIONS = USUAL):
    """Make detections of one image: a region counts for every class whose score is high enough.

    NMS works within each class: a person in front of a car hides no car.

    Shapes   scores (n, classes), offsets (n, 4 * classes), regions (n, 4); class 0 is background
    Returns  {"boxes": (m, 4), "labels": (m,), "scores": (m,)}, the highest score first
    Twin     torchvision.models.detection.roi_heads.RoIHeads.postprocess_detections
    """
    region, label = np.nonzero(scores[:, 1:] > options.score_thresh)
    label = label + 1
    offsets = offsets.reshape(*scores.shape, 4)[region, label]
    scores = scores[region, label]
    boxes = clip_boxes_to_image(decode(offsets, regions[region], WEIGHTS), image_size)
    keep = remove_small_boxes(boxes, SMALLEST)
    keep = keep[batched_nms(boxes[keep], scores[keep], label[keep], options.nms_thresh)]
    keep = keep[:options.detections_per_img]
    return {"boxes": boxes[keep], "labels": label[keep], "scores": scores[keep]}
