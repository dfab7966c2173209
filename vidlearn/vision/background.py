"""What stands still, learned frame by frame; what differs from it is foreground.

    Difference         the frame before
    RunningMean        a mean that forgets
    RunningGaussian    a mean and a spread for each pixel
    Mixture            several of these for each pixel: for leaves, water, flicker

Each takes one frame after another, `apply(frame) -> mask`, judges it by what it knows so far, and
only then learns from it. What it knows can be read at any time: `mean`, `variance`, `weight`.
"""

import numpy as np

from vidlearn.checks import given, kinds
from vidlearn.scratch.core.errors import ShapeError


class Background:
    """What all models share: the first frame is believed, each later one judged, then learned.

    Units    `rate` is the share of the old that each frame replaces; while few were seen it is
             1 / frames, so that the model starts as the plain mean of all
    """

    def __init__(self, rate):
        if not 0 <= rate <= 1:
            raise ValueError(f"a rate of {rate} must lie in 0..1: it is the share that is replaced")
        self.rate, self.seen, self.mean = rate, 0, None

    def apply(self, frame):
        """Find what does not belong to the background, and learn from the frame.

        Shapes   frame (H, W) or (H, W, 3)  ->  mask (H, W) of bool, True for foreground
        Raises   ShapeError if the frame is no picture, or not as large as the first
        Twin     cv2.createBackgroundSubtractorMOG2().apply, whose masks are 0 and 255
        """
        frame = self._checked(frame)
        self.seen += 1
        if self.seen == 1:
            self._begin(frame)
        mask = self._differs(frame)
        self._learn(frame, mask, max(self.rate, 1 / self.seen))
        return mask

    def _begin(self, frame):
        self.mean = frame.copy()

    def _checked(self, frame):
        """The frame as numbers (H, W, C)."""
        frame = np.asarray(frame, float)
        if frame.ndim not in (2, 3) or frame.ndim == 3 and frame.shape[2] not in (1, 3):
            raise ShapeError(f"a frame is (H, W) or (H, W, 3); this one is {frame.shape}: "
                             "apply takes the frames of a clip one by one")
        frame = frame if frame.ndim == 3 else frame[..., None]
        if self.seen and frame.shape != self.mean.shape[-3:]:
            raise ShapeError(f"the first frame was {self.mean.shape[-3:]} and this one is "
                             f"{frame.shape}: begin a new model for another clip")
        return frame


class Difference(Background):
    """Foreground is what has changed since the frame before by more than `threshold`.

    Units    threshold in grey levels, as the root of the mean square over the colours
    """

    def __init__(self, threshold=25):
        super().__init__(rate=1)
        self.threshold = threshold

    def _differs(self, frame):
        return _square(frame - self.mean) > self.threshold ** 2

    def _learn(self, frame, mask, rate):
        self.mean += rate * (frame - self.mean)


class RunningMean(Difference):
    """Foreground differs by more than `threshold` from a mean that each frame pulls along.

    Twin     cv2.accumulateWeighted, for the mean
    """

    def __init__(self, rate=0.02, threshold=25):
        super().__init__(threshold)
        self.rate = Background(rate).rate


class RunningGaussian(Background):
    """Foreground lies more than `deviations` away from the mean of its own pixel.

    `absorb` is the share of the rate at which foreground is learned: 1 learns everything alike, 0
    never lets foreground in.

    Shapes   mean (H, W, C), variance (H, W), one for all colours of a pixel
    Units    start and least are variances, grey levels squared
    Source   Wren et al., Pfinder, PAMI 19, 1997
    """

    def __init__(self, rate=0.02, deviations=2.5, absorb=0.05, start=225.0, least=9.0):
        super().__init__(rate)
        self.deviations, self.absorb, self.start, self.least = deviations, absorb, start, least

    def _begin(self, frame):
        super()._begin(frame)
        self.variance = np.full(frame.shape[:2], float(self.start))

    def _differs(self, frame):
        return _square(frame - self.mean) > self.deviations ** 2 * self.variance

    def _learn(self, frame, mask, rate):
        step = rate * np.where(mask, self.absorb, 1.0)
        away = frame - self.mean                                  # from the mean before this frame
        self.mean += step[..., None] * away
        self.variance += step * (_square(away) - self.variance)
        np.maximum(self.variance, self.least, out=self.variance)


class Mixture(Background):
    """Each pixel has several Gaussians; the heavy ones, `trusted` together, are background.

    A frame counts for the heaviest Gaussian that it fits. If it fits none, it becomes a new one in
    place of the lightest. The mean moves by rate / weight, not by rate times density as in the
    paper: see lesson 02.

    Shapes   mean (K, H, W, C), variance (K, H, W), weight (K, H, W) with a sum of 1 over K
    Source   Stauffer and Grimson, CVPR 1999; the step as in Power and Schoonees, IVCNZ 2002
    Twin     cv2.createBackgroundSubtractorMOG2, which also chooses how many Gaussians
    """

    def __init__(self, components=3, rate=0.02, deviations=3.0, trusted=0.5, start=225.0,
                 least=9.0):
        super().__init__(rate)
        self.components, self.deviations, self.trusted = components, deviations, trusted
        self.start, self.least = start, least

    def _begin(self, frame):
        size = (self.components, *frame.shape[:2])
        self.mean = np.broadcast_to(frame, (self.components, *frame.shape)).copy()
        self.variance = np.full(size, float(self.start))
        self.weight = np.zeros(size)
        self.weight[0] = 1

    def _differs(self, frame):
        self._square = _square(frame - self.mean)                 # (K, H, W)
        fits = (self._square <= self.deviations ** 2 * self.variance) & (self.weight > 0)
        chosen = np.where(fits, self.weight, -1).argmax(0)
        self._hit = fits & (np.arange(self.components)[:, None, None] == chosen)
        return ~(self._hit & self.believed).any(0)

    @property
    def believed(self):
        """Which Gaussians are background: those before which there is less than `trusted`.

        Shapes   (K, H, W) of bool
        """
        strength = self.weight ** 2 / self.variance               # heavy and narrow comes first
        before = (self.weight[:, None] * (strength[:, None] > strength)).sum(0)
        return before < self.trusted

    def _learn(self, frame, mask, rate):
        self.weight += rate * (self._hit - self.weight)
        step = np.where(self._hit, rate / np.maximum(self.weight, 1e-12), 0)
        self.mean += step[..., None] * (frame - self.mean)
        self.variance += step * (self._square - self.variance)
        np.maximum(self.variance, self.least, out=self.variance)
        self._replace(frame, ~self._hit.any(0), rate)

    def _replace(self, frame, new, rate):
        """Where nothing fitted, a new wide Gaussian in place of the lightest."""
        i, j = np.nonzero(new)
        k = self.weight[:, i, j].argmin(0)
        self.mean[k, i, j], self.variance[k, i, j] = frame[i, j], self.start
        self.weight[k, i, j] = rate
        self.weight /= self.weight.sum(0)


def watch(model, frames):
    """Let a model see a clip, frame by frame; ours, or one of OpenCV's.

    Shapes   frames (T, H, W, C)  ->  masks (T, H, W) of bool; a shadow of OpenCV's is no foreground
    """
    masks = [model.apply(frame) for frame in frames]
    if not masks:
        raise ValueError("there is no frame to watch")
    return np.stack([mask if mask.dtype == bool else mask == 255 for mask in masks])


def iou(masks, truth):
    """How well two masks cover each other: pixels in both, over pixels in either; 1 if both empty.

    Shapes   masks and truth of one shape; a clip (T, H, W) counts as one large picture
    """
    masks, truth = np.asarray(masks, bool), np.asarray(truth, bool)
    if masks.shape != truth.shape:
        raise ShapeError(f"masks {masks.shape} and truth {truth.shape} must have one shape")
    either = (masks | truth).sum()
    return float((masks & truth).sum() / either) if either else 1.0


def _square(away):
    """The mean square over the colours: (..., C) -> (...)."""
    return (away ** 2).mean(axis=-1)


given.check(globals(), {
    "rate": kinds.number(), "threshold deviations": kinds.number(0), "absorb trusted": kinds.SHARE,
    "start least": kinds.ABOVE, "components": kinds.whole(1, 255),
    "frame": kinds.array("a frame (H, W) or (H, W, 3)"), "frames": kinds.STREAM,
    "model": kinds.having("a model of the background: with apply(frame)", "apply"),
    "masks truth": kinds.array("an array of truth values", empty=True),
})
