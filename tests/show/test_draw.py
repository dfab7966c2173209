"""The drawing pieces: every pixel where it was asked for."""

import numpy as np
import pytest

from vidlearn.show import draw


def test_a_box_excludes_its_right_and_bottom_edge():
    sheet = draw.box(draw.canvas(10, 12), 2, 3, 9, 8, draw.RED, thickness=1)
    painted = np.argwhere((sheet == draw.RED).all(2))
    assert painted.min(0).tolist() == [3, 2]
    assert painted.max(0).tolist() == [7, 8]
    assert len(painted) == 2 * 7 + 2 * 3


@pytest.mark.parametrize("align, left, right", [
    ("left", 50, 50 + 30), ("centre", 50 - 15, 50 + 15), ("right", 50 - 30, 50)])
def test_text_stands_where_its_alignment_says(align, left, right):
    words = "Iiii"
    width = draw.text_width(words, 20)
    sheet = draw.text(draw.canvas(40, 100), words, 50, 20, 20, align=align)
    rows, columns = np.nonzero((sheet < 128).any(2))
    scale = width / 30                                # the columns above are for 30 pixels
    assert columns.min() >= 50 + (left - 50) * scale - 1
    assert columns.max() <= 50 + (right - 50) * scale + 1
    assert rows.min() >= 8 and rows.max() <= 32


def test_text_that_falls_off_the_sheet_is_cut():
    for x, y in [(-8, 5), (95, 5), (40, -3), (40, 12), (200, 5), (40, 60), (-200, 5)]:
        assert draw.text(draw.canvas(10, 100), "wide words", x, y).shape == (10, 100, 3)
    assert (draw.text(draw.canvas(10, 100), "gone", 40, 60) == 255).all()


def test_heat_runs_from_black_to_white_and_repeats_pixels():
    picture = draw.heat([[0, 2], [4, 2]], cell=3)
    assert picture.shape == (6, 6, 3)
    assert (picture[:3, :3] == 0).all() and (picture[3:, :3] == 255).all()
    assert (picture[:3, 3:] == 128).all()


def test_diverging_colours_are_white_at_zero_and_alike_on_both_sides():
    low, zero, high = draw.heat([[-1, 0, 1]], 1, "diverging")[0]
    assert tuple(low) == draw.BLUE and tuple(high) == draw.RED
    assert (zero >= 253).all()
    one_sided = draw.heat([[0, 3]], 1, "diverging")[0]
    assert (one_sided[0] >= 253).all() and tuple(one_sided[1]) == draw.RED


def test_heat_of_equal_values_is_one_shade():
    assert len(np.unique(draw.heat(np.ones((2, 2)), 2))) == 1


def test_heat_takes_the_scales_of_matplotlib_by_name():
    assert draw.heat([[0, 1]], 1, "viridis").tolist() == [[[68, 1, 84], [253, 231, 37]]]


def test_cells_write_numbers_and_leave_the_unknown_blank():
    picture = draw.cells([[np.nan, 7]], 40, low=0, high=10)
    assert picture.shape == (41, 81, 3)
    assert (picture[1:40, 1:40] == 255).all()
    seven = picture[1:40, 41:80]
    assert len(np.unique(seven)) > 5                  # ground, ink and the edges of the letter
    assert not np.array_equal(seven, draw.cells([[np.nan, 1]], 40, low=0, high=10)[1:40, 41:80])


def test_cells_write_no_zero_with_a_sign():
    below, zero = (draw.cells([[v, 1.0]], 40, low=-1, high=1.9) for v in (-1e-9, 0.0))
    assert np.array_equal(below, zero)


def test_cells_write_light_on_dark():
    dark = draw.cells([[0, 1]], 40)[1:40, 1:40]
    assert dark.min() == 0 and dark.max() > 200


def test_pictures_beside_and_below_keep_their_pixels():
    a, b = draw.canvas(4, 5, draw.RED), draw.canvas(8, 3, draw.BLUE)
    row = draw.beside(a, b, gap=2)
    assert row.shape == (8, 10, 3)
    assert (row[2:6, :5] == draw.RED).all() and (row[:, 7:] == draw.BLUE).all()
    assert (row[:2, :7] == 255).all()
    column = draw.below(a, b, gap=0)
    assert column.shape == (12, 5, 3) and (column[4:, :3] == draw.BLUE).all()


def test_a_title_gets_room_for_itself():
    picture = draw.titled(draw.canvas(10, 10, draw.RED), "a title wider than the picture")
    assert (picture[-10:, :10] == draw.RED).all()
    assert picture.shape[1] >= draw.text_width("a title wider than the picture")


def test_an_arrow_starts_and_ends_where_it_is_told():
    sheet = draw.arrow(draw.canvas(20, 60), (5, 10), (50, 10), draw.BLUE)
    columns = np.nonzero((sheet != 255).any((0, 2)))[0]
    assert abs(columns.min() - 5) <= 2 and abs(columns.max() - 50) <= 2


@pytest.mark.parametrize("ends", [{}, {"low": 0}, {"low": 0, "high": 0}, {"low": 0, "high": 1}])
def test_a_flat_map_of_zeros_has_the_colour_of_its_low_end(ends):
    black = draw.heat(np.zeros((2, 3)), 1, "inferno", **ends)
    assert (black == draw.heat(np.array([[0.0, 1.0]]), 1, "inferno")[:1, :1]).all()
