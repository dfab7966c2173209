"""Boxes as arrays: what torchvision keeps with ties, unusual dtypes, and what is refused."""

import numpy as np
import pytest
import torch
from torchvision import ops

from vidlearn.checks import ArgumentError
from vidlearn.scratch.layers import boxes as ours

ONE = np.array([[0.0, 0, 2, 2]])


def cells(rng, n, dtype):
    """Boxes on a coarse grid: many ties, boxes that touch, and some without area."""
    corners = rng.integers(0, 9, (n, 2))
    return np.hstack([corners, corners + rng.integers(0, 6, (n, 2))]).astype(dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("threshold", [0, 0.1, 0.2, 1 / 3, 0.5, 0.6, 1])   # each is met exactly
def test_nms_is_torchvisions_in_many_ties(dtype, threshold):
    rng = np.random.default_rng(0)
    for _ in range(300):
        n = rng.integers(0, 30)
        boxes, scores = cells(rng, n, dtype), (rng.integers(0, 5, n) / 4).astype(dtype)
        groups = rng.integers(-1, 3, n)
        tensors = [torch.tensor(array) for array in (boxes, scores, groups)]
        np.testing.assert_array_equal(ours.nms(boxes, scores, threshold),
                                      ops.nms(*tensors[:2], threshold).numpy())
        np.testing.assert_array_equal(ours.batched_nms(boxes, scores, groups, threshold),
                                      ops.batched_nms(*tensors, threshold).numpy())


def test_of_equal_scores_the_first_wins_in_whole_numbers_too():
    boxes = np.repeat(ONE, 3, 0) + [[0], [9], [0]]
    for dtype in (np.uint8, np.int64, bool, np.float16):
        assert ours.nms(boxes, np.array([1, 0, 1], dtype), 0.5).tolist() == [0, 1]
    assert ours.nms(boxes, np.array([1, 200, 2], np.uint8), 0.5).tolist() == [1, 2]


def test_the_groups_of_batched_nms_lose_no_digits():
    """Moved apart in float32, as torchvision moves them, these two boxes would become one."""
    boxes = np.array([[0, 0, 1, 1], [0.6, 0, 1.6, 1]], np.float32)
    for groups in ([0, 0], [10**9, 10**9], [-(10**9), -(10**9)]):
        assert ours.batched_nms(boxes, [0.5, 0.4], groups, 0.3).tolist() == [0, 1]
    assert ours.batched_nms(boxes[[0, 0]], [0.4, 0.5], [1, 2], 0.3).tolist() == [1, 0]


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.int64, np.float16, np.float32])
def test_areas_do_not_overflow(dtype):
    boxes = np.array([[5, 10, 205, 210], [9, 10, 250, 250]], dtype)
    wide = torch.tensor(boxes.astype(float))
    np.testing.assert_allclose(ours.box_area(boxes), ops.box_area(wide))
    for name in ("box_iou", "generalized_box_iou"):
        np.testing.assert_allclose(getattr(ours, name)(boxes, boxes),
                                   getattr(ops, name)(wide, wide).numpy(), rtol=1e-6)
    assert ours.remove_small_boxes(np.array([[9, 9, 5, 20]], dtype), 3).tolist() == []
    sizes = ours.box_convert(boxes, "xywh", "xyxy")
    np.testing.assert_allclose(sizes, ops.box_convert(wide, "xywh", "xyxy"))


@pytest.mark.parametrize("empty", [[], (), np.zeros((0, 4)), np.zeros((0, 4), np.uint8)])
def test_no_boxes_are_boxes_too(empty):
    assert ours.box_area(empty).shape == (0,)
    assert ours.box_iou(empty, ONE).shape == (0, 1) and ours.box_iou(ONE, empty).shape == (1, 0)
    assert ours.generalized_box_iou(empty, empty).shape == (0, 0)
    for kept in (ours.nms(empty, [], 0.5), ours.batched_nms(empty, [], [], 0.5),
                 ours.remove_small_boxes(empty, 1)):
        assert kept.shape == (0,) and kept.dtype.kind == "i"
    assert ours.clip_boxes_to_image(empty, (4, 5)).shape == (0, 4)
    assert ours.box_convert(empty, "xyxy", "cxcywh").shape == (0, 4)


def test_boxes_without_area_have_no_iou_and_survive_nms_as_in_torchvision():
    flat = np.array([[1.0, 1, 1, 5], [1, 1, 1, 5], [0, 0, 4, 4]])
    expected = ops.box_iou(torch.tensor(flat), torch.tensor(flat)).numpy()
    np.testing.assert_array_equal(ours.box_iou(flat, flat), expected)
    assert np.isnan(expected[0, 1]) and expected[0, 2] == 0
    assert ours.nms(flat, [0.9, 0.8, 0.7], 0.5).tolist() == [0, 1, 2]


def test_arguments_stay_as_they_were():
    boxes, scores = cells(np.random.default_rng(1), 9, float), np.arange(9.0)
    before = boxes.copy()
    for changed in (ours.box_convert(boxes, "xyxy", "xyxy"),
                    ours.clip_boxes_to_image(boxes, (50, 50))):
        changed += 1
    ours.nms(boxes, scores, 0.1)
    np.testing.assert_array_equal(boxes, before)
    np.testing.assert_array_equal(scores, np.arange(9.0))


@pytest.mark.parametrize("call, words", [
    (lambda: ours.box_iou(ONE, [[4, 4, 2, 6]]),
     r"boxes2 must be boxes .*box 0 is \[4, 4, 2, 6\]: right and bottom must not be less"),
    (lambda: ours.box_iou([[0, 0, 1, 1], [0, np.nan, 1, 1]], ONE), "box 1 is .* must be finite"),
    (lambda: ours.box_area([[0, 0, np.inf, 1]]), "must be finite"),
    (lambda: ours.box_area(np.ones((2, 3))), r"boxes must be boxes \(N, 4\)"),
    (lambda: ours.nms(ONE, [np.nan], 0.5), "score 0 is NaN, so nothing is the best"),
    (lambda: ours.nms([[0, 0, 1, np.nan]], [1], 0.5), "must be finite"),
    (lambda: ours.nms(ONE, [1, 2], 0.5), "scores: 2 for 1 boxes"),
    (lambda: ours.batched_nms(ONE, [1, 2], [1], 0.5), "scores: 2 for 1 boxes"),
    (lambda: ours.batched_nms(ONE, [1], [1, 2], 0.5), "idxs: 2 for 1 boxes"),
    (lambda: ours.nms(ONE, [1], 50), "iou_threshold must be a finite number from 0 to 1"),
    (lambda: ours.box_convert(ONE, "xyxy", "yxyx"), "out_fmt must be 'xyxy', 'xywh' or"),
    (lambda: ours.clip_boxes_to_image(ONE, 5), r"size must be \(height, width\)"),
])
def test_what_is_no_box_is_refused(call, words):
    with pytest.raises(ArgumentError, match=words):
        call()
