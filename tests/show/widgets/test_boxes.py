"""The widgets of lesson 40: anchors that overlap a true box, and the boxes that NMS keeps."""

import numpy as np
import pytest
import torch
from torchvision.ops import box_iou, nms

from vidlearn.show import anchor_matches, draw, kept_boxes

FRAME = np.full((64, 96, 3), 128, np.uint8)
TRUTH = np.array([[20, 8, 32, 32], [60, 20, 70, 44]])


def colours(picture):
    return {tuple(colour) for colour in picture.reshape(-1, 3).tolist()}


@pytest.mark.parametrize("size, ratio, step", [(16, 2.0, 8), (24, 1.0, 16), (8, 0.5, 32)])
def test_anchors_are_counted_as_torchvision_counts(size, ratio, step):
    picture, line = anchor_matches(FRAME, TRUTH)(size, ratio, step)
    w, h = size / ratio ** 0.5 / 2, size * ratio ** 0.5 / 2
    places = [(x, y) for y in range(0, 64 - step + 1, step) for x in range(0, 96 - step + 1, step)]
    iou = box_iou(torch.tensor(TRUTH).double(), torch.tensor(
        [(x - w, y - h, x + w, y + h) for x, y in places]).double())
    good = int((iou >= 0.5).any(0).sum())
    best = " ".join(f"{value:.2f}" for value in iou.max(1).values.tolist())
    assert line == (f"{len(places)} anchors, {good} overlap by 0.5 or more; best of each: {best}")
    assert picture.shape == (192, 288, 3)
    found = [value >= 0.5 for value in iou.max(1).values.tolist()]
    assert (draw.GREEN in colours(picture)) == any(found)
    assert (draw.RED in colours(picture)) == (not all(found))
    assert (draw.SKY in colours(picture)) == (good > 0)


def test_what_is_kept_and_what_is_right():
    rng = np.random.default_rng(0)
    boxes = np.vstack([TRUTH[rng.integers(0, 2, 12)] + rng.integers(-3, 4, (12, 4)),
                       [[0, 0, 9, 9]]]).astype(float)
    scores = rng.random(13)
    draws = kept_boxes(FRAME, boxes, scores, TRUTH)
    for threshold in (0.0, 0.3, 0.9):
        kept = nms(torch.tensor(boxes), torch.tensor(scores), threshold).numpy()
        assert f"13 boxes, {len(kept)} kept: " in draws(threshold)[1]
    picture, line = draws(0.3)
    assert line.endswith(" 2 right, 1 wrong; 0 of 2 missed")
    assert {draw.GREEN, draw.RED} <= colours(picture)


def test_a_second_box_on_one_person_is_wrong_and_a_high_score_is_needed():
    boxes, scores = TRUTH[[0, 0]].astype(float), np.array([0.9, 0.8])
    draws = kept_boxes(FRAME, boxes, scores, TRUTH)
    assert draws(1.0)[1] == "2 boxes, 2 kept: 1 right, 1 wrong; 1 of 2 missed"
    assert draws(0.5)[1] == "2 boxes, 1 kept: 1 right, 0 wrong; 1 of 2 missed"
    assert draws(0.5, 0.95)[1] == "0 boxes, 0 kept: 0 right, 0 wrong; 2 of 2 missed"
    assert (draws(0.5, 0.95)[0] == 128).all()


def test_without_true_boxes_there_is_nothing_to_overlap():
    with pytest.raises(ValueError, match="there is none to overlap"):
        anchor_matches(FRAME, np.zeros((0, 4)))
