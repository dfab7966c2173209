"""Which objects does a frame show, and where?

A network says of each cell of a picture whether an object is there, which, and what its box is.
Decoding makes boxes in pixels of that, and non-maximum suppression leaves one box for each object.
"""

from collections import deque

import numpy as np

from vidlearn import video
from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.inference.classify import as_far_as_it_goes
from vidlearn.scratch.layers.activation import sigmoid_forward
from vidlearn.scratch.layers.boxes import batched_nms, clip_boxes_to_image, remove_small_boxes
from vidlearn.video.picture import scale

DETECTOR = kinds.having("a Detector, as detector.load gives it", "classes", "maps", "size")
MAPS = kinds.array("maps (5 + classes, h, w) of floating numbers", 3, dtypes="f")
SIZE = kinds.row("(height, width) in pixels", kinds.POSITIVE, 2)
SCORE = 0.65                 # the threshold of its author's own program
IOU = 0.45
OVERLAP = 0.3                # of neighbouring tiles
EDGE = 0.01                  # of a tile: a box that ends so near to an inner edge is cut off there


@checked
def detect(frames: kinds.STREAM, detector: DETECTOR, labels: kinds.WORDS.or_none() = ("person",),
           score: kinds.FRACTION = SCORE, tiles: kinds.whole(1, 8) = 1,
           iou: kinds.FRACTION = IOU):
    """Go through frames and find the objects in each, those of `labels` or, with None, all.

    With `tiles`, each frame is also cut into so many tiles along each side, which overlap, and each
    tile is searched like a frame: objects that are small in the frame are found, and it takes
    1 + tiles ** 2 times as long. Take a higher score then: 0.75. On a street of small people,
    the precision rose from .84 to .92 and the recall from .74 to .83.

    Shapes   frames (T, H, W, 3) uint8 RGB, or anything that yields (H, W, 3) one by one
    Units    score: what is less certain is dropped; iou: of two boxes of one class that overlap by
             more, the better one stays
    Returns  a generator of {"boxes": (n, 4) xyxy in pixels of the frame, "labels": (n,) numbers
             that index `detector.classes`, "scores": (n,)}, NumPy arrays, the best first; n may
             be 0
    Raises   ArgumentError for a label that is not there, or a frame that is no uint8 picture
    """
    wanted = None if labels is None else detector.labels(labels)
    return (_detect(frame, number, detector, wanted, (score, tiles, iou))
            for number, frame in enumerate(frames))


@checked
def detect_in_film(path, detector: DETECTOR, labels: kinds.WORDS.or_none() = ("person",),
                   score: kinds.FRACTION = SCORE, tiles: kinds.whole(1, 8) = 1,
                   iou: kinds.FRACTION = IOU, allow_damaged=False):
    """Find the objects in each frame of a film, with memory for one frame.

    With `allow_damaged`, a damaged film is used as far as it can be decoded, with a warning.

    Units    as `detect`; seconds from the first frame of the file
    Returns  a generator of (seconds, frame (H, W, 3) uint8 RGB, what `detect` gives for it)
    Raises   VideoError if the film cannot be read, or is damaged and that is not allowed: then
             after the last good frame
    """
    wanted = None if labels is None else detector.labels(labels)
    strict = not allow_damaged or as_far_as_it_goes(
        lambda strict: _is_whole(path) if strict else False, allow_damaged)
    return ((second, frame, _detect(frame, number, detector, wanted, (score, tiles, iou)))
            for number, (second, frame) in enumerate(video.frames(path, strict=strict)))


@checked
def decode(maps: MAPS, size: SIZE, score: kinds.FRACTION = SCORE):
    """The boxes that the network's maps describe, before non-maximum suppression.

    A cell's score is there ** 0.6 * probability ** 0.4, of its most probable class; its box has the
    middle (tanh(x) + column, tanh(y) + row) in cells, and the share sigmoid(width) and
    sigmoid(height) of the picture's sides.

    Shapes   maps (5 + classes, h, w)  ->  boxes (n, 4), labels (n,), scores (n,)
    Units    size (height, width) of the picture, and boxes, in pixels
    """
    height, width = size
    rows, columns = maps.shape[1:]
    labels = maps[5:].argmax(0)
    scores = maps[0] ** 0.6 * maps[5:].max(0) ** 0.4
    row, column = np.nonzero(scores >= score)
    x, y, w, h = maps[1:5, row, column].astype(float)
    middle = np.stack([(np.tanh(x) + column) / columns, (np.tanh(y) + row) / rows], 1)
    half = sigmoid_forward(np.stack([w, h], 1))[0] / 2
    boxes = np.concatenate([middle - half, middle + half], 1) * [width, height, width, height]
    return boxes, labels[row, column], scores[row, column].astype(float)


def _is_whole(path):
    """True once all of a film is decoded; raises VideoError where that cannot be done."""
    deque(video.frames(path, size=2), maxlen=0)
    return True


def _detect(frame, number, detector, wanted, options):
    score, tiles, iou = options
    frame = _picture(frame, number)
    views = _views(*frame.shape[:2], tiles)
    images = [scale(frame[top:bottom, left:right], (detector.size, detector.size))
              for left, top, right, bottom in views]
    found = [_in_view(maps, view, frame.shape, score)
             for maps, view in zip(detector.maps(np.stack(images)), views, strict=True)]
    boxes, labels, scores = map(np.concatenate, zip(*found, strict=True))
    if wanted is not None:
        kept = np.isin(labels, wanted)
        boxes, labels, scores = boxes[kept], labels[kept], scores[kept]
    boxes = clip_boxes_to_image(boxes, frame.shape[:2])
    kept = remove_small_boxes(boxes, 1)               # what lies outside, or is no pixel wide
    boxes, labels, scores = boxes[kept], labels[kept], scores[kept]
    kept = batched_nms(boxes, scores, labels, iou)
    return {"boxes": boxes[kept], "labels": labels[kept], "scores": scores[kept]}


def _picture(frame, number):
    frame = np.asarray(frame)
    if frame.dtype != np.uint8 or frame.ndim != 3 or frame.shape[2] != 3 or not frame.size:
        raise ArgumentError(f"frame {number} is {frame.shape} {frame.dtype}: every frame must be "
                            "(H, W, 3) uint8 RGB")
    return frame


def _views(height, width, tiles):
    """The whole frame, and its tiles, as (left, top, right, bottom)."""
    views = [(0, 0, width, height)]
    if tiles > 1:
        views += [(left, top, right, bottom) for top, bottom in _spans(height, tiles)
                  for left, right in _spans(width, tiles)]
    return views


def _spans(length, tiles):
    """Where tiles that overlap begin and end along a side."""
    span = max(round(length / (tiles - (tiles - 1) * OVERLAP)), 1)
    return [(start, start + span)
            for start in np.linspace(0, length - span, tiles).round().astype(int)]


def _in_view(maps, view, shape, score):
    """The boxes of a view in pixels of the frame, without those that an inner edge cuts off."""
    left, top, right, bottom = view
    boxes, labels, scores = decode(maps, (bottom - top, right - left), score)
    boxes = boxes + [left, top, left, top]
    x, y = EDGE * (right - left), EDGE * (bottom - top)
    low = np.array([left + x if left else -np.inf, top + y if top else -np.inf])
    high = np.array([right - x if right < shape[1] else np.inf,
                     bottom - y if bottom < shape[0] else np.inf])
    kept = (boxes[:, :2] > low).all(1) & (boxes[:, 2:] < high).all(1)
    return boxes[kept], labels[kept], scores[kept]
