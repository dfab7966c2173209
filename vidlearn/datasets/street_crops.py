"""Crops of the street with boxes around people and cars: what a small detector learns from.

A crop keeps a box if most of the object lies in it and most of that can be seen. The course has a
file of crops (data/street_crops.safetensors, made by data/crops.py): drawing them takes half a
minute, and reading them takes no time.
"""

import cv2
import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.datasets.street import street
from vidlearn.files import safetensors

CLASSES = ("background", "person", "car")          # label 0 is never a box
STREET_OPTIONS = dict(frames=100, people=6, cars=3, parked=True, step=8)
PER_STREET = 12                                    # crops of one street
MIN_SIDE, MIN_VISIBLE, MIN_INSIDE = 12, .5, .6     # height in pixels; shares of an object
CAR_SHARE = .5                                     # how often a crop is taken around a car
COLUMNS = 24                                       # crops side by side in the file's picture
QUALITY = 70                                       # of WebP, 0..100
LONGEST = 16383                                    # pixels along a side of a WebP picture
SEEDS = kinds.row("a list of seeds, whole numbers of 0 or more", kinds.ONE_SEED)


@checked
def street_crops(seeds: SEEDS, size: kinds.whole(16, 120) = 96):
    """Draw crops of the streets with these seeds, at most PER_STREET of each, with their boxes.

    Shapes   ->  crops (N, size, size, 3) uint8 RGB, and N dicts {"boxes": (K, 4) float64, "labels":
             (K,) int64}, K at least 1
    Units    boxes xyxy in pixels of the crop, right and bottom excluded; labels 1 for a person and
             2 for a car, moving or parked
    Raises   ArgumentError if no street of these shows anybody clearly
    """
    found = [pair for seed in seeds for pair in _of_one_street(seed, size)]
    if not found:
        raise ArgumentError(f"nobody can be seen clearly in the streets {list(seeds)}: take others")
    crops, targets = zip(*found, strict=True)
    return np.stack(crops), list(targets)


@checked
def save_street_crops(path, crops: kinds.BYTES, targets: kinds.LIST, seeds: SEEDS):
    """Write crops as one WebP picture, with their boxes, labels and seeds, into a new file.

    Units    about 2 kB a crop of 96 pixels; the pixels come back a little changed, without noise
    Raises   ArgumentError for more crops than one picture holds; OSError that names the file
    """
    rows = -(-len(crops) // COLUMNS)
    size = crops.shape[1]
    sheet = np.zeros((rows * COLUMNS, size, size, 3), np.uint8)
    sheet[:len(crops)] = crops
    sheet = sheet.reshape(rows, COLUMNS, size, size, 3).swapaxes(1, 2)
    picture = sheet.reshape(rows * size, COLUMNS * size, 3)[..., ::-1]
    if max(picture.shape) > LONGEST:
        raise ArgumentError(f"{len(crops)} crops of {size} pixels are more than one picture holds: "
                            f"write at most {LONGEST // size * COLUMNS} into a file")
    _, webp = cv2.imencode(".webp", picture, [cv2.IMWRITE_WEBP_QUALITY, QUALITY])
    safetensors.write(path, {
        "webp": webp, "boxes": np.concatenate([each["boxes"] for each in targets]),
        "labels": np.concatenate([each["labels"] for each in targets]),
        "counts": np.array([len(each["labels"]) for each in targets])},
        {"size": size, "seeds": list(seeds)})


@checked
def read_street_crops(path):
    """Read the crops of a file that `save_street_crops` wrote.

    Returns  crops (N, size, size, 3) uint8 RGB; N dicts of boxes and labels, as `street_crops`
             gives; and the seeds of their streets
    Raises   ArgumentError if the file holds no crops; WeightsError if it cannot be read
    """
    arrays, facts = safetensors.read(path)
    if not {"webp", "boxes", "labels", "counts"} <= set(arrays):
        raise ArgumentError(f"{path} holds {', '.join(arrays)}, and no crops of the street")
    picture = cv2.imdecode(arrays["webp"], cv2.IMREAD_COLOR)
    if picture is None:
        raise ArgumentError(f"{path} is damaged: its picture cannot be decoded")
    size, counts = facts["size"], arrays["counts"]
    tiles = picture[..., ::-1].reshape(-1, size, COLUMNS, size, 3).swapaxes(1, 2)
    crops = tiles.reshape(-1, size, size, 3)[:len(counts)]
    ends = np.cumsum(counts)[:-1]
    targets = [{"boxes": boxes, "labels": labels} for boxes, labels in zip(
        np.split(arrays["boxes"], ends), np.split(arrays["labels"], ends), strict=True)]
    return np.ascontiguousarray(crops), targets, facts["seeds"]


def _of_one_street(seed, size):
    """(crop, target) for a frame after another, each around somebody who is clearly visible."""
    clip, rng = street(seed, **STREET_OPTIONS), np.random.default_rng([seed, 7])
    pairs = (_crop(frame, boxes, visible, clip.kinds, rng, size) for frame, boxes, visible in zip(
        clip.frames, clip.boxes, clip.visible, strict=True))
    return [pair for pair in pairs if pair][:PER_STREET]


def _crop(frame, boxes, visible, kind, rng, size):
    """A crop of one frame that holds a randomly chosen object, and its target; or None."""
    clear = (visible >= MIN_VISIBLE) & (boxes[:, 3] - boxes[:, 1] >= MIN_SIDE)
    chosen = np.flatnonzero(clear & (kind == (rng.random() < CAR_SHARE)))
    if not len(chosen):
        return None
    box = boxes[rng.choice(chosen)]
    corner = np.array([_place(rng, box[i], box[i + 2], size, frame.shape[1 - i]) for i in (0, 1)])
    moved = boxes - np.tile(corner, 2)
    inside = np.clip(moved, 0, size)
    kept = clear & (_area(inside) >= MIN_INSIDE * _area(moved))
    if not kept.any():
        return None
    x, y = corner
    return frame[y:y + size, x:x + size], {
        "boxes": inside[kept].astype(float), "labels": kind[kept] + 1}


def _place(rng, first, last, size, length):
    """Where a crop begins along one axis, so that it holds first..last if that is possible."""
    low, high = sorted((last - size, first))
    return int(np.clip(rng.integers(low, high + 1), 0, length - size))


def _area(boxes):
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
