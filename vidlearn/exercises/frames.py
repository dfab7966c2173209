"""Exercises of notebook 01, frames: two published functions to mend, a sampler, a cut to find."""

from pathlib import Path

import cv2
import numpy as np

from vidlearn.course import lesson
from vidlearn.course.exercise import Exercise
from vidlearn.exercises.films import dim, one_colour, recoloured, sweeps


def load_frame(path, number):
    if not Path(path).exists():
        raise FileNotFoundError(f"{path}: there is no such file")
    if number < 0:
        raise IndexError(f"frames count from 0: there is no frame {number}")
    capture = cv2.VideoCapture(path)
    try:
        for passed in range(number + 1):
            if not capture.grab():
                raise IndexError(f"{path} has {passed} frames: there is no frame {number}")
        return cv2.cvtColor(capture.retrieve()[1], cv2.COLOR_BGR2RGB)
    finally:
        capture.release()


def preprocess_frame(frame):
    height, width, _ = frame.shape
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = frame[top:top + side, left:left + side]
    small = cv2.resize(square, (64, 64), interpolation=cv2.INTER_AREA)
    return small.transpose(2, 0, 1)[None].astype(np.float32) / 255


def by_seconds(seconds, end, count):
    moments = seconds[0] + (np.arange(count) + 0.5) * (end - seconds[0]) / count
    return np.searchsorted(seconds, moments, side="right") - 1


def find_cut(frames):
    counts = np.array([[np.bincount(channel, minlength=16)
                        for channel in frame.reshape(-1, 3).T // 16] for frame in frames])
    contrast = [0]
    for t in range(1, len(frames)):
        contrast.append(min(np.abs(before - after).sum() for before in counts[max(0, t - 2):t]
                            for after in counts[t:t + 2]))
    return int(np.argmax(contrast))


def _film(name, number):
    return lambda rng: (str(lesson.data(name)), number)


def _published(path, number):
    capture = cv2.VideoCapture(path)
    capture.set(cv2.CAP_PROP_POS_FRAMES, number)
    came, frame = capture.read()
    if not came:
        raise ValueError(f"Frame {number} not found.")
    return frame


def _sought(path, number):
    try:
        return _published(path, number)[..., ::-1]
    except ValueError:
        return load_frame(path, number)


def _one_word_for_all(path, number):
    try:
        return load_frame(path, number)
    except (FileNotFoundError, IndexError) as error:
        raise ValueError(f"Frame {number} not found.") from error


def _the_last_one(path, number):
    while True:
        try:
            return load_frame(path, number)
        except IndexError:
            number = max(0, number - 1)


LOAD_FRAME = Exercise(
    load_frame,
    cases=[_film("variable.mp4", 0), _film("variable.mp4", 40), _film("variable.mp4", 110),
           _film("right.webm", 3), _film("variable.mp4", 119), _film("variable.mp4", 120),
           _film("variable.mp4", -1), ("nothing-here.mp4", 0)],
    hints=["Do not jump. capture.grab() winds on by one frame and says whether there was one.",
           "After number + 1 grabs, capture.retrieve() decodes what you stopped at.",
           "Path(path).exists() tells a missing file from a short one: FileNotFoundError for the "
           "first, IndexError for the second. OpenCV's colours are blue, green, red."],
    raises=(FileNotFoundError, IndexError),
    mistakes={
        "it is as it was published: its jump, its colours and its errors": _published,
        "it jumps by frame number: where the rate varies it lands elsewhere": _sought,
        "the colours are blue, green, red, as OpenCV gives them":
            lambda path, number: load_frame(path, number)[..., ::-1],
        "one grab too few: it is the frame before":
            lambda path, number: load_frame(path, max(0, number - (number < 120))),
        "a missing file and a missing frame raise the same error": _one_word_for_all,
        "past the end it gives the last frame, without a word": _the_last_one,
    },
)


def _picture(height, width):
    """Noise with a red left half, so that each axis, channel and way of shrinking shows."""
    def case(rng):
        frame = rng.integers(0, 200, (height, width, 3)).astype(np.uint8)
        frame[:, :width // 2, 0] += 55
        return (frame,)
    return case


def _squeezed(frame):
    small = cv2.resize(frame, (64, 64), interpolation=cv2.INTER_AREA)
    return small.transpose(2, 0, 1)[None].astype(np.float32) / 255


def _every_nth(frame):
    side = min(frame.shape[:2])
    top, left = ((size - side) // 2 for size in frame.shape[:2])
    small = cv2.resize(frame[top:top + side, left:left + side], (64, 64))
    return small.transpose(2, 0, 1)[None].astype(np.float32) / 255


PREPROCESS_FRAME = Exercise(
    preprocess_frame,
    cases=[_picture(96, 128), _picture(200, 100), _picture(70, 331), _picture(64, 64),
           (np.full((80, 65, 3), 255, np.uint8),)],       # all white is 1, to the last digit
    hints=["A square first: as high and as wide as the shorter side, from the middle.",
           "cv2.resize(..., interpolation=cv2.INTER_AREA) averages the pixels that fall together.",
           "torch wants (N, C, H, W): transpose(2, 0, 1), then [None] for one picture.",
           "uint8 / 255 is float64; weights are float32."],
    mistakes={
        "it squeezes the picture: a circle becomes an egg": _squeezed,
        "it shrinks without INTER_AREA: most pixels are never looked at": _every_nth,
        "the square is cut from the corner, not from the middle": lambda frame:
            preprocess_frame(frame[:min(frame.shape[:2]), :min(frame.shape[:2])].copy()),
        "red and blue have changed places":
            lambda frame: preprocess_frame(frame[..., ::-1].copy()),
        "it is float64: twice the memory, and torch's weights refuse it":
            lambda frame: preprocess_frame(frame).astype(np.float64),
        "it runs from 0 to 255": lambda frame: preprocess_frame(frame) * 255,
        "the colours come last: torch wants (N, C, H, W)":
            lambda frame: preprocess_frame(frame).transpose(0, 2, 3, 1),
        "the axis for the batch is missing": lambda frame: preprocess_frame(frame)[0],
    },
    tolerance=1.9e-3,                                 # less than half a grey level, 0.0039
)


def _times(total, start=0.0):
    """Seconds of a clip of variable rate, its end, and how many frames are wanted."""
    def case(rng):
        steps = rng.choice([0.02, 0.05, 0.4], total)
        seconds = start + np.cumsum(steps) - steps[0]
        return seconds, round(float(seconds[-1] + 0.1), 2), int(rng.integers(3, 12))
    return case


def _moments(seconds, end, count, share=0.5):
    return seconds[0] + (np.arange(count) + share) * (end - seconds[0]) / count


BY_SECONDS = Exercise(
    by_seconds,
    cases=[(np.array([0, 0.1, 0.2, 1.0, 2.0]), 4.0, 4), _times(30), _times(50, start=3.0),
           (np.array([0.0, 1.0, 2.0, 3.0]), 4.0, 4), (np.array([0, 0.5, 1.0, 1.5]), 2.0, 2),
           _times(5)],
    hints=["The middles of `count` equal parts of the time from seconds[0] to end: "
           "(i + 0.5) / count of the way.",
           "A frame is shown from its own second until the next one's.",
           "np.searchsorted(seconds, moments, side='right') counts the frames that began by then; "
           "the last of them is one less."],
    mistakes={
        "it takes equal steps of frames, as if the rate were constant": lambda seconds, end, count:
            (2 * np.arange(count) + 1) * len(seconds) // (2 * count),
        "it is the next frame: not yet shown at that moment": lambda seconds, end, count:
            np.minimum(by_seconds(seconds, end, count) + 1, len(seconds) - 1),
        "it is the nearest frame: it may not have been shown yet": lambda seconds, end, count:
            np.abs(seconds - _moments(seconds, end, count)[:, None]).argmin(1),
        "it takes where each part begins, not its middle": lambda seconds, end, count:
            np.searchsorted(seconds, _moments(seconds, end, count, 0), side="right") - 1,
        "a frame that begins at the very moment is missed: side='left'":
            lambda seconds, end, count: np.maximum(
                np.searchsorted(seconds, _moments(seconds, end, count)) - 1, 0),
        "the last frame's own time is forgotten: the parts end where it begins":
            lambda seconds, end, count: by_seconds(seconds, seconds[-1], count),
    },
)


def _steepest(measure):
    """The frame after the largest step from one frame to the next."""
    return lambda frames: 1 + int(np.argmax([measure(a, b) for a, b
                                             in zip(frames[:-1], frames[1:], strict=True)]))


def _step(a, b):
    counts = [np.bincount((frame.reshape(-1, 3) // 16 + [0, 16, 32]).ravel(), minlength=48)
              for frame in (a, b)]
    return np.abs(counts[0] - counts[1]).sum()


def _strips(frames):
    """The rows of (3, -1) taken for the colours."""
    return find_cut(frames.reshape(len(frames), 3, -1, 1).swapaxes(1, 3))


def _all_colours_as_one(frames):
    """All three histograms become one."""
    grey = frames.reshape(len(frames), -1, 1)
    return find_cut(np.repeat(grey, 3, axis=2))


FIND_CUT = Exercise(
    find_cut,
    cases=[sweeps(12, 9), sweeps(5, 20), sweeps(10, 10, flash=4), sweeps(8, 14, flash=15),
           sweeps(9, 11, hue=True), sweeps(14, 6, flash=7, hue=True), sweeps(1, 9), sweeps(9, 1),
           sweeps(12, 8, flash=1), recoloured(7, 9, [1, 0, 2]), recoloured(8, 6, [0, 2, 1]),
           recoloured(10, 5, [2, 1, 0]), dim(6, 9), one_colour(9, 7, 0), one_colour(8, 4, 1),
           one_colour(7, 6, 2)],
    hints=["Count the grey levels of each channel in 16 bins: np.bincount(channel // 16, "
           "minlength=16).",
           "How far apart are two frames? The sum of the absolute differences of their counts.",
           "A flash: frames t - 1 and t + 1 are alike. So compare the two frames before t with "
           "t and t + 1, all four pairs, and keep the smallest."],
    mistakes={
        "it falls for the flash: look at more than one frame on either side": _steepest(_step),
        "it compares pixels: a camera that sweeps changes them all": _steepest(
            lambda a, b: np.abs(a.astype(int) - b).mean()),
        "it compares pixels, and uint8 wraps round: 3 - 5 is 254": _steepest(
            lambda a, b: np.abs(a - b).mean()),
        "it compares the mean brightness only": _steepest(
            lambda a, b: abs(a.mean() - b.mean())),
        "it gives the last frame of the first shot, not the first of the second":
            lambda frames: find_cut(frames) - 1,
        "it reshapes where it should transpose: three strips of the picture, not three colours":
            _strips,
        "it counts the three colours together: two of them may change places":
            _all_colours_as_one,
    },
)
