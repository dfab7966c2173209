"""Shapes: only the outline tells the label, the mask is the figure's bounding box, and a mark
changes only its corner.
"""

import numpy as np
import pytest

from vidlearn.datasets.load import batches
from vidlearn.datasets.shapes import CLASSES, MARK, MARKS, _figures, shapes


def test_the_same_arguments_give_the_same_pictures():
    a, b, c = shapes(9, seed=1), shapes(9, seed=1), shapes(9, seed=2)
    np.testing.assert_array_equal(a.pictures, b.pictures)
    assert (a.pictures != c.pictures).any() and a.classes == CLASSES
    assert a.pictures.shape == (9, 32, 32, 3) and a.pictures.dtype == np.uint8
    np.testing.assert_array_equal(a.labels, np.arange(9) % 4)


@pytest.mark.parametrize("radius", [4, 5, 6])
def test_a_figure_lies_in_its_box_and_reaches_all_four_sides(radius):
    x, y = np.array([9, 10, 14, 8]), np.array([12, 8, 9, 11])
    cover, masks = _figures(np.arange(4), x, y, np.full(4, radius), 24)
    assert not cover[~masks].any() and cover.max() == 1
    for k in range(4):
        box = cover[k, y[k] - radius:y[k] + radius + 1, x[k] - radius:x[k] + radius + 1]
        assert masks[k].sum() == box.size == (2 * radius + 1) ** 2
        assert all(side.any() for side in (box[0], box[-1], box[:, 0], box[:, -1]))
    middle = cover[np.arange(4), y, x]
    assert middle.tolist() == [1, 0, 1, 1]                    # only the ring is hollow


@pytest.mark.parametrize("size", [24, 33])
def test_the_figure_is_where_the_mask_says_and_never_on_the_mark(size):
    data = shapes(80, seed=3, size=size)
    for picture, mask in zip(data.pictures.astype(int).mean(3), data.masks, strict=True):
        assert picture[mask].mean() > picture[~mask].mean()
        assert not mask[-MARK - 1:].any() and not mask[:, -MARK - 1:].any()


def test_the_place_the_size_and_the_colour_say_nothing_about_the_label():
    data = shapes(2000, seed=4, noise=0)
    where = np.array([[m.any(1).argmax(), m.any(0).argmax(), m.sum()] for m in data.masks])
    spread = where.std(axis=0) / np.sqrt(500)
    for k in range(4):
        assert (np.abs(where[data.labels == k].mean(0) - where.mean(0)) < 5 * spread).all()


def test_a_mark_changes_its_corner_and_nothing_else():
    marks = np.array([3, 0, 1, 2, 2])
    plain, marked = shapes(5, seed=5), shapes(5, seed=5, marks=marks)
    corner = slice(-MARK - 1, -1)
    for picture, k in zip(marked.pictures, marks, strict=True):
        assert (picture[corner, corner] == MARKS[k]).all()
    marked.pictures[:, corner, corner] = plain.pictures[:, corner, corner]
    np.testing.assert_array_equal(marked.pictures, plain.pictures)


def test_it_is_a_dataset():
    data = shapes(7, seed=6)
    assert len(data) == 7 and repr(data) == "Shapes(7 pictures, 32x32)"
    x, label = data[5]
    assert x.shape == (3, 32, 32) and x.dtype == np.float32 and label == 1
    np.testing.assert_array_equal(x, np.moveaxis(data.pictures[5], -1, 0) / np.float32(255))
    many, labels = data.batch([2, 5])
    np.testing.assert_array_equal(many[1], x)
    assert labels.tolist() == [2, 1]
    sizes = [len(y) for _, y in batches(data, 4)]
    assert sum(sizes) == 7


@pytest.mark.parametrize("options, words", [
    (dict(size=23), "at least 24"), (dict(marks=[0, 1]), "must be 3 numbers from 0 to 3"),
    (dict(marks=[0, 1, 4]), "from 0 to 3"),
])
def test_impossible_pictures_are_refused(options, words):
    with pytest.raises(ValueError, match=words):
        shapes(3, seed=0, **options)
