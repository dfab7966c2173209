"""A kernel in a clip: the marked cells are those that the convolution reads."""

import numpy as np
import pytest

from tests.show.structure.layout import words
from vidlearn.scratch.layers import conv
from vidlearn.show import kernel_in_clip, window_cells
from vidlearn.show.structure.kernel_in_clip import Stack
from vidlearn.show.structure.sheet import BLUE, ORANGE

CASES = [dict(), dict(frames=5, size=(6, 8), kernel=(2, 3, 3), place=(1, 0, 3), dilation=(2, 1, 1)),
         dict(frames=8, size=(4, 4), kernel=(3, 3, 3), place=(1, 0, 0), stride=(2, 1, 1)),
         dict(frames=7, size=(3, 5), kernel=(3, 2, 3), place=(0, 0, 0)),
         dict(frames=1, size=(3, 5), kernel=(1, 1, 1), place=(0, 2, 4)),
         dict(frames=12, size=(3, 3), kernel=(2, 3, 3), place=(10, 0, 0))]


def _patches(sheet, colour):
    """The filled quadrilaterals of a colour: their four corners."""
    return [patch.get_xy()[:4] for patch in sheet.chart.axes[0].patches
            if type(patch).__name__ == "Polygon" and patch.get_facecolor()[:3] == colour
            and patch.get_facecolor()[3] == 0.4]


@pytest.mark.parametrize("case", CASES)
def test_the_marked_cells_are_those_with_a_gradient(drawn, case):
    case = {"frames": 8, "size": (6, 6), "kernel": (3, 2, 2), "place": (2, 1, 2)} | case
    x = np.zeros((1, 1, case["frames"], *case["size"]))
    options = {name: case.get(name, 1) for name in ("stride", "dilation")}
    y, cache = conv.conv_forward(x, np.ones((1, 1, *case["kernel"])), None, **options)
    dy = np.zeros_like(y)
    dy[0, 0][case["place"]] = 1
    read = [tuple(map(int, cell)) for cell in np.argwhere(conv.conv_backward(dy, cache)[0][0, 0])]
    assert window_cells(case["place"], case["kernel"], options["stride"], 0,
                        options["dilation"]) == read
    sheet = drawn(kernel_in_clip, **case)
    assert len(_patches(sheet, BLUE)) == len(read) and len(_patches(sheet, ORANGE)) == 1
    marked = [text.get_text() for text, _ in sheet.labels if text.get_weight() == "bold"]
    assert marked == [*map(str, sorted({t for t, _, _ in read})), str(case["place"][0])]
    assert {f"$T = {case['frames']}$", f"$H = {case['size'][0]}$", f"$W = {case['size'][1]}$",
            f"$T' = {y.shape[2]}$", f"$H' = {y.shape[3]}$", "$K_T$", "$K_H$", "$K_W$"
            } <= set(words(sheet))


def test_a_cell_of_a_stack_lies_where_time_and_depth_put_it():
    stack = Stack(1, 3, 0.2, 0.5, (4, 3, 2))
    assert np.allclose(stack.point(0, 3, 0), (1, 3))
    assert np.allclose(np.subtract(stack.point(3, 1, 1), stack.point(0, 1, 1)), (1.5, 0))
    assert np.allclose(np.subtract(stack.point(0, 2, 1), stack.point(0, 0, 1)), (0, 0.4))
    right, up = np.subtract(stack.point(0, 0, 1), stack.point(0, 0, 0))
    assert 0 < right < 0.2 and -0.2 < up < 0


def test_frames_do_not_hide_each_other(drawn):
    sheet = drawn(kernel_in_clip)
    frames = [patch.get_xy() for patch in sheet.chart.axes[0].patches
              if type(patch).__name__ == "Polygon" and patch.get_facecolor()[3] == 1]
    assert len(frames) == 8 + 6
    for one, following in zip(frames, frames[1:], strict=False):
        assert one[:, 0].max() < following[:, 0].min()


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match=r"outside of the result, which has shape \(6, 5, 5\)"):
        kernel_in_clip(place=(6, 0, 0))
    with pytest.raises(ValueError, match=r"which has shape \(0, 5, 5\)"):
        kernel_in_clip(frames=2, place=(0, 0, 0))
    with pytest.raises(ValueError, match="take fewer or smaller ones"):
        kernel_in_clip(frames=16, size=(16, 16))
    with pytest.raises(ValueError, match="3 axes need 3 numbers"):
        kernel_in_clip(stride=(1, 1))
