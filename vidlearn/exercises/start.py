"""Exercises of notebook 00, start: how a check answers, and the one order of axes."""

import numpy as np

from vidlearn.course.exercise import Exercise


def seconds_of(frame, rate):
    return frame / rate


def to_network(clip):
    x = clip.transpose(3, 0, 1, 2)[None]              # (T, H, W, C) -> (1, C, T, H, W)
    return x.astype(np.float32) / 255


def _clip(*shape):
    return lambda rng: (rng.integers(0, 256, (*shape, 3), dtype=np.uint8),)


SECONDS_OF = Exercise(
    seconds_of,
    cases=[(0, 25), (45, 30), (50, 25), (7, 12.5), (1, 29.97), (100_001, 29.97)],
    hints=["At 25 frames a second, frame 25 is shown after one second.",
           "Divide the number of the frame by the rate."],
    mistakes={
        "multiplied: that grows with the rate": lambda frame, rate: frame * rate,
        "upside down": lambda frame, rate: rate / max(frame, 1),
        "frames count from 0, so nothing is taken off": lambda frame, rate: (frame - 1) / rate,
        "cut to whole seconds: // instead of /": lambda frame, rate: frame // rate,
    },
)

TO_NETWORK = Exercise(
    to_network,
    cases=[_clip(4, 5, 6), _clip(1, 3, 3), _clip(3, 8, 2), _clip(2, 2, 7)],
    hints=["clip.transpose(3, 0, 1, 2) puts the channels first.",
           "[None] in front of it all adds an axis of one clip.",
           "astype(np.float32), and 0..255 becomes 0..1."],
    mistakes={
        "reshape keeps the order of the numbers and only cuts them anew: the picture is scrambled":
            lambda c: (c.reshape(1, 3, *c.shape[:3]) / 255).astype(np.float32),
        "still 0..255": lambda c: to_network(c) * 255,
        "height and width are swapped": lambda c: to_network(c).swapaxes(3, 4),
        "time comes before the channels": lambda c: to_network(c).swapaxes(1, 2),
        "the axis of the clips is missing": lambda c: to_network(c)[0],
        "float64 takes twice the memory": lambda c: to_network(c).astype(np.float64),
    },
)
