"""Boxes over a picture: their place, their colour, and their words."""

import numpy as np
import pytest

from vidlearn.checks import ArgumentError
from vidlearn.show import boxed, draw

BLACK = np.zeros((30, 40, 3), np.uint8)


def inked(picture, colour=draw.RED):
    """The rows and columns that hold a colour: first and last of each."""
    rows, columns = np.nonzero((picture == colour).all(-1))
    return [rows.min(), rows.max(), columns.min(), columns.max()]


@pytest.mark.parametrize("times", [1, 3])
def test_the_outline_lies_inside_its_box(times):
    picture = boxed(BLACK, [[5, 6, 25, 20]], times=times, thickness=1)
    assert inked(picture) == [6 * times, 20 * times - 1, 5 * times, 25 * times - 1]
    assert (picture[15 * times, 15 * times] == 0).all() and (BLACK == 0).all()


def test_each_box_has_its_colour():
    picture = boxed(BLACK, [[0, 0, 10, 10], [20, 20, 30, 30]], colour=[draw.RED, draw.BLUE])
    assert inked(picture) == [0, 9, 0, 9] and inked(picture, draw.BLUE) == [20, 29, 20, 29]


@pytest.mark.parametrize("box", [[100, 60, 150, 90], [100, 2, 150, 90], [195, 60, 199, 90],
                                 [-50, -50, 20, 20], [0, 0, 1e9, 1e9]])
def test_a_word_stays_in_the_picture(box):
    plain, named = (boxed(np.zeros((100, 200, 3), np.uint8), [box], words)
                    for words in ([], ["person"]))
    rows, columns = np.nonzero((plain != named).any(-1))
    assert rows.max() - rows.min() <= 17 and columns.max() - columns.min() >= 30


def test_no_boxes_leave_the_picture_as_it_is():
    assert (boxed(BLACK + 7, np.zeros((0, 4))) == 7).all()


def test_what_does_not_fit_is_refused():
    with pytest.raises(ArgumentError, match="words: 1 for 2 boxes"):
        boxed(BLACK, [[0, 0, 5, 5]] * 2, ["one"])
    with pytest.raises(ArgumentError, match="colour: 2 for 1 boxes"):
        boxed(BLACK, [[0, 0, 5, 5]], colour=[draw.RED, draw.BLUE])
    with pytest.raises(ArgumentError, match="boxes must be boxes"):
        boxed(BLACK, [1, 2, 3, 4])
