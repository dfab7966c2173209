"""Exercises of notebook 06, measuring."""

import numpy as np

from vidlearn.course.exercise import Exercise


def precision_recall_f1(labels, answers):
    found = int(np.sum((labels == 1) & (answers == 1)))
    false = int(np.sum((labels == 0) & (answers == 1)))
    missed = int(np.sum((labels == 1) & (answers == 0)))
    precision = found / (found + false) if found + false else 0.0
    recall = found / (found + missed) if found + missed else 0.0
    f1 = 2 * found / (2 * found + false + missed) if found + false + missed else 0.0
    return precision, recall, f1


def average_precision(scores, labels):
    area, recall = 0.0, 0.0
    for threshold in np.unique(scores)[::-1]:         # each different score, from the highest
        rings = scores >= threshold
        found = labels[rings].sum()
        area += (found / labels.sum() - recall) * found / rings.sum()
        recall = found / labels.sum()
    return area


def group_folds(sources, k):
    folds, fold_of = [], {}
    for source in sources:
        if source not in fold_of:
            fold_of[source] = len(fold_of) % k
        folds.append(fold_of[source])
    return folds


def _yes_no(n, event, ring):
    """Labels and answers (n,), with these chances of a 1."""
    return lambda rng: ((rng.random(n) < event).astype(int), (rng.random(n) < ring).astype(int))


def _alarm(n, different, event=0.3):
    """Scores (n,) of so many different values, labels (n,) with at least one event."""
    def case(rng):
        labels = (rng.random(n) < event).astype(int)
        labels[rng.integers(n)] = 1
        return rng.integers(0, different, n) / different, labels
    return case


def _answered_only(answer, labels, answers):
    """The same sums, where 0/0 becomes NaN."""
    parts = answer(labels, answers)
    rung, there = answers.sum(), labels.sum()
    nan = float("nan")
    return (parts[0] if rung else nan, parts[1] if there else nan,
            parts[2] if rung or there else nan)


def _accuracy_for_precision(labels, answers):
    return float(np.mean(labels == answers)), *precision_recall_f1(labels, answers)[1:]


def _plain_mean(labels, answers):
    precision, recall, _ = precision_recall_f1(labels, answers)
    return precision, recall, (precision + recall) / 2


def _nothing_is_perfect(labels, answers):
    precision, recall, f1 = precision_recall_f1(labels, answers)
    return precision if answers.any() else 1.0, recall, f1


def _clip_by_clip(scores, labels):
    """Ties broken by the order of the clips."""
    sorted_labels = labels[np.argsort(-scores, kind="stable")]
    precision = np.cumsum(sorted_labels) / np.arange(1, len(labels) + 1)
    return precision[sorted_labels == 1].mean()


def _straight_pieces(scores, labels):
    thresholds = np.unique(scores)[::-1]
    found = np.array([labels[scores >= t].sum() for t in thresholds])
    rung = np.array([(scores >= t).sum() for t in thresholds])
    recall, precision = np.append(0, found / labels.sum()), np.append(1, found / rung)
    return np.trapezoid(precision, recall)


def _pieces(scores, labels, precisions=lambda each: each):
    """Average precision, where `precisions` changes those of all thresholds."""
    rings = scores >= np.unique(scores)[::-1, None]
    recall = np.append(0, (rings & (labels == 1)).sum(axis=1) / labels.sum())
    each = precisions((rings & (labels == 1)).sum(axis=1) / rings.sum(axis=1))
    return (np.diff(recall) * each).sum()


def _interpolated(scores, labels):
    return _pieces(scores, labels, lambda each: np.maximum.accumulate(each[::-1])[::-1])


def _above_only(scores, labels):
    """The lowest score never rings."""
    rings = scores > scores.min()
    return average_precision(scores[rings], labels[rings]) * labels[rings].sum() / labels.sum() \
        if labels[rings].any() else 0.0


def _all_thresholds_alike(scores, labels):
    thresholds = np.unique(scores)
    return np.mean([labels[scores >= t].mean() for t in thresholds])


PRECISION_RECALL_F1 = Exercise(
    precision_recall_f1,
    cases=[_yes_no(20, 0.4, 0.5), _yes_no(200, 0.05, 0.1), _yes_no(30, 0.7, 0.2),
           (np.array([0, 0, 1]), np.array([0, 0, 0])),          # it never rang
           (np.array([0, 0, 0]), np.array([0, 1, 0])),          # nothing ever happened
           (np.array([1, 0, 0]), np.array([0, 1, 0])),          # each time the wrong moment
           (np.array([1, 1, 0]), np.array([1, 1, 0])),          # all of it right
           (np.array([0, 0]), np.array([0, 0])),                # neither
           (np.array([1, 1, 0, 0]), np.array([1, 0, 1, 1])),    # found as often as missed
           (np.array([1, 1, 1, 0]), np.array([1, 0, 0, 1]))],   # found as often as false
    hints=["Count three things: found (1 and 1), false alarms (0 and 1), missed (1 and 0).",
           "precision = found / (found + false alarms), recall = found / (found + missed).",
           "F1 = 2 found / (2 found + false alarms + missed). If a divisor is 0, return 0.0."],
    returns=("precision", "recall", "F1"),
    mistakes={
        "precision and recall are the other way round":
            lambda y, a: (*precision_recall_f1(y, a)[1::-1], precision_recall_f1(y, a)[2]),
        "accuracy is returned for precision: it counts the quiet clips too":
            _accuracy_for_precision,
        "F1 is the plain mean of the two: one good number would hide a bad one": _plain_mean,
        "F1 without the 2": lambda y, a:
            (*precision_recall_f1(y, a)[:2], precision_recall_f1(y, a)[2] / 2),
        "that is IoU: F1 counts what was found twice": lambda y, a:
            (*precision_recall_f1(y, a)[:2],
             precision_recall_f1(y, a)[2] / (2 - precision_recall_f1(y, a)[2])),
        "0/0 is left as NaN": lambda y, a: _answered_only(precision_recall_f1, y, a),
        "an alarm that never rang is given a precision of 1": _nothing_is_perfect,
        "0 and 1 are swapped: it scores how well nothing is found":
            lambda y, a: precision_recall_f1(1 - y, 1 - a),
    },
)

AVERAGE_PRECISION = Exercise(
    average_precision,
    cases=[(np.array([0.9, 0.8, 0.7, 0.1]), np.array([1, 0, 1, 0])),
           _alarm(30, 1000), _alarm(40, 4), _alarm(200, 20, event=0.05),
           (np.array([0.5, 0.5, 0.5, 0.5]), np.array([0, 1, 0, 0])),
           (np.array([-2.0, 3.5, -1.0, 7.0, -2.0]), np.array([1, 1, 0, 0, 0])),
           (np.array([0.30001, 0.30002, 0.3, 0.30001]), np.array([1, 0, 1, 0]))],
    hints=["Let the threshold fall from the highest score to the lowest: np.unique(scores)[::-1].",
           "At each, what rings? Then found, precision and recall follow.",
           "Add up precision times the recall that this threshold adds to the one before.",
           "Clips of equal score ring together: no order among them may matter."],
    mistakes={
        "clips of equal score are taken one by one: the result depends on their order":
            _clip_by_clip,
        "the points are joined by straight lines: that promises what no threshold gives":
            _straight_pieces,
        "precision is interpolated, the best at this recall or beyond: that is another score":
            _interpolated,
        "the clips at the threshold do not ring: it is scores >= threshold": _above_only,
        "all thresholds weigh the same, whether they find anything or not": _all_thresholds_alike,
        "the threshold rises: low scores ring first":
            lambda s, y: average_precision(-s, y),
        "0 and 1 are swapped": lambda s, y: average_precision(s, 1 - y),
    },
)

GROUP_FOLDS = Exercise(
    group_folds,
    cases=[(["a", "a", "b", "b", "c", "c"], 3), (["x", "y", "x", "z", "y", "w", "v", "x"], 2),
           (["cam7", "cam7", "cam2", "cam9", "cam2", "cam1", "cam9", "cam7", "cam4"], 3),
           ([f"film{i // 3}" for i in range(20)], 4), (["only"] * 5, 2),
           (["b1", "a1", "A1", "b1", "a1"], 2), ([30, 7, 30, 3, 0, 7], 2)],
    hints=["Remember in a dict which fold each source was given.",
           "A source that is new gets the next fold: 0, 1, ... k - 1, 0, 1, ...",
           "The number of sources met so far is len(fold_of)."],
    mistakes={
        "clips are dealt out, not sources: one source is on both sides":
            lambda sources, k: [i % k for i in range(len(sources))],
        "the list is cut in k pieces: a source that comes back later is on both sides":
            lambda sources, k: [i * k // len(sources) for i in range(len(sources))],
        "every source gets a fold of its own: there are more than k":
            lambda sources, k: [list(dict.fromkeys(sources)).index(s) for s in sources],
        "a new fold begins wherever the source changes: one that comes back gets another":
            lambda sources, k: [sum(a != b for a, b in zip(sources[:i], sources[1:i + 1],
                                                         strict=True)) % k
                                for i in range(len(sources))],
    },
)
