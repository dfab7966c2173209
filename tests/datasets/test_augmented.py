"""Clips and labels change together, in training only."""

import numpy as np
import pytest

from vidlearn.datasets.augmented import Augmented
from vidlearn.datasets.load import batches
from vidlearn.datasets.motion import OPPOSITE, motion

DATA = motion(9, seed=4, frames=4, size=8)


def backwards(frames, label, rng):
    return (frames[::-1], OPPOSITE[label]) if rng.random() < 0.5 else (frames, label)


def test_labels_change_with_their_clips():
    data, turned = Augmented(DATA, backwards), 0
    assert len(data) == 9 and data.classes == DATA.classes
    for i in range(9):
        for seed in range(6):
            clip, label = data.draw(i, np.random.default_rng(seed))
            back = label != DATA.labels[i]
            turned += back
            plain = DATA[i][0]
            assert label == (OPPOSITE[DATA.labels[i]] if back else DATA.labels[i])
            np.testing.assert_array_equal(clip, plain[:, ::-1] if back else plain)
    assert 9 < turned < 45


def test_only_training_sees_the_change():
    data = Augmented(DATA, lambda frames, label, rng: (frames[::-1], OPPOSITE[label]))
    tested = np.concatenate([labels for _, labels in batches(data, 4)])
    trained = np.concatenate([labels for _, labels in batches(data, 4, augment=True)])
    np.testing.assert_array_equal(tested, DATA.labels)
    np.testing.assert_array_equal(trained, OPPOSITE[DATA.labels])
    np.testing.assert_array_equal(data[3][0], DATA[3][0])


@pytest.mark.parametrize("label", [-1, 8])
def test_a_label_that_is_not_a_class_is_refused(label):
    data = Augmented(DATA, lambda frames, _, rng: (frames, label))
    with pytest.raises(ValueError, match=f"clip 2 turned label 2 into {label}: it must be 0 to 7"):
        data.draw(2, np.random.default_rng(0))
