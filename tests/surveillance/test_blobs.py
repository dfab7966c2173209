"""Blobs are boxes around what moves, and nothing where nothing does."""

import numpy as np
import pytest

from vidlearn.checks import ArgumentError
from vidlearn.datasets.street import street
from vidlearn.detection.average_precision import box_iou
from vidlearn.surveillance.blobs import ROWS, Blobs, empty_scene


def test_single_people_of_the_street_have_a_box():
    clip = street(5, frames=60, people=1, cars=0, shadow=0)
    blobs, right = Blobs(clip.background), 0
    for t in range(60):
        found = blobs.detect(clip.frames[t])
        assert found["boxes"].shape == (len(found["labels"]), 4)
        assert (found["labels"] == 1).all() and (found["scores"] == 1).all()
        assert len(found["scores"]) == len(found["boxes"])
        if clip.visible[t, 0] > .9 and len(found["boxes"]):
            right += box_iou(found["boxes"], clip.boxes[t, :1].astype(float)).max() > .5
    assert right > .8 * (clip.visible[:, 0] > .9).sum() > 20


def test_nothing_moves_in_an_empty_street():
    clip = street(5, frames=20, people=0, cars=0)
    blobs = Blobs()
    assert sum(len(blobs.detect(frame)["boxes"]) for frame in clip.frames) == 0


def test_boxes_of_a_large_film_are_in_its_own_pixels():
    scene = np.full((3 * ROWS, 900, 3), 100, np.uint8)
    blobs = Blobs(scene)
    frame = scene.copy()
    frame[300:480, 450:540] = 220
    (box,) = blobs.detect(frame)["boxes"]
    np.testing.assert_allclose(box, [450, 300, 540, 480], atol=9)


def test_the_background_may_have_another_size():
    scene = np.full((3 * ROWS, 900, 3), 100, np.uint8)
    frame = scene.copy()
    frame[300:480, 450:540] = 220
    assert len(Blobs(scene[::4, ::4]).detect(frame)["boxes"]) == 1


def test_a_blob_that_is_too_low_is_none():
    scene = np.full((100, 160, 3), 90, np.uint8)
    frame = scene.copy()
    frame[20:40, 20:40], frame[60:66, 20:40] = 250, 250
    assert len(Blobs(scene, least=.1).detect(frame)["boxes"]) == 1
    assert len(Blobs(scene, least=.05).detect(frame)["boxes"]) == 2


def test_the_empty_scene_is_what_is_there_most_often():
    clip = street(6, frames=200, people=1, cars=1)
    scene = empty_scene(clip.frames[::10])
    away, first = (np.abs(picture.astype(int) - clip.background).max(-1) > 25
                   for picture in (scene, clip.frames[0]))
    assert scene.dtype == np.uint8 and away.mean() < .002 < .005 < first.mean()
    with pytest.raises(ArgumentError, match="frames is empty"):
        empty_scene([])


def test_another_size_is_refused():
    blobs = Blobs()
    blobs.detect(np.zeros((20, 30, 3), np.uint8))
    with pytest.raises(ArgumentError, match=r"the first frame was \(20, 30, 3\) and this one is"):
        blobs.detect(np.zeros((30, 20, 3), np.uint8))
    with pytest.raises(ArgumentError, match="frame must be a frame"):
        Blobs().detect(np.zeros((20, 30)))
