"""How good is a classifier: the counts behind every score, and how far to trust them.

Where a score would be 0/0, as precision is for a class that was never answered, it is 0.
"""

from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist

import numpy as np

from vidlearn import engine as engines
from vidlearn.checks import given, kinds
from vidlearn.datasets.checked import Checked
from vidlearn.datasets.load import batches
from vidlearn.scratch.layers.activation import log_softmax_forward, softmax_forward


@dataclass(frozen=True)
class Result:
    """What a classifier said of every clip, and what follows from it.

    Shapes   scores (N, classes), before softmax; labels (N,); names (N,) or empty
    """

    scores: np.ndarray
    labels: np.ndarray
    classes: tuple
    names: tuple = ()

    def __post_init__(self):
        count, classes = self.scores.shape
        if (len(self.labels) != count or len(self.classes) != classes
                or len(self.names) not in (0, count)
                or not ((self.labels >= 0) & (self.labels < classes)).all()):
            raise ValueError(f"scores {self.scores.shape}, labels {self.labels.shape}, "
                             f"{len(self.classes)} classes and {len(self.names)} names: one row, "
                             "label and name a clip, one column a class, labels from 0")

    def __len__(self):
        return len(self.labels)

    def __str__(self):
        low, high = self.interval()
        return (f"{self.accuracy:.1%} of {len(self)} clips right "
                f"(95 % interval {low:.1%} to {high:.1%}), macro F1 {self.macro_f1:.3f}")

    @cached_property
    def probabilities(self):
        """Softmax of the scores: (N, classes)."""
        return softmax_forward(self.scores)[0]

    @cached_property
    def answers(self):
        """The class with the highest score, the first of them if several tie: (N,)."""
        return self.scores.argmax(1)

    @property
    def loss(self):
        """Mean cross-entropy."""
        logs, _ = log_softmax_forward(self.scores)
        return float(-logs[np.arange(len(self)), self.labels].mean())

    @cached_property
    def confusion(self):
        """Clips of class i (a row) that were answered j (a column): (classes, classes)."""
        matrix = np.zeros((len(self.classes),) * 2, np.int64)
        np.add.at(matrix, (self.labels, self.answers), 1)
        return matrix

    @property
    def accuracy(self):
        """The share of clips answered rightly; micro F1 is the same number."""
        return float((self.answers == self.labels).mean())

    @property
    def precision(self):
        """Of the clips answered so, the share that is so: one number a class."""
        return _share(self.confusion.diagonal(), self.confusion.sum(0))

    @property
    def recall(self):
        """Of the clips that are so, the share answered so: one number a class."""
        return _share(self.confusion.diagonal(), self.confusion.sum(1))

    @property
    def f1(self):
        """2 · right / (answered + there), between precision and recall: one number a class."""
        return _share(2 * self.confusion.diagonal(), self.confusion.sum(0) + self.confusion.sum(1))

    @property
    def macro_f1(self):
        """The mean of F1 over the classes: a rare class weighs as much as a common one."""
        return float(self.f1.mean())

    @property
    def micro_f1(self):
        """F1 of all answers counted together: a rare class weighs little.

        Every wrong answer is one too many for a class and one too few for another.
        """
        right = self.confusion.trace()
        wrong = self.confusion.sum() - right
        return float(2 * right / (2 * right + wrong + wrong))

    def top_k(self, k):
        """The share of clips whose class is among the `k` highest scores."""
        if not 1 <= k <= len(self.classes):
            raise ValueError(f"top {k} of {len(self.classes)} classes: k must be 1 to "
                             f"{len(self.classes)}")
        best = np.argsort(-self.scores, 1, kind="stable")[:, :k]
        return float((best == self.labels[:, None]).any(1).mean())

    def interval(self, confidence=0.95):
        """Where the accuracy lies that such a count of clips speaks for: (low, high).

        Source   Wilson, JASA 1927
        """
        return wilson(int(self.confusion.trace()), len(self), confidence)

    def rows(self):
        """One line a clip: its name (or number), class, answer, and the answer's probability."""
        names = self.names or range(len(self))
        best = self.probabilities.max(1)
        return [(name, self.classes[y], self.classes[a], float(p)) for name, y, a, p in
                zip(names, self.labels, self.answers, best, strict=True)]


def evaluate(model, data, engine, batch=32, workers=0):
    """Show every clip of a dataset to a model, once and in order.

    Returns  Result
    Raises   ValueError that names a clip whose label is none of the classes
    """
    engine, scores, labels = engines.get(engine), [], []
    model.eval()
    with engine.no_grad():
        for clips, truth in batches(Checked(data), batch, workers=workers):
            scores.append(engine.numpy(model(engine.tensor(clips))))
            labels.append(truth)
    return Result(np.concatenate(scores), np.concatenate(labels), tuple(data.classes),
                  tuple(getattr(data, "names", ())))


def pooled(results):
    """The results of several folds as one, over all their clips."""
    results = list(results)
    return Result(np.concatenate([r.scores for r in results]),
                  np.concatenate([r.labels for r in results]), results[0].classes,
                  tuple(name for r in results for name in r.names))


def wilson(right, total, confidence=0.95):
    """The interval of shares that `right` of `total` speaks for; sound near 0 and 1 too.

    Source   Wilson, JASA 1927
    """
    if right > total:
        raise ValueError(f"right {right} cannot be more than total {total}")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, spread = right / total, z * z / total
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * (share * (1 - share) / total + spread / (4 * total)) ** 0.5
    return max(middle - half, 0.0), min(middle + half, 1.0)


def _share(part, whole):
    return np.divide(part, whole, out=np.zeros(len(whole)), where=whole > 0)


given.check(globals(), {
    "model": kinds.MODEL, "data": kinds.DATA, "engine": kinds.ENGINE, "k": kinds.whole(),
    "scores": kinds.array("scores (N, classes)", 2, empty=True), "names": kinds.LIST,
    "labels": kinds.LABELS, "classes": kinds.WORDS,
    "confidence": kinds.SHARE, "total": kinds.whole(1), "right": kinds.whole(),
    "results": kinds.row("a list of Results", kinds.having("a Result", "scores", "labels")),
})
