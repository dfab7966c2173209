"""A network as blocks: in order, in rows, with shapes, and with arrows that join neighbours."""

import pytest

from tests.show.structure.layout import words
from vidlearn.show import blocks
from vidlearn.show.structure.sheet import GREY

SMALL = [("picture", (1, 24, 24)), ("conv 3x3", (8, 24, 24)), ("pool", (8, 12, 12)),
         ("linear", (6,))]
C3D = [("clip", ("N", 3, 16, 112, 112)), ("conv 3x3x3", ("N", 64, 16, 112, 112)),
       ("pool 1x2x2", ("N", 64, 16, 56, 56)), ("conv 3x3x3", ("N", 128, 16, 56, 56)),
       ("pool 2x2x2", ("N", 128, 8, 28, 28), "half as many frames"), ("mean", ("N", 128)),
       ("linear", ("N", 8))]


def test_each_block_has_its_name_and_its_shape(drawn):
    sheet = drawn(blocks, SMALL, axes="C, H, W")
    assert words(sheet) == ["picture", "(1, 24, 24)", "conv 3x3", "(8, 24, 24)", "pool",
                            "(8, 12, 12)", "linear", "(6,)"]
    assert [inside for _, inside in sheet.labels] == [b for b in sheet.blocks for _ in "ns"]
    assert sheet.caption == "A network of 3 blocks, its shapes (C, H, W)"


@pytest.mark.parametrize("parts", [SMALL, C3D, SMALL[:2], [SMALL[0], *SMALL[1:] * 4]])
@pytest.mark.parametrize("back", [False, True])
def test_arrows_lead_from_block_to_block_and_back(drawn, parts, back):
    sheet = drawn(blocks, parts, back=back)
    assert len(sheet.blocks) == len(parts)
    ends = {(_at(sheet, line[0], "right"), _at(sheet, line[-1], "left")) for line in sheet.lines}
    forth = {(k, k + 1) for k in range(len(parts) - 1)}
    assert forth <= ends
    ways = {(_at(sheet, line[0], "left"), _at(sheet, line[-1], "right")) for line in sheet.lines}
    assert ({(b, a) for a, b in forth} <= ways) == back
    assert len(sheet.lines) == (2 * len(forth) + 2 if back else len(forth))     # 2: the key


def test_more_blocks_than_fit_a_row_go_on_in_the_next(drawn):
    sheet = drawn(blocks, C3D)
    assert len({block.y for block in sheet.blocks}) == 3
    assert len({block.width for block in sheet.blocks}) == 1
    order = sorted(sheet.blocks, key=lambda block: (block.y, block.x))
    assert order == sheet.blocks


def test_blocks_of_one_kind_share_a_colour_and_the_input_is_grey(drawn):
    sheet = drawn(blocks, C3D)
    edges = [patch.get_edgecolor()[:3] for patch in sheet.chart.axes[0].patches
             if type(patch).__name__ == "FancyBboxPatch"]
    assert edges[0] == GREY and edges[1] == edges[3] and edges[2] == edges[4]
    assert len(set(edges)) == 5


def test_a_note_stands_below_its_block(drawn):
    sheet = drawn(blocks, C3D)
    note, = (text for text, _ in sheet.labels if text.get_text() == "half as many frames")
    x, y = note.get_position()
    assert x == sheet.blocks[4].middle[0]
    assert 0 < y - sheet.blocks[4].bottom[1] < 0.3


def test_what_fits_no_page_is_refused():
    with pytest.raises(ValueError, match="make it shorter"):
        blocks([("x" * 90, (3,)), ("y", (3,))])
    with pytest.raises(ValueError, match="draw less on it"):
        blocks([("a rather long name", (3,))] * 40)
    with pytest.raises(ValueError, match=r"parts must be a list of \(name, shape\)"):
        blocks([("conv", 3)])
    with pytest.raises(ValueError, match="parts must be"):
        blocks([("conv", (3,), "a note", "another")])


def _at(sheet, point, side):
    """The number of the block at whose side a line ends, or None."""
    for k, block in enumerate(sheet.blocks):
        x, _ = getattr(block, side)
        if abs(point[0] - x) < 1e-6 and block.y < point[1] < block.y + block.height:
            return k
    return None
