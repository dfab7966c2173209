"""Exercises of notebook 03, clips."""

import numpy as np

from vidlearn.course.exercise import Exercise
from vidlearn.exercises.cases import normal


def crop_and_flip(frames, size, rng):
    height, width = frames.shape[1:3]
    top = rng.integers(height - size[0] + 1)
    left = rng.integers(width - size[1] + 1)
    cut = frames[:, top:top + size[0], left:left + size[1]]
    return cut[:, :, ::-1] if rng.random() < 0.5 else cut


def new_label(label, change):
    swapped = {
        "mirror": ("left right", "clockwise counter-clockwise"),
        "upside down": ("up down", "clockwise counter-clockwise"),
        "backwards": ("left right", "up down", "clockwise counter-clockwise", "grow shrink"),
        "half turn": ("left right", "up down"),
        "negative": (),
    }
    for pair in swapped[change]:
        one, other = pair.split()
        if label in (one, other):
            return other if label == one else one
    return label


def pad_and_mask(clips):
    longest = max(clip.shape[1] for clip in clips)
    channels, _, height, width = clips[0].shape
    batch = np.zeros((len(clips), channels, longest, height, width))
    mask = np.zeros((len(clips), longest), bool)
    for n, clip in enumerate(clips):
        batch[n, :, :clip.shape[1]] = clip
        mask[n, :clip.shape[1]] = True
    return batch, mask


CHANGES = ("mirror", "upside down", "backwards", "half turn", "negative")
LABELS = ("left", "right", "up", "down", "clockwise", "counter-clockwise", "grow", "shrink")


def _clip(shape, size):
    return lambda rng: (rng.integers(0, 256, shape).astype(np.uint8), size,
                        np.random.default_rng(rng.integers(1 << 30)))


def _clips(*lengths, channels=3, size=(3, 4)):
    return lambda rng: ([normal(rng, (channels, steps, *size)) for steps in lengths],)


def _black(rng):
    """Two clips that end in black frames: zeros, and real."""
    longer, shorter = _clips(4, 3)(rng)[0]
    return ([longer * (np.arange(4) < 2)[:, None, None], 0 * shorter],)


def _frame_by_frame(frames, size, rng):
    return np.concatenate([crop_and_flip(frame[None], size, rng) for frame in frames])


def _cropped_once_flipped_often(frames, size, rng):
    height, width = frames.shape[1:3]
    top, left = rng.integers(height - size[0] + 1), rng.integers(width - size[1] + 1)
    cut = frames[:, top:top + size[0], left:left + size[1]]
    return np.stack([frame[:, ::-1] if rng.random() < 0.5 else frame for frame in cut])


def _short_by_one(frames, size, rng):
    height, width = frames.shape[1:3]
    top = rng.integers(max(1, height - size[0]))
    left = rng.integers(max(1, width - size[1]))
    cut = frames[:, top:top + size[0], left:left + size[1]]
    return cut[:, :, ::-1] if rng.random() < 0.5 else cut


def _coin_first(frames, size, rng):
    turned = rng.random() < 0.5
    cut = _from(lambda most: rng.integers(most + 1))(frames, size)
    return cut[:, :, ::-1] if turned else cut


def _from(start):
    """A crop without a flip; `start` says where it begins, of so many pixels at most."""
    def cut(frames, size):
        top, left = (start(frames.shape[axis + 1] - size[axis]) for axis in (0, 1))
        return frames[:, top:top + size[0], left:left + size[1]]
    return cut


def _middle(frames, size, rng):
    cut = _from(lambda most: most // 2)(frames, size)
    return cut[:, :, ::-1] if rng.random() < 0.5 else cut


def _along(axis):
    """The flip on another axis; the answer's axis is 2."""
    def flipped(frames, size, rng):
        height, width = frames.shape[1:3]
        top, left = rng.integers(height - size[0] + 1), rng.integers(width - size[1] + 1)
        cut = frames[:, top:top + size[0], left:left + size[1]]
        return np.flip(cut, axis) if rng.random() < 0.5 else cut
    return flipped


def _except(labels, changes):
    """Right but for these labels, which stay as they are under these changes."""
    return lambda label, change: label if label in labels and change in changes else \
        new_label(label, change)


def _swapped_too(labels, changes):
    """Right but for two labels, which are swapped under these changes."""
    return lambda label, change: labels[1 - labels.index(label)] \
        if label in labels and change in changes else new_label(label, change)


def _cut_to_the_shortest(clips):
    shortest = min(clip.shape[1] for clip in clips)
    return pad_and_mask([clip[:, :shortest] for clip in clips])


def _behind(clips):
    """Padding in front: a clip and its mask pushed to the end."""
    batch, mask = pad_and_mask(clips)
    for n, clip in enumerate(clips):
        batch[n] = np.roll(batch[n], len(mask[n]) - clip.shape[1], axis=1)
    return batch, mask[:, ::-1]


def _last_frame_again(clips):
    batch, mask = pad_and_mask(clips)
    for n, clip in enumerate(clips):
        batch[n, :, clip.shape[1]:] = clip[:, -1:]
    return batch, mask


CROP_AND_FLIP = Exercise(
    crop_and_flip,
    cases=[_clip((4, 8, 9, 3), (5, 6)), _clip((6, 7, 12, 3), (7, 5)), _clip((3, 10, 6, 1), (4, 6)),
           _clip((1, 9, 9, 3), (6, 6)), _clip((5, 12, 8, 3), (3, 7)), _clip((8, 6, 6, 3), (5, 5))],
    hints=["Draw the top row once, the left column once, and then, once, whether it is flipped.",
           "rng.integers(n) gives 0 to n - 1. How many places for the top row are there?",
           "One slice cuts all frames: frames[:, top:top + h, left:left + w].",
           "Left and right are axis 2 of (T, H, W, C): cut[:, :, ::-1]."],
    mistakes={
        "a draw for every frame: the picture jumps, and that is movement": _frame_by_frame,
        "one place for the clip, but each frame is flipped by a coin of its own":
            _cropped_once_flipped_often,
        "the channels are flipped: red and blue change places": _along(3),
        "time is flipped: the clip runs backwards": _along(0),
        "the rows are flipped: the clip stands on its head": _along(1),
        "the last place is never drawn: there are height - h + 1 places": _short_by_one,
        "it is never flipped": lambda f, size, rng: _along(())(f, size, rng),
        "the coin is drawn first: row, column and coin is the order that was asked": _coin_first,
        "it is always the middle: nothing is drawn but the coin": _middle,
        "size is taken for (w, h)": lambda f, size, rng: crop_and_flip(f, size[::-1], rng),
    },
)

NEW_LABEL = Exercise(
    new_label,
    cases=[(label, change) for change in CHANGES for label in LABELS],
    hints=["Make each movement with your hand, and look at it in a mirror.",
           "What turns clockwise turns the other way in a mirror. What grows goes on growing.",
           "Standing on one's head is a mirror, too: one that swaps up and down.",
           "Half a turn of the picture is both mirrors one after the other."],
    mistakes={
        "the label never changes: left would be taught as right": lambda label, change: label,
        "a mirror turns a turn round, too: clockwise becomes counter-clockwise":
            _except(LABELS[4:6], ("mirror", "upside down")),
        "upside down is taken for a mirror at the side: it swaps up and down": lambda label, change:
            new_label(label, "mirror" if change == "upside down" else change),
        "what grows shrinks when it runs backwards": _except(LABELS[6:], ("backwards",)),
        "a mirror is said to turn growing into shrinking": _swapped_too(LABELS[6:], ("mirror",)),
        "half a turn is taken for a mirror: it swaps up and down too, and leaves turns as they are":
            lambda label, change: new_label(label, "mirror" if change == "half turn" else change),
        "half a turn is said to turn clockwise round: two mirrors undo each other":
            _swapped_too(LABELS[4:6], ("half turn",)),
    },
)

PAD_AND_MASK = Exercise(
    pad_and_mask,
    cases=[_clips(5, 3, 8), _clips(2, 2), _clips(4), _clips(1, 6, 6, 2, channels=1),
           _clips(7, 1, channels=2, size=(5, 2)), _black],
    hints=["How long is the longest? clip.shape[1] is a clip's number of frames.",
           "Begin with np.zeros of (N, C, T, H, W), and a mask of np.zeros((N, T), bool).",
           "Clip n goes into batch[n, :, :its length]; its mask is True there."],
    returns=("batch", "mask"),
    mistakes={
        "the mask is the wrong way round: True is for real frames": lambda clips:
            (pad_and_mask(clips)[0], ~pad_and_mask(clips)[1]),
        "the mask is (T, N): a row a clip is asked for": lambda clips:
            (pad_and_mask(clips)[0], pad_and_mask(clips)[1].T),
        "the mask is one frame too long: t <= length, where t < length is meant": lambda clips:
            (pad_and_mask(clips)[0], np.arange(pad_and_mask(clips)[1].shape[1])
             <= np.array([[clip.shape[1]] for clip in clips])),
        "what is not 0 is called real: a black frame is real, too": lambda clips:
            (pad_and_mask(clips)[0], pad_and_mask(clips)[0].any(axis=(1, 3, 4))),
        "every frame is called real": lambda clips:
            (pad_and_mask(clips)[0], np.ones_like(pad_and_mask(clips)[1])),
        "the clips are cut to the shortest: frames are thrown away": _cut_to_the_shortest,
        "the padding stands in front of the clip": _behind,
        "the last frame is repeated: pad with zeros": _last_frame_again,
        "the batch is (N, T, C, H, W): channels come before frames": lambda clips:
            (pad_and_mask(clips)[0].swapaxes(1, 2), pad_and_mask(clips)[1]),
    },
)
