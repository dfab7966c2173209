"""Crops of the street: boxes lie around what they name, and unseen streets are unseen."""

from pathlib import Path

import numpy as np
import pytest

from vidlearn.checks import ArgumentError
from vidlearn.datasets import street_crops as module
from vidlearn.datasets.street import street
from vidlearn.datasets.street_crops import read_street_crops, save_street_crops, street_crops
from vidlearn.files import safetensors
from vidlearn.files.safetensors import WeightsError

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def drawn():
    return street_crops([100, 101])


@pytest.fixture(scope="module")
def shipped():
    return [read_street_crops(DATA / f"{name}.safetensors")
            for name in ("street_crops", "street_crops_unseen")]


def test_shapes_and_limits(drawn):
    crops, targets = drawn
    assert crops.shape == (24, 96, 96, 3) and crops.dtype == np.uint8 and len(targets) == 24
    for target in targets:
        boxes, labels = target["boxes"], target["labels"]
        assert boxes.dtype == np.float64 and labels.dtype == np.int64
        assert boxes.shape == (len(labels), 4) and len(labels) >= 1
        assert boxes.min() >= 0 and boxes.max() <= 96 and (boxes[:, 2:] > boxes[:, :2]).all()
        assert set(labels) <= {1, 2}


def test_a_crop_is_a_part_of_its_frame_and_holds_all_that_is_clear(drawn):
    """The first crop is found again in its street, and so are its boxes."""
    crop, target = drawn[0][0], drawn[1][0]
    clip = street(100, **module.STREET_OPTIONS)
    places = [(x, y) for y in range(25) for x in range(65)
              if (clip.frames[0, y:y + 96, x:x + 96] == crop).all()]
    assert len(places) == 1
    x, y = places[0]
    inside = np.clip(clip.boxes[0] - [x, y, x, y], 0, 96)
    area = np.prod(inside[:, 2:] - inside[:, :2], 1)
    whole = np.prod(clip.boxes[0][:, 2:] - clip.boxes[0][:, :2], 1)
    height = clip.boxes[0][:, 3] - clip.boxes[0][:, 1]
    kept = (clip.visible[0] >= .5) & (height >= 12) & (area >= .6 * whole)
    np.testing.assert_array_equal(target["boxes"], inside[kept])
    np.testing.assert_array_equal(target["labels"], clip.kinds[kept] + 1)


def test_the_same_seeds_give_the_same_crops_alone_or_together(drawn):
    crops, targets = street_crops([101])
    np.testing.assert_array_equal(crops, drawn[0][12:])
    for one, other in zip(targets, drawn[1][12:], strict=True):
        np.testing.assert_array_equal(one["boxes"], other["boxes"])


def test_another_size():
    crops, targets = street_crops([3], size=64)
    assert crops.shape[1:] == (64, 64, 3)
    assert max(target["boxes"].max() for target in targets) <= 64


def test_a_file_gives_back_boxes_exactly_and_pixels_nearly(drawn, tmp_path):
    crops, targets = drawn
    save_street_crops(tmp_path / "crops.safetensors", crops, targets, [100, 101])
    read, found, seeds = read_street_crops(tmp_path / "crops.safetensors")
    assert seeds == [100, 101] and read.shape == crops.shape and read.dtype == np.uint8
    assert np.abs(read.astype(int) - crops).mean() < 8
    assert np.abs(read.astype(int) - crops[::-1]).mean() > 20        # in the same order
    for one, other in zip(found, targets, strict=True):
        np.testing.assert_array_equal(one["boxes"], other["boxes"])
        np.testing.assert_array_equal(one["labels"], other["labels"])


def test_the_files_of_the_course_are_large_enough_and_never_overlap(shipped):
    (train, train_targets, train_seeds), (test, test_targets, test_seeds) = shipped
    assert train.shape == (360, 96, 96, 3) and test.shape == (144, 96, 96, 3)
    assert len(train_seeds) == 30 and len(test_seeds) == 12
    assert not set(train_seeds) & set(test_seeds)
    for targets, least in (train_targets, 360), (test_targets, 144):
        people, cars = np.bincount(np.concatenate([t["labels"] for t in targets]))[1:]
        assert people > least and cars > least


def test_the_files_hold_what_is_drawn(drawn, shipped):
    crops, targets, _ = shipped[0]
    assert np.abs(crops[:24].astype(int) - drawn[0]).mean() < 8
    for one, other in zip(targets[:24], drawn[1], strict=True):
        np.testing.assert_array_equal(one["boxes"], other["boxes"])
        np.testing.assert_array_equal(one["labels"], other["labels"])


def test_streets_without_anybody_are_refused(monkeypatch):
    monkeypatch.setattr(module, "STREET_OPTIONS", dict(frames=8, people=0, cars=0, step=4))
    with pytest.raises(ArgumentError, match=r"nobody can be seen clearly in the streets \[1, 2\]"):
        street_crops([1, 2])


def test_too_many_crops_for_one_picture_are_refused(tmp_path):
    crops = np.zeros((24 * 171, 96, 96, 3), np.uint8)
    with pytest.raises(ArgumentError, match="4104 crops of 96 pixels .* at most 4080 into a file"):
        save_street_crops(tmp_path / "many.safetensors", crops, [], [1])
    assert not (tmp_path / "many.safetensors").exists()


def test_a_file_of_something_else_is_refused(tmp_path):
    with pytest.raises(ArgumentError, match="holds .*bias.*, and no crops of the street"):
        read_street_crops(DATA / "motion_c3d.safetensors")
    with pytest.raises(WeightsError, match="there is no file"):
        read_street_crops(tmp_path / "none")


def test_a_damaged_file_is_refused(tmp_path):
    path = tmp_path / "crops.safetensors"
    safetensors.write(path, {"webp": np.zeros(9, np.uint8), "boxes": np.zeros((1, 4)),
                             "labels": np.ones(1, int), "counts": np.ones(1, int)},
                      {"size": 96, "seeds": [1]})
    with pytest.raises(ArgumentError, match="its picture cannot be decoded"):
        read_street_crops(path)
