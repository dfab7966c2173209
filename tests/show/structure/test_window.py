"""The window of a kernel: the cells that the formula names are those that the result depends on."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.show.structure.layout import words
from vidlearn.scratch.layers import conv
from vidlearn.show import window, window_cells
from vidlearn.show.structure.sheet import BLUE, ORANGE

X = np.arange(30.0).reshape(5, 6) % 10
KERNEL = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_cells_are_those_with_a_gradient(data):
    def two(low, high):
        return data.draw(st.tuples(st.integers(low, high), st.integers(low, high)))
    kernel, stride, padding, dilation = two(1, 3), two(1, 3), two(0, 2), two(1, 2)
    x, weight = np.zeros((1, 1, 7, 8)), np.ones((1, 1, *kernel))
    y, cache = conv.conv_forward(x, weight, None, stride, padding, dilation)
    i, j = (data.draw(st.integers(0, size - 1)) for size in y.shape[2:])
    dy = np.zeros_like(y)
    dy[0, 0, i, j] = 1
    dx = conv.conv_backward(dy, cache)[0][0, 0]
    cells = window_cells((i, j), kernel, stride, padding, dilation)
    assert len(cells) == kernel[0] * kernel[1]
    assert {cell for cell in cells if 0 <= cell[0] < 7 and 0 <= cell[1] < 8} == {
        tuple(map(int, cell)) for cell in np.argwhere(dx)}
    assert cells[0] == (i * stride[0] - padding[0], j * stride[1] - padding[1])


def _marked(sheet, colour):
    """The rectangles outlined thickly in a colour: [(x, y, width)]."""
    return [(*patch.get_xy(), patch.get_width()) for patch in sheet.chart.axes[0].patches
            if type(patch).__name__ == "Rectangle" and patch.get_edgecolor()[:3] == colour
            and patch.get_linewidth() > 1.5]


@pytest.mark.parametrize("place, options", [
    ((0, 1), {}), ((2, 2), {"stride": 2, "padding": 1}), ((1, 0), {"padding": 1, "dilation": 2}),
    ((1, 1), {"stride": (1, 2), "padding": (0, 2)}), ((0, 0), {"shaded": True})])
def test_the_marked_cells_and_the_result_are_where_the_formula_says(drawn, place, options):
    sheet = drawn(window, X, KERNEL, place, **options)
    assert len(_marked(sheet, ORANGE)) == 1
    options.pop("shaded", None)
    cells = window_cells(place, (3, 3), **options)
    cell = _marked(sheet, ORANGE)[0][2]
    outlined = [mark for mark in _marked(sheet, BLUE) if abs(mark[2] - cell) < 1e-6]
    (x0, y0, _), (row0, column0) = outlined[0], cells[0]
    at = [(round(row0 + (y - y0) / cell), round(column0 + (x - x0) / cell)) for x, y, _ in outlined]
    assert at == cells
    y = conv.conv_forward(X[None, None], KERNEL[None, None] + 0.0, None, **options)[0][0, 0]
    bold = [text.get_text() for text, _ in sheet.labels
            if text.get_weight() == "bold" and text.get_color() not in (BLUE,)]
    assert f"{y[place]:g}".replace("-", "−") in bold


def test_padding_is_drawn_as_padding(drawn):
    plain, padded = (drawn(window, X + 1, KERNEL, padding=p) for p in (0, 1))
    assert words(padded).count("0") - words(plain).count("0") >= 7 * 8 - 5 * 6
    assert "−1" in words(padded) and "$x$, with padding" in words(padded)


def test_the_lines_below_are_the_formula_with_its_numbers(drawn):
    lines = words(drawn(window, X, KERNEL, (1, 2), stride=2, padding=1))
    rows, = (line for line in lines if line.startswith("rows"))
    assert r"1 \cdot 2 + p \cdot 1 - 1" in rows and "1, 2, 3" in rows
    total, = (line for line in lines if line.startswith("$y$[1, 2]"))
    assert eval(total.split("=")[1].replace("·", "*").replace("−", "-")) == float(
        total.split("=")[2].replace("−", "-"))


def test_results_stay_blank_for_a_guess(drawn):
    assert "?" not in words(drawn(window, X, KERNEL))
    blank = words(drawn(window, X, KERNEL, answers=False))
    assert "?" in blank and not any(line.startswith("$y$[") for line in blank)


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match=r"place \(3, 0\) is outside of the result, .* \(3, 4\)"):
        window(X, KERNEL, (3, 0))
    with pytest.raises(ValueError, match="take a smaller picture"):
        window(np.zeros((20, 30)), KERNEL)
    with pytest.raises(ValueError, match="does not fit in the padded input"):
        window(X[:2], KERNEL)


def test_long_numbers_are_rounded_to_three_digits_or_refused(drawn):
    kernel = np.array([[0.123, 100.25]])
    sheet = drawn(window, X * 1.5, kernel, padding=1)
    assert "902" in words(sheet) and "0.12" in words(sheet)
    with pytest.raises(ValueError, match="numbers such as 1234567.. are too long .* round them"):
        window(X + 123456789, kernel)
