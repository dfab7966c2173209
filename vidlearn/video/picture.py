"""One picture: crop it, scale it, make it grey.

OpenCV takes 28 MB, and is loaded where a picture is to be changed.
"""

import numpy as np

from vidlearn.checks import ArgumentError

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
    import cv2
    smaller = size[0] * size[1] < old[0] * old[1]
    method = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    picture = np.ascontiguousarray(picture)
    return cv2.resize(picture, size[::-1], interpolation=method).reshape(*size, -1)


def crop_picture(picture, crop):
    """Cut a rectangle out of a picture.

    Units    crop: (left, top, right, bottom) pixels, right and bottom excluded
    Raises   ArgumentError if `crop` is empty or reaches out of the picture
    """
    left, top, right, bottom = crop
    if not (0 <= left < right <= picture.shape[1] and 0 <= top < bottom <= picture.shape[0]):
        raise ArgumentError(
            f"crop {tuple(crop)} (left, top, right, bottom) must lie inside the "
            f"picture, which is {picture.shape[1]} wide and {picture.shape[0]} high")
    return picture[top:bottom, left:right]


def grey_picture(picture):
    """Convert RGB to grey levels.

    Shapes   (H, W, 3)  ->  (H, W, 1)
    """
    import cv2
    return cv2.cvtColor(np.ascontiguousarray(picture), cv2.COLOR_RGB2GRAY)[..., None]
