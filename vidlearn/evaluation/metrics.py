"""How good is an alarm: one number a clip says how sure it is, and a threshold makes it a yes.

The labels are 1 where the event is and 0 where it is not. `evaluate.Result` scores the answers of a
classifier of many classes; here is what comes before the answer, for every threshold at once.
"""

import numpy as np

from vidlearn.checks import given, kinds


def confusion_at(scores, labels, threshold):
    """Count truth (row) against answer (column) where a score of `threshold` or more means yes.

    Shapes   scores (N,), labels (N,)  ->  (2, 2): [[silent, false alarms], [missed, found]]
    Twin     sklearn.metrics.confusion_matrix(labels, scores >= threshold, labels=[0, 1])
    """
    scores, labels = _checked(scores, labels)
    matrix = np.zeros((2, 2), np.int64)
    np.add.at(matrix, (labels.astype(int), (scores >= threshold).astype(int)), 1)
    return matrix


def rates(confusion):
    """Accuracy, precision, recall and F1 of an alarm; what would be 0/0 is 0.

    Shapes   confusion (2, 2), as `confusion_at` counts it
    Twin     sklearn.metrics.precision_recall_fscore_support(..., zero_division=0)
    """
    (silent, false), (missed, found) = np.asarray(confusion).tolist()
    return (_share(silent + found, silent + false + missed + found), _share(found, found + false),
            _share(found, found + missed), _share(2 * found, 2 * found + false + missed))


def pr_curve(scores, labels):
    """Precision and recall for every threshold, from "never" down to "always".

    Returns  precision, recall and thresholds, one more than there are different scores; before the
             first yes the precision counts as 1
    Raises   ValueError where no label is 1
    Twin     sklearn.metrics.precision_recall_curve, which starts from the other end
    """
    found, false, thresholds = _lowered(scores, labels, [1])
    precision = np.divide(found, found + false, out=np.ones(len(found)), where=found + false > 0)
    return precision, found / found[-1], thresholds


def roc_curve(scores, labels):
    """The share of false alarms and the recall for every threshold, from "never" to "always".

    Returns  false alarms over all that is no event, recall, and thresholds
    Raises   ValueError where the labels are all 0 or all 1
    Twin     sklearn.metrics.roc_curve(labels, scores, drop_intermediate=False)
    """
    found, false, thresholds = _lowered(scores, labels, [0, 1])
    return false / false[-1], found / found[-1], thresholds


def average_precision(scores, labels):
    """The precision at each threshold, weighted by how much recall it adds.

    Raises   ValueError where no label is 1
    Twin     sklearn.metrics.average_precision_score
    """
    precision, recall, _ = pr_curve(scores, labels)
    return float((np.diff(recall) * precision[1:]).sum())


def auc(x, y):
    """The area under a curve of straight pieces, x rising.

    Twin     sklearn.metrics.auc
    """
    x, y = np.asarray(x, float), np.asarray(y, float)
    if x.shape != y.shape or (np.diff(x) < 0).any():
        raise ValueError(f"x {x.shape} and y {y.shape} must be of one length, and x rising")
    return float((np.diff(x) * (y[1:] + y[:-1]) / 2).sum())


def bootstrap(score, *columns, groups=None, rounds=1000, confidence=0.95, seed=0):
    """How far a score would move on other clips: draw as many again, with replacement, many times.

    `score(*columns)` gives a number. With `groups`, whole sources are drawn: clips of one source
    are not news of their own.

    Shapes   each column (N, ...), groups (N,)
    Returns  (low, high): the middle `confidence` of all rounds
    Source   Efron, Annals of Statistics 7, 1979
    Twin     scipy.stats.bootstrap(..., paired=True, method="percentile")
    """
    columns = [np.asarray(column) for column in columns]
    count = len(columns[0])
    rng = np.random.default_rng(seed)
    _, source = np.unique(np.arange(count) if groups is None else groups, return_inverse=True)
    if any(len(part) != count for part in (*columns, source)):
        raise ValueError(f"columns and groups of {[len(c) for c in columns]} and {len(source)} "
                         "rows: one of each per clip")
    members = np.split(np.argsort(source, kind="stable"), np.cumsum(np.bincount(source))[:-1])
    drawn = []
    for _ in range(rounds):
        rows = np.concatenate([members[s] for s in rng.integers(0, len(members), len(members))])
        drawn.append(score(*(column[rows] for column in columns)))
    low, high = np.quantile(drawn, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


def _lowered(scores, labels, needed):
    """What is found and what is falsely rung for as the threshold falls past each score."""
    scores, labels = _checked(scores, labels)
    if missing := sorted(set(needed) - set(labels.astype(int).tolist())):
        raise ValueError(f"no label is {' or '.join(map(str, missing))} among {len(labels)}: "
                         "there is nothing to take a share of")
    order = np.argsort(-scores, kind="stable")
    last = np.append(np.flatnonzero(np.diff(scores[order])), len(scores) - 1)  # equal ones together
    found = np.cumsum(labels[order].astype(int))[last]
    false = last + 1 - found
    return np.append(0, found), np.append(0, false), np.append(np.inf, scores[order][last])


def _checked(scores, labels):
    scores, labels = np.asarray(scores, float), np.asarray(labels)
    if scores.ndim != 1 or scores.shape != labels.shape or not np.isin(labels, (0, 1)).all():
        raise ValueError(f"scores {scores.shape} and labels {labels.shape} must be one number a "
                         "clip, and each label 0 or 1")
    if np.isnan(scores).any():
        raise ValueError(f"{np.isnan(scores).sum()} of {len(scores)} scores are NaN: no threshold "
                         "can tell them apart")
    return scores, labels


def _share(part, whole):
    return part / whole if whole else 0.0


given.check(globals(), {
    "scores": kinds.array("a list of numbers", empty=True),
    "x y": kinds.array("a list of numbers", 1),
    "labels": kinds.array("a list of labels, 0 or 1 each", empty=True),
    "threshold": kinds.fitting("a number", lambda it: kinds.is_real(it) and it == it),
    "confusion": kinds.array("counts (2, 2)", 2), "score": kinds.FUNCTION,
    "columns groups": kinds.array("one row a clip", dtypes="biufSU"),
    "rounds": kinds.whole(1), "confidence": kinds.SHARE,
})
