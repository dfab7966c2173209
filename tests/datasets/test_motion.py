"""Motion: time is the only clue, and the random draws do not depend on the label."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from vidlearn.datasets.motion import CLASSES, OPPOSITE, motion


@pytest.fixture(scope="module")
def clips():
    return motion(64, seed=3, noise=0)


def test_the_same_arguments_give_the_same_clips():
    a, b, c = motion(8, 1), motion(8, 1), motion(8, 2)
    np.testing.assert_array_equal(a.clips, b.clips)
    assert (a.clips != c.clips).any()
    assert a.clips.shape == (8, 16, 32, 32, 3) and a.clips.dtype == np.uint8
    assert a.labels.tolist() == [0, 1, 2, 3, 4, 5, 6, 7] and a.labels.dtype == np.int64


def test_a_clip_played_backwards_is_the_opposite_action_exactly(clips):
    opposite = motion(64, seed=3, noise=0, labels=OPPOSITE[clips.labels])
    np.testing.assert_array_equal(clips.clips[:, ::-1], opposite.clips)
    np.testing.assert_array_equal(clips.backwards().labels, opposite.labels)
    assert (clips.clips != opposite.clips).any((1, 2, 3, 4)).all()    # and it is another clip


def test_the_pairs_are_opposites():
    pairs = {CLASSES[i] + "/" + CLASSES[OPPOSITE[i]] for i in range(0, 8, 2)}
    assert pairs == {"left/right", "up/down", "clockwise/counter-clockwise", "grow/shrink"}
    np.testing.assert_array_equal(OPPOSITE[OPPOSITE], np.arange(8))


def test_both_actions_of_a_pair_show_the_same_frames(clips):
    """Any statistic that ignores the order is a function of the sorted frames: they are equal."""
    opposite = motion(64, seed=3, noise=0, labels=OPPOSITE[clips.labels])

    def frames(clip):
        return sorted(frame.tobytes() for frame in clip)

    for a, b in zip(clips.clips, opposite.clips, strict=True):
        assert frames(a) == frames(b)


def test_every_frame_has_the_same_noise():
    flat = dict(labels=[0] * 400, frames=4, size=16)
    noisy, clean = (motion(400, 5, **flat, noise=level).clips.astype(int) for level in (8, 0))
    noise = noisy - clean
    inside = np.abs(noise).max((2, 3, 4)) < 60          # hardly anything was clipped at 0 or 255
    assert inside.all()
    spread = noise.std((0, 2, 3, 4))
    np.testing.assert_allclose(spread, spread.mean(), rtol=0.02)


def test_a_classifier_of_means_cannot_tell_a_pair_apart():
    """Trained on 800 means of frames and tested on 400: it finds the pair, 0.50 at most."""
    def means(data):
        return data.clips.mean(1).reshape(len(data), 32, 32, 3).mean(3).reshape(len(data), -1) / 255

    seen, asked = motion(800, 11), motion(400, 12)
    answers = LogisticRegression(max_iter=300, C=0.1).fit(means(seen), seen.labels).predict(
        means(asked))
    right = (answers == asked.labels).mean()
    opposite = (answers == OPPOSITE[asked.labels]).mean()
    assert right <= 0.5
    assert abs(right - opposite) < 0.1                        # four standard errors


@pytest.mark.parametrize("label, axis, sign", [(0, 1, -1), (1, 1, 1), (2, 0, -1), (3, 0, 1)])
def test_sprites_slide_where_the_label_says(label, axis, sign):
    data = motion(16, 4, labels=[label] * 16, noise=0, texture=0)
    shown = np.abs(data.clips - np.median(data.clips, (2, 3), keepdims=True)).sum(-1) > 40
    place = [np.stack([np.argwhere(f).mean(0) for f in clip[[0, -1]]]) for clip in shown]
    gone = np.array([b - a for a, b in place])
    assert (sign * gone[:, axis] > 4).all() and (np.abs(gone[:, 1 - axis]) < 1.5).all()


def test_sprites_grow_and_shrink():
    for label, sign in (6, 1), (7, -1):
        data = motion(16, 4, labels=[label] * 16, noise=0, texture=0)
        shown = np.abs(data.clips - np.median(data.clips, (2, 3), keepdims=True)).sum(-1) > 40
        area = shown.sum((2, 3))
        assert (sign * (area[:, -1] - area[:, 0]) > 0).all()


def test_clockwise_is_clockwise_on_the_screen():
    """The long axis of the sprite goes from x towards y, and y points down."""
    data = motion(200, 4, labels=[4] * 200, noise=0, texture=0)
    shown = np.abs(data.clips - np.median(data.clips, (2, 3), keepdims=True)).sum(-1) > 40
    y, x = np.mgrid[:32, :32]

    def axis(mask):
        dx, dy = x[mask] - x[mask].mean(), y[mask] - y[mask].mean()
        return np.arctan2(2 * (dx * dy).mean(), (dx * dx - dy * dy).mean())

    turned = [np.angle(np.exp(1j * (axis(b) - axis(a)))) for clip in shown
              for a, b in zip(clip[7:8], clip[8:9], strict=True)]
    assert np.median(turned) > 0.1


def test_speed_and_texture_change_what_they_name():
    slow, fast = (motion(8, 1, noise=0, speed=s).clips.astype(int) for s in (0.2, 1.0))
    assert np.abs(np.diff(slow, axis=1)).mean() < 0.5 * np.abs(np.diff(fast, axis=1)).mean()
    plain = motion(8, 1, noise=0, texture=0).clips
    assert (plain[:, :, 0, 0] == plain[:, :, 0, -1]).mean() > 0.9


def test_it_is_a_dataset_for_both_engines(clips):
    clip, label = clips[5]
    assert clip.shape == (3, 16, 32, 32) and clip.dtype == np.float32 and label == 5
    assert clip.min() >= 0 and clip.max() <= 1 and len(clips) == 64
    assert repr(clips) == "Motion(64 clips of 16 frames, 32x32)"
    many, labels = clips.batch([5, 6])
    np.testing.assert_array_equal(many[0], clip)
    np.testing.assert_array_equal(labels, [5, 6])
    np.testing.assert_allclose(clip[:, 2] * 255, clips.clips[5, 2].transpose(2, 0, 1), atol=1e-4)


def test_other_sizes_show_the_same_scene():
    small = motion(8, 1, frames=8, size=16, noise=0).clips
    assert small.shape == (8, 8, 16, 16, 3)
    large = motion(8, 1, frames=8, size=32, noise=0).clips.reshape(8, 8, 16, 2, 16, 2, 3)
    assert np.abs(small - large.mean((3, 5))).mean() < 12


def test_halved_is_the_mean_of_eight(clips):
    small = clips.halved()
    eights = clips.clips.astype(float).reshape(64, 8, 2, 16, 2, 16, 2, 3)
    assert np.abs(small.clips - eights.mean((2, 4, 6))).max() <= 0.5
    np.testing.assert_array_equal(clips.backwards().halved().clips, small.backwards().clips)


def test_labels_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"labels \(2,\) must be 3 numbers from 0 to 7"):
        motion(3, 1, labels=[0, 1])
    with pytest.raises(ValueError, match="0 to 7"):
        motion(2, 1, labels=[0, 8])
