"""What a detector found, drawn over each frame, and a film of it."""

import numpy as np

from vidlearn import video
from vidlearn.checks import checked, kinds
from vidlearn.detection.kinds import DETECTION
from vidlearn.show import draw
from vidlearn.show.boxes import boxed

FASTEST = 120                # frames a second
ALONE = 10                   # frames a second of a film that has one frame


@checked
def detections(frame: draw.PICTURE, found: DETECTION, classes: kinds.WORDS):
    """A copy of a frame with a box, a name and a score for each object; a colour for each class.

    Shapes   frame (H, W, 3), found as `inference.detect` gives it  ->  (H, W, 3) uint8
    """
    words = [f"{classes[label]} {score:.2f}"
             for label, score in zip(found["labels"], found["scores"], strict=True)]
    colours = [draw.COLOURS[(label + 1) % len(draw.COLOURS)] for label in found["labels"]]
    return boxed(frame, found["boxes"], words, colours or draw.RED)


@checked
def film_detections(path, found: kinds.STREAM, classes: kinds.WORDS, fps: kinds.POSITIVE):
    """Write a film with what was found in each frame, whole or not at all.

    A film of odd height or width gets one more row or column, which its codec needs.

    Units    found: (seconds, frame, what was found), as `inference.detect_in_film` yields it; each
             frame is shown from its second on, to the nearest of `fps` frames a second
    Raises   VideoError if the file exists or cannot be written
    """
    drawn = ((second, _even(detections(frame, each, classes))) for second, frame, each in found)
    video.write(path, _paced(drawn, fps), fps)


@checked
def frame_rate(path, strict=True):
    """The frames a second of a film, from the seconds of all its frames, longer gaps left out.

    Raises   VideoError if the film cannot be read
    """
    seconds = [second for second, _ in video.frames(path, size=2, strict=strict)]
    if len(seconds) == 1:
        return ALONE
    gaps = np.diff(seconds)
    gap = float(gaps[gaps <= 1.5 * np.median(gaps)].mean())          # stamps may be rounded to ms
    return min(1 / gap, FASTEST) if gap > 0 else FASTEST


def _paced(pictures, fps):
    """At each tick the picture that is shown then: some stay for several, some are left out."""
    start = last = None
    count = 0
    for second, picture in pictures:
        start = second if start is None else start
        while count < round((second - start) * fps):
            yield last
            count += 1
        last = picture
    if last is not None:
        yield last


def _even(picture):
    height, width = picture.shape[:2]
    return np.pad(picture, [(0, height % 2), (0, width % 2), (0, 0)], "edge")
