"""Exercises of notebook 41, Faster R-CNN."""

import numpy as np

from vidlearn.course.exercise import Exercise
from vidlearn.scratch.layers.boxes import nms

BETA = 1 / 9


def sample(labels, order, size, fraction):
    objects = [i for i in order if labels[i] == 1][:int(size * fraction)]
    background = [i for i in order if labels[i] == 0][:size - len(objects)]
    return objects, background


def offset_loss(offsets, wanted, is_object):
    distance = np.abs(offsets - wanted)[is_object]
    curved = distance ** 2 / (2 * BETA)
    straight = distance - BETA / 2
    return np.where(distance < BETA, curved, straight).sum() / len(offsets)


def detections(scores, boxes, least, overlap, most):
    found = []
    for label in range(1, scores.shape[1]):
        regions = np.flatnonzero(scores[:, label] > least)
        kept = nms(boxes[regions, label], scores[regions, label], overlap)
        found += [(region, label) for region in regions[kept].tolist()]
    return sorted(found, key=lambda pair: -scores[pair])[:most]


def worst_overlap(width, height, stride):
    across = max(0, width - stride / 2)
    down = max(0, height - stride / 2)
    return across * down / (2 * width * height - across * down)


def _half_and_half(labels, order, size, fraction):
    objects = [i for i in order if labels[i] == 1][:int(size * fraction)]
    return objects, [i for i in order if labels[i] == 0][:size - int(size * fraction)]


def _as_they_come(labels, order, size, fraction):
    chosen = [i for i in order if labels[i] >= 0][:size]
    return [i for i in chosen if labels[i] == 1], [i for i in chosen if labels[i] == 0]


def _with_ignored(labels, order, size, fraction):
    objects = [i for i in order if labels[i] == 1][:int(size * fraction)]
    return objects, [i for i in order if labels[i] != 1][:size - len(objects)]


def _unshuffled(labels, order, size, fraction):
    return sample(labels, np.sort(order), size, fraction)


def _anchors(count, objects, ignored, size, fraction):
    def case(rng):
        labels = rng.permutation([1] * objects + [-1] * ignored
                                 + [0] * (count - objects - ignored))
        return labels, rng.permutation(count), size, fraction
    return case


SAMPLE = Exercise(
    sample,
    cases=[_anchors(12, 3, 2, 6, 0.5), _anchors(40, 15, 5, 8, 0.5), _anchors(40, 1, 4, 9, 0.25),
           _anchors(20, 0, 3, 6, 0.5), _anchors(9, 5, 2, 8, 0.5), _anchors(11, 4, 0, 7, 1.0),
           _anchors(7, 7, 0, 5, 0.5), _anchors(9, 2, 2, 1, 0.5),
           _anchors(40, 15, 5, 7, 0.5),                   # half of 7 is 3: cut, not rounded
           (np.array([0, 0, 1, -1]), np.array([0, 3, 2, 1]), 3, 0.5)],
    hints=["Walk through the order once and keep the first objects, at most size * fraction.",
           "Background fills what is left of size: with fewer objects, there is more of it."],
    returns=("objects", "background"),
    mistakes={
        "background does not fill the places that objects leave free": _half_and_half,
        "the anchors are taken as they come: nearly none of them is an object": _as_they_come,
        "anchors marked -1 are trained as background": _with_ignored,
        "half of an odd size is rounded up, where int() cuts": lambda labels, order, size, fraction:
            sample(labels, order, size, (int(size * fraction + 0.5) + 1e-9) / size),
        "the first anchors are taken in place of those that the order names": _unshuffled,
    },
)


def _offsets(count, objects, spread):
    def case(rng):
        is_object = rng.permutation([True] * objects + [False] * (count - objects))
        offsets = rng.normal(size=(count, 4)) * spread * (rng.random((count, 4)) > 0.1)
        return offsets, rng.normal(size=(count, 4)) * spread, is_object
    return case


def _squares(offsets, wanted, is_object):
    return ((offsets - wanted)[is_object] ** 2).sum() / (2 * BETA) / len(offsets)


def _by_objects(offsets, wanted, is_object):
    return offset_loss(offsets, wanted, is_object) * len(offsets) / max(1, is_object.sum())


def _not_joined(offsets, wanted, is_object):
    distance = np.abs(offsets - wanted)[is_object]
    return np.where(distance < BETA, distance ** 2 / (2 * BETA), distance).sum() / len(offsets)


OFFSET_LOSS = Exercise(
    offset_loss,
    cases=[_offsets(8, 3, 0.1), _offsets(5, 5, 1.0), _offsets(9, 1, 0.3), _offsets(7, 0, 1.0),
           _offsets(1, 1, 0.05), _offsets(6, 2, 100.0),
           (np.full((3, 4), BETA), np.zeros((3, 4)), np.array([True, True, False]))],
    hints=["Only rows that are objects count: offsets[is_object].",
           "np.where(distance < BETA, curved, straight), then the sum, then one division."],
    mistakes={
        "background counts too: it has no box to be near to":
            lambda offsets, wanted, is_object: offset_loss(
                offsets, wanted, np.ones_like(is_object)),
        "the sum is divided by the number of objects": _by_objects,
        "it is the mean over the four offsets, where their sum is asked": lambda *given:
            offset_loss(*given) / 4,
        "a distance beyond β is squared, too": _squares,
        "the straight part does not go on where the curved part ends": _not_joined,
    },
)


def _regions(count, classes, least, overlap, most, size=12):
    def case(rng):
        logits = rng.normal(size=(count, classes)) * 2
        scores = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
        corners = rng.integers(0, size, (count, 1, 2)) + rng.integers(0, 3, (count, classes, 2))
        sides = rng.integers(6, 12, (count, classes, 2))
        return scores, np.concatenate([corners, corners + sides], 2).astype(float), least, \
            overlap, most
    return case


def _background_too(scores, boxes, least, overlap, most):
    padded = np.pad(scores, [(0, 0), (1, 0)]), np.pad(boxes, [(0, 0), (1, 0), (0, 0)])
    return [(r, label - 1) for r, label in detections(*padded, least, overlap, most)]


def _best_class_only(scores, boxes, least, overlap, most):
    best = scores.argmax(1)[:, None] == np.arange(scores.shape[1])
    return detections(np.where(best, scores, -1), boxes, least, overlap, most)


def _across_classes(scores, boxes, least, overlap, most):
    region, label = np.nonzero(scores[:, 1:] > least)
    kept = nms(boxes[region, label + 1], scores[region, label + 1], overlap)
    return [(int(region[k]), int(label[k]) + 1) for k in kept][:most]


def _cut_first(scores, boxes, least, overlap, most):
    every = detections(scores, boxes, least, 1.0, most)
    seen = np.full(scores.shape, -1.0)
    for pair in every:
        seen[pair] = scores[pair]
    return detections(seen, boxes, least, overlap, most)


def _no_nms(scores, boxes, least, overlap, most):
    return detections(scores, boxes, least, 1.0, most)


_AT_THE_EDGE = np.array([[0.2, 0.5, 0.3], [0.3, 0.25, 0.45], [0.6, 0.28, 0.12]])
_APART = np.arange(9.0).reshape(3, 3, 1) * 20 + np.array([-5.0, 0, 5, 9])

DETECTIONS = Exercise(
    detections,
    cases=[_regions(9, 3, 0.05, 0.5, 100), _regions(15, 4, 0.2, 0.3, 100),
           _regions(12, 3, 0.05, 0.5, 4), _regions(7, 2, 0.3, 0.2, 9), _regions(5, 3, 1.0, 0.5, 9),
           _regions(1, 3, 0.0, 0.5, 9), (_AT_THE_EDGE, _APART, 0.25, 0.5, 100),
           _regions(30, 3, 0.1, 0.3, 5)],
    hints=["Take one class after another, from 1 on: class 0 is the background.",
           "nms(boxes[regions, label], scores[regions, label], overlap) counts within `regions`.",
           "Only after all classes: sort by score, the highest first, and cut at `most`."],
    mistakes={
        "the background is named, too": _background_too,
        "a region counts only for its best class": _best_class_only,
        "NMS works across classes: a person in front of a car removes it": _across_classes,
        "the list is cut before NMS": _cut_first,
        "there is no NMS": _no_nms,
        "a score that equals the threshold stays": lambda scores, boxes, least, *rest:
            detections(scores, boxes, np.nextafter(least, -1), *rest),
    },
)

WORST_OVERLAP = Exercise(
    worst_overlap,
    cases=[(16, 40, 4), (8, 20, 16), (8, 20, 4), (30, 30, 32), (7, 7, 14), (3, 50, 8), (5, 4, 9),
           (3, 4, 12),
           (100, 200, 1), (12.5, 31, 5)],
    hints=["Anchors stand `stride` apart in both directions. How far can the nearest one be?",
           "Half a stride to the side and half a stride down. What do the two boxes share?",
           "Two equal boxes: the union is twice the area less what they share."],
    mistakes={
        "the object is a whole stride away: then another anchor is nearer":
            lambda width, height, stride: worst_overlap(width, height, 2 * stride),
        "it is moved to one side only": lambda width, height, stride: (
            max(0, width - stride / 2) / (2 * width - max(0, width - stride / 2))),
        "the union counts the shared part twice": lambda width, height, stride: (
            max(0, width - stride / 2) * max(0, height - stride / 2) / (2 * width * height)),
        "it is the share of the object that is covered, not the IoU":
            lambda width, height, stride: (
                max(0, width - stride / 2) * max(0, height - stride / 2) / (width * height)),
        "boxes that do not touch give a number all the same": lambda width, height, stride: (
            (width - stride / 2) * (height - stride / 2)
            / (2 * width * height - (width - stride / 2) * (height - stride / 2))),
    },
)
