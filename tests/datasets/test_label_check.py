"""A label that is missing or not a class is an error that names the clip."""

import numpy as np
import pytest

from vidlearn.checks import ArgumentError
from vidlearn.datasets.label_check import LabelCheck

CLIP = np.zeros((3, 2, 4, 4), np.float32)


class Items:
    """A dataset of one item."""

    classes = ("walk", "run")

    def __init__(self, item, **attributes):
        self.item = item
        vars(self).update(attributes)

    def __len__(self):
        return 1

    def __getitem__(self, i):
        return self.item


@pytest.mark.parametrize("label", [0, 1, np.int64(1)])
def test_a_class_passes(label):
    data = LabelCheck(Items((CLIP, label)))
    assert len(data) == 1 and data.classes == Items.classes and not hasattr(data, "draw")
    assert data[0][0] is CLIP and data[0][1] == label


@pytest.mark.parametrize("item, words", [
    ((CLIP, 2), "clip 0 has label 2"), ((CLIP, -1), "label -1"), ((CLIP, 1.5), "label 1.5"),
    ((CLIP, "run"), "label 'run'"), ((CLIP,), "no label"), (CLIP, "no label")])
def test_anything_else_names_the_clip(item, words):
    with pytest.raises(ArgumentError, match=f"{words}: it must be a number from 0 to 1"):
        LabelCheck(Items(item))[0]


def test_the_error_has_the_name_and_a_draw_is_checked_too():
    data = LabelCheck(Items(None, names=("walk/a.mkv",), draw=lambda i, rng: (CLIP, 7)))
    with pytest.raises(ArgumentError, match=r"clip 0 \(walk/a.mkv\) has label 7"):
        data.draw(0, np.random.default_rng(0))
