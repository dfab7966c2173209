"""HOG against scikit-image: grey and colour, odd sizes, cells and blocks of any shape."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage.feature import hog as their_hog

from vidlearn.checks import ArgumentError
from vidlearn.vision.hog import CLIP, cell_histograms, gradient, hog, normalised_blocks

FLOAT32 = 1e-6                             # scikit-image adds up the votes in float32


def theirs(image, orientations, cell, block):
    return their_hog(image, orientations, cell, block, "L2-Hys", feature_vector=False,
                     channel_axis=-1 if image.ndim == 3 else None)


@settings(max_examples=100)
@given(st.integers(0, 2**32 - 1), st.sampled_from([(), (1,), (3,), (4,)]), st.integers(1, 12),
       st.tuples(st.integers(1, 9), st.integers(1, 9)), st.tuples(*[st.integers(1, 3)] * 2),
       st.tuples(*[st.integers(0, 20)] * 2), st.sampled_from([float, np.uint8]))
def test_it_is_scikit_images(seed, channels, orientations, cell, block, more, dtype):
    sides = [max(c * b, 3) + extra for c, b, extra in zip(cell, block, more, strict=True)]
    image = (np.random.default_rng(seed).random((*sides, *channels)) * 255).astype(dtype)
    ours = hog(image, orientations, cell, block)
    np.testing.assert_allclose(ours, theirs(image, orientations, cell, block), atol=FLOAT32)


def test_the_window_of_dalal_and_triggs_has_3780_numbers():
    image = np.random.default_rng(0).integers(0, 256, (128, 64, 3), np.uint8)
    before = image.copy()
    ours = hog(image)
    assert ours.shape == (15, 7, 2, 2, 9)
    assert ours.size == 3780
    assert (image == before).all()
    np.testing.assert_allclose(ours, theirs(image, 9, (8, 8), (2, 2)), atol=FLOAT32)


def test_an_image_that_is_not_contiguous_gives_the_same():
    image = np.random.default_rng(0).random((40, 50, 3))
    turned = np.asfortranarray(image)[::1]
    np.testing.assert_array_equal(hog(turned), hog(image))


def test_a_flat_image_has_no_directions():
    assert (hog(np.full((32, 24), 7)) == 0).all()


@pytest.mark.parametrize("ramp, degrees", [
    (np.arange(5) + np.zeros((5, 1)), 0), (np.arange(5)[:, None] + np.zeros(5), 90),
    (np.arange(5)[:, None] + np.arange(5), 45), (np.arange(5)[:, None] - np.arange(5), 135)])
def test_a_ramp_has_one_direction(ramp, degrees):
    magnitude, angle = gradient(ramp)
    assert angle[2, 2] == pytest.approx(degrees)
    assert gradient(-ramp)[1][2, 2] == pytest.approx(degrees)       # light to dark is the same
    assert magnitude[2, 2] == pytest.approx(2 if degrees % 90 == 0 else np.sqrt(8))


def test_each_pixel_takes_its_strongest_channel():
    flat = np.zeros((5, 5))
    across, down = np.arange(5) + flat, 3 * np.arange(5)[:, None] + flat
    magnitude, angle = gradient(np.stack([across, down, flat], 2))
    assert magnitude[2, 2] == 6
    assert angle[2, 2] == 90


def test_a_direction_at_an_edge_belongs_to_the_higher_range():
    votes = cell_histograms(np.ones((2, 2)), np.array([[0.0, 19.9], [20.0, 179.9]]), 9, (2, 2))
    assert votes[0, 0].tolist() == [0.5, 0.25, 0, 0, 0, 0, 0, 0, 0.25]


def test_no_direction_of_a_block_counts_for_more_than_the_clip_before_the_last_division():
    cells = np.zeros((2, 2, 9))
    cells[0, 0, 0], cells[1, 1, 3] = 100, 100
    block = normalised_blocks(cells)[0, 0]
    assert block[0, 0, 0] == block[1, 1, 3] == pytest.approx(np.sqrt(0.5))
    cells[1, 1, 3] = 10
    block = normalised_blocks(cells)[0, 0]
    assert block[1, 1, 3] / block[0, 0, 0] == pytest.approx(10 / np.hypot(100, 10) / CLIP)


@pytest.mark.parametrize("image, words", [
    (np.zeros((7, 40)), r"no cell of 8x8 pixels fits into \(7, 40\)"),
    (np.zeros((8, 40)), r"no block of \(2, 2\) cells fits into \(1, 5\)"),
    (np.full((32, 32), np.nan), "NaN or infinite"), (np.zeros(9), "image must be a picture"),
    (np.zeros((2, 3, 4, 5)), "image must be a picture")])
def test_what_cannot_be_described_is_refused(image, words):
    with pytest.raises(ArgumentError, match=words):
        hog(image)


def test_magnitudes_and_angles_of_different_pixels_are_refused():
    with pytest.raises(ArgumentError, match="the same pixels"):
        cell_histograms(np.zeros((8, 8)), np.zeros((8, 9)))
