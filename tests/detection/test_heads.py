"""Sampling regions and choosing detections, by hand where the twin is a whole network."""

import numpy as np

from vidlearn.detection.heads import HeadOptions, choose_detections, sample_regions

REGIONS = np.array([[0.0, 0, 10, 20], [1, 0, 11, 20], [30, 0, 40, 20]])


def detections(scores, regions=REGIONS, offsets=None, **options):
    scores = np.array(scores, float)
    offsets = np.zeros((len(regions), 4 * scores.shape[1])) if offsets is None else offsets
    found = choose_detections(scores, offsets, regions, (24, 36), HeadOptions(**options))
    return [(label, score, box) for box, label, score in zip(
        *(found[name].tolist() for name in ("boxes", "labels", "scores")), strict=True)]


def test_nms_works_within_a_class_and_the_background_is_no_class():
    assert detections([[0.9, 0.1, 0], [0.2, 0.3, 0.5], [1, 0, 0]]) == [
        (2, 0.5, [1, 0, 11, 20]), (1, 0.3, [1, 0, 11, 20])]


def test_a_score_at_its_threshold_is_dropped_and_boxes_are_clipped():
    assert detections([[0.9, 0.05], [0.9, 0.05], [0.8, 0.2]]) == [(1, 0.2, [30, 0, 36, 20])]


def test_each_class_has_offsets_of_its_own():
    offsets = np.zeros((1, 12))
    offsets[0, 8:] = [5, 0, 0, 0]                            # class 2 moves by half a width
    assert detections([[0, 0.4, 0.6]], REGIONS[:1], offsets) == [
        (2, 0.6, [5, 0, 15, 20]), (1, 0.4, [0, 0, 10, 20])]


def test_only_the_best_are_kept():
    assert [d[1] for d in detections([[0, 0.4], [1, 0], [0, 0.6]], detections_per_img=1)] == [0.6]


def test_without_regions_there_are_no_detections():
    assert detections(np.zeros((0, 3)), np.zeros((0, 4))) == []


def sampled(proposals, boxes, labels, **options):
    target = {"boxes": np.reshape(boxes, (-1, 4)).astype(float), "labels": labels}
    found = sample_regions(proposals, target, HeadOptions(**options), rng=np.random.default_rng(0))
    return [part.tolist() for part in found]


def test_true_boxes_are_regions_too_and_background_wants_no_offsets():
    regions, labels, offsets = sampled(REGIONS, [[0, 0, 10, 40]], [2])
    assert regions == [*REGIONS.tolist(), [0, 0, 10, 40]]
    assert labels == [2, 0, 0, 2]                            # IoU 0.5 is enough, 0.41 is not
    np.testing.assert_allclose(offsets, [[0, 5, 0, 5 * np.log(2)], [0, 0, 0, 0]])


def test_between_the_thresholds_a_region_is_left_out():
    regions, labels, _ = sampled(REGIONS, [[0, 0, 10, 40]], [2], fg_iou_thresh=0.9)
    assert labels == [0, 0, 2] and regions[0] == [1, 0, 11, 20]


def test_without_objects_all_regions_are_background():
    assert sampled(REGIONS, [], []) == [REGIONS.tolist(), [0, 0, 0], []]


def test_at_most_a_quarter_are_objects():
    _, labels, offsets = sampled(np.repeat(REGIONS, 20, 0), [[0, 0, 10, 20]], [1],
                                 batch_size_per_image=16)
    assert np.bincount(labels).tolist() == [12, 4] and len(offsets) == 4
