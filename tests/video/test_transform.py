"""Changes to a clip: one draw for all frames, the same type, and the input left unchanged."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torchvision.transforms import v2

from vidlearn.video import transform

RNG = np.random.default_rng
CHANGES = {
    "random_crop": lambda f, rng: transform.random_crop(f, (5, 7), rng),
    "random_resized_crop": lambda f, rng: transform.random_resized_crop(f, (6, 8), rng),
    "random_rotation": lambda f, rng: transform.random_rotation(f, rng, 60),
    "horizontal_flip": transform.horizontal_flip,
    "reverse": transform.reverse,
    "color_jitter": transform.color_jitter,
}
FIXED = {
    "resize": lambda f: transform.resize(f, (6, 9)),
    "center_crop": lambda f: transform.center_crop(f, (5, 7)),
    "rotate": lambda f: transform.rotate(f, 33),
    "grey": transform.grey,
}


def clip(kind=np.uint8, seed=0, shape=(4, 12, 16, 3)):
    frames = RNG(seed).integers(0, 256, shape, dtype=np.uint8)
    return frames if kind == np.uint8 else (frames / 255).astype(kind)


@pytest.mark.parametrize("name", [*CHANGES, *FIXED])
@pytest.mark.parametrize("kind", [np.uint8, np.float32, np.float64])
def test_the_type_is_kept_and_the_input_unchanged(name, kind):
    frames = clip(kind)
    before = frames.copy()
    changed = CHANGES[name](frames, RNG(1)) if name in CHANGES else FIXED[name](frames)
    assert changed.dtype == kind
    assert changed.ndim == 4 and len(changed) == 4
    assert changed.flags.c_contiguous
    assert changed.min() >= 0 and changed.max() <= (255 if kind == np.uint8 else 1)
    np.testing.assert_array_equal(frames, before)


@pytest.mark.parametrize("name", CHANGES)
def test_one_draw_for_the_whole_clip(name):
    still = np.repeat(clip()[:1], 5, axis=0)                     # five frames that are the same
    for seed in range(20):
        changed = CHANGES[name](still, RNG(seed))
        np.testing.assert_array_equal(changed, np.repeat(changed[:1], 5, axis=0))


@pytest.mark.parametrize("name", CHANGES)
def test_the_same_seed_gives_the_same_clip_and_others_differ(name):
    results = [CHANGES[name](clip(), RNG(seed)) for seed in range(20)]
    np.testing.assert_array_equal(CHANGES[name](clip(), RNG(0)), results[0])
    assert any((result != results[0]).any() for result in results)


def test_crops_are_pixels_of_the_clip():
    frames = clip()
    np.testing.assert_array_equal(transform.center_crop(frames, (4, 6)), frames[:, 4:8, 5:11])
    np.testing.assert_array_equal(transform.center_crop(frames, 12), frames[:, :, 2:14])
    places = set()
    for seed in range(300):
        part = transform.random_crop(frames, (11, 14), RNG(seed))
        places |= {(y, x) for y in range(2) for x in range(3)
                   if (frames[:, y:y + 11, x:x + 14] == part).all()}
    assert len(places) == 6                                      # every place, edges included


@pytest.mark.parametrize("crop", [
    lambda f: transform.center_crop(f, (13, 5)), lambda f: transform.random_crop(f, 13, RNG(0))])
def test_a_crop_larger_than_the_frame_is_refused(crop):
    with pytest.raises(ValueError, match=r"a crop of 13x\d+ does not fit in frames of 12x16"):
        crop(clip())


def test_flip_and_reversal():
    frames = clip()
    np.testing.assert_array_equal(transform.horizontal_flip(frames, RNG(0), p=1),
                                  frames[:, :, ::-1])
    np.testing.assert_array_equal(transform.reverse(frames, RNG(0), p=1), frames[::-1])
    for change in (transform.horizontal_flip, transform.reverse):
        np.testing.assert_array_equal(change(frames, RNG(0), p=0), frames)
        flipped = sum((change(frames, RNG(seed)) != frames).any() for seed in range(200))
        assert 60 < flipped < 140


def test_resize_like_torchvision():
    frames = clip(np.float32, shape=(2, 24, 32, 3))
    ours = transform.resize(frames, (8, 8))
    areas = frames.reshape(2, 8, 3, 8, 4, 3).mean((2, 4))
    np.testing.assert_allclose(ours, areas, atol=1e-6)
    assert transform.resize(frames, 12).shape == (2, 12, 16, 3)
    assert transform.resize(clip(shape=(2, 24, 32, 1)), 12).shape == (2, 12, 16, 1)


def test_grey_like_torchvision():
    frames = clip(np.float64)
    theirs = v2.functional.rgb_to_grayscale(torch.tensor(frames).permute(0, 3, 1, 2))
    np.testing.assert_allclose(transform.grey(frames)[..., 0], theirs[:, 0].numpy(), atol=2e-4)


@given(st.integers(0, 2**31), st.floats(0, 1), st.floats(0, 1))
@settings(max_examples=40)
def test_color_jitter_like_torchvision(seed, brightness, saturation):
    frames = clip(np.float64, shape=(2, 6, 5, 3)) * 0.5          # so that nothing is clipped
    ours = transform.color_jitter(frames, RNG(seed), brightness, 0, saturation)
    light, _, colour = (RNG(seed).uniform(size=3) * 2 - 1) * (brightness, 0, saturation) + 1
    theirs = torch.tensor(frames).permute(0, 3, 1, 2)
    theirs = v2.functional.adjust_brightness(theirs, light)
    theirs = v2.functional.adjust_saturation(theirs, colour)
    np.testing.assert_allclose(ours, theirs.permute(0, 2, 3, 1).numpy(), atol=5e-4)


def test_contrast_pulls_towards_the_mean_of_the_clip():
    frames = 0.4 + 0.2 * clip(np.float64)                        # so that nothing is clipped
    mean = (frames @ transform.LUMA).mean()
    for seed in range(5):
        factor = 2 * RNG(seed).uniform(size=3)[1]
        ours = transform.color_jitter(frames, RNG(seed), 0, 1, 0)
        np.testing.assert_allclose(ours, mean + factor * (frames - mean), atol=1e-6)


def test_random_resized_crop_keeps_to_its_area_and_shape():
    frames = np.zeros((1, 100, 100, 3), np.uint8)
    frames[..., 0], frames[..., 1] = np.arange(100)[:, None], np.arange(100)
    for seed in range(50):
        part = transform.random_resized_crop(frames, 64, RNG(seed), scale=(0.25, 0.5))
        height, width = (np.ptp(part[0, ..., k].astype(float)) + 1 for k in range(2))
        assert 0.2 < height * width / 1e4 < 0.55
        assert 0.7 < width / height < 1.4
        assert part.shape == (1, 64, 64, 3)


SIZES = [(4, 12, 16, 3), (1, 7, 10, 1), (2, 1, 5, 2), (2, 6, 1, 3)]
ANGLES = [0, 13, 90, -37, 180, 250, 360]


@pytest.mark.parametrize("shape", SIZES)
@pytest.mark.parametrize("angle", ANGLES)
def test_rotate_equals_torchvision(shape, angle):
    frames = RNG(1).random(shape)
    theirs = v2.functional.rotate(torch.tensor(frames).permute(0, 3, 1, 2), angle,
                                  interpolation=v2.InterpolationMode.BILINEAR)
    np.testing.assert_allclose(transform.rotate(frames, angle),
                               theirs.permute(0, 2, 3, 1).numpy(), atol=1e-12)


@pytest.mark.parametrize("angle", ANGLES)
def test_rotate_with_a_repeated_edge_equals_grid_sample(angle):
    frames = RNG(2).random((3, 9, 9, 3))             # square: a grid from -1 to 1 is then no shear
    turn = np.deg2rad(angle)
    theta = torch.tensor([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0]])
    grid = torch.nn.functional.affine_grid(theta.expand(3, 2, 3), (3, 3, 9, 9), False)
    theirs = torch.nn.functional.grid_sample(torch.tensor(frames).permute(0, 3, 1, 2), grid,
                                             padding_mode="border", align_corners=False)
    np.testing.assert_allclose(transform.rotate(frames, angle, edge=True),
                               theirs.permute(0, 2, 3, 1).numpy(), atol=1e-12)


def test_quarter_turns_are_pixels_moved():
    frames = clip(shape=(3, 8, 8, 3))
    for quarters in range(-1, 4):                    # np.rot90 turns counter-clockwise, too
        np.testing.assert_array_equal(transform.rotate(frames, 90 * quarters),
                                      np.rot90(frames, quarters, (1, 2)))


def test_rotate_keeps_flat_colours_and_refuses_nan():
    flat = np.full((2, 7, 9, 3), 77, np.uint8)
    np.testing.assert_array_equal(transform.rotate(flat, 31, edge=True), flat)
    assert (transform.rotate(flat, 31)[:, 0, 0] == 0).all()
    with pytest.raises(ValueError, match="degrees must be a finite number, not nan"):
        transform.rotate(flat, float("nan"))


def test_a_random_rotation_turns_both_ways_within_its_limit():
    frames = np.zeros((1, 41, 41, 1))
    frames[0, 20, 35] = 1                            # 15 pixels right of the middle
    rises = []
    for seed in range(60):
        row, column = np.nonzero(transform.random_rotation(frames, RNG(seed), 20)[0, ..., 0] > .1)
        rises.append(np.rad2deg(np.arctan2(20 - row.mean(), column.mean() - 20)))
    assert -22 < min(rises) < -10 and 10 < max(rises) < 22


def numbered(total):
    return np.repeat(np.arange(total, dtype=np.uint8), 4 * 5 * 3).reshape(total, 4, 5, 3)


def test_a_temporal_crop_is_a_run_from_anywhere():
    starts = set()
    for seed in range(200):
        got = transform.temporal_crop(numbered(9), 6, RNG(seed))[:, 0, 0, 0].tolist()
        assert got == list(range(got[0], got[0] + 6))
        starts.add(got[0])
    assert starts == {0, 1, 2, 3}
    np.testing.assert_array_equal(transform.temporal_crop(numbered(9), 9, RNG(0)), numbered(9))
    assert transform.temporal_crop(numbered(4), 1, RNG(0)).shape == (1, 4, 5, 3)


@pytest.mark.parametrize("speed, steps", [(2.0, {2}), (0.5, {0, 1}), (1.0, {1}), (9.0, {2, 3})])
def test_the_speed_is_the_step_of_the_whole_clip(speed, steps):
    for seed in range(20):
        got = transform.temporal_crop(numbered(20), 8, RNG(seed), (speed, speed))[:, 0, 0, 0]
        assert set(np.diff(got.astype(int)).tolist()) == steps


def test_speeds_are_drawn_between_their_limits_and_rise():
    lengths = [np.ptp(transform.temporal_crop(numbered(40), 9, RNG(s), (0.5, 2))[:, 0, 0, 0])
               for s in range(100)]
    assert min(lengths) in (4, 5) and max(lengths) in (15, 16) and 7 <= np.median(lengths) <= 9


@pytest.mark.parametrize("count, speed, words", [
    (10, (1, 1), "10 frames of a clip of 9: take fewer"), (0, (1, 1), "0 frames of a clip"),
    (4, (0, 1), r"speed \(0, 1\) must be above 0")])
def test_an_impossible_temporal_crop_is_refused(count, speed, words):
    with pytest.raises(ValueError, match=words):
        transform.temporal_crop(numbered(9), count, RNG(0), speed)


def test_to_tensor_and_normalize_like_torchvision():
    frames = clip()
    ours = transform.to_tensor(frames)
    theirs = torch.tensor(frames).permute(0, 3, 1, 2)            # (T, C, H, W), as torchvision
    theirs = v2.functional.to_dtype(theirs, torch.float32, scale=True)
    assert ours.dtype == np.float32 and ours.flags.c_contiguous
    np.testing.assert_allclose(ours, theirs.permute(1, 0, 2, 3).numpy(), rtol=1e-6)
    mean, std = [.4, .5, .6], [.2, .3, .4]
    theirs = v2.functional.normalize(theirs, mean, std).permute(1, 0, 2, 3)
    scaled = transform.normalize(ours, mean, std)
    assert scaled.dtype == np.float32
    np.testing.assert_allclose(scaled, theirs.numpy(), atol=1e-6)


def test_wrong_clips_are_refused():
    with pytest.raises(ValueError, match=r"\(4, 12, 16, 3\) float64 must be \(T, H, W, C\) uint8"):
        transform.to_tensor(clip(np.float64))
    with pytest.raises(ValueError, match="3 channels, but there are 2 means and 2 deviations"):
        transform.normalize(transform.to_tensor(clip()), [0, 0], [1, 1])
