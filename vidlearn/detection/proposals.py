"""Region proposals: where might there be anything at all?

The proposal network gives each anchor a score and four offsets. Here the best of them become boxes;
in training, it is said which anchors should have found something.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from vidlearn.checks import checked, kinds
from vidlearn.detection.box_coder import decode, encode
from vidlearn.detection.kinds import ALL_ANCHORS, BOXES, OFFSETS, SIZE, TARGET
from vidlearn.detection.matcher import BACKGROUND, IGNORED, match, sample
from vidlearn.scratch.layers.activation import sigmoid_forward
from vidlearn.scratch.layers.boxes import (
    batched_nms,
    box_iou,
    clip_boxes_to_image,
    remove_small_boxes,
)

SMALLEST = 1e-3                            # pixels: no proposal is narrower


class ProposalOptions(NamedTuple):
    """How proposals are trained and chosen: torchvision's names, without the `rpn_` before them.

    Of the two pairs, the first number holds in training, the second in detection.
    """

    pre_nms_top_n: tuple = (2000, 1000)
    post_nms_top_n: tuple = (2000, 1000)
    nms_thresh: float = 0.7
    score_thresh: float = 0.0
    fg_iou_thresh: float = 0.7
    bg_iou_thresh: float = 0.3
    batch_size_per_image: int = 256
    positive_fraction: float = 0.5


USUAL = ProposalOptions()
OPTIONS = kinds.fitting("ProposalOptions", lambda value: isinstance(value, ProposalOptions))


@checked
def choose_proposals(scores: kinds.SEQUENCE, offsets: OFFSETS, anchors: ALL_ANCHORS,
                     image_size: SIZE, options: OPTIONS = USUAL, training=False):
    """Decode the highest scores of each feature map, and let NMS keep one box of many.

    Shapes   scores (A,) before the sigmoid, offsets (A, 4), anchors: one (A_i, 4) a feature map
    Returns  boxes (n, 4) inside the image, the best first
    Twin     torchvision.models.detection.rpn.RegionProposalNetwork.filter_proposals
    """
    before, after = (pair[not training] for pair in options[:2])
    edges = np.cumsum([0, *map(len, anchors)])
    top = np.concatenate([start + np.argsort(-scores[start:stop], kind="stable")[:before]
                          for start, stop in pairwise(edges)])
    boxes = clip_boxes_to_image(decode(offsets[top], np.concatenate(anchors)[top]), image_size)
    objectness = sigmoid_forward(scores[top])[0]
    keep = remove_small_boxes(boxes, SMALLEST)
    keep = keep[objectness[keep] >= options.score_thresh]
    maps = np.searchsorted(edges, top[keep], side="right")
    best = batched_nms(boxes[keep], objectness[keep], maps, options.nms_thresh)[:after]
    return boxes[keep[best]]


@checked
def proposal_targets(anchors: BOXES, target: TARGET, options: OPTIONS = USUAL, *, rng):
    """Choose the anchors of an image to train on, and the offsets that the objects among them want.

    Shapes   anchors (A, 4)
    Returns  the numbers of anchors on objects, of anchors on background, and the offsets (n, 4) of
             the first
    Twin     torchvision.models.detection.rpn.RegionProposalNetwork.assign_targets_to_anchors
    """
    matched = match(box_iou(target["boxes"], anchors), options.fg_iou_thresh,
                    options.bg_iou_thresh, allow_low_quality=True)
    labels = np.select([matched == BACKGROUND, matched == IGNORED], [0, -1], 1)
    objects, background = sample(labels, options.batch_size_per_image, options.positive_fraction,
                                 rng)
    return objects, background, encode(target["boxes"][matched[objects]], anchors[objects])
