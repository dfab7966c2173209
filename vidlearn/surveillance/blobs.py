"""Find what moves before a camera that stands still: boxes around blobs of foreground."""

import cv2
import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds

FRAME = kinds.array("a frame (H, W, 3) of uint8", 3, last=(3,), dtypes="B")
ROWS = 240                                      # larger frames are made smaller: it is faster
REPEATS = 30                                    # times that a known background is shown
ONE_LABEL = 1


@checked
class Blobs:
    """OpenCV's mixture of Gaussians, cleaned, as a detector of whatever moves.

    Units    rate: the fraction of the background that each frame replaces; variance: how far from
             it, in variances, foreground begins; least: the smallest height of a blob, as a share
             of the height of the frame; background (h, w, 3): the empty scene in any size, by
             default the first frame, in which whoever stands there leaves a ghost
    """

    def __init__(self, background: FRAME = None, rate: kinds.FRACTION = 0.002,
                 variance: kinds.POSITIVE = 40.0, least: kinds.FRACTION = 0.08):
        self.rate, self.least, self.background, self._size = rate, least, background, None
        self._model = cv2.createBackgroundSubtractorMOG2(300, variance, True)

    def detect(self, frame: FRAME):
        """Find the blobs of the next frame.

        Shapes   frame (H, W, 3)  ->  {"boxes": (n, 4) float64 xyxy, "labels": (n,), "scores": (n,)}
        Units    every label and every score is 1: a blob is there or not
        Raises   ArgumentError for a frame of another size than the first
        """
        if self._size is None:
            self._begin(frame)
        elif frame.shape != self._size:
            raise ArgumentError(f"the first frame was {self._size} and this one is {frame.shape}: "
                                "start new Blobs for another film")
        mask = self._cleaned(self._model.apply(self._small(frame), learningRate=self.rate))
        _, _, found, _ = cv2.connectedComponentsWithStats(mask)
        x, y, width, height, _ = found[1:].T
        large = height >= self.least * mask.shape[0]
        boxes = np.stack([x, y, x + width, y + height], 1)[large] * self._scale
        return {"boxes": boxes.astype(float), "labels": np.full(len(boxes), ONE_LABEL),
                "scores": np.ones(len(boxes))}

    def _begin(self, frame):
        self._size = frame.shape
        self._scale = max(frame.shape[0] / ROWS, 1.0)
        scene = self._small(frame if self.background is None else self.background)
        for _ in range(REPEATS):
            self._model.apply(scene, learningRate=.1)

    def _small(self, picture):
        """A picture of any size in the size in which blobs are sought."""
        height, width = (max(round(side / self._scale), 1) for side in self._size[:2])
        return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)

    @staticmethod
    def _cleaned(mask):
        """Without shadows, specks and slits: 255 where something moves."""
        mask = cv2.medianBlur(np.where(mask == 255, 255, 0).astype(np.uint8), 3)
        return cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 3), np.uint8))


@checked
def empty_scene(frames: kinds.STREAM):
    """The scene without those who walk through it: the median of each pixel over some frames.

    Shapes   frames (T, H, W, 3), some seconds apart  ->  (H, W, 3) uint8
    Raises   ArgumentError without a frame
    """
    frames = list(frames)
    if not frames:
        raise ArgumentError("frames is empty: there is no frame to find the scene in")
    return np.median(np.stack(frames), axis=0).astype(np.uint8)
