"""Two boxes: the numbers are those of the pixels, and the drawing shows what is shared."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.show.structure.layout import words
from vidlearn.show import overlap, shared_and_union
from vidlearn.show.structure.sheet import BLUE, GREEN, ORANGE

SIDE = st.integers(0, 9)
BOXES = [((0, 0, 10, 10), (5, 0, 15, 10)), ((0, 0, 4, 9), (6, 2, 12, 5)), ((2, 2, 9, 9),
         (4, 4, 6, 7)), ((-3, -2, 4, 4), (0, 1, 9, 8)), ((0, 0, 40, 30), (12, 9, 60, 22))]


@given(st.tuples(SIDE, SIDE, SIDE, SIDE), st.tuples(SIDE, SIDE, SIDE, SIDE))
def test_the_numbers_are_those_of_the_pixels(a, b):
    masks = np.zeros((2, 20, 20), bool)
    boxes = [(x, y, x + w, y + h) for x, y, w, h in (a, b)]
    for mask, (x0, y0, x1, y1) in zip(masks, boxes, strict=True):
        mask[y0:y1, x0:x1] = True
    assert shared_and_union(*boxes) == ((masks[0] & masks[1]).sum(), (masks[0] | masks[1]).sum())


@pytest.mark.parametrize("first, second", BOXES)
@pytest.mark.parametrize("answers", [True, False])
def test_boxes_and_what_they_share_are_shaded(drawn, first, second, answers):
    sheet = drawn(overlap, first, second, answers)
    filled = {}
    for patch in sheet.chart.axes[0].patches:
        if type(patch).__name__ == "Polygon":
            filled[patch.get_facecolor()[:3]] = np.ptp(patch.get_xy(), axis=0).prod()
    shared, union = shared_and_union(first, second)
    a, b = ((box[2] - box[0]) * (box[3] - box[1]) for box in (first, second))
    assert filled[ORANGE] / filled[BLUE] == pytest.approx(b / a)
    assert filled.get(GREEN, 0) / filled[BLUE] == pytest.approx(shared / a)
    assert {"$x_0^a$", "$x_1^a$", "$y_0^b$", "$y_1^b$"} <= set(words(sheet))
    said = f"IoU = {shared} / {union} = {shared / union:.3f}"
    assert any(said in line for line in words(sheet)) == answers


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match="each box must have an area"):
        overlap((0, 0, 10, 10), (5, 5, 5, 9))
    with pytest.raises(ValueError, match="take smaller boxes"):
        overlap((0, 0, 10, 10), (500, 5, 510, 9))
