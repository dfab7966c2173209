"""A mask without its specks and holes, and the pieces that it consists of.

A `kernel` is one number, the side of a square, or an array (KH, KW) whose pixels that are not 0
count; its middle is (KH // 2, KW // 2). What lies outside the picture has no say.
"""

import numpy as np

from vidlearn.checks import given, kinds
from vidlearn.scratch.core.errors import ShapeError

CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]])


def erode(picture, kernel=3):
    """Take the smallest value under the kernel: in a mask, what is not whole around it goes.

    Shapes   picture (H, W)  ->  (H, W) of the same kind
    Twin     cv2.erode
    """
    return _slide(picture, kernel, np.minimum)


def dilate(picture, kernel=3):
    """Take the largest value under the kernel: in a mask, everything grows by the kernel.

    The kernel is not turned round, as in OpenCV: for one that is not symmetric, a book's dilation
    is that by `kernel[::-1, ::-1]`.

    Shapes   picture (H, W)  ->  (H, W) of the same kind
    Twin     cv2.dilate
    """
    return _slide(picture, kernel, np.maximum)


def opening(picture, kernel=3):
    """Erode, then dilate: specks smaller than the kernel go, the rest keeps its size.

    Twin     cv2.morphologyEx(picture, cv2.MORPH_OPEN, kernel)
    """
    return dilate(erode(picture, kernel), kernel)


def closing(picture, kernel=3):
    """Dilate, then erode: holes and cracks smaller than the kernel are filled.

    Twin     cv2.morphologyEx(picture, cv2.MORPH_CLOSE, kernel)
    """
    return erode(dilate(picture, kernel), kernel)


def components(mask, kernel=3):
    """Number the connected pieces of a mask 1, 2, ... in the order of their first pixels.

    Every pixel takes the largest number among its neighbours, until nothing changes any more.

    Shapes   mask (H, W)  ->  labels (H, W) with 0 for none, areas (pieces,) in pixels
    Units    kernel 3 joins corners, too; CROSS joins sides only
    Twin     cv2.connectedComponents, connectivity 8 or 4
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


def keep_large(mask, area, kernel=3):
    """Drop the pieces of a mask that have fewer than `area` pixels.

    Shapes   mask (H, W)  ->  (H, W) of bool
    """
    labels, areas = components(mask, kernel)
    return np.append(False, areas >= area)[labels]


def _slide(picture, kernel, choose):
    """The smallest or largest under the kernel, by one step of `choose` for each of its pixels."""
    picture, taps = np.asarray(picture), _taps(kernel)
    if picture.ndim != 2:
        raise ShapeError(f"a picture is (H, W); this one is {picture.shape}: take frame by frame")
    height, width = picture.shape
    reach = max(max(abs(p), abs(q)) for p, q in taps)
    loser = _loser(picture.dtype, choose)
    rim = np.pad(picture, reach, constant_values=loser)
    result = np.full(picture.shape, loser, picture.dtype)
    for p, q in taps:
        choose(result, rim[reach + p:reach + p + height, reach + q:reach + q + width], out=result)
    return result


def _taps(kernel):
    """Where the pixels of a kernel lie, (row, column) from its middle."""
    kernel = np.ones([max(kernel, 0)] * 2) if np.ndim(kernel) == 0 else np.asarray(kernel)
    if kernel.ndim != 2 or not kernel.any():
        raise ShapeError(f"a kernel is a side of at least 1 or an array (KH, KW) that is not all "
                         f"0; this one is {kernel.shape}")
    return (np.argwhere(kernel) - np.array(kernel.shape) // 2).tolist()


def _loser(kind, choose):
    """The value that never wins: the largest there is for a minimum, the smallest for a maximum."""
    if kind == np.dtype(bool):
        return choose is np.minimum
    ends = np.iinfo(kind) if np.issubdtype(kind, np.integer) else np.finfo(kind)
    return ends.max if choose is np.minimum else ends.min


given.check(globals(), {
    "picture": kinds.array("a picture (H, W)"), "mask": kinds.GREY, "area": kinds.number(0),
    "kernel": kinds.either("a side of 1 or more, or an array (KH, KW)", kinds.INTEGER,
                           kinds.array("")),
})
