"""What does a long video show, window by window?"""

import math
from collections import deque
from dataclasses import dataclass

import numpy as np

from vidlearn import video
from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.inference.classify import CLASSIFIER, as_far_as_it_goes, ranked, sampled

SHORTEST = 0.01              # seconds: no video has a hundred frames in less time


@dataclass(frozen=True)
class Timeline:
    """How probable each class is in each window of a video.

    Shapes   probabilities (windows, classes), starts and stops (windows,)
    Units    starts and stops in seconds; fps: the mean number of frames a second; strict is False
             where the video is damaged, and was used as far as it goes
    """

    probabilities: np.ndarray
    starts: np.ndarray
    stops: np.ndarray
    classes: tuple
    path: str
    fps: float
    strict: bool = True

    def __len__(self):
        return len(self.starts)

    @property
    def seconds(self):
        """The middle of each window."""
        return (self.starts + self.stops) / 2

    @checked
    def at(self, second: kinds.NUMBER):
        """The probabilities in the window whose middle is nearest to a second: (classes,)."""
        return self.probabilities[np.abs(self.seconds - second).argmin()]

    def rows(self):
        """(start, stop, class, probability) a window, with the most probable class of each."""
        return [(float(a), float(b), *ranked(p, self.classes, 1)[0]) for a, b, p in
                zip(self.starts, self.stops, self.probabilities, strict=True)]


@checked
def timeline(path, classifier: CLASSIFIER, window: kinds.REAL = None, stride: kinds.REAL = None,
             allow_damaged=False):
    """Slide a window over a video of any length and classify each window.

    Memory holds only the frames of one window, in the size that the classifier takes. The last
    window ends with the video; a video shorter than a window is one window. With `allow_damaged`, a
    damaged video is used as far as it can be decoded, with a warning: where frames are lost, the
    last one stays, and a lost beginning has no window.

    Units    window and stride in seconds; by default a window is as long as the training clips were
             (2 s if that is unknown), and the stride is half a window
    Returns  Timeline
    Raises   VideoError if the file cannot be read, or is damaged and that is not allowed
    """
    header = classifier.header
    window = header.seconds or 2.0 if window is None else window
    stride = window / 2 if stride is None else stride
    if not (SHORTEST <= window < math.inf and SHORTEST / 2 <= stride < math.inf):
        raise ArgumentError(f"timeline: window {window} and stride {stride} must be seconds, "
                            f"{SHORTEST} or more")
    return as_far_as_it_goes(lambda strict: _timeline(path, classifier, window, stride, strict),
                             allow_damaged)


def _timeline(path, classifier, window, stride, strict):
    header, spans, rows, times = classifier.header, [], [], []

    def stream():
        for second, frame in video.frames(path, size=header.size, strict=strict):
            times.append(second)
            yield second, frame

    for start, stop, frames in _windows(stream(), window, stride):
        clip = video.to_tensor(sampled(frames, header.frames))
        spans.append((start, stop))
        rows.append(classifier.probabilities(clip[None])[0])
    starts, stops = np.array(spans).T
    fps = (len(times) - 1) / np.ptp(times) if len(times) > 1 else video.probe(path).fps
    return Timeline(np.array(rows), starts, stops, classifier.classes, str(path), float(fps),
                    strict)


def _windows(stream, window, stride):
    """Cut (second, frame) pairs into windows: yields start, stop and the frames (T, H, W, 3)."""
    recent, number, covered = deque(), 0, 0.0
    second, gap = 0.0, 0.0
    for now, frame in stream:
        if not recent:                                # in a damaged video, what was before is lost
            number, second = max(math.floor((now - window) / stride) + 1, 0), now
            covered = number * stride
        gap, second = now - second, now
        while second >= number * stride + window:
            start = number * stride
            covered, number = start + window, number + 1
            yield start, covered, _inside(recent, start, covered)
        recent.append((second, frame))
        while recent[0][0] < second - window:
            recent.popleft()
    end = second + gap
    if second >= covered:                             # some of the video is in no window yet
        start = max(end - window, 0.0)
        yield start, end, _inside(recent, start, np.inf)


def _inside(recent, start, stop):
    """The frames shown from `start` to `stop`; in a gap, the frame that stays on the screen."""
    frames = [frame for second, frame in recent if start - 1e-6 <= second < stop]
    return np.stack(frames or [recent[-1][1]])
