"""Outlines: six figures that only their edge tells apart."""

import numpy as np
import pytest

from vidlearn.datasets.load import batches
from vidlearn.datasets.outlines import CLASSES, outlines


def test_the_same_arguments_give_the_same_pictures():
    a, b, c = outlines(20, 1), outlines(20, 1), outlines(20, 2)
    np.testing.assert_array_equal(a.pictures, b.pictures)
    assert (a.pictures != c.pictures).any()
    assert a.pictures.shape == (20, 1, 24, 24) and a.pictures.dtype == np.float32
    assert a.labels.dtype == np.int64 and a.labels[:7].tolist() == [0, 1, 2, 3, 4, 5, 0]


def figure(data):
    """The figure of pictures without noise, as a mask, and the background: each (N, ...)."""
    ground = np.median(data.pictures, axis=(1, 2, 3), keepdims=True)
    return np.abs(data.pictures - ground)[:, 0] > 0.05, ground


@pytest.mark.parametrize("size", [12, 24, 33])
def test_every_figure_lies_inside_its_picture(size):
    seen, _ = figure(outlines(240, 3, size, noise=0))
    assert (seen.any((1, 2))).all()
    edge = np.concatenate([seen[:, [0, -1]], seen[:, :, [0, -1]].swapaxes(1, 2)], axis=1)
    assert edge.mean() < 0.02                            # a corner may just touch the edge


def test_a_ring_has_a_hole_and_a_disc_has_none():
    data = outlines(120, 4, size=48, noise=0)
    seen, _ = figure(data)
    for label, filled in ((0, True), (1, False)):
        for picture in seen[data.labels == label]:
            middle = np.argwhere(picture).mean(0).round().astype(int)
            assert picture[tuple(middle)] == filled


def test_brightness_does_not_tell_the_label():
    data = outlines(1800, 5)
    means = data.pictures.mean((1, 2, 3))
    by_class = [means[data.labels == k].mean() for k in range(6)]
    assert np.ptp(by_class) < 0.25 * means.std()
    seen, ground = figure(outlines(600, 6, noise=0))
    brighter = (outlines(600, 6, noise=0).pictures > ground + 0.05)[:, 0]
    assert 0.4 < (brighter & seen).any((1, 2)).mean() < 0.6


def test_noise_is_what_was_asked_for():
    clean, noisy = outlines(60, 7, noise=0), outlines(60, 7, noise=0.03)
    assert (noisy.pictures - clean.pictures).std() == pytest.approx(0.03, rel=0.05)


def test_it_is_a_dataset():
    data = outlines(9, 8)
    assert len(data) == 9 and repr(data) == "Outlines(9 pictures of 24x24)"
    picture, label = data[4]
    np.testing.assert_array_equal(picture, data.pictures[4])
    assert label == 4 and data.classes == CLASSES
    loaded = list(batches(data, 6))
    assert [len(x) for x, _ in loaded] == [6, 3]
    np.testing.assert_array_equal(np.concatenate([x for x, _ in loaded]), data.batch(range(9))[0])


def test_pictures_too_small_are_refused():
    with pytest.raises(ValueError, match="below 12 pixels a star looks like a disc"):
        outlines(6, 0, size=11)
