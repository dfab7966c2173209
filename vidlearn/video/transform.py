"""Change a whole clip: one random draw for all its frames, because a label belongs to the clip.

Frames are (T, H, W, C), uint8 in 0..255 or floating point in 0..1, and keep their type. Random
numbers come from `rng`, a NumPy generator. Sizes are (height, width), or one number for both.
"""

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.video import sample
from vidlearn.video.picture import scale as scale_picture
from vidlearn.video.picture import target_size

LUMA = np.array([0.299, 0.587, 0.114], np.float32)      # ITU-R BT.601: how bright each colour looks
SLACK = 1e-3                         # by which rounding may leave 0..1
BYTE_FRAMES = kinds.array("frames (T, H, W, C) of uint8")
RANGE = kinds.row("two numbers above 0", kinds.POSITIVE, 2)
CHANNEL_VALUES = kinds.array("a number a channel", 1)
TENSOR = kinds.array("an array (C, T, H, W) of floating numbers", 4, dtypes="f")


@checked
def resize(frames: kinds.CLIP, size: kinds.SIDES):
    """Scale every frame to `size`: (height, width), or the length of the shorter side.

    Shapes   (T, H, W, C)  ->  (T, H', W', C)

    >>> resize(np.zeros((4, 90, 120, 3), np.uint8), 45).shape      # the shorter side becomes 45
    (4, 45, 60, 3)
    """
    height, width = target_size(frames.shape[1:3], size)
    return np.stack([scale_picture(frame, (height, width)) for frame in frames])


@checked
def center_crop(frames: kinds.CLIP, size: kinds.SIDES):
    """Cut the middle out of every frame."""
    (height, width), (h, w) = frames.shape[1:3], _pair(size)
    _check_crop(frames, h, w)
    return _cut(frames, (height - h) // 2, (width - w) // 2, h, w)


@checked
def random_crop(frames: kinds.CLIP, size: kinds.SIDES, rng):
    """Cut the same randomly placed rectangle out of every frame."""
    (height, width), (h, w) = frames.shape[1:3], _pair(size)
    _check_crop(frames, h, w)
    return _cut(frames, rng.integers(height - h + 1), rng.integers(width - w + 1), h, w)


@checked
def random_resized_crop(frames: kinds.CLIP, size: kinds.SIDES, rng, scale: RANGE = (0.5, 1.0),
                        ratio: RANGE = (3 / 4, 4 / 3)):
    """Cut a rectangle of random area and shape out of every frame and scale it to `size`.

    Units    scale: its share of the frame's area; ratio: its width over its height
    Source   Szegedy et al., arXiv:1409.4842
    Twin     torchvision.transforms.v2.RandomResizedCrop (whose scale starts at 0.08)
    """
    height, width = frames.shape[1:3]
    area = height * width * rng.uniform(*scale)
    shape = np.exp(rng.uniform(*np.log(ratio)))
    h = int(np.clip(round(np.sqrt(area / shape)), 1, height))
    w = int(np.clip(round(np.sqrt(area * shape)), 1, width))
    return resize(random_crop(frames, (h, w), rng), _pair(size))


@checked
def rotate(frames: kinds.CLIP, degrees: kinds.NUMBER, edge=False):
    """Turn every frame by the same angle about its middle, counter-clockwise.

    Each pixel of the result is interpolated (bilinearly) from the four pixels around the place it
    comes from. Outside the frame all is 0 or, with `edge`, the nearest pixel of the edge.

    Units    degrees
    Twin     torchvision.transforms.v2.functional.rotate with InterpolationMode.BILINEAR; with
             `edge`, torch.nn.functional.grid_sample with padding_mode="border"
    """
    height, width = frames.shape[1:3]
    cos, sin = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    y = np.arange(height)[:, None] - (height - 1) / 2                # from the middle, down
    x = np.arange(width) - (width - 1) / 2                           # and to the right
    row, column = cos * y + sin * x, cos * x - sin * y               # where it was before the turn
    border = [(0, 0), (1, 1), (1, 1), (0, 0)]
    padded = np.pad(_unit(frames), border, "edge" if edge else "constant")
    return _like(frames, _bilinear(padded, row + (height + 1) / 2, column + (width + 1) / 2))


@checked
def random_rotation(frames: kinds.CLIP, rng, degrees: kinds.NOT_NEGATIVE = 10.0):
    """Turn the clip by one angle from -`degrees` to `degrees`; the corners repeat the edge.

    Twin     torchvision.transforms.v2.RandomRotation (whose corners turn black)
    """
    return rotate(frames, rng.uniform(-degrees, degrees), edge=True)


@checked
def horizontal_flip(frames: kinds.CLIP, rng, p: kinds.FRACTION = 0.5):
    """Mirror the clip with probability `p`. (Not for labels such as *left*.)"""
    return np.ascontiguousarray(frames[:, :, ::-1]) if rng.random() < p else frames


@checked
def reverse(frames: kinds.CLIP, rng, p: kinds.FRACTION = 0.5):
    """Play the clip backwards with probability `p`. (Not for labels that have a direction.)"""
    return np.ascontiguousarray(frames[::-1]) if rng.random() < p else frames


@checked
def temporal_crop(frames: kinds.CLIP, count: kinds.INTEGER, rng, speed: kinds.row(
        "two numbers", kinds.REAL, 2) = (1.0, 1.0)):
    """Take `count` frames, at a random speed and from a random start.

    Units    speed: frames of the clip per frame of the result, drawn between two limits so that
             half and double are equally likely; never more than the length of the clip allows
    Raises   ArgumentError if the clip has fewer frames than `count`, or a speed is not above 0
    """
    if not 1 <= count <= len(frames):
        raise ArgumentError(f"{count} frames of a clip of {len(frames)}: take fewer, "
                            "or pad the batch with datasets.pad")
    if min(speed) <= 0:
        raise ArgumentError(f"speed {tuple(speed)} must be above 0; reverse() plays a clip "
                            "backwards")
    pace = np.exp(rng.uniform(*np.log(speed)))
    length = min(pace * (count - 1), len(frames) - 1)                # from the first to the last
    start = sample.window(len(frames), int(np.ceil(length)) + 1, rng)[0]
    return frames[start + np.rint(np.linspace(0, length, count)).astype(int)]


@checked
def color_jitter(frames: kinds.COLOURS, rng, brightness: kinds.FRACTION = 0.2,
                 contrast: kinds.FRACTION = 0.2, saturation: kinds.FRACTION = 0.2):
    """Change brightness, contrast and saturation by factors drawn once for the clip.

    Units    0.2 draws a factor from 0.8 to 1.2
    Twin     torchvision.transforms.v2.ColorJitter (whose contrast works frame by frame)
    """
    light, spread, colour = (rng.uniform(1 - a, 1 + a) for a in (brightness, contrast, saturation))
    x = _unit(frames) * light
    mean = (x @ LUMA).mean()
    x = mean + spread * (x - mean)
    luma = (x @ LUMA)[..., None]
    return _like(frames, luma + colour * (x - luma))


@checked
def grey(frames: kinds.COLOURS):
    """Convert the colours to grey levels.

    Shapes   (T, H, W, 3)  ->  (T, H, W, 1)
    """
    return _like(frames, (_unit(frames) @ LUMA)[..., None])


@checked
def to_tensor(frames: BYTE_FRAMES):
    """Bring frames into the axis order and the units that networks take.

    Shapes   (T, H, W, C) uint8 in 0..255  ->  (C, T, H, W) float32 in 0..1
    """
    if frames.ndim != 4 or frames.dtype != np.uint8:
        raise ArgumentError(f"frames {frames.shape} {frames.dtype} must be (T, H, W, C) uint8")
    return np.ascontiguousarray(frames.transpose(3, 0, 1, 2), np.float32) / np.float32(255)


@checked
def normalize(clip: TENSOR, mean: CHANNEL_VALUES, std: CHANNEL_VALUES):
    """Subtract each channel's mean and divide by its standard deviation.

    Shapes   clip (C, T, H, W), mean (C,), std (C,)  ->  (C, T, H, W)
    Twin     torchvision.transforms.v2.Normalize
    """
    mean, std = (np.asarray(v, clip.dtype).reshape(-1, 1, 1, 1) for v in (mean, std))
    if len(mean) != len(clip) or len(std) != len(clip):
        raise ArgumentError(f"clip {clip.shape} has {len(clip)} channels, "
                            f"but there are {len(mean)} means and {len(std)} deviations")
    if not (std > 0).all():
        raise ArgumentError(f"std {std.ravel().tolist()} must be more than 0 in every channel")
    return (clip - mean) / std


def _pair(size):
    return (size, size) if np.ndim(size) == 0 else tuple(size)


def _cut(frames, top, left, h, w):
    return np.ascontiguousarray(frames[:, top:top + h, left:left + w])


def _bilinear(frames, row, column):
    """Interpolate every frame at places between its pixels; a place outside moves to the edge.

    Shapes   frames (T, H, W, C), row and column (H', W')  ->  (T, H', W', C)
    """
    down, top = _fraction(row, frames.shape[1], frames.dtype)
    right, left = _fraction(column, frames.shape[2], frames.dtype)
    flat = frames.reshape(len(frames), -1, frames.shape[3])
    first, width = top * frames.shape[2] + left, frames.shape[2]     # + width: one row down
    upper = (1 - right) * flat.take(first, 1) + right * flat.take(first + 1, 1)
    lower = (1 - right) * flat.take(first + width, 1) + right * flat.take(first + width + 1, 1)
    return (1 - down) * upper + down * lower


def _fraction(place, size, kind):
    """Split a place into the fraction (H', W', 1) of the way to the next pixel, and the pixel."""
    place = np.clip(place, 0, size - 1)
    whole = np.minimum(place.astype(int), size - 2)
    return (place - whole)[..., None].astype(kind), whole


def _check_crop(frames, h, w):
    if h > frames.shape[1] or w > frames.shape[2]:
        raise ArgumentError(f"a crop of {h}x{w} does not fit in frames of "
                            f"{frames.shape[1]}x{frames.shape[2]}: resize first")


def _unit(frames):
    if frames.dtype == np.uint8:
        return frames.astype(np.float32) / 255
    low, high = frames.min(), frames.max()
    if not (low > -SLACK and high < 1 + SLACK):
        raise ArgumentError(f"floating frames lie in 0..1; these lie in {low:.3g}..{high:.3g}: "
                            "divide by 255, or undo the normalisation")
    return frames


def _like(frames, x):
    """Clip `x` to 0..1 and convert it to the type of `frames`."""
    x = np.clip(x, 0, 1)
    return np.rint(x * 255).astype(np.uint8) if frames.dtype == np.uint8 else x.astype(frames.dtype)
