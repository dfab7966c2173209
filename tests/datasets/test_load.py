"""Batches are the same for any number of workers, for each seed and epoch."""

import numpy as np
import pytest
import torch

from vidlearn.datasets.load import batches


class Numbers:
    """A dataset of 11 tiny clips; a draw adds a random number."""

    classes = ("even", "odd")

    def __len__(self):
        return 11

    def __getitem__(self, i):
        return np.full((3, 2, 4, 5), i, np.float32), i % 2

    def draw(self, i, rng):
        clip, label = self[i]
        return clip + np.float32(rng.uniform(0, 0.5)), label


def flat(*args, **options):
    """The first number of every clip, in order, and all labels."""
    found = list(batches(*args, **options))
    return (np.concatenate([clips[:, 0, 0, 0, 0] for clips, _ in found]),
            np.concatenate([labels for _, labels in found]))


def test_shapes_types_and_order():
    found = list(batches(Numbers(), 4))
    assert [clips.shape for clips, _ in found] == [(4, 3, 2, 4, 5)] * 2 + [(3, 3, 2, 4, 5)]
    assert all(type(clips) is np.ndarray and clips.dtype == np.float32 for clips, _ in found)
    assert all(type(labels) is np.ndarray and labels.dtype == np.int64 for _, labels in found)
    numbers, labels = flat(Numbers(), 4)
    assert numbers.tolist() == list(range(11)) and labels.tolist() == [i % 2 for i in range(11)]


def test_shuffling_gives_every_clip_once_by_seed_and_epoch():
    orders = {key: tuple(flat(Numbers(), 4, shuffle=True, seed=key[0], epoch=key[1])[0])
              for key in ((0, 0), (0, 1), (1, 0))}
    assert all(sorted(order) == list(range(11)) for order in orders.values())
    assert len(set(orders.values())) == 3
    assert tuple(flat(Numbers(), 4, shuffle=True, seed=0, epoch=1)[0]) == orders[0, 1]


def test_labels_stay_with_their_clips():
    numbers, labels = flat(Numbers(), 3, shuffle=True, augment=True, seed=5)
    np.testing.assert_array_equal(numbers.astype(int) % 2, labels)


@pytest.mark.parametrize("workers", [1, 2])
def test_workers_change_nothing(workers):
    options = {"shuffle": True, "augment": True, "seed": 3, "epoch": 2}
    alone, many = (flat(Numbers(), 4, workers=n, **options) for n in (0, workers))
    np.testing.assert_array_equal(alone[0], many[0])
    np.testing.assert_array_equal(alone[1], many[1])


def test_a_draw_depends_on_seed_epoch_and_clip_only():
    drawn = {key: flat(Numbers(), 4, augment=True, seed=key[0], epoch=key[1])[0] % 1
             for key in ((0, 0), (0, 1), (1, 0))}
    assert len({tuple(values) for values in drawn.values()}) == 3
    assert all(len(set(values)) == 11 for values in drawn.values())
    again = flat(Numbers(), 7, augment=True, seed=0, epoch=0)[0] % 1          # another batch size
    np.testing.assert_array_equal(again, drawn[0, 0])


def test_without_augment_nothing_is_drawn():
    assert (flat(Numbers(), 4)[0] % 1 == 0).all()


def test_global_random_states_are_unchanged():
    torch.manual_seed(0)
    np.random.seed(0)
    before = torch.get_rng_state(), np.random.get_state()[1].copy()
    list(batches(Numbers(), 4, shuffle=True, augment=True))
    assert torch.equal(torch.get_rng_state(), before[0])
    np.testing.assert_array_equal(np.random.get_state()[1], before[1])


class Uneven(Numbers):
    def __getitem__(self, i):
        return np.zeros((3, 2 + i % 2, 4, 5), np.float32), 0


class Broken(Numbers):
    def __getitem__(self, i):
        from vidlearn import video
        return video.read("nowhere.mp4"), 0


def test_clips_of_two_shapes_are_refused():
    with pytest.raises(ValueError, match=r"shapes \[\(3, 2, 4, 5\), \(3, 3, 4, 5\)\]"):
        list(batches(Uneven(), 4))


def test_no_clips_are_refused():
    with pytest.raises(ValueError, match="there is no clip in this dataset"):
        list(batches([], 4))


@pytest.mark.parametrize("workers", [0, 1])
def test_an_error_of_a_clip_keeps_its_type_and_message(workers):
    with pytest.raises(OSError, match="nowhere.mp4: there is no such file"):
        list(batches(Broken(), 4, workers=workers))
