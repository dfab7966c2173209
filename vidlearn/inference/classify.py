"""What does a clip show?"""

import warnings

import numpy as np

from vidlearn import video
from vidlearn.checks import checked, kinds
from vidlearn.video.errors import NOT_STRICT

CLASSIFIER = kinds.having("a Classifier, as weights.load gives it", "probabilities", "header")
CLIP = kinds.either("the path of a video, a Clip, or frames (T, H, W, 3) of uint8", kinds.PATH,
                    kinds.having("", "frames", "seconds"), kinds.BYTES)
PROBABILITIES = kinds.array("probabilities", 1, 2)


@checked
def classify(clip: CLIP, classifier: CLASSIFIER, top=5, allow_damaged=False):
    """Classify a video file, or frames in memory.

    With `allow_damaged`, a damaged file is used as far as it can be decoded, with a warning.

    Shapes   clip: a path, a Clip, or frames (T, H, W, 3) uint8 RGB
    Returns  the `top` classes with their probabilities, the most probable first
    Raises   VideoError if the file cannot be read, or is damaged and that is not allowed
    """
    frames = as_far_as_it_goes(lambda strict: _frames(clip, classifier.header, strict),
                               allow_damaged)
    probabilities = classifier.probabilities(video.to_tensor(frames)[None])[0]
    return ranked(probabilities, classifier.classes, top)


@checked
def ranked(probabilities: PROBABILITIES, classes: kinds.WORDS, top=5):
    """(class, probability) of the `top` classes, the most probable first."""
    best = np.argsort(-probabilities, kind="stable")[:top]
    return [(classes[k], float(probabilities[k])) for k in best]


def sampled(frames, count):
    """Choose so many frames, evenly spaced."""
    return frames[video.sample.uniform(len(frames), count)]


def as_far_as_it_goes(read, allow_damaged):
    """`read(strict=True)`, or where a film is damaged and that is allowed, `read(strict=False)`."""
    try:
        return read(strict=True)
    except video.VideoError as error:
        if not allow_damaged:
            raise
        damage = str(error).removesuffix(f". {NOT_STRICT}")
    found = read(strict=False)
    warnings.warn(f"{damage}. It is used as far as it goes", stacklevel=4)
    return found


def _frames(clip, header, strict):
    """As many frames as the header asks for, evenly spaced, in its size."""
    if not isinstance(clip, (np.ndarray, video.Clip)):
        return video.read(clip, count=header.frames, size=header.size, strict=strict).frames
    frames = clip if isinstance(clip, np.ndarray) else clip.frames
    return sampled(video.transform.resize(frames, header.size), header.frames)
