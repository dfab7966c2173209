"""What does a clip show, and what does a long video show as it goes on?"""

import io
import math
from collections import deque
from dataclasses import dataclass

import numpy as np

from vidlearn import video
from vidlearn.checks import given, kinds
from vidlearn.files import atomic

SHORTEST = 0.01              # seconds: no video has a hundred frames in less than one


def classify(clip, classifier, top=5):
    """Classify a video file, or frames in memory.

    Shapes   clip: a path, a Clip, or frames (T, H, W, 3) uint8 RGB
    Returns  the `top` classes with their probabilities, the most probable first
    Raises   VideoError if the file cannot be read
    """
    frames = _frames(clip, classifier.header)
    probabilities = classifier.probabilities(video.to_tensor(frames)[None])[0]
    return ranked(probabilities, classifier.classes, top)


def ranked(probabilities, classes, top=5):
    """(class, probability) for the `top` classes, the most probable first."""
    best = np.argsort(-probabilities, kind="stable")[:top]
    return [(classes[k], float(probabilities[k])) for k in best]


def _frames(clip, header):
    """The frames that the header asks for: so many, evenly spaced, of that size."""
    if not (isinstance(clip, (np.ndarray, video.Clip))):
        return video.read(clip, count=header.frames, size=header.size).frames
    frames = clip if isinstance(clip, np.ndarray) else clip.frames
    return _sampled(video.transform.resize(frames, header.size), header.frames)


def _sampled(frames, count):
    return frames[video.sample.uniform(len(frames), count)]


@dataclass(frozen=True)
class Timeline:
    """How probable each class is in each window of a video.

    Shapes   probabilities (windows, classes), starts and stops (windows,)
    Units    starts and stops in seconds; fps: frames a second, as they came
    """

    probabilities: np.ndarray
    starts: np.ndarray
    stops: np.ndarray
    classes: tuple
    path: str
    fps: float

    def __len__(self):
        return len(self.starts)

    @property
    def seconds(self):
        """The middle of each window."""
        return (self.starts + self.stops) / 2

    def at(self, second):
        """The probabilities of the window whose middle is nearest to a second: (classes,)."""
        return self.probabilities[np.abs(self.seconds - second).argmin()]

    def rows(self):
        """(start, stop, class, probability) a window, with the most probable class of each."""
        return [(float(a), float(b), *ranked(p, self.classes, 1)[0]) for a, b, p in
                zip(self.starts, self.stops, self.probabilities, strict=True)]

    def save_plot(self, path, top=5):
        """Write the plot of the `top` most probable classes as a PNG, whole or not at all."""
        from vidlearn.show import plots  # only who looks pays for the plots

        chart = plots.timeline_chart(self.probabilities, self.classes, self.seconds, top)
        picture = io.BytesIO()
        chart.savefig(picture, format="png")
        atomic.write(path, picture.getvalue())


def timeline(path, classifier, window=None, stride=None):
    """Slide a window over a video of any length and classify what is in it.

    The video streams by: memory holds the frames of one window, at the classifier's size. The last
    window ends with the video; a video shorter than a window is one window.

    Units    window and stride in seconds; a window is by default as long as the training clips were
             (2 s if that is unknown), a stride half a window
    Returns  Timeline
    Raises   VideoError if the file cannot be read
    """
    header = classifier.header
    window = header.seconds or 2.0 if window is None else window
    stride = window / 2 if stride is None else stride
    if not (SHORTEST <= window < math.inf and SHORTEST / 2 <= stride < math.inf):
        raise ValueError(f"window {window} and stride {stride} must be seconds, {SHORTEST} or more")
    spans, rows, times = [], [], []

    def stream():
        for second, frame in video.frames(path, size=header.size):
            times.append(second)
            yield second, frame

    for start, stop, frames in _windows(stream(), window, stride):
        clip = video.to_tensor(_sampled(frames, header.frames))
        spans.append((start, stop))
        rows.append(classifier.probabilities(clip[None])[0])
    starts, stops = np.array(spans).T
    fps = (len(times) - 1) / times[-1] if len(times) > 1 else video.probe(path).fps
    return Timeline(np.array(rows), starts, stops, classifier.classes, str(path), fps)


def _windows(stream, window, stride):
    """Cut (seconds, frame) into windows: yields start, stop, and the frames (T, H, W, 3) inside."""
    held, number, covered = deque(), 0, 0.0
    second, gap = 0.0, 0.0
    for now, frame in stream:
        gap, second = now - second, now
        while second >= number * stride + window:
            start = number * stride
            covered, number = start + window, number + 1
            yield start, covered, _inside(held, start, covered)
        held.append((second, frame))
        while held[0][0] < second - window:
            held.popleft()
    end = second + gap
    if second >= covered:                             # some of the video is in no window yet
        start = max(end - window, 0.0)
        yield start, end, _inside(held, start, np.inf)


def _inside(held, start, stop):
    """The frames shown from `start` to `stop`; in a gap, the one that stands there."""
    frames = [frame for second, frame in held if start - 1e-6 <= second < stop]
    return np.stack(frames or [held[-1][1]])


def caption(timeline, path, height=240, fps=15, top=3):
    """Write a copy of the video, as .webm, with what it shows in a strip below the picture.

    Units    height of the picture in pixels: small videos are enlarged, large ones made smaller;
             fps: about so many frames a second at most (to write VP9 takes long)
    Raises   VideoError if a file cannot be read or written
    """
    facts = video.probe(timeline.path)
    size = tuple(_even(side * height / facts.height) for side in (facts.height, facts.width))
    step = max(round(timeline.fps / fps), 1)
    frames = (np.concatenate([frame, _strip(timeline, second, size[1], height // 15, top)])
              for second, frame in video.frames(timeline.path, step=step, size=size))
    video.write(path, frames, timeline.fps / step, overwrite=True)


def _even(length):
    """A whole number of pixels that the codec takes."""
    return max(round(length / 2) * 2, 2)


def _strip(timeline, second, width, line, top):
    """A line for each of the first answers, with a bar as long as the answer is probable."""
    from vidlearn.show import draw  # only who looks pays for the fonts

    strip = draw.canvas(_even(line * top), width, draw.INK)
    for i, (name, probability) in enumerate(ranked(timeline.at(second), timeline.classes, top)):
        strip[i * line:(i + 1) * line, :round(width * probability)] = draw.BLUE
        draw.text(strip, f"{name} {probability:.0%}", line / 4, (i + 0.5) * line, line * 3 // 4,
                  draw.PAPER)
    return strip


given.check(globals(), {
    "clip": kinds.either("the path of a video, a Clip, or frames (T, H, W, 3) of uint8", kinds.PATH,
                         kinds.having("", "frames", "seconds"), kinds.BYTES),
    "classifier": kinds.having("a Classifier, as weights.load gives it", "probabilities", "header"),
    "window stride": kinds.REAL, "height": kinds.whole(32),
    "fps": kinds.ABOVE, "classes": kinds.WORDS,
    "caption.timeline": kinds.having("a Timeline", "probabilities", "starts", "fps"),
    "second": kinds.number(), "probabilities": kinds.array("probabilities", 1, 2),
    "Timeline.path": None,
})
