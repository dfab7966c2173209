"""People cropped out of the street: which clips, with which labels, and what is left out."""

import numpy as np
import pytest

from vidlearn.datasets import people as cut
from vidlearn.datasets.load import batches
from vidlearn.datasets.people import CLASSES, STREET_OPTIONS, crop_person, people
from vidlearn.datasets.street import ACTIONS, street


@pytest.fixture(scope="module")
def data():
    return people([3, 4], frames=6, step=2)


@pytest.fixture(scope="module")
def scene():
    return street(3, **STREET_OPTIONS)


def test_every_class_is_there_and_the_streets_are_named(data):
    assert set(data.labels) == set(range(len(CLASSES))) and set(data.streets) == {3, 4}
    assert data.clips.shape == (len(data), 6, 32, 32, 3) and data.clips.dtype == np.uint8
    assert repr(data) == f"People({len(data)} clips of 6 frames, 32x32, from 2 streets)"


def test_the_same_street_gives_the_same_clips(data):
    again = people([4], frames=6, step=2)
    np.testing.assert_array_equal(again.clips, data.clips[data.streets == 4])
    np.testing.assert_array_equal(again.labels, data.labels[data.streets == 4])


def test_a_clip_is_every_other_frame_of_one_person_who_does_one_thing(data, scene):
    tracks = [crop_person(scene, person) for person in range(5)]
    for clip, label in zip(data.clips[data.streets == 3], data.labels[data.streets == 3],
                           strict=True):
        found = [(k, t) for k, (crops, _) in enumerate(tracks) for t in range(90)
                 if (crops[t] == clip[0]).all() and (crops[t:t + 11:2] == clip).all()]
        (person, start), = found
        assert tracks[person][1][start:start + 11].all()
        assert {ACTIONS[a] for a in scene.actions[start:start + 11, person]} == {CLASSES[label]}


def test_the_clips_of_one_person_in_one_action_are_limited(data):
    assert (data.labels[data.streets == 3] == CLASSES.index("run")).sum() <= cut.MOST_CLIPS
    assert (data.labels[data.streets == 3] == CLASSES.index("walk")).sum() <= 5 * cut.MOST_CLIPS


def test_clear_means_large_inside_and_visible(scene):
    for person in range(5):
        crops, clear = crop_person(scene, person, size=20)
        boxes = scene.boxes[:, person]
        assert crops.shape == (100, 20, 20, 3)
        assert (scene.visible[clear, person] >= cut.MIN_VISIBLE).all()
        assert (boxes[clear, :2] > 0).all() and (boxes[clear, 2:] < (160, 120)).all()
        assert ((boxes[clear, 2:] - boxes[clear, :2]).max(1) >= cut.MIN_SIDE).all()


def test_the_crop_is_a_square_with_the_box_in_its_middle():
    frame = np.zeros((40, 60, 3), np.uint8)
    frame[10:30, 25:35] = 200                                     # 20 high: a side of 25
    crop = cut._crop(frame, np.array([25, 10, 35, 30]), 25)
    rows, columns = np.nonzero(crop[..., 0])
    assert (rows.min(), rows.max() + 1) == (3, 23) and (columns.min(), columns.max() + 1) == (8, 18)


def test_a_crop_beyond_the_frame_repeats_its_edge_and_a_box_may_be_empty():
    frame = np.arange(40, dtype=np.uint8)[:, None, None].repeat(30, 1).repeat(3, 2)
    crop = cut._crop(frame, np.array([5, 30, 15, 40]), 12)
    assert (crop[-1] == 39).all() and crop[0, 0, 0] == 29
    assert cut._crop(frame, np.zeros(4, int), 8).shape == (8, 8, 3)


def test_it_is_a_dataset_and_so_are_its_frames(data):
    clip, label = data[1]
    assert clip.shape == (3, 6, 32, 32) and clip.dtype == np.float32 and label == data.labels[1]
    np.testing.assert_allclose(clip[:, 2], np.moveaxis(data.clips[1, 2], -1, 0) / 255, atol=1e-6)
    frames = data.frames()
    assert frames.clips.shape == (6 * len(data), 1, 32, 32, 3) and frames.classes == CLASSES
    np.testing.assert_array_equal(frames.clips[8, 0], data.clips[1, 2])
    assert frames.labels[8] == data.labels[1] and frames.streets[-1] == 4
    clips, labels = next(batches(frames, 7))
    assert clips.shape == (7, 3, 1, 32, 32) and labels.tolist() == frames.labels[:7].tolist()


def test_a_subset_keeps_its_labels_and_streets(data):
    last = data.subset(slice(-2, None))
    np.testing.assert_array_equal(last.clips, data.clips[-2:])
    assert last.labels.tolist() == data.labels[-2:].tolist() and last.streets.tolist() == [4, 4]


def test_a_clip_longer_than_the_street_is_refused():
    with pytest.raises(ValueError, match="no clip of 60 frames"):
        people([3], frames=60, step=2)
