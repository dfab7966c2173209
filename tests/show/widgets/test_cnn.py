"""The widget of lesson 12: its bars are the layers' shares of the parameters."""

import re

import numpy as np
import pytest

from vidlearn.show import draw, parameter_counts
from vidlearn.show.widgets.cnn import BAR, ROW, START


def test_the_line_says_the_total_its_memory_and_the_largest_layer():
    draws = parameter_counts()
    assert draws()[1] == ("50,469,130 parameters, 192.5 MiB; 99.996 % of them in one layer, "
                          "dense 128")
    assert draws(convs=2, end="global average")[1] == (
        "29,002 parameters, 113.3 KiB; 63.8 % of them in one layer, conv 2 64 x 109 x 109")


@pytest.mark.parametrize("options, row, share", [
    (dict(), 0, None), (dict(), 3, 1.0), (dict(size=32, convs=3), 4, 73_856 / 160_202),
    (dict(size=32, convs=3), 7, 65_664 / 160_202)])
def test_a_bar_is_as_long_as_its_share(options, row, share):
    picture, _ = parameter_counts()(**options)
    line = picture[ROW + 4 + row * ROW + ROW // 2, START:START + BAR]
    inked = np.isin(line, [draw.BLUE, draw.RED]).all(axis=1) & (line != draw.FAINT[0]).any(axis=1)
    assert abs(inked.sum() - (2 if share is None else BAR * share)) <= 1


@pytest.mark.parametrize("options, words", [
    (dict(size=32, convs=5), "nothing is left"), (dict(size=5, convs=2), "nothing is left"),
    (dict(size=3), "nothing is left")])
def test_where_no_window_fits_it_says_so_and_stops(options, words):
    picture, line = parameter_counts()(**options)
    assert words in line and (picture == draw.RED).all(axis=2)[-ROW - 12:].any()


def test_huge_and_tiny_numbers_do_not_run_into_each_other():
    for options in (dict(size=448, convs=6, pooling=False), dict(size=224, end="global average")):
        picture, line = parameter_counts()(**options)
        assert picture.shape[1] == 760
        for y in range(ROW + 4, picture.shape[0] - ROW - 12, ROW):
            gap = picture[y:y + ROW, START - 14:START]               # between shape and bar
            assert (gap == 255).all(), line
            assert (picture[y:y + ROW, START + BAR + 1:START + BAR + 8] == 255).all(), line
    line = parameter_counts()(size=448, convs=6, pooling=False)[1]
    assert re.match(r"[\d,]{10,} parameters", line)
