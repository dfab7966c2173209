"""Where people stand and walk most: a heat map of their feet."""

import cv2
import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.surveillance.feet import BOXES, TRACKS, check_boxes, feet, frame_by_frame

SIZE = kinds.row("(height, width) in whole pixels", kinds.POSITIVE_COUNT, 2)


@checked
class HeatMap:
    """Count in how many frames a foot stood on each pixel, frame by frame.

    Shapes   counts (H, W) float64
    Units    feet outside the picture are not counted; a foot on its lower edge is in the last row
    """

    def __init__(self, size: SIZE):
        self.counts = np.zeros(size)

    def update(self, boxes: BOXES):
        """Take the boxes of the next frame: (k, 4) xyxy."""
        height, width = self.counts.shape
        x, y = feet(check_boxes(boxes)).T
        x, y = np.floor(x).astype(int), np.ceil(y).astype(int) - 1  # y1 is the row below the feet
        there = (x >= 0) & (x < width) & (y >= 0) & (y < height)
        np.add.at(self.counts, (y[there], x[there]), 1)

    def smooth(self, blur: kinds.POSITIVE = 3.0):
        """The counts, blurred with a Gaussian: far from the borders their sum stays the same.

        Shapes   ->  (H, W) float64
        Units    blur: standard deviation in pixels
        """
        return cv2.GaussianBlur(self.counts, (0, 0), blur, borderType=cv2.BORDER_CONSTANT)


@checked
def heat_map(tracks: TRACKS, size: SIZE, blur: kinds.POSITIVE = 3.0):
    """Draw where people's feet were, as a map to lay over a picture.

    Shapes   tracks {id: (frames (n,), boxes (n, 4))}, size (height, width)  ->  (H, W) in 0..1
    Units    1 where feet stood most often; blur in pixels
    Raises   ArgumentError if no foot is in the picture
    """
    heat = HeatMap(size)
    for _, _, boxes in frame_by_frame(tracks):
        heat.update(boxes)
    if not heat.counts.any():
        raise ArgumentError(f"no foot of these {len(tracks)} tracks is in a picture of "
                            f"{size[1]}x{size[0]}: there is nothing to draw")
    smooth = heat.smooth(blur)
    return smooth / smooth.max()
