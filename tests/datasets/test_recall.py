"""Recall: the first symbol is the label, and nothing after it tells the label."""

import numpy as np
import pytest

from vidlearn.datasets.load import batches
from vidlearn.datasets.recall import recall


def test_the_same_arguments_give_the_same_sequences():
    a, b, c = recall(20, 7, seed=1), recall(20, 7, seed=1), recall(20, 7, seed=2)
    np.testing.assert_array_equal(a.sequences, b.sequences)
    assert (a.sequences != c.sequences).any()
    assert a.sequences.shape == (20, 8, 5) and a.sequences.dtype == np.float64
    assert a.labels.shape == (20,) and a.labels.dtype == np.int64


def test_the_first_step_shows_the_label_and_nothing_else():
    data = recall(50, 3, seed=0, symbols=6)
    np.testing.assert_array_equal(data.sequences[:, 0], np.eye(7)[data.labels])
    assert set(data.labels) == set(range(6))


@pytest.mark.parametrize("noise", [0.0, 0.5, 2.0])
def test_the_later_steps_hold_noise_in_the_last_feature_only(noise):
    later = recall(400, 25, seed=3, noise=noise).sequences[:, 1:]
    assert not later[..., :-1].any()
    assert later[..., -1].std() == pytest.approx(noise, rel=0.03)
    assert later[..., -1].mean() == pytest.approx(0, abs=0.05)


def test_the_noise_says_nothing_about_the_label():
    data = recall(4000, 5, seed=4)
    means = [data.sequences[data.labels == k, 1:, -1].mean(0) for k in range(4)]
    np.testing.assert_allclose(means, 0, atol=0.12)


def test_a_longer_lag_has_the_same_labels():
    np.testing.assert_array_equal(recall(30, 2, seed=5).labels, recall(30, 90, seed=5).labels)


def test_it_is_a_dataset():
    data = recall(9, 4, seed=6)
    assert len(data) == 9 and repr(data) == "Recall(9 sequences, 4 symbols, a lag of 4)"
    x, label = data[5]
    np.testing.assert_array_equal(x, data.sequences[5])
    assert label == data.labels[5]
    many, labels = data.batch([2, 5])
    np.testing.assert_array_equal(many, data.sequences[[2, 5]])
    np.testing.assert_array_equal(labels, data.labels[[2, 5]])
    loaded = list(batches(data, 6))
    assert [len(x) for x, _ in loaded] == [6, 3] and data.classes == ("0", "1", "2", "3")
    np.testing.assert_array_equal(np.concatenate([y for _, y in loaded]), data.labels)


@pytest.mark.parametrize("wrong", [dict(lag=0), dict(lag=3, symbols=1)])
def test_nothing_to_remember_is_refused(wrong):
    with pytest.raises(ValueError, match="at least 1 and 2"):
        recall(4, seed=0, **wrong)
