"""A linear support vector machine: a plane between two classes, with a margin on either side.

A point is scored by its side of the plane, and pays nothing once it is right by a score of 1.
"""

import warnings
from typing import NamedTuple

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds

STEPS, TOLERANCE = 20_000, 1e-4
SPARE = 1.05                               # the power method finds the curvature from below
SIGNS = kinds.array("a list of labels, each -1 or 1", 1, dtypes="iuf")
FEATURES = kinds.array("features (N, F), a row for each sample", 2)
WEIGHTS = kinds.array("a list of weights, one a sample, each 0 or more", 1)


class LinearSVM(NamedTuple):
    """The plane: weight (F,) and bias."""

    weight: np.ndarray
    bias: float

    @checked
    def decision_function(self, features: FEATURES):
        """Score each sample: more than 0 is the class 1.

        Shapes   features (N, F)  ->  (N,)
        """
        return features @ self.weight + self.bias


@checked
def hinge_loss(scores: kinds.SEQUENCE, labels: SIGNS, squared=False):
    """The hinge loss of each sample, and its gradient: max(0, 1 - label * score).

    At the kink, where a score is just right, the gradient is 0.

    Shapes   scores, labels (N,)  ->  loss (N,), dscores (N,)
    Units    labels -1 and 1; squared: the square of that loss, which has no kink
    Raises   ArgumentError for a label that is neither -1 nor 1
    Twin     torch.nn.functional.margin_ranking_loss(scores, 0 * scores, labels, margin=1,
             reduction="none")
    """
    _check_signs(labels, len(scores))
    labels = labels.astype(float)                     # of unsigned numbers, -1 would be 255
    missing = np.maximum(0.0, 1 - labels * scores)
    if squared:
        return missing ** 2, -2 * labels * missing
    return missing, np.where(missing > 0, -labels, 0.0)


@checked
def svm_objective(weight: kinds.SEQUENCE, bias: kinds.NUMBER, features: FEATURES, labels: SIGNS,
                  C: kinds.POSITIVE = 1.0, sample_weight: WEIGHTS.or_none() = None,
                  squared=True):
    """What training makes small: half the squared length of (weight, bias), and C times the losses.

    A short weight means a wide margin. The bias counts as the weight of a feature that is always 1.

    Shapes   weight (F,), features (N, F)  ->  objective, dweight (F,), dbias
    """
    loss, dscores = hinge_loss(features @ weight + bias, labels, squared)
    importance = C * _importance(sample_weight, labels)
    objective = (weight @ weight + bias ** 2) / 2 + importance @ loss
    dscores = importance * dscores
    return objective, weight + features.T @ dscores, bias + dscores.sum()


@checked
def fit_linear_svm(features: FEATURES, labels: SIGNS, C: kinds.POSITIVE = 1.0,
                   sample_weight: WEIGHTS.or_none() = None, steps: kinds.POSITIVE_COUNT = STEPS,
                   tolerance: kinds.POSITIVE = TOLERANCE):
    """Find the plane of the smallest squared hinge loss by Nesterov's gradient descent.

    The squared loss has no kink, so a fixed step works: 1 over the largest curvature. Momentum
    begins anew whenever it points uphill.

    Shapes   features (N, F), labels (N,) of -1 and 1, sample_weight (N,)  ->  LinearSVM
    Units    tolerance: how far, at most, the objective may be above the smallest one, as a
             fraction. Half the squared gradient bounds that, for the objective curves by 1 or more
    Raises   ArgumentError if only one class is there, or a feature is NaN or infinite; warns if
             `steps` are not enough
    Twin     sklearn.svm.LinearSVC(C=C)
    """
    _check_data(features, labels)
    importance = C * _importance(sample_weight, labels)
    rate = 1 / (1 + SPARE * _curvature(features, 2 * importance))
    point = ahead = np.zeros(features.shape[1] + 1)
    momentum = 1.0
    for _ in range(steps):
        objective, dweight, dbias = svm_objective(ahead[:-1], ahead[-1], features, labels, C,
                                                  sample_weight)
        gradient = np.append(dweight, dbias)
        if gradient @ gradient / 2 <= tolerance * objective:
            break
        moved = ahead - rate * gradient
        if gradient @ (moved - point) > 0:
            momentum = 1.0
        faster = (1 + np.sqrt(1 + 4 * momentum ** 2)) / 2
        point, ahead = moved, moved + (momentum - 1) / faster * (moved - point)
        momentum = faster
    else:
        warnings.warn(f"after {steps} steps the plane is not yet within {tolerance} of the best: "
                      "allow more steps, or take a smaller C", RuntimeWarning, stacklevel=3)
    return LinearSVM(ahead[:-1], float(ahead[-1]))


def _curvature(features, importance, rounds=30):
    """The largest eigenvalue of the sum of importance * (x, 1) (x, 1)ᵀ, by the power method."""
    direction = np.append(features.T @ importance, importance.sum())
    for _ in range(rounds):
        direction = direction / max(np.linalg.norm(direction), np.finfo(float).tiny)
        along = importance * (features @ direction[:-1] + direction[-1])
        direction = np.append(features.T @ along, along.sum())
    return np.linalg.norm(direction)


def _importance(sample_weight, labels):
    if sample_weight is None:
        return np.ones(len(labels))
    if len(sample_weight) != len(labels) or not (sample_weight >= 0).all():
        raise ArgumentError(f"sample_weight must have {len(labels)} numbers of 0 or more, one a "
                            "label")
    return sample_weight


def _check_signs(labels, count):
    if len(labels) != count:
        raise ArgumentError(f"labels must be {count}, one a score, not {len(labels)}")
    if not np.isin(labels, (-1, 1)).all():
        raise ArgumentError("labels must be -1 or 1: of 0 and 1, 2 * labels - 1 makes them")


def _check_data(features, labels):
    _check_signs(labels, len(features))
    if not np.isfinite(features).all():
        raise ArgumentError("features has numbers that are NaN or infinite")
    if len(np.unique(labels)) < 2:
        raise ArgumentError("labels has one class only: a plane parts two")
