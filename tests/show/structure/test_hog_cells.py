"""HOG's cells: the strokes are the votes, and the block is marked where it is."""

import numpy as np
import pytest

from vidlearn.checks import ArgumentError
from vidlearn.show import cell_strokes, draw, hog_cells
from vidlearn.show.structure import hog_cells as module

RAMP = np.repeat((np.arange(64) * 3).astype(np.uint8)[None, :, None], 128, 0).repeat(3, 2)


@pytest.fixture
def drawing(monkeypatch):
    """The sheet that a call of hog_cells shows, and its caption."""
    def shown(*given, **options):
        seen = []
        monkeypatch.setattr(module.pictures, "image",
                            lambda sheet, caption, scale: seen.append((sheet, caption)))
        hog_cells(*given, **options)
        return seen[0]
    return shown


def test_the_strokes_are_the_votes_over_the_strongest():
    strokes = cell_strokes(RAMP)
    assert strokes.shape == (16, 8, 9)
    assert strokes.max() == 1
    assert (strokes[..., 1:] == 0).all()                # from left to right: the first direction
    assert (strokes[:, 1:-1, 0] == 1).all()


def test_a_flat_window_has_no_strokes():
    assert (cell_strokes(np.full((128, 64, 3), 9, np.uint8)) == 0).all()


def test_both_sides_show_the_block(drawing):
    sheet, caption = drawing(RAMP, (3, 2))
    assert sheet.shape == (44 + 384, 2 * 192 + 24, 3) and caption == "A person in 16x8 cells."
    orange = (sheet == draw.ORANGE).all(2)
    rows, columns = np.nonzero(orange)
    assert rows.min() == 44 + 3 * 24 and rows.max() in range(44 + 5 * 24 - 2, 44 + 5 * 24 + 2)
    assert columns.min() == 2 * 24
    assert columns.max() in range(216 + 4 * 24 - 2, 216 + 4 * 24 + 2)


def test_a_stroke_lies_along_its_edge(drawing):
    right = drawing(RAMP, (0, 0))[0][44:, 216:]         # an edge that runs down: upright strokes
    cell = right[6 * 24:7 * 24, 4 * 24:5 * 24, 0] > 150
    rows, columns = np.nonzero(cell)
    assert np.ptp(rows) > 3 * np.ptp(columns)


def test_a_block_outside_is_refused():
    with pytest.raises(ArgumentError, match="2x2 cells of 16x8"):
        hog_cells(RAMP, (15, 0))
