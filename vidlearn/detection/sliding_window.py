"""A detector from a classifier: ask it at every place, in every size.

The window keeps its size and the picture changes: on a picture made smaller, it finds larger
people. The score of a window is the weight times its blocks. At all places of a picture at once,
that is one correlation of the weight with the blocks of the whole picture.
"""

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.detection.kinds import POSITIVES
from vidlearn.scratch.layers.boxes import BOXES, box_iou, nms
from vidlearn.video.picture import scale
from vidlearn.vision.hog import hog

WINDOW = (128, 64)                         # pixels: Dalal and Triggs' window
CELL, BLOCKS = 8, (15, 7)                  # its blocks of 2x2 cells
PERSON = 96                                # pixels: how tall a person stands in the window
ASPECT = 0.41                              # width / height of a person's box
MARGIN = (WINDOW[0] - PERSON) // 2         # pixels around a person; a picture gets it, too
APART = 0.3                                # a window with less IoU shows nobody
TRIES = 100                                # for a place that shows nobody
PERSON_LABEL = 1
FRAME = kinds.array("a picture (H, W, 3) of uint8", 3, last=(3,), dtypes="B")
SVM = kinds.having("a LinearSVM", "weight", "bias")


@checked
def window_of(frame: FRAME, box: kinds.row("left, top, right, bottom", kinds.NUMBER, 4)):
    """Cut out the window around a person's box, in the size that the classifier reads.

    What lies outside the frame repeats its border.

    Shapes   frame (H, W, 3)  ->  (128, 64, 3)
    Raises   ArgumentError if the box has no height
    """
    left, top, right, bottom = box
    if not bottom > top:
        raise ArgumentError(f"box {list(box)} has no height: a window is as tall as it needs")
    half = np.array(WINDOW) / PERSON * (bottom - top) / 2
    middle = np.array([top + bottom, left + right]) / 2
    first = np.round(middle - half).astype(int)
    last = np.maximum(np.round(middle + half).astype(int), first + 1)
    rows, columns = (np.arange(low, high).clip(0, length - 1) for low, high, length in zip(
        first, last, frame.shape[:2], strict=True))
    return scale(frame[np.ix_(rows, columns)], WINDOW)


@checked
def window_scores(blocks: kinds.array("blocks of 2x2 cells, as hog gives them", 5), svm: SVM):
    """Score the window at every place: one correlation of the weight with the blocks.

    Shapes   blocks (R, S, 2, 2, K)  ->  (R - 14, S - 6), without a place where no window fits
    """
    rows, columns = (max(n - k + 1, 0) for n, k in zip(blocks.shape, BLOCKS, strict=False))
    if svm.weight.size != np.prod(BLOCKS) * np.prod(blocks.shape[2:]):
        raise ArgumentError(f"svm has {svm.weight.size} weights, and a window of such blocks has "
                            f"{np.prod(BLOCKS) * np.prod(blocks.shape[2:])} numbers")
    kernel = svm.weight.reshape(*BLOCKS, -1)
    products = blocks.reshape(*blocks.shape[:2], -1) @ kernel.reshape(-1, kernel.shape[2]).T
    scores = np.full((rows, columns), float(svm.bias))
    for k in range(products.shape[2]):
        i, j = divmod(k, BLOCKS[1])
        scores += products[i:i + rows, j:j + columns, k]
    return scores


@checked
def detect_windows(frame: FRAME, svm: SVM, heights: POSITIVES, score: kinds.NUMBER = 0.0,
                   iou: kinds.FRACTION = 0.3):
    """Find people of these heights: each scale is searched at every cell, and NMS keeps the best.

    Shapes   frame (H, W, 3)  ->  {"boxes": (n, 4) float64 xyxy, "labels": (n,), "scores": (n,)},
             the best first
    Units    heights of people in pixels of the frame, each about 1.2 times the one before; score:
             what is less is dropped; scores have no upper end; every label is 1. A box of somebody
             at the border may reach a few pixels out of the frame
    """
    boxes, scores, _ = _search(frame, svm, heights, score, iou)
    return {"boxes": boxes, "labels": np.full(len(boxes), PERSON_LABEL), "scores": scores}


@checked
def random_negatives(frame: FRAME, boxes: BOXES, heights: POSITIVES, count: kinds.COUNT, rng):
    """Cut windows at random places where nobody is.

    Shapes   boxes (K, 4) of everybody in the frame  ->  (n, 128, 64, 3), n up to `count`: less if
             the frame is too small or too full
    """
    size, found = np.array(frame.shape[1::-1]), []
    for _ in range(count * TRIES):
        if len(found) == count:
            break
        height = rng.choice(heights)
        corner = rng.uniform(0, 1, 2) * (size - height * np.array([ASPECT, 1]))
        box = np.concatenate([corner, corner + height * np.array([ASPECT, 1])])
        if (corner >= 0).all() and _shows_nobody(box[None], boxes)[0]:
            found.append(window_of(frame, box))
    return np.array(found, np.uint8).reshape(-1, *WINDOW, 3)


@checked
def hard_negatives(frame: FRAME, boxes: BOXES, svm: SVM, heights: POSITIVES,
                   score: kinds.NUMBER = 0.0):
    """What the detector takes for people where there are none: its features, to train on again.

    Shapes   boxes (K, 4) of everybody in the frame  ->  (n, 3780), the worst first
    """
    found, _, features = _search(frame, svm, heights, score, APART)
    return features[_shows_nobody(found, boxes)]


def _search(frame, svm, heights, score, iou):
    """Boxes (n, 4), scores (n,) and features (n, 3780) of the windows that NMS keeps."""
    levels = [_level(frame, height, svm, score) for height in heights]
    boxes, scores = (np.concatenate(part) for part in zip(*(
        (boxes, scores) for boxes, scores, _ in levels), strict=True))
    features = [(blocks, place) for _, _, (blocks, places) in levels for place in places]
    kept = nms(boxes, scores, iou)
    return boxes[kept], scores[kept], np.array([_cut(*features[k]) for k in kept]).reshape(
        -1, svm.weight.size)


def _level(frame, height, svm, score):
    """The windows on one scale: boxes, scores, and where their blocks are."""
    old = np.array(frame.shape[:2])
    new = np.maximum(np.round(old * PERSON / height).astype(int), 1)
    picture = np.pad(scale(frame, tuple(new.tolist())), [(MARGIN,) * 2] * 2 + [(0, 0)], "edge")
    if (np.array(picture.shape[:2]) < WINDOW).any():
        return np.zeros((0, 4)), np.zeros(0), (None, [])
    blocks = hog(picture)
    scores = window_scores(blocks, svm)
    places = np.argwhere(scores > score)
    middle = places * CELL + np.array(WINDOW) / 2 - MARGIN
    half = PERSON / 2 * np.array([1, ASPECT])
    low, high = (middle - half) * old / new, (middle + half) * old / new
    return np.hstack([low[:, ::-1], high[:, ::-1]]), scores[tuple(places.T)], (blocks, places)


def _cut(blocks, place):
    row, column = place
    return blocks[row:row + BLOCKS[0], column:column + BLOCKS[1]].ravel()


def _shows_nobody(windows, boxes):
    return box_iou(windows, boxes).max(1, initial=0) < APART
