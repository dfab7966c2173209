"""Background models against plain loops pixel by pixel, against OpenCV, and on the street."""

import cv2
import numpy as np
import pytest

from vidlearn.datasets.street import street
from vidlearn.scratch.core.errors import ShapeError
from vidlearn.vision.background import (
    Difference,
    Mixture,
    RunningGaussian,
    RunningMean,
    foreground_masks,
    iou,
)

MODELS = (Difference, RunningMean, RunningGaussian, Mixture)


def clip(seed=0, size=(12, 5, 7, 3)):
    """A noisy background over which something bright passes, column by column."""
    rng = np.random.default_rng(seed)
    frames = rng.uniform(40, 160, size[1:]) + rng.normal(0, 4, size)
    for t in range(size[0]):
        frames[t, :, t % size[2]] += 80
    return frames


def mean_by_loops(values, rate, threshold):
    """Masks and last mean of one pixel, values (T, C)."""
    mean, masks = list(values[0]), []
    for t, value in enumerate(values):
        square = sum((v - m) ** 2 for v, m in zip(value, mean, strict=True)) / len(value)
        masks.append(square > threshold ** 2)
        step = max(rate, 1 / (t + 1))
        mean = [(1 - step) * m + step * v for v, m in zip(value, mean, strict=True)]
    return masks, mean


def gaussian_by_loops(values, rate, deviations, foreground_rate, start=225.0, least=9.0):
    """Masks, last mean and last variance of one pixel, values (T, C)."""
    mean, variance, masks = list(values[0]), start, []
    for t, value in enumerate(values):
        square = sum((v - m) ** 2 for v, m in zip(value, mean, strict=True)) / len(value)
        masks.append(square > deviations ** 2 * variance)
        step = max(rate, 1 / (t + 1)) * (foreground_rate if masks[-1] else 1)
        mean = [(1 - step) * m + step * v for v, m in zip(value, mean, strict=True)]
        variance = max(least, (1 - step) * variance + step * square)
    return masks, mean, variance


def mixture_by_loops(values, count, rate, deviations, background_ratio, start=225.0, least=9.0):
    """Masks of one pixel, values (T, C), and its Gaussians [weight, mean, variance]."""
    known = [[1.0 * (k == 0), np.array(values[0], float), start] for k in range(count)]
    masks = []
    for t, value in enumerate(values):
        square = [np.mean((value - mean) ** 2) for _, mean, _ in known]
        fits = [k for k, (w, _, var) in enumerate(known)
                if w > 0 and square[k] <= deviations ** 2 * var]
        hit = max(fits, key=lambda k: known[k][0]) if fits else None
        strength = [w * w / var for w, _, var in known]
        before = [sum(known[j][0] for j in range(count) if strength[j] > s) for s in strength]
        masks.append(hit is None or before[hit] >= background_ratio)
        step = max(rate, 1 / (t + 1))
        for k in range(count):
            known[k][0] += step * ((k == hit) - known[k][0])
        if hit is None:
            k = int(np.argmin([w for w, _, _ in known]))
            known[k] = [step, np.array(value, float), start]
            total = sum(w for w, _, _ in known)
            for one in known:
                one[0] /= total
        else:
            w, mean, variance = known[hit]
            known[hit][1] = mean + step / w * (value - mean)
            known[hit][2] = max(least, variance + step / w * (square[hit] - variance))
    return masks, known


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.7, 1.0])
@pytest.mark.parametrize("channels", [1, 3])
def test_running_mean_equals_the_loop(rate, channels):
    frames = clip(size=(12, 4, 5, channels))
    model = RunningMean(rate, threshold=20)
    masks = foreground_masks(model, frames)
    for i, j in np.ndindex(4, 5):
        wanted, mean = mean_by_loops(frames[:, i, j], rate, 20)
        assert masks[:, i, j].tolist() == wanted
        np.testing.assert_allclose(model.mean[i, j], mean, atol=1e-10)
    assert masks.any() and not masks.all()


@pytest.mark.parametrize("rate, deviations, foreground_rate", [(0.05, 2.5, 1.0), (0.3, 2.0, 0.0),
                                                      (0.02, 3.0, 0.2), (0.0, 1.0, 1.0)])
def test_running_gaussian_equals_the_loop(rate, deviations, foreground_rate):
    frames = clip(1)
    model = RunningGaussian(rate, deviations, foreground_rate)
    masks = foreground_masks(model, frames)
    for i, j in np.ndindex(frames.shape[1:3]):
        wanted, mean, variance = gaussian_by_loops(frames[:, i, j], rate, deviations,
                                                   foreground_rate)
        assert masks[:, i, j].tolist() == wanted
        np.testing.assert_allclose(model.mean[i, j], mean, atol=1e-10)
        np.testing.assert_allclose(model.variance[i, j], variance, atol=1e-10)
    assert masks.any() and not masks.all()


@pytest.mark.parametrize("count, rate, background_ratio", [
    (3, 0.05, 0.5), (2, 0.2, 0.7), (1, 0.1, 0.5), (4, 0.02, 0.87)])
def test_mixture_equals_the_loop(count, rate, background_ratio):
    frames = clip(2, (16, 4, 6, 3))
    model = Mixture(count, rate, 2.5, background_ratio)
    masks = foreground_masks(model, frames)
    for i, j in np.ndindex(4, 6):
        wanted, known = mixture_by_loops(frames[:, i, j], count, rate, 2.5, background_ratio)
        assert masks[:, i, j].tolist() == wanted
        for k, (weight, mean, variance) in enumerate(known):
            assert model.weight[k, i, j] == pytest.approx(weight, abs=1e-12)
            np.testing.assert_allclose(model.mean[k, i, j], mean, atol=1e-10)
            assert model.variance[k, i, j] == pytest.approx(variance, abs=1e-10)
    np.testing.assert_allclose(model.weight.sum(0), 1)


def test_the_mean_equals_that_of_opencv():
    frames = clip(3)
    model = RunningMean(rate=1.0)
    model.apply(frames[0])
    model.rate, model.seen = 0.1, 100                             # as after its first frames
    mean = frames[0].copy()
    for frame in frames[1:]:
        model.apply(frame)
        cv2.accumulateWeighted(frame, mean, 0.1)
    np.testing.assert_allclose(model.mean, mean, atol=1e-10)


def test_difference_compares_two_frames():
    frames = clip(4)
    masks = foreground_masks(Difference(threshold=20), frames)
    root = np.sqrt((np.diff(frames, axis=0) ** 2).mean(-1))
    assert not masks[0].any()
    np.testing.assert_array_equal(masks[1:], root > 20)


def test_a_mixture_models_a_pixel_with_two_values_and_one_gaussian_does_not():
    rng = np.random.default_rng(5)
    values = np.where(np.arange(300) // 5 % 2, 60.0, 160.0) + rng.normal(0, 3, 300)
    frames = np.broadcast_to(values[:, None, None], (300, 2, 2)).copy()
    frames[280:285] = 110
    models = Mixture(background_ratio=0.7), RunningGaussian(foreground_rate=1)
    mixture, single = (foreground_masks(model, frames) for model in models)
    assert not mixture[100:280].any() and mixture[280:285].all()
    assert not single[280:285].any()                      # its variance covers everything


def test_models_find_the_foreground_of_the_street():
    for seed in (1, 2, 3):
        film = street(seed, frames=100)
        truth = film.masks[50:] > 0
        assert iou(foreground_masks(RunningGaussian(), film.frames)[50:], truth) > 0.36
        assert iou(foreground_masks(Mixture(), film.frames)[50:], truth) > 0.36
        assert iou(foreground_masks(Difference(), film.frames)[50:], truth) < 0.34


@pytest.mark.parametrize("model", MODELS)
def test_one_frame_is_all_background_and_grey_is_one_channel(model):
    frames = clip(6)
    assert not model().apply(frames[0]).any()
    grey = foreground_masks(model(), frames[..., 0])
    np.testing.assert_array_equal(grey, foreground_masks(model(), frames[..., :1]))
    assert grey.shape == frames.shape[:3] and grey.dtype == bool


@pytest.mark.parametrize("model", MODELS)
def test_frames_are_unchanged_and_bytes_do_not_overflow(model):
    frames = clip(7).clip(0, 255).astype(np.uint8)
    before = frames.copy()
    masks = foreground_masks(model(), frames)
    np.testing.assert_array_equal(frames, before)
    np.testing.assert_array_equal(masks, foreground_masks(model(), frames.astype(float)))


@pytest.mark.parametrize("model", MODELS)
def test_wrong_frames_are_refused(model):
    one = model()
    one.apply(np.zeros((4, 5, 3)))
    with pytest.raises(ShapeError, match=r"first frame was \(4, 5, 3\) and this one is \(4, 6, 3"):
        one.apply(np.zeros((4, 6, 3)))
    with pytest.raises(ShapeError, match="frames of a clip one by one"):
        model().apply(np.zeros((2, 4, 5, 3)))


@pytest.mark.parametrize("model", MODELS[1:])
def test_a_rate_is_a_fraction(model):
    with pytest.raises(ValueError, match=r"rate of 25 must lie in 0\.\.1"):
        model(rate=25)


def test_iou_counts_pixels():
    assert iou([1, 1, 0, 0], [0, 1, 1, 0]) == pytest.approx(1 / 3)
    assert iou(np.zeros((2, 3)), np.zeros((2, 3))) == 1
    assert iou([1, 0], [0, 1]) == 0
    with pytest.raises(ShapeError, match=r"masks \(2,\) and truth \(3,\)"):
        iou([1, 0], [1, 0, 1])


def test_opencvs_models_work_too_and_a_shadow_is_not_foreground():
    class Shadows:
        def apply(self, frame):
            return np.array([[0, 127, 255]], np.uint8)
    assert foreground_masks(Shadows(), np.zeros((2, 1, 3)))[0].tolist() == [[False, False, True]]
    film = street(1, frames=40)
    masks = foreground_masks(cv2.createBackgroundSubtractorMOG2(detectShadows=False), film.frames)
    assert iou(masks[20:], film.masks[20:] > 0) > 0.3
