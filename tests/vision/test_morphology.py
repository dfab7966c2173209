"""Morphology against OpenCV: every pixel exact, whatever the kernel."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from vidlearn.scratch.core.errors import ShapeError
from vidlearn.vision.morphology import (
    CROSS,
    closing,
    components,
    dilate,
    erode,
    keep_large,
    opening,
)

KERNELS = st.one_of(
    st.integers(1, 6),
    hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, max_side=5),
               elements=st.integers(0, 1)).filter(np.any))
PICTURES = hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, max_side=12))
MASKS = hnp.arrays(bool, hnp.array_shapes(min_dims=2, max_dims=2, max_side=14))


def opencv(kernel):
    return np.ones((kernel, kernel), np.uint8) if np.ndim(kernel) == 0 else kernel


@settings(max_examples=200)
@given(PICTURES, KERNELS)
def test_erode_and_dilate_equal_opencv(picture, kernel):
    before = picture.copy()
    np.testing.assert_array_equal(erode(picture, kernel), cv2.erode(picture, opencv(kernel)))
    np.testing.assert_array_equal(dilate(picture, kernel), cv2.dilate(picture, opencv(kernel)))
    np.testing.assert_array_equal(picture, before)


@settings(max_examples=100)
@given(PICTURES, st.sampled_from([1, 3, 5, CROSS.astype(np.uint8)]))
def test_opening_and_closing_equal_opencv(picture, kernel):
    for ours, theirs in ((opening, cv2.MORPH_OPEN), (closing, cv2.MORPH_CLOSE)):
        wanted = cv2.morphologyEx(picture, theirs, opencv(kernel))
        np.testing.assert_array_equal(ours(picture, kernel), wanted)
        np.testing.assert_array_equal(ours(wanted, kernel), wanted)       # twice changes nothing


@settings(max_examples=100)
@given(MASKS, st.sampled_from([(3, 8), (CROSS, 4)]))
def test_components_equal_opencv_up_to_their_order(mask, joined):
    kernel, connectivity = joined
    labels, areas = components(mask, kernel)
    count, theirs = cv2.connectedComponents(mask.astype(np.uint8), connectivity=connectivity)
    pairs = set(zip(labels.ravel().tolist(), theirs.ravel().tolist(), strict=True))
    assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})
    assert len(areas) == count - 1 and ((labels > 0) == mask).all()
    assert areas.tolist() == np.bincount(labels.ravel(), minlength=count)[1:].tolist()
    firsts = [np.flatnonzero(labels.ravel() == k + 1)[0] for k in range(len(areas))]
    assert firsts == sorted(firsts)


def test_a_spiral_is_one_component():
    spiral = np.zeros((9, 9), bool)
    spiral[0], spiral[:, 8], spiral[8], spiral[2:, 0], spiral[2, :7] = 1, 1, 1, 1, 1
    assert components(spiral)[1].tolist() == [spiral.sum()]


def test_corners_connect_or_not():
    mask = np.eye(3)
    assert components(mask)[1].tolist() == [3]
    assert components(mask, CROSS)[1].tolist() == [1, 1, 1]


@pytest.mark.parametrize("fill, areas", [(0, []), (1, [12])])
def test_an_empty_and_a_full_mask(fill, areas):
    labels, found = components(np.full((3, 4), fill))
    assert found.tolist() == areas and (labels == fill).all()
    assert keep_large(np.full((3, 4), fill), 12).all() == bool(fill)


def test_small_components_are_dropped():
    mask = np.array([[1, 1, 0, 1], [1, 0, 0, 0], [0, 0, 1, 1]])
    assert keep_large(mask, 3).astype(int).tolist() == [[1, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]]
    assert keep_large(mask, 2).sum() == 5


@pytest.mark.parametrize("kind", [bool, np.int64, np.float64, np.uint8])
def test_the_type_is_kept(kind):
    picture = np.array([[0, 1, 1], [1, 1, 0]]).astype(kind)
    assert erode(picture).dtype == dilate(picture).dtype == kind


def test_wrong_pictures_and_kernels_are_refused():
    with pytest.raises(ShapeError, match=r"this one is \(2, 3, 4\): take frame by frame"):
        erode(np.zeros((2, 3, 4)))
    for kernel in (np.zeros((3, 3)), np.ones(3), 0):
        with pytest.raises(ShapeError, match="a kernel is a side of at least 1 or an array"):
            dilate(np.zeros((4, 4)), kernel)
