"""How good is a classifier: its scores on a dataset, and how far to trust them.

A metric that would be 0/0 is 0, such as the precision of a class that was never predicted.
"""

from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist

import numpy as np

from vidlearn import engine as engines
from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.datasets.label_check import LabelCheck
from vidlearn.datasets.load import batches
from vidlearn.scratch.layers.activation import log_softmax_forward, softmax_forward

SCORES = kinds.array("scores (N, classes)", 2, empty=True)
ENOUGH = 5                           # groups with a right clip, and with a wrong one
RESULTS = kinds.row("a list of Results", kinds.having("a Result", "scores", "labels"))


@checked
@dataclass(frozen=True)
class Result:
    """The scores of a classifier for every clip of a dataset, and the metrics that follow.

    Shapes   scores (N, classes), before softmax; labels (N,); names and groups (N,) or empty
    Units    groups: what each clip was cut from, such as its film; clips of one group are alike,
             and the interval counts them as fewer
    """

    scores: SCORES
    labels: kinds.LABELS
    classes: kinds.WORDS
    names: kinds.LIST = ()
    groups: kinds.LIST = ()

    def __post_init__(self):
        count, classes = self.scores.shape
        if (len(self.labels) != count or len(self.classes) != classes
                or not {len(self.names), len(self.groups)} <= {0, count}
                or not ((self.labels >= 0) & (self.labels < classes)).all()):
            raise ArgumentError(f"Result: scores {self.scores.shape}, labels {self.labels.shape}, "
                                f"{len(self.classes)} classes, {len(self.names)} names and "
                                f"{len(self.groups)} groups: it needs one row, label, name and "
                                "group a clip, one column a class, and labels from 0")

    def __len__(self):
        return len(self.labels)

    def __str__(self):
        low, high = self.interval()
        count = len(np.unique(self.groups))
        by = f" by {count} groups" if 0 < count < len(self) else ""
        return (f"{self.accuracy:.1%} of {len(self)} clips right "
                f"(95 % interval{by} {low:.1%} to {high:.1%}), macro F1 {self.macro_f1:.3f}")

    @cached_property
    def probabilities(self):
        """Softmax of the scores: (N, classes)."""
        return softmax_forward(self.scores)[0]

    @cached_property
    def predictions(self):
        """The number of the class with the highest score, the first if several tie: (N,)."""
        return self.scores.argmax(1)

    @property
    def loss(self):
        """Mean cross-entropy."""
        logs, _ = log_softmax_forward(self.scores)
        return float(-logs[np.arange(len(self)), self.labels].mean())

    @cached_property
    def confusion(self):
        """The number of clips of class i (row) predicted as j (column): (classes, classes)."""
        matrix = np.zeros((len(self.classes),) * 2, np.int64)
        np.add.at(matrix, (self.labels, self.predictions), 1)
        return matrix

    @property
    def accuracy(self):
        """The share of clips with the right prediction; micro F1 is the same number."""
        return float((self.predictions == self.labels).mean())

    @property
    def precision(self):
        """Of the clips predicted as a class, the share that belongs to it: (classes,)."""
        return _share(self.confusion.diagonal(), self.confusion.sum(0))

    @property
    def recall(self):
        """Of the clips that belong to a class, the share predicted as it: (classes,)."""
        return _share(self.confusion.diagonal(), self.confusion.sum(1))

    @property
    def f1(self):
        """Harmonic mean of precision and recall, 2 · right / (predicted + true): (classes,)."""
        return _share(2 * self.confusion.diagonal(), self.confusion.sum(0) + self.confusion.sum(1))

    @property
    def macro_f1(self):
        """The mean of F1 over the classes: a rare class counts as much as a common one."""
        return float(self.f1.mean())

    @property
    def micro_f1(self):
        """F1 of all predictions counted together: a rare class counts little.

        Every wrong prediction is a false positive of one class and a false negative of another.
        """
        right = self.confusion.trace()
        wrong = self.confusion.sum() - right
        return float(2 * right / (2 * right + wrong + wrong))

    def top_k(self, k: kinds.COUNT):
        """The share of clips whose class is among the `k` highest scores."""
        if not 1 <= k <= len(self.classes):
            raise ArgumentError(f"Result.top_k: k must be 1 to {len(self.classes)}, the number of "
                                f"classes, not {k}")
        best = np.argsort(-self.scores, 1, kind="stable")[:, :k]
        return float((best == self.labels[:, None]).any(1).mean())

    def interval(self, confidence: kinds.FRACTION = 0.95):
        """Wilson confidence interval of the accuracy: (low, high).

        With groups, it is that of so many independent clips as the spread of the groups is worth:
        ten copies of one clip are worth one.

        Source   Wilson, JASA 1927; Korn and Graubard, Survey Methodology 1998 (groups)
        """
        worth, count = self.worth, len(np.unique(self.groups))
        if 1 < count < len(self):                        # few groups tell little of their spread
            worth *= (_z(confidence) / _t(confidence, count - 1)) ** 2
        return wilson(self.accuracy * worth, worth, confidence)

    @cached_property
    def worth(self):
        """How many independent clips these are worth: in groups, fewer than there are."""
        right = self.predictions == self.labels
        films, group = np.unique(self.groups, return_inverse=True)
        count, share = len(films), self.accuracy
        if count in (0, len(self)):
            return len(self)
        found = np.bincount(group, right), np.bincount(group, ~right)
        if min(np.count_nonzero(each) for each in found) < ENOUGH:
            return count                                 # too few differ to tell their spread
        off = np.bincount(group, right - share)          # by how much a group is better than all
        variance = (off ** 2).sum() * count / (count - 1) / len(self) ** 2
        return min(len(self), share * (1 - share) / variance)

    def rows(self):
        """A tuple a clip: name (or number), class, prediction, probability of the prediction."""
        names = self.names or range(len(self))
        best = self.probabilities.max(1)
        return [(name, self.classes[y], self.classes[k], float(p)) for name, y, k, p in
                zip(names, self.labels, self.predictions, best, strict=True)]


@checked
def evaluate(model: kinds.MODEL, data: kinds.DATA, engine: kinds.ENGINE, batch=32, workers=0,
             groups: kinds.LIST = ()):
    """Run a model on every clip of a dataset, in order.

    `groups` says what each clip was cut from, for the interval; a Folder knows its own.

    Returns  Result
    Raises   ArgumentError that names a clip whose label is not one of the classes
    """
    engine, scores, labels = engines.get(engine), [], []
    model.eval()
    with engine.no_grad():
        for clips, truth in batches(LabelCheck(data), batch, workers=workers):
            scores.append(engine.numpy(model(engine.tensor(clips))))
            labels.append(truth)
    return Result(np.concatenate(scores), np.concatenate(labels), tuple(data.classes),
                  tuple(getattr(data, "names", ())),
                  tuple(_groups(data) if len(groups) == 0 else groups))


def _groups(data):
    """What each clip of a Folder was cut from, where it was told how to know that."""
    return data.groups if getattr(data, "source", None) is not None else ()


@checked
def pooled(results: RESULTS):
    """Join the results of several folds into one over all their clips."""
    return Result(np.concatenate([r.scores for r in results]),
                  np.concatenate([r.labels for r in results]), results[0].classes,
                  tuple(name for r in results for name in r.names),
                  tuple(group for r in results for group in r.groups))


@checked
def wilson(right: kinds.NOT_NEGATIVE, total: kinds.POSITIVE,
           confidence: kinds.FRACTION = 0.95):
    """Wilson confidence interval of a share, `right` of `total`; it also holds near 0 and 1.

    Source   Wilson, JASA 1927

    >>> low, high = wilson(90, 100)
    >>> round(low, 3), round(high, 3)
    (0.826, 0.945)
    """
    if right > total:
        raise ArgumentError(f"wilson: right {right} cannot be more than total {total}")
    z = _z(confidence)
    share, spread = right / total, z * z / total
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * (share * (1 - share) / total + spread / (4 * total)) ** 0.5
    return max(middle - half, 0.0), min(middle + half, 1.0)


def _z(confidence):
    return NormalDist().inv_cdf((1 + confidence) / 2)


def _t(confidence, freedom):
    """The same of Student's t, by its series in 1 / freedom: within 2 % from 4 on."""
    z = _z(confidence)
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


def _share(part, whole):
    return np.divide(part, whole, out=np.zeros(len(whole)), where=whole > 0)
