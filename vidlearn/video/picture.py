"""One picture: crop it, scale it, and turn OpenCV's BGR into RGB."""

import cv2
import numpy as np

from vidlearn.checks import ArgumentError

BAND = 64                # rows that are converted at once
LARGEST = 32_767         # pixels of a side: more is a typing error


def target_size(old, size):
    """The (height, width) that `size` asks for: itself, or its number as the shorter side.

    Raises   ArgumentError if `size` is neither a length nor (height, width), or too large
    """
    if np.ndim(size) == 0:
        shorter = min(old)
        size = tuple(round(side * size / shorter) for side in old)
    if len(size) != 2 or not all(1 <= side <= LARGEST for side in size):
        raise ArgumentError(f"size {size} must be (height, width) or the length of the shorter "
                            f"side, 1 to {LARGEST:,} pixels")
    return tuple(int(side) for side in size)


def scale(picture, size):
    """Scale a picture to `size` (height, width); shrinking averages areas, so nothing flickers.

    Shapes   (H, W, C)  ->  (H', W', C)
    """
    old = picture.shape[:2]
    if old == size:
        return picture
    smaller = size[0] * size[1] < old[0] * old[1]
    method = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    return cv2.resize(picture, size[::-1], interpolation=method).reshape(*size, -1)


def rgb(bgr, crop=None, size=None, grey=False):
    """Crop, scale and convert OpenCV's picture; an uncropped picture is converted in place.

    Shapes   bgr (H, W, 3) uint8  ->  (H', W', 3) uint8 RGB, or (H', W', 1) if `grey`
    Units    crop: (left, top, right, bottom) pixels, right and bottom excluded; before scaling
    Raises   ArgumentError if `crop` is empty or reaches out of the picture
    """
    if crop is not None:
        left, top, right, bottom = crop
        if not (0 <= left < right <= bgr.shape[1] and 0 <= top < bottom <= bgr.shape[0]):
            raise ArgumentError(
                f"crop {tuple(crop)} (left, top, right, bottom) must lie inside the "
                f"picture, which is {bgr.shape[1]} wide and {bgr.shape[0]} high")
        bgr = bgr[top:bottom, left:right]
    if size is not None:
        bgr = scale(bgr, target_size(bgr.shape[:2], size))
    if grey:
        return cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY)[..., None]
    return cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB) if crop is not None else _in_place(bgr)


def _in_place(picture):
    """Swap blue and red, a band of rows at a time: a 4K frame of 25 MB is not held twice."""
    for top in range(0, len(picture), BAND):
        band = picture[top:top + BAND]
        cv2.cvtColor(band, cv2.COLOR_BGR2RGB, dst=band)
    return picture
