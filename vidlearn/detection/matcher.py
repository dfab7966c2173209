"""The matcher: which true box, if any, an anchor should find; and which anchors are trained on."""

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds

BACKGROUND, IGNORED = -1, -2
IOU = kinds.array("a matrix of IoU, true boxes x candidates", 2, empty=True)


@checked
def match(iou: IOU, high: kinds.FRACTION, low: kinds.FRACTION, allow_low_quality=False):
    """For each candidate the number of its true box, or BACKGROUND (-1), or IGNORED (-2).

    A candidate belongs to the true box that it overlaps most, if by `high` or more. Below `low` it
    is background; between the two it is left out of training. With `allow_low_quality`, each true
    box also gets the candidates that overlap it most, ties included, however little that is.

    Shapes   iou (true boxes, candidates)  ->  (candidates,)
    Raises   ArgumentError if low is more than high
    Twin     torchvision.models.detection._utils.Matcher
    """
    if low > high:
        raise ArgumentError(f"low {low} is more than high {high}: between them nothing is trained")
    if not iou.size:
        return np.full(iou.shape[1], BACKGROUND)
    best, nearest = iou.max(0), iou.argmax(0)
    matched = np.where(best >= high, nearest, np.where(best < low, BACKGROUND, IGNORED))
    if allow_low_quality:
        chosen = np.nonzero(iou == iou.max(1, keepdims=True))[1]
        matched[chosen] = nearest[chosen]
    return matched


@checked
def sample(labels: kinds.LABELS, size: kinds.POSITIVE_COUNT, positive_fraction: kinds.FRACTION,
           rng):
    """Choose candidates to train on: at most this fraction objects, and background for the rest.

    Nearly all candidates are background. Without the choice, the loss would say nothing of objects.

    Shapes   labels (N,): 1 or more object, 0 background, less is never chosen
    Returns  the numbers of the chosen objects, and those of the chosen background, each in order
    Twin     torchvision.models.detection._utils.BalancedPositiveNegativeSampler
    """
    objects, background = np.flatnonzero(labels >= 1), np.flatnonzero(labels == 0)
    count = min(len(objects), int(size * positive_fraction))
    return (np.sort(rng.permutation(objects)[:count]),
            np.sort(rng.permutation(background)[:size - count]))
