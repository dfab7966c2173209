"""A sheet keeps what was drawn on it, and the layout's checks find what is wrong."""

import numpy as np
import pytest

from tests.show.pixels import opened
from tests.show.structure.layout import faults
from vidlearn.show.structure import sheet as sheets
from vidlearn.show.structure.sheet import BLUE, RED, Block, Sheet


def test_a_block_gives_the_points_that_arrows_need():
    block = Sheet(4, 2).block(1, 0.5, 2, 1)
    assert (block.left, block.right) == ((1, 1), (3, 1))
    assert (block.top, block.bottom, block.middle) == ((2, 0.5), (2, 1.5), (2, 1))


def test_what_is_drawn_is_kept_as_data():
    sheet = Sheet(4, 2)
    block = sheet.block(1, 0.5, 1, 1, "conv")
    disc = sheet.disc(3, 1, 0.3, "$h$")
    sheet.arrow(block.right, disc.left)
    assert sheet.blocks == [block, disc]
    assert sheet.discs == [disc] == [Block(2.7, 0.7, 0.6, 0.6)]
    assert [(text.get_text(), inside) for text, inside in sheet.labels] == [
        ("conv", block), ("$h$", disc)]
    assert sheet.lines == [[(2, 1), (2.7, 1)]]


def test_pixels_are_where_the_inches_say(page):
    sheet = Sheet(3, 2)
    sheet.block(0.5, 0.25, 1, 1, colour=RED)
    sheet.arrow((2, 0.5), (2, 1.5), colour=BLUE)
    sheet.show()
    picture = opened(page[0]).astype(int)
    assert picture.shape == (200, 300, 3)
    assert np.abs(picture[75, 100] - np.multiply(sheets.tint(RED), 255)).max() <= 3
    painted = np.argwhere(np.abs(picture - np.multiply(BLUE, 255)).max(2) < 60)
    assert np.abs(painted.min(0) - (50, 200)).max() <= 7             # the head is 13 pixels wide
    assert abs(painted.max(0)[0] - 150) <= 3
    assert (picture[:20] == 255).all() and (picture[:, :45] == 255).all()


def test_a_dashed_line_has_gaps_and_a_line_no_head(page):
    for options in ({"head": False}, {"head": False, "dashed": True}):
        sheet = Sheet(2, 1)
        sheet.arrow((0.2, 0.5), (1.8, 0.5), **options)
        sheet.show()
    whole, dashed = (opened(bundle).min(2) < 128 for bundle in page)
    assert whole[:, 30:170].any(0).all() and not dashed[:, 30:170].any(0).all()
    assert whole.sum(0).max() <= 3


def test_a_sheet_larger_than_a_page_is_refused():
    with pytest.raises(ValueError, match="at most 8 x 5: draw less on it"):
        Sheet(8.2, 3)
    with pytest.raises(ValueError, match="height must be a finite number, more than 0"):
        Sheet(8, 0)


def test_text_size_is_that_of_the_page(page):
    width, height = sheets.text_size("H" * 20, 12)
    sheet = Sheet(4, 1)
    sheet.text("H" * 20, 2, 0.5, 12)
    sheet.show()
    dark = np.argwhere(opened(page[0]).min(2) < 128)
    assert abs(np.ptp(dark[:, 1]) / 100 - width) < 0.06
    assert 0.1 < height < 0.3


def _sheet(*steps):
    sheet = Sheet(4, 2)
    for name, *given in steps:
        getattr(sheet, name)(*given)
    return sheet


@pytest.mark.parametrize("steps, fault", [
    ([("text", "far too far to the right", 3.5, 1)], "is cut off"),
    ([("block", 1, 1, 0.3, 0.4, "words")], "leaves its block"),
    ([("text", "one", 1, 1), ("text", "two", 1.1, 1)], "'one' lies on 'two'"),
    ([("block", 1, 1, 1, 0.5), ("block", 1.9, 1.4, 1, 0.5)], "lies on Block"),
    ([("block", 3.5, 1, 1, 0.5)], "is cut off"),
    ([("block", 1, 1, 1, 0.5), ("text", "edge", 2, 1.2)], "lies on the edge"),
    ([("text", "word", 2, 1), ("arrow", (0.1, 1), (3.9, 1))], "a line crosses 'word'"),
    ([("block", 1, 0.5, 1, 1), ("arrow", (0.5, 1), (2.5, 1))], "crosses Block"),
    ([("arrow", (1, 1), (5, 1))], "is cut off"),
    ([("disc", 2, 1, 0.5), ("arrow", (1, 1.4), (3, 1.4))], "crosses Block"),
])
def test_each_fault_of_a_layout_is_found(steps, fault):
    found = faults(_sheet(*steps))
    assert found and all(fault in line for line in found)


def test_a_good_layout_has_no_faults():
    assert faults(_sheet(
        ("block", 1, 0.5, 1, 1, "conv"), ("block", 0.5, 0.2, 3, 1.6), ("text", "next", 2.5, 1),
        ("arrow", (2, 1.3), (3, 1.3)), ("disc", 3.2, 0.6, 0.2), ("arrow", (2.5, 0.55), (3.05, 0.3))
    )) == []
