"""The sliding window: each score is that of its window, each box is where the window was."""

import numpy as np
import pytest

from vidlearn.checks import ArgumentError
from vidlearn.detection.linear_svm import LinearSVM, fit_linear_svm
from vidlearn.detection.sliding_window import (
    ASPECT,
    detect_windows,
    hard_negatives,
    random_negatives,
    window_of,
    window_scores,
)
from vidlearn.scratch.layers.boxes import box_iou
from vidlearn.vision.hog import hog

HEIGHTS = [40, 48, 58]
NOBODY = LinearSVM(np.zeros(3780), -1.0)


def random_svm(seed=0):
    rng = np.random.default_rng(seed)
    return LinearSVM(rng.normal(size=3780), 0.3)


def with_shapes(*boxes, size=(150, 200), seed=0):
    """A noisy frame with a bright, rounded shape in each box."""
    rng = np.random.default_rng(seed)
    frame = rng.integers(90, 110, (*size, 3))
    y, x = np.mgrid[:size[0], :size[1]]
    for left, top, right, bottom in boxes:
        inside = (((x - (left + right) / 2) / (right - left) * 2) ** 2
                  + ((y - (top + bottom) / 2) / (bottom - top) * 2) ** 2) < 1
        frame[inside] = 230
    return frame.astype(np.uint8)


def person(left, top, height):
    return np.array([left, top, left + ASPECT * height, top + height])


@pytest.fixture(scope="module")
def trained():
    """A plane that knows the bright shapes."""
    rng = np.random.default_rng(0)
    shapes, rest = [], []
    for seed in range(12):
        box = person(*rng.uniform([10, 10], [150, 80]), rng.choice(HEIGHTS))
        frame = with_shapes(box, seed=seed)
        shapes += [hog(window_of(frame, box)).ravel()]
        rest += [hog(each).ravel() for each in random_negatives(frame, box[None], HEIGHTS, 5, rng)]
    return fit_linear_svm(np.array(shapes + rest), [1] * len(shapes) + [-1] * len(rest))


@pytest.mark.parametrize("size", [(128, 64), (136, 64), (128, 100), (161, 203)])
def test_one_correlation_scores_every_window(size):
    blocks = hog(np.random.default_rng(1).random(size))
    svm = random_svm()
    scores = window_scores(blocks, svm)
    assert scores.shape == (blocks.shape[0] - 14, blocks.shape[1] - 6)
    for i, j in np.ndindex(scores.shape):
        window = blocks[i:i + 15, j:j + 7].reshape(1, -1)
        assert scores[i, j] == pytest.approx(svm.decision_function(window)[0], abs=1e-10)


def test_where_no_window_fits_there_is_no_score():
    assert window_scores(np.zeros((14, 9, 2, 2, 9)), NOBODY).shape == (0, 3)


@pytest.mark.parametrize("height", [40.0, 96.0, 130.0])
def test_a_window_holds_the_person_in_its_middle(height):
    box = person(60, 20, height)
    frame = np.zeros((200, 200, 3), np.uint8)
    frame[20:int(20 + height), 60:int(60 + ASPECT * height)] = 255
    window = window_of(frame, box)
    assert window.shape == (128, 64, 3)
    rows, columns = np.nonzero(window[..., 0] > 127)
    tolerance = 96 / height * 1.5
    assert rows.min() == pytest.approx(16, abs=tolerance)
    assert rows.max() == pytest.approx(111, abs=tolerance)
    assert columns.mean() == pytest.approx(31.5, abs=tolerance)


def test_a_window_beyond_the_border_repeats_it():
    frame = np.arange(60, dtype=np.uint8)[:, None, None] + np.zeros((60, 40, 3), np.uint8)
    window = window_of(frame, person(-10, -20, 48))
    assert (window[:30] == frame[0, 0]).all()


@pytest.mark.parametrize("box", [person(20, 20, 48), person(0, 0, 40), person(120, 90, 58)])
def test_a_shape_is_found_where_it_is_also_in_a_corner(trained, box):
    found = detect_windows(with_shapes(box, seed=99), trained, HEIGHTS)
    assert box_iou(found["boxes"][:1], box[None])[0, 0] > 0.6
    assert found["labels"].tolist() == [1] * len(found["boxes"])
    assert (np.diff(found["scores"]) <= 0).all()


def test_two_shapes_are_two_boxes(trained):
    boxes = np.array([person(20, 20, 48), person(140, 60, 58)])
    found = detect_windows(with_shapes(*boxes, seed=98), trained, HEIGHTS)["boxes"]
    assert (box_iou(boxes, found).max(1) > 0.6).all()
    assert (box_iou(found, found) - np.eye(len(found)) <= 0.3).all()


@pytest.mark.parametrize("size", [(1, 1), (150, 200), (30, 500)])
def test_no_detections_are_arrays_too(size):
    found = detect_windows(np.zeros((*size, 3), np.uint8), NOBODY, HEIGHTS)
    assert {name: value.shape for name, value in found.items()} == {
        "boxes": (0, 4), "labels": (0,), "scores": (0,)}
    assert hard_negatives(np.zeros((*size, 3), np.uint8), [], NOBODY, HEIGHTS).shape == (0, 3780)


def test_hard_negatives_are_found_windows_far_from_everybody(trained):
    shown = np.array([person(20, 20, 48), person(140, 60, 58)])
    frame = with_shapes(*shown, seed=98)
    found = detect_windows(frame, trained, HEIGHTS)
    wrong = box_iou(found["boxes"], shown[:1]).max(1) < 0.3
    hard = hard_negatives(frame, shown[:1], trained, HEIGHTS)
    assert wrong.any()
    np.testing.assert_allclose(trained.decision_function(hard), found["scores"][wrong])


def test_random_negatives_show_nobody():
    frame = with_shapes(person(70, 40, 58))
    rng = np.random.default_rng(0)
    dark = random_negatives(frame, [person(70, 40, 58)], HEIGHTS, 30, rng)
    assert dark.shape == (30, 128, 64, 3)
    assert (dark[:, 50:78, 22:42] > 200).mean((1, 2, 3)).max() < 0.7
    assert random_negatives(frame[:30], [], HEIGHTS, 5, rng).shape == (0, 128, 64, 3)
    everywhere = [[0, 0, 200, 150]]
    assert len(random_negatives(frame, [person(x, y, h) for h in HEIGHTS for x in range(0, 200, 4)
                                        for y in range(0, 110, 4)], HEIGHTS, 1, rng)) == 0
    assert len(random_negatives(frame, everywhere, HEIGHTS, 5, rng)) == 5    # little IoU, though


def test_a_box_without_height_has_no_window():
    with pytest.raises(ArgumentError, match="has no height"):
        window_of(np.zeros((9, 9, 3), np.uint8), [3, 5, 8, 5])


@pytest.mark.parametrize("boxes", [[[0, 0, np.nan, 4]], [[5, 0, 1, 4]]])
def test_broken_boxes_are_refused(boxes):
    with pytest.raises(ArgumentError, match="boxes must be"):
        hard_negatives(np.zeros((150, 200, 3), np.uint8), boxes, NOBODY, HEIGHTS)


def test_weights_of_another_window_are_refused():
    with pytest.raises(ArgumentError, match="svm has 100 weights, .* has 3780 numbers"):
        window_scores(np.zeros((16, 8, 2, 2, 9)), LinearSVM(np.zeros(100), 0.0))


def test_heights_are_positive():
    with pytest.raises(ArgumentError, match="heights must be"):
        detect_windows(np.zeros((150, 200, 3), np.uint8), NOBODY, [40, 0])
