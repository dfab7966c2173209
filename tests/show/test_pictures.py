"""Pictures of every kind are converted to RGB, or refused with a reason."""

from types import SimpleNamespace

import numpy as np
import pytest

from tests.show.pixels import opened
from vidlearn.show import contact_sheet, draw, image, images, matrices, pictures

COUNTED = np.tile(15 * np.arange(16, dtype=np.uint8)[:, None, None, None], (1, 40, 60, 3))


@pytest.mark.parametrize("given, pixel", [
    (np.full((2, 2, 3), 9, np.uint8), [9, 9, 9]),
    (np.full((2, 2), 9, np.uint8), [9, 9, 9]),
    (np.full((2, 2, 1), 9, np.uint8), [9, 9, 9]),
    (np.full((2, 2, 3), [1.0, 0.5, 0.0]), [255, 128, 0]),
    (np.array([[False, True], [True, True]]), [0, 0, 0]),
    (np.array([[-3.0, 1.0], [5.0, 1.0]]), [0, 0, 0]),
])
def test_every_kind_of_picture_becomes_rgb(given, pixel):
    picture = pictures.rgb(given)
    assert picture.dtype == np.uint8 and picture.shape == (2, 2, 3)
    assert picture[0, 0].tolist() == pixel


@pytest.mark.parametrize("given, words", [
    (np.zeros((3, 4, 4)), r"is \(3, 4, 4\)"),
    (np.full((2, 2, 3), 255.0), "divide by 255"),
    (np.full((2, 2, 3), -0.5), "undo the normalisation"),
    (np.zeros(4), "a picture is"),
])
def test_what_is_not_a_picture_is_refused(given, words):
    with pytest.raises(ValueError, match=words):
        pictures.rgb(given)


def test_matrices_have_a_scale_each_or_one_for_all(page):
    matrices({"small": [[1.0]], "large": [[4.0]]}, digits=0)
    matrices({"small": [[1.0]], "large": [[4.0]]}, digits=0, reach=4)
    each, shared = (opened(shown)[-4, [4, -4]].astype(int) for shown in page)      # left, right
    assert (each[0] == each[1]).all() and (shared[1] == each[1]).all()
    assert (shared[0] - each[0]).max() > 50


def test_small_pictures_are_enlarged_without_blur(page):
    image(np.array([[0.0, 1.0], [1.0, 0.0]]))
    picture = opened(page[0])
    assert picture.shape[0] == picture.shape[1] == 266
    assert set(np.unique(picture)) == {0, 255}


def test_images_lie_in_rows_under_their_titles(page):
    images([np.zeros((10, 10)), np.ones((10, 10)), np.ones((10, 10))], ["a", "b", "c"], columns=2,
           scale=4)
    height, width, _ = opened(page[0]).shape
    assert width == 2 * 40 + pictures.GAP and height > 2 * 40
    assert page[0]["text/plain"] == "<3 pictures of 10x10 pixels>"


def test_a_sheet_shows_the_first_and_the_last_frame(page):
    contact_sheet(COUNTED, count=4)
    middle = opened(page[0])[-20]
    assert middle[5].tolist() == [0, 0, 0] and middle[-5].tolist() == [225] * 3
    assert page[0]["text/plain"] == "<4 of 16 frames>"


def test_times_are_seconds_for_a_clip_and_frames_for_an_array():
    seconds = np.arange(16) / 8
    assert pictures._nearest([0.3, 1.9], seconds, 16) == [2, 15]
    assert pictures._nearest([3, 15], None, 16) == [3, 15]


def test_a_sheet_of_a_clip_is_labelled_in_seconds(page):
    clip = SimpleNamespace(frames=COUNTED, seconds=np.arange(16) / 8, fps=8.0)
    contact_sheet(clip, times=[1.0])
    contact_sheet(COUNTED, times=[8])
    assert page[0]["image/png"] != page[1]["image/png"]


def test_a_wide_frame_is_shrunk_to_its_place(page):
    contact_sheet(np.zeros((2, 300, 2000, 3), np.uint8))
    assert opened(page[0]).shape[1] <= 800


def test_an_empty_clip_is_refused():
    with pytest.raises(ValueError, match="clip must be a Clip, or frames"):
        contact_sheet(np.zeros((0, 4, 4, 3), np.uint8))


def test_matrices_stand_side_by_side_in_the_colours_of_their_signs(page):
    matrices({"a": [[1.0, -2.0]], "b": np.eye(3)}, cell=40, digits=0)
    assert page[0]["text/plain"] == "<a (1, 2), b (3, 3)>"
    picture = opened(page[0]).astype(int)
    assert picture.shape[1] == 81 + 24 + 121
    ones = picture[-121:, 105:][3::40, 3::40][:3, :3]                  # a corner of each cell
    assert (np.abs(ones - draw.RED).max(2) <= 2).tolist() == np.eye(3).astype(bool).tolist()
    half, full = picture[-81:-40, :81][3, [3, 43]]                     # in the middle beside b
    assert np.abs(full - draw.BLUE).max() <= 2
    assert np.abs(half - (np.array(draw.RED) + draw.PAPER) / 2).max() <= 4
