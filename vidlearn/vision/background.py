"""Background models: learn the still scene frame by frame; what differs from it is foreground.

    Difference         the frame before
    RunningMean        an exponentially weighted mean
    RunningGaussian    a mean and a variance for each pixel
    Mixture            several Gaussians for each pixel: for leaves, water, flicker

Each takes one frame after another, `apply(frame) -> mask`. It first compares the frame with what it
has learned so far and only then learns from it. `mean`, `variance` and `weight` hold its state.
"""

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.scratch.core.errors import ShapeError

FRAME = kinds.array("a frame (H, W) or (H, W, 3)")
MODEL = kinds.having("a background model: with apply(frame)", "apply")
TRUTHS = kinds.array("an array of truth values", empty=True)


@checked
class Background:
    """The base of all models: believe the first frame; compare, then learn each later one.

    Units    `rate` is the fraction of the old state that each frame replaces; for the first frames
             it is 1 / frames seen, so that the state starts as their plain mean
    """

    def __init__(self, rate: kinds.NUMBER):
        if not 0 <= rate <= 1:
            raise ArgumentError(f"a rate of {rate} must lie in 0..1: it is the fraction that each "
                                "frame replaces")
        self.rate, self.seen, self.mean = rate, 0, None

    def apply(self, frame: FRAME):
        """Find the foreground of a frame, then learn from the frame.

        Shapes   frame (H, W) or (H, W, 3)  ->  mask (H, W) of bool, True for foreground
        Raises   ShapeError if the frame has other axes, or not the size of the first one
        Twin     cv2.createBackgroundSubtractorMOG2().apply, whose masks are 0 and 255
        """
        frame = self._as_channels(frame)
        self.seen += 1
        if self.seen == 1:
            self._begin(frame)
        mask = self._differs(frame)
        self._learn(frame, mask, max(self.rate, 1 / self.seen))
        return mask

    def _begin(self, frame):
        self.mean = frame.copy()

    def _as_channels(self, frame):
        """The frame as floating numbers (H, W, C)."""
        frame = np.asarray(frame, float)
        if frame.ndim not in (2, 3) or frame.ndim == 3 and frame.shape[2] not in (1, 3):
            raise ShapeError(f"a frame is (H, W) or (H, W, 3); this one is {frame.shape}: "
                             "apply takes the frames of a clip one by one")
        frame = frame if frame.ndim == 3 else frame[..., None]
        if self.seen and frame.shape != self.mean.shape[-3:]:
            raise ShapeError(f"the first frame was {self.mean.shape[-3:]} and this one is "
                             f"{frame.shape}: start a new model for another clip")
        return frame


@checked
class Difference(Background):
    """Foreground has changed by more than `threshold` since the frame before.

    Units    threshold in grey levels: the root mean square over the channels
    """

    def __init__(self, threshold: kinds.NOT_NEGATIVE = 25):
        super().__init__(rate=1)
        self.threshold = threshold

    def _differs(self, frame):
        return _mean_square(frame - self.mean) > self.threshold ** 2

    def _learn(self, frame, mask, rate):
        self.mean += rate * (frame - self.mean)


@checked
class RunningMean(Difference):
    """Foreground differs by more than `threshold` from an exponentially weighted mean.

    Twin     cv2.accumulateWeighted, for the mean
    """

    def __init__(self, rate: kinds.NUMBER = 0.02, threshold: kinds.NOT_NEGATIVE = 25):
        super().__init__(threshold)
        self.rate = Background(rate).rate


@checked
class RunningGaussian(Background):
    """Foreground lies more than `deviations` standard deviations from the mean of its pixel.

    Foreground is learned more slowly, at `rate` times `foreground_rate`: 1 learns everything alike,
    0 never lets foreground in.

    Shapes   mean (H, W, C), variance (H, W), one for all channels of a pixel
    Units    variances in grey levels squared
    Source   Wren et al., Pfinder, PAMI 19, 1997
    """

    def __init__(self, rate: kinds.NUMBER = 0.02, deviations: kinds.NOT_NEGATIVE = 2.5,
                 foreground_rate: kinds.FRACTION = 0.05, initial_variance: kinds.POSITIVE = 225.0,
                 min_variance: kinds.POSITIVE = 9.0):
        super().__init__(rate)
        self.deviations, self.foreground_rate = deviations, foreground_rate
        self.initial_variance, self.min_variance = initial_variance, min_variance

    def _begin(self, frame):
        super()._begin(frame)
        self.variance = np.full(frame.shape[:2], float(self.initial_variance))

    def _differs(self, frame):
        return _mean_square(frame - self.mean) > self.deviations ** 2 * self.variance

    def _learn(self, frame, mask, rate):
        step = rate * np.where(mask, self.foreground_rate, 1.0)
        away = frame - self.mean                                  # from the mean before this frame
        self.mean += step[..., None] * away
        self.variance += step * (_mean_square(away) - self.variance)
        np.maximum(self.variance, self.min_variance, out=self.variance)


@checked
class Mixture(Background):
    """Each pixel has several Gaussians; the strongest, up to `background_ratio`, are background.

    A frame updates the heaviest Gaussian that it matches. If it matches none, it starts a new one
    in place of the lightest. The mean moves by rate / weight, not by rate times density as in the
    paper: see lesson 02.

    Shapes   mean (K, H, W, C), variance (K, H, W), weight (K, H, W) with a sum of 1 over K
    Source   Stauffer and Grimson, CVPR 1999; the step as in Power and Schoonees, IVCNZ 2002
    Twin     cv2.createBackgroundSubtractorMOG2, which also chooses the number of Gaussians
    """

    def __init__(self, components: kinds.whole(1, 255) = 3, rate: kinds.NUMBER = 0.02,
                 deviations: kinds.NOT_NEGATIVE = 3.0, background_ratio: kinds.FRACTION = 0.5,
                 initial_variance: kinds.POSITIVE = 225.0, min_variance: kinds.POSITIVE = 9.0):
        super().__init__(rate)
        self.components, self.deviations = components, deviations
        self.background_ratio = background_ratio
        self.initial_variance, self.min_variance = initial_variance, min_variance

    def _begin(self, frame):
        size = (self.components, *frame.shape[:2])
        self.mean = np.broadcast_to(frame, (self.components, *frame.shape)).copy()
        self.variance = np.full(size, float(self.initial_variance))
        self.weight = np.zeros(size)
        self.weight[0] = 1

    def _differs(self, frame):
        self._square = _mean_square(frame - self.mean)            # (K, H, W)
        fits = (self._square <= self.deviations ** 2 * self.variance) & (self.weight > 0)
        chosen = np.where(fits, self.weight, -1).argmax(0)
        self._hit = fits & (np.arange(self.components)[:, None, None] == chosen)
        return ~(self._hit & self.is_background).any(0)

    @property
    def is_background(self):
        """Which Gaussians are background: the stronger ones weigh less than `background_ratio`.

        Shapes   (K, H, W) of bool
        """
        strength = self.weight ** 2 / self.variance               # heavy and narrow ones are first
        before = (self.weight[:, None] * (strength[:, None] > strength)).sum(0)
        return before < self.background_ratio

    def _learn(self, frame, mask, rate):
        self.weight += rate * (self._hit - self.weight)
        step = np.where(self._hit, rate / np.maximum(self.weight, 1e-12), 0)
        self.mean += step[..., None] * (frame - self.mean)
        self.variance += step * (self._square - self.variance)
        np.maximum(self.variance, self.min_variance, out=self.variance)
        self._replace(frame, ~self._hit.any(0), rate)

    def _replace(self, frame, new, rate):
        """Where nothing matched, put a new wide Gaussian in place of the lightest."""
        i, j = np.nonzero(new)
        k = self.weight[:, i, j].argmin(0)
        self.mean[k, i, j], self.variance[k, i, j] = frame[i, j], self.initial_variance
        self.weight[k, i, j] = rate
        self.weight /= self.weight.sum(0)


@checked
def foreground_masks(model: MODEL, frames: kinds.STREAM):
    """Apply a model to a clip, frame by frame: one of these, or one of OpenCV's.

    Shapes   frames (T, H, W, C)  ->  masks (T, H, W) of bool; OpenCV's shadows are not foreground
    """
    masks = [model.apply(frame) for frame in frames]
    if not masks:
        raise ArgumentError("frames is empty: there is no frame to apply the model to")
    return np.stack([mask if mask.dtype == bool else mask == 255 for mask in masks])


@checked
def iou(masks: TRUTHS, truth: TRUTHS):
    """Intersection over union of two masks: pixels in both over pixels in either; 1 if both empty.

    Shapes   masks and truth of one shape; a clip (T, H, W) counts as one large picture
    """
    masks, truth = np.asarray(masks, bool), np.asarray(truth, bool)
    if masks.shape != truth.shape:
        raise ShapeError(f"masks {masks.shape} and truth {truth.shape} must have one shape")
    either = (masks | truth).sum()
    return float((masks & truth).sum() / either) if either else 1.0


def _mean_square(away):
    """The mean square over the channels: (..., C) -> (...)."""
    return (away ** 2).mean(axis=-1)
