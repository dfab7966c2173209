"""The tree reaches the inputs that the last output of causal convolutions depends on."""

import numpy as np
import pytest

from tests.show.structure.layout import words
from vidlearn.scratch.layers import causal
from vidlearn.show import causal_tree
from vidlearn.show.structure.sheet import BLUE, ORANGE


def _dots(sheet, colour):
    """The middles of the dots of a colour, by row from below: [[x]]."""
    dots = [patch.center for patch in sheet.chart.axes[0].patches
            if type(patch).__name__ == "Circle" and patch.get_facecolor()[:3] == colour]
    rows = sorted({round(y, 6) for _, y in dots}, reverse=True)
    return [sorted(x for x, y in dots if round(y, 6) == row) for row in rows]


@pytest.mark.parametrize("dilations, kernel", [
    ((1, 2, 4), 2), ((1, 2, 4, 8), 2), ((1, 4), 2), ((1, 2), 3), ((1,), 5), ((2, 1), 2)])
def test_the_blue_inputs_are_those_that_the_output_hears(drawn, dilations, kernel):
    sheet = drawn(causal_tree, dilations, kernel)
    inputs = _dots(sheet, BLUE)[0]
    output = _dots(sheet, BLUE)[-1]
    assert len(output) == 1
    names = {round(text.get_position()[0], 6): text.get_text() for text, _ in sheet.labels
             if text.get_text() == "$t$" or text.get_text()[0] in "−"}
    pitch = np.diff(sorted(names)).min() if len(inputs) < 12 else (output[0] - inputs[0]) / 15
    delays = sorted(round((output[0] - x) / pitch) for x in inputs)
    assert delays == list(causal.delays([kernel] * len(dilations), dilations))
    reach = causal.receptive_field([kernel] * len(dilations), dilations)
    assert f"= {reach} steps" in sheet.caption
    assert any("a hole" in word for word in words(sheet)) == (len(inputs) < reach)


def test_each_unit_hears_as_many_as_the_kernel_has_taps(drawn):
    sheet = drawn(causal_tree, (1, 2, 4), 2)
    strokes = [patch for patch in sheet.chart.axes[0].patches
               if type(patch).__name__ == "PathPatch"]
    assert len(strokes) == 2 * (1 + 2 + 4)
    assert [len(row) for row in _dots(sheet, BLUE)] == [8, 4, 2, 1]


def test_what_is_not_causal_hears_the_future(drawn):
    sheet = drawn(causal_tree, (1, 2), 3, causal=False)
    assert [len(row) for row in _dots(sheet, ORANGE)] == [3, 1]
    assert any("from the future" in word for word in words(sheet)) and "+1" in words(sheet)
    assert _dots(drawn(causal_tree, (1, 2), 3), ORANGE) == []
    assert any("a hole" in word for word in words(drawn(causal_tree, (3,), causal=False)))


def test_a_tree_too_wide_for_a_page_is_refused():
    with pytest.raises(ValueError, match="do not fit a page: smaller dilations, or fewer steps"):
        causal_tree((1, 2, 4, 8, 16))
