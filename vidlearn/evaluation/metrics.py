"""How good is an alarm: one score a clip says how sure it is, and a threshold turns it into a yes.

The label is 1 where the event is and 0 where it is not. `Result` measures a classifier with many
classes by its predictions; this module measures the scores behind them, at every threshold.
"""

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds

SCORES = kinds.array("a list of numbers", empty=True)
LABELS = kinds.array("a list of labels, 0 or 1 each", empty=True)
THRESHOLD = kinds.fitting("a number", lambda value: kinds.is_real(value) and value == value)
COLUMN = kinds.array("one row a clip", dtypes="biufSU")


@checked
def confusion_at(scores: SCORES, labels: LABELS, threshold: THRESHOLD):
    """Count truth (row) against prediction (column) if a score of `threshold` or more means yes.

    Shapes   scores (N,), labels (N,)  ->  (2, 2): [[silent, false alarms], [missed, found]]
    Twin     sklearn.metrics.confusion_matrix(labels, scores >= threshold, labels=[0, 1])
    """
    scores, labels = _scores_and_labels(scores, labels)
    matrix = np.zeros((2, 2), np.int64)
    np.add.at(matrix, (labels.astype(int), (scores >= threshold).astype(int)), 1)
    return matrix


@checked
def rates(confusion: kinds.array("counts (2, 2)", 2, last=(2,))):
    """Accuracy, precision, recall and F1 of an alarm; 0/0 counts as 0.

    Shapes   confusion (2, 2), as `confusion_at` counts it
    Twin     sklearn.metrics.precision_recall_fscore_support(..., zero_division=0)
    """
    (silent, false), (missed, found) = confusion.tolist()
    return (_share(silent + found, silent + false + missed + found), _share(found, found + false),
            _share(found, found + missed), _share(2 * found, 2 * found + false + missed))


@checked
def pr_curve(scores: SCORES, labels: LABELS):
    """Precision and recall at every threshold, from "never" down to "always".

    Returns  precision, recall and thresholds, one more than there are different scores; before the
             first yes the precision counts as 1
    Raises   ArgumentError if no label is 1
    Twin     sklearn.metrics.precision_recall_curve, which starts from the other end
    """
    found, false, thresholds = _sweep(scores, labels, [1])
    precision = np.divide(found, found + false, out=np.ones(len(found)), where=found + false > 0)
    return precision, found / found[-1], thresholds


@checked
def roc_curve(scores: SCORES, labels: LABELS):
    """False positive rate and recall at every threshold, from "never" down to "always".

    Returns  the share of false alarms among the clips without the event, recall, and thresholds
    Raises   ArgumentError if the labels are all 0 or all 1
    Twin     sklearn.metrics.roc_curve(labels, scores, drop_intermediate=False)
    """
    found, false, thresholds = _sweep(scores, labels, [0, 1])
    return false / false[-1], found / found[-1], thresholds


@checked
def average_precision(scores: SCORES, labels: LABELS):
    """The mean of the precision at each threshold, weighted by the recall that it adds.

    Raises   ArgumentError if no label is 1
    Twin     sklearn.metrics.average_precision_score
    """
    precision, recall, _ = pr_curve(scores, labels)
    return float((np.diff(recall) * precision[1:]).sum())


@checked
def auc(x: kinds.SEQUENCE, y: kinds.SEQUENCE):
    """The area under a curve by the trapezoidal rule; x must not fall.

    Twin     sklearn.metrics.auc
    """
    x, y = x.astype(float), y.astype(float)
    if x.shape != y.shape or (np.diff(x) < 0).any():
        raise ArgumentError(f"auc: x {x.shape} and y {y.shape} must have one length, and x must "
                            "not fall")
    return float((np.diff(x) * (y[1:] + y[:-1]) / 2).sum())


@checked
def bootstrap(score: kinds.FUNCTION, *columns: COLUMN, groups: COLUMN = None, rounds=1000,
              confidence: kinds.FRACTION = 0.95, seed=0):
    """Bootstrap confidence interval of a score: resample the clips with replacement, many times.

    `score(*columns)` gives a number. With `groups`, whole sources are resampled, because clips of
    one source are not independent.

    Shapes   each column (N, ...), groups (N,)
    Returns  (low, high): the middle `confidence` of the scores of all rounds
    Source   Efron, Annals of Statistics 7, 1979
    Twin     scipy.stats.bootstrap(..., paired=True, method="percentile")
    """
    count = len(columns[0])
    rng = np.random.default_rng(seed)
    _, source = np.unique(np.arange(count) if groups is None else groups, return_inverse=True)
    if any(len(part) != count for part in (*columns, source)):
        raise ArgumentError(f"bootstrap: columns and groups have {[len(c) for c in columns]} and "
                            f"{len(source)} rows: each needs one row a clip")
    members = np.split(np.argsort(source, kind="stable"), np.cumsum(np.bincount(source))[:-1])
    drawn = []
    for _ in range(rounds):
        rows = np.concatenate([members[s] for s in rng.integers(0, len(members), len(members))])
        drawn.append(score(*(column[rows] for column in columns)))
    low, high = np.quantile(drawn, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


def _sweep(scores, labels, needed):
    """Count found events and false alarms while the threshold falls past each score."""
    scores, labels = _scores_and_labels(scores, labels)
    if missing := sorted(set(needed) - set(labels.astype(int).tolist())):
        raise ArgumentError(f"none of {len(labels)} labels is {' or '.join(map(str, missing))}: "
                            "a rate would be 0/0")
    order = np.argsort(-scores, kind="stable")
    last = np.append(np.flatnonzero(np.diff(scores[order])), len(scores) - 1)  # ties fall together
    found = np.cumsum(labels[order].astype(int))[last]
    false = last + 1 - found
    return np.append(0, found), np.append(0, false), np.append(np.inf, scores[order][last])


def _scores_and_labels(scores, labels):
    if scores.ndim != 1 or scores.shape != labels.shape or not np.isin(labels, (0, 1)).all():
        raise ArgumentError(f"scores {scores.shape} and labels {labels.shape} must be one number a "
                            "clip, and each label 0 or 1")
    if np.isnan(scores).any():
        raise ArgumentError(f"{np.isnan(scores).sum()} of {len(scores)} scores are NaN: no "
                            "threshold can separate them")
    return scores.astype(float), labels


def _share(part, whole):
    return part / whole if whole else 0.0
