"""The answers of lesson 40 compute what the library computes, on the cases of the exercises."""

import numpy as np
import pytest

from vidlearn.detection import average_precision, box_coder, matcher
from vidlearn.exercises import boxes as lesson
from vidlearn.scratch.layers import boxes
from vidlearn.scratch.layers.roi_align import roi_align_forward


def cases(exercise):
    for number in range(len(exercise.cases)):
        given = exercise._arguments(number)
        yield exercise.answer(*given), given


def test_iou_decode_match_and_nms():
    for exercise, same in ((lesson.IOU, boxes.box_iou), (lesson.DECODE, box_coder.decode),
                           (lesson.NMS, boxes.nms)):
        for answer, given in cases(exercise):
            np.testing.assert_allclose(answer, same(*given), atol=1e-10)
    for answer, given in cases(lesson.MATCH):
        np.testing.assert_array_equal(answer, matcher.match(*given, allow_low_quality=True))


def test_two_matrices_of_shares_are_roi_align():
    rng = np.random.default_rng(0)
    for rows, (start, stop, cells, pixels, points) in cases(lesson.AXIS_WEIGHTS):
        columns = lesson.axis_weights(1.3, 4.9, 3, 6, points)
        x = rng.normal(size=(pixels, 6))
        y, _ = roi_align_forward(x[None, None], [[0, 1.3, start, 4.9, stop]], (cells, 3), 1.0,
                                 points, True)
        np.testing.assert_allclose(rows @ x @ columns.T, y[0, 0], atol=1e-12)


def test_average_precision():
    for answer, (right, count) in cases(lesson.AVERAGE_PRECISION):
        places = np.arange(count)[:, None] * 10 + [0, 0, 5, 5]
        found = np.where(right[:, None] > 0, places[np.cumsum(right) - 1], [-9, 0, -5, 5])
        said = {"boxes": found.reshape(-1, 4), "labels": np.ones(len(right), int),
                "scores": -np.arange(len(right))}
        truth = {"boxes": places, "labels": np.ones(count, int)}
        assert average_precision.average_precision([said], [truth]).mean == pytest.approx(answer)


@pytest.mark.parametrize("width, height, step", [(12, 36, 8), (7, 5, 6), (4, 30, 10)])
def test_no_place_is_worse_than_the_worst(width, height, step):
    size = np.array([0, 0, width, height])
    grid = np.arange(-5, 6) * step
    anchors = np.stack(np.meshgrid(grid, grid), -1).reshape(-1, 2)[:, [0, 1, 0, 1]] + size
    steps = np.linspace(0, step, 21)                  # the middle of four anchors among them
    objects = np.stack(np.meshgrid(steps, steps), -1).reshape(-1, 2)[:, [0, 1, 0, 1]] + size
    worst = boxes.box_iou(objects, anchors).max(axis=1).min()
    assert worst == pytest.approx(lesson.worst_overlap(width, height, step))
