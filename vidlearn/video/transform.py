"""Changes to a whole clip: one draw for all its frames, because a label belongs to the clip.

Frames are (T, H, W, C), uint8 in 0..255 or floating point in 0..1, and stay of that kind. Chances
come from `rng`, a NumPy generator. Sizes are (height, width), or one number for both.
"""

import numpy as np

from vidlearn.checks import given, kinds
from vidlearn.video import sample
from vidlearn.video.picture import fit, scaled

LUMA = np.array([0.299, 0.587, 0.114], np.float32)      # ITU-R BT.601: how bright each colour looks
SLACK = 1e-3                         # by which rounding may leave 0..1


def resize(frames, size):
    """Scale every frame to `size`: (height, width), or the length of the shorter side.

    Shapes   (T, H, W, C)  ->  (T, H', W', C)
    """
    height, width = scaled(frames.shape[1:3], size)
    return np.stack([fit(frame, (height, width)) for frame in frames])


def center_crop(frames, size):
    """Cut the middle out of every frame."""
    (height, width), (h, w) = frames.shape[1:3], _pair(size)
    _check_crop(frames, h, w)
    return _cut(frames, (height - h) // 2, (width - w) // 2, h, w)


def random_crop(frames, size, rng):
    """Cut the same box, placed by chance, out of every frame."""
    (height, width), (h, w) = frames.shape[1:3], _pair(size)
    _check_crop(frames, h, w)
    return _cut(frames, rng.integers(height - h + 1), rng.integers(width - w + 1), h, w)


def random_resized_crop(frames, size, rng, scale=(0.5, 1.0), ratio=(3 / 4, 4 / 3)):
    """Cut a box of random area and shape out of every frame and scale it to `size`.

    Units    scale: the box's share of the frame's area; ratio: its width over its height
    Source   Szegedy et al., arXiv:1409.4842
    Twin     torchvision.transforms.v2.RandomResizedCrop (whose scale starts at 0.08)
    """
    height, width = frames.shape[1:3]
    area = height * width * rng.uniform(*scale)
    shape = np.exp(rng.uniform(*np.log(ratio)))
    h = int(np.clip(round(np.sqrt(area / shape)), 1, height))
    w = int(np.clip(round(np.sqrt(area * shape)), 1, width))
    return resize(random_crop(frames, (h, w), rng), _pair(size))


def rotate(frames, degrees, edge=False):
    """Turn every frame by the same angle about its middle, counter-clockwise as one sees it.

    Each pixel of the result asks where it comes from, and mixes the four pixels round that place,
    the nearest most (bilinear). Outside the frame there is 0, or, with `edge`, the rim goes on.

    Units    degrees
    Twin     torchvision.transforms.v2.functional.rotate with InterpolationMode.BILINEAR; with
             `edge`, torch.nn.functional.grid_sample with padding_mode="border"
    """
    height, width = frames.shape[1:3]
    cos, sin = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    y = np.arange(height)[:, None] - (height - 1) / 2                # from the middle, down
    x = np.arange(width) - (width - 1) / 2                           # and to the right
    row, column = cos * y + sin * x, cos * x - sin * y               # where it was before the turn
    rim = [(0, 0), (1, 1), (1, 1), (0, 0)]
    room = np.pad(_unit(frames), rim, "edge" if edge else "constant")
    return _like(frames, _between(room, row + (height + 1) / 2, column + (width + 1) / 2))


def random_rotation(frames, rng, degrees=10.0):
    """Turn the clip by one angle from -`degrees` to `degrees`; the rim goes on at the corners.

    Twin     torchvision.transforms.v2.RandomRotation (whose corners turn black)
    """
    return rotate(frames, rng.uniform(-degrees, degrees), edge=True)


def horizontal_flip(frames, rng, p=0.5):
    """Turn the clip left to right with probability `p`.  (Not for labels that have a side.)"""
    return np.ascontiguousarray(frames[:, :, ::-1]) if rng.random() < p else frames


def reverse(frames, rng, p=0.5):
    """Run the clip backwards with probability `p`.  (Not for labels that have a direction.)"""
    return np.ascontiguousarray(frames[::-1]) if rng.random() < p else frames


def temporal_crop(frames, count, rng, speed=(1.0, 1.0)):
    """Take `count` frames from a start and at a pace drawn once for the clip.

    Units    speed: frames of the clip for one of the result, drawn between two limits, half and
             double being equally likely; never more than the clip is long enough for
    Raises   ValueError if the clip has fewer frames than `count`, or a speed is not above 0
    """
    if not 1 <= count <= len(frames):
        raise ValueError(f"{count} frames of a clip of {len(frames)}: take fewer, "
                         "or pad the batch with datasets.pad")
    if min(speed) <= 0:
        raise ValueError(f"speed {tuple(speed)} must be above 0; reverse() runs a clip backwards")
    pace = np.exp(rng.uniform(*np.log(speed)))
    length = min(pace * (count - 1), len(frames) - 1)                # from the first to the last
    start = sample.window(len(frames), int(np.ceil(length)) + 1, rng)[0]
    return frames[start + np.rint(np.linspace(0, length, count)).astype(int)]


def color_jitter(frames, rng, brightness=0.2, contrast=0.2, saturation=0.2):
    """Change light, contrast and colour by factors drawn once for the clip.

    Units    0.2 draws a factor from 0.8 to 1.2
    Twin     torchvision.transforms.v2.ColorJitter (whose contrast is taken frame by frame)
    """
    light, spread, colour = (rng.uniform(1 - a, 1 + a) for a in (brightness, contrast, saturation))
    x = _unit(frames) * light
    mean = (x @ LUMA).mean()
    x = mean + spread * (x - mean)
    grey_ = (x @ LUMA)[..., None]
    return _like(frames, grey_ + colour * (x - grey_))


def grey(frames):
    """Take the colour away and keep the light.

    Shapes   (T, H, W, 3)  ->  (T, H, W, 1)
    """
    return _like(frames, (_unit(frames) @ LUMA)[..., None])


def to_tensor(frames):
    """Bring frames into the order and the units that networks take.

    Shapes   (T, H, W, C) uint8 in 0..255  ->  (C, T, H, W) float32 in 0..1
    """
    if frames.ndim != 4 or frames.dtype != np.uint8:
        raise ValueError(f"frames {frames.shape} {frames.dtype} must be (T, H, W, C) uint8")
    return np.ascontiguousarray(frames.transpose(3, 0, 1, 2), np.float32) / np.float32(255)


def normalize(clip, mean, std):
    """Subtract each channel's mean and divide by its standard deviation.

    Shapes   clip (C, T, H, W), mean (C,), std (C,)  ->  (C, T, H, W)
    Twin     torchvision.transforms.v2.Normalize
    """
    mean, std = (np.asarray(v, clip.dtype).reshape(-1, 1, 1, 1) for v in (mean, std))
    if len(mean) != len(clip) or len(std) != len(clip):
        raise ValueError(f"clip {clip.shape} has {len(clip)} channels, "
                         f"but there are {len(mean)} means and {len(std)} deviations")
    if not (std > 0).all():
        raise ValueError(f"std {std.ravel().tolist()} must be more than 0 in every channel")
    return (clip - mean) / std


def _pair(size):
    return (size, size) if np.ndim(size) == 0 else tuple(size)


def _cut(frames, top, left, h, w):
    return np.ascontiguousarray(frames[:, top:top + h, left:left + w])


def _between(frames, row, column):
    """Every frame's colours at places between its pixels; a place outside moves to the rim.

    Shapes   frames (T, H, W, C), row and column (H', W')  ->  (T, H', W', C)
    """
    down, top = _parts(row, frames.shape[1], frames.dtype)
    right, left = _parts(column, frames.shape[2], frames.dtype)
    flat = frames.reshape(len(frames), -1, frames.shape[3])
    first, under = top * frames.shape[2] + left, frames.shape[2]     # a row down in `flat`
    upper = (1 - right) * flat.take(first, 1) + right * flat.take(first + 1, 1)
    lower = (1 - right) * flat.take(first + under, 1) + right * flat.take(first + under + 1, 1)
    return (1 - down) * upper + down * lower


def _parts(place, size, kind):
    """A place as a whole pixel and the share (H', W', 1) of the way to the next one."""
    place = np.clip(place, 0, size - 1)
    whole = np.minimum(place.astype(int), size - 2)
    return (place - whole)[..., None].astype(kind), whole


def _check_crop(frames, h, w):
    if h > frames.shape[1] or w > frames.shape[2]:
        raise ValueError(f"a crop of {h}x{w} does not fit in frames of "
                         f"{frames.shape[1]}x{frames.shape[2]}: resize first")


def _unit(frames):
    if frames.dtype == np.uint8:
        return frames.astype(np.float32) / 255
    low, high = frames.min(), frames.max()
    if not (low > -SLACK and high < 1 + SLACK):
        raise ValueError(f"floating frames lie in 0..1; these lie in {low:.3g}..{high:.3g}: "
                         "divide by 255, or undo the normalisation")
    return frames


def _like(frames, x):
    """`x` in 0..1, clipped and brought to the kind of `frames`."""
    x = np.clip(x, 0, 1)
    return np.rint(x * 255).astype(np.uint8) if frames.dtype == np.uint8 else x.astype(frames.dtype)


given.check(globals(), {
    "frames": kinds.CLIP, "color_jitter.frames grey.frames": kinds.COLOURS,
    "to_tensor.frames": kinds.array("frames (T, H, W, C) of uint8"), "size": kinds.SIDES,
    "p": kinds.SHARE, "scale ratio": kinds.row("two numbers above 0", kinds.ABOVE, 2),
    "speed": kinds.row("two numbers", kinds.REAL, 2), "temporal_crop.count": kinds.INTEGER,
    "degrees": kinds.number(), "random_rotation.degrees": kinds.number(0),
    "brightness contrast saturation": kinds.SHARE, "mean std": kinds.array("a number a channel", 1),
    "clip": kinds.array("an array (C, T, H, W) of floating numbers", 4, dtypes="f"),
})
