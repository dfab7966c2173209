"""Morphology: remove the specks and holes of a mask, and find its connected components.

A `kernel` is one number, the side of a square, or an array (KH, KW), of which all pixels other than
0 count; its middle is (KH // 2, KW // 2). Pixels outside the picture are ignored.
"""

import numpy as np

from vidlearn.checks import checked, kinds
from vidlearn.scratch.core.errors import ShapeError

CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]])
PICTURE = kinds.array("a picture (H, W)")
KERNEL = kinds.either("a side of 1 or more, or an array (KH, KW)", kinds.INTEGER, kinds.array(""))


@checked
def erode(picture: PICTURE, kernel: KERNEL = 3):
    """Take the smallest value under the kernel: a mask shrinks by the kernel.

    Shapes   picture (H, W)  ->  (H, W) of the same type
    Twin     cv2.erode
    """
    return _slide(picture, kernel, np.minimum)


@checked
def dilate(picture: PICTURE, kernel: KERNEL = 3):
    """Take the largest value under the kernel: a mask grows by the kernel.

    As in OpenCV, the kernel is not flipped. Textbooks flip it: for a kernel that is not symmetric,
    their dilation uses `kernel[::-1, ::-1]`.

    Shapes   picture (H, W)  ->  (H, W) of the same type
    Twin     cv2.dilate
    """
    return _slide(picture, kernel, np.maximum)


@checked
def opening(picture: PICTURE, kernel: KERNEL = 3):
    """Erode, then dilate: specks smaller than the kernel disappear, the rest keeps its size.

    Twin     cv2.morphologyEx(picture, cv2.MORPH_OPEN, kernel)
    """
    return dilate(erode(picture, kernel), kernel)


@checked
def closing(picture: PICTURE, kernel: KERNEL = 3):
    """Dilate, then erode: holes and cracks smaller than the kernel are filled.

    Twin     cv2.morphologyEx(picture, cv2.MORPH_CLOSE, kernel)
    """
    return erode(dilate(picture, kernel), kernel)


@checked
def components(mask: kinds.GREY, kernel: KERNEL = 3):
    """Label the connected components of a mask 1, 2, ... in the order of their first pixels.

    Every pixel takes the largest number among its neighbours, until nothing changes any more.

    Shapes   mask (H, W)  ->  labels (H, W) with 0 for background, areas (components,) in pixels
    Units    kernel 3 connects corners, too; CROSS connects sides only
    Twin     cv2.connectedComponents, connectivity 8 or 4

    >>> labels, areas = components(np.array([[1, 0, 1], [1, 0, 1], [0, 0, 1]], bool))
    >>> labels
    array([[1, 0, 2],
           [1, 0, 2],
           [0, 0, 2]])
    >>> areas
    array([2, 3])
    """
    mask = np.asarray(mask, bool)
    labels = np.where(mask, np.arange(mask.size, 0, -1).reshape(mask.shape), 0)
    while True:
        spread = np.where(mask, dilate(labels, kernel), 0)
        if (spread == labels).all():
            break
        labels = spread
    names, labels, areas = np.unique(-labels, return_inverse=True, return_counts=True)
    without = names[-1] == 0                                      # 0 comes last: the background
    labels = np.where(mask, labels.reshape(mask.shape) + 1, 0)
    return labels, areas[:len(areas) - without]


@checked
def keep_large(mask: kinds.GREY, area: kinds.NOT_NEGATIVE, kernel: KERNEL = 3):
    """Drop the connected components of a mask that have fewer than `area` pixels.

    Shapes   mask (H, W)  ->  (H, W) of bool
    """
    labels, areas = components(mask, kernel)
    return np.append(False, areas >= area)[labels]


def _slide(picture, kernel, choose):
    """The smallest or largest under the kernel, by one step of `choose` for each of its pixels."""
    picture, offsets = np.asarray(picture), _offsets(kernel)
    if picture.ndim != 2:
        raise ShapeError(f"a picture is (H, W); this one is {picture.shape}: take frame by frame")
    height, width = picture.shape
    reach = max(max(abs(p), abs(q)) for p, q in offsets)
    neutral = _neutral(picture.dtype, choose)
    padded = np.pad(picture, reach, constant_values=neutral)
    result = np.full(picture.shape, neutral, picture.dtype)
    for p, q in offsets:
        top, left = reach + p, reach + q
        choose(result, padded[top:top + height, left:left + width], out=result)
    return result


def _offsets(kernel):
    """Where the pixels of a kernel lie: (row, column) from its middle."""
    kernel = np.ones([max(kernel, 0)] * 2) if np.ndim(kernel) == 0 else np.asarray(kernel)
    if kernel.ndim != 2 or not kernel.any():
        raise ShapeError(f"a kernel is a side of at least 1 or an array (KH, KW) that is not all "
                         f"0; this one is {kernel.shape}")
    return (np.argwhere(kernel) - np.array(kernel.shape) // 2).tolist()


def _neutral(dtype, choose):
    """The value that never wins: the largest of its type for a minimum, the smallest otherwise."""
    if dtype == np.dtype(bool):
        return choose is np.minimum
    limits = np.iinfo(dtype) if np.issubdtype(dtype, np.integer) else np.finfo(dtype)
    return limits.max if choose is np.minimum else limits.min
