"""Average precision against pycocotools: ties, empty pictures, classes that are never found."""

from contextlib import redirect_stdout
from io import StringIO

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from vidlearn.checks import ArgumentError
from vidlearn.detection.average_precision import (
    average_precision,
    coco_average_precision,
    precision_recall,
)

EMPTY = {"boxes": np.zeros((0, 4)), "labels": [], "scores": []}


def drawn(seed, pictures, most=9, classes=3):
    """Boxes on a coarse grid and few scores: many ties. Some detections are near true boxes."""
    rng = np.random.default_rng(seed)
    detections, targets = [], []
    for _ in range(pictures):
        n, m = rng.integers(0, most, 2)
        truth = boxes(rng, n)
        near = truth[rng.integers(0, n, m)] + rng.integers(-1, 2, (m, 4)) if n else boxes(rng, m)
        near[:, 2:] = np.maximum(near[:, 2:], near[:, :2])           # some have no area
        targets.append({"boxes": truth, "labels": rng.integers(1, classes + 1, n)})
        detections.append({"boxes": near, "labels": rng.integers(1, classes + 1, m),
                           "scores": rng.integers(0, 5, m) / 4})
    return detections, targets


def boxes(rng, n):
    corners = rng.integers(0, 8, (n, 2))
    return np.hstack([corners, corners + rng.integers(1, 7, (n, 2))])


def coco(detections, targets, max_detections=100):
    """The evaluation of pycocotools: its pictures are numbered from 1, its boxes are xywh."""
    def rows(pictures):
        for i, picture in enumerate(pictures, 1):
            for j, (x, y, right, bottom) in enumerate(picture["boxes"].tolist()):
                yield {"image_id": i, "category_id": int(picture["labels"][j]), "iscrowd": 0,
                       "bbox": [x, y, right - x, bottom - y], "area": (right - x) * (bottom - y),
                       "score": float(picture.get("scores", [0] * (j + 1))[j])}
    truth = COCO()
    annotations = [row | {"id": i} for i, row in enumerate(rows(targets), 1)]
    truth.dataset = {"images": [{"id": i + 1} for i in range(len(targets))],
                     "categories": [{"id": i} for i in {row["category_id"] for row in annotations}],
                     "annotations": annotations}
    with redirect_stdout(StringIO()):
        truth.createIndex()
        found = COCO()
        found.dataset = truth.dataset | {"annotations": [
            row | {"id": i} for i, row in enumerate(rows(detections), 1)]}
        found.createIndex()
        judged = COCOeval(truth, found, "bbox")
        judged.params.maxDets = [max_detections]
    return judged


def precisions(judged, recalls=None):
    """Class -> the precisions (thresholds, recalls) that pycocotools finds."""
    if recalls is not None:
        judged.params.recThrs = recalls
    with redirect_stdout(StringIO()):
        judged.evaluate()
        judged.accumulate()
    return {label: judged.eval["precision"][:, :, k, 0, 0]
            for k, label in enumerate(judged.params.catIds)}


@settings(max_examples=200)
@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.sampled_from([1, 3, 100]))
def test_cocos_average_precision_is_pycocotools(seed, pictures, most):
    detections, targets = drawn(seed, pictures)
    assume(any(len(target["labels"]) for target in targets))
    ours = coco_average_precision(detections, targets, most)
    theirs = {k: p.mean() for k, p in precisions(coco(detections, targets, most)).items()}
    assert ours.by_class == pytest.approx(theirs, abs=1e-10)
    assert ours.mean == pytest.approx(np.mean(list(theirs.values())), abs=1e-10)


@settings(max_examples=200)
@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.sampled_from([0, 0.3, 0.5, 0.75, 1]))
def test_the_area_at_one_threshold_is_pycocotools_at_every_recall(seed, pictures, threshold):
    """Between two neighbouring recalls the curve is flat: one point in each gap gives the area."""
    detections, targets = drawn(seed, pictures, classes=1)
    count = sum(len(target["labels"]) for target in targets)
    assume(count)
    judged = coco(detections, targets)
    judged.params.iouThrs = np.array([threshold])
    theirs = precisions(judged, (np.arange(count) + 0.5) / count)[1].mean()
    ours = average_precision(detections, targets, threshold)
    assert ours == (pytest.approx(theirs, abs=1e-10), pytest.approx({1: theirs}, abs=1e-10))


def test_the_example_of_the_lesson_by_hand():
    """Right, wrong, right of three true boxes: 1/3 · 1 + 1/3 · 2/3."""
    truth = {"boxes": [[0, 0, 4, 4], [10, 0, 14, 4], [20, 0, 24, 4]], "labels": [1, 1, 1]}
    found = {"boxes": [[0, 0, 4, 4], [30, 0, 34, 4], [20, 0, 24, 4]], "labels": [1, 1, 1],
             "scores": [0.9, 0.8, 0.7]}
    precision, recall, scores = precision_recall([found], [truth], 1)
    np.testing.assert_allclose(precision, [1, 1 / 2, 2 / 3])
    np.testing.assert_allclose(recall, [1 / 3, 1 / 3, 2 / 3])
    assert scores.tolist() == [0.9, 0.8, 0.7]
    assert average_precision([found], [truth]).mean == pytest.approx(5 / 9)


def test_a_second_box_on_the_same_object_is_wrong():
    truth = {"boxes": [[0, 0, 4, 4]], "labels": [1]}
    twice = {"boxes": [[0, 0, 4, 4]] * 2, "labels": [1, 1], "scores": [0.9, 0.8]}
    assert precision_recall([twice], [truth], 1)[0].tolist() == [1, 0.5]


def test_a_better_detection_goes_first_across_pictures():
    truth = {"boxes": [[0, 0, 4, 4]], "labels": [1]}
    wrong = {"boxes": [[9, 9, 12, 12]], "labels": [1], "scores": [0.2]}
    right = {"boxes": [[0, 0, 4, 4]], "labels": [1], "scores": [0.3]}
    assert precision_recall([wrong, right], [truth, truth], 1)[0].tolist() == [1, 0.5]


def test_a_class_without_true_boxes_counts_in_no_mean_and_one_never_found_counts_0():
    truth = {"boxes": [[0, 0, 4, 4], [0, 0, 4, 4]], "labels": [1, 7]}
    found = {"boxes": [[0, 0, 4, 4], [0, 0, 4, 4]], "labels": [1, 3], "scores": [0.5, 0.9]}
    for scored in (average_precision, coco_average_precision):
        assert scored([found], [truth]) == (0.5, {1: 1.0, 7: 0.0})


def test_no_detections_at_all_score_0():
    truth = {"boxes": [[0, 0, 4, 4]], "labels": [1]}
    assert average_precision([EMPTY], [truth]) == coco_average_precision([EMPTY], [truth]) == (
        0.0, {1: 0.0})
    assert [len(part) for part in precision_recall([EMPTY], [truth], 1)] == [0, 0, 0]


TRUTH = {"boxes": [[0, 0, 4, 4]], "labels": [1]}
FOUND = {"boxes": [[0, 0, 4, 4]], "labels": [1], "scores": [0.5]}


@pytest.mark.parametrize("detections, targets, words", [
    ([EMPTY, EMPTY], [EMPTY, EMPTY], "none of 2 pictures has a true box"),
    ([EMPTY], [EMPTY, EMPTY], "detections of 1 pictures, but targets of 2: each picture needs"),
    ([TRUTH], [TRUTH], "detections must be a list of .* it has no 'scores'"),
    ([FOUND | {"scores": [np.nan]}], [TRUTH], "score 0 is NaN"),
    ([FOUND | {"scores": [1, 2]}], [TRUTH], "it has 1 boxes, 1 labels, 2 scores"),
    ([FOUND | {"boxes": [[0, 0, np.nan, 4]]}], [TRUTH], r"box 0 is \[0.0, 0.0, nan, 4.0\]"),
    ([FOUND | {"boxes": [[5, 0, 1, 4]]}], [TRUTH], r"box 0 is \[5, 0, 1, 4\]: right and bottom"),
    ([FOUND], [TRUTH | {"boxes": [[0, 0, 0, 4]]}], "targets must be .* has no area"),
])
@pytest.mark.parametrize("scored", [average_precision, coco_average_precision])
def test_what_cannot_be_scored_is_refused(scored, detections, targets, words):
    with pytest.raises(ArgumentError, match=words):
        scored(detections, targets)


def test_a_class_that_is_nowhere_has_no_recall():
    with pytest.raises(ArgumentError, match="no picture has a true box of class 2"):
        precision_recall([FOUND], [TRUTH], 2)
