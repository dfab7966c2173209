"""What does a clip show?"""

import numpy as np

from vidlearn import video
from vidlearn.checks import checked, kinds

CLASSIFIER = kinds.having("a Classifier, as weights.load gives it", "probabilities", "header")
CLIP = kinds.either("the path of a video, a Clip, or frames (T, H, W, 3) of uint8", kinds.PATH,
                    kinds.having("", "frames", "seconds"), kinds.BYTES)
PROBABILITIES = kinds.array("probabilities", 1, 2)


@checked
def classify(clip: CLIP, classifier: CLASSIFIER, top=5):
    """Classify a video file, or frames in memory.

    Shapes   clip: a path, a Clip, or frames (T, H, W, 3) uint8 RGB
    Returns  the `top` classes with their probabilities, the most probable first
    Raises   VideoError if the file cannot be read
    """
    frames = _frames(clip, classifier.header)
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


def _frames(clip, header):
    """As many frames as the header asks for, evenly spaced, in its size."""
    if not isinstance(clip, (np.ndarray, video.Clip)):
        return video.read(clip, count=header.frames, size=header.size).frames
    frames = clip if isinstance(clip, np.ndarray) else clip.frames
    return sampled(video.transform.resize(frames, header.size), header.frames)
