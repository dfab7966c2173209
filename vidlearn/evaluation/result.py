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
RESULTS = kinds.row("a list of Results", kinds.having("a Result", "scores", "labels"))


@checked
@dataclass(frozen=True)
class Result:
    """The scores of a classifier for every clip of a dataset, and the metrics that follow.

    Shapes   scores (N, classes), before softmax; labels (N,); names (N,) or empty
    """

    scores: SCORES
    labels: kinds.LABELS
    classes: kinds.WORDS
    names: kinds.LIST = ()

    def __post_init__(self):
        count, classes = self.scores.shape
        if (len(self.labels) != count or len(self.classes) != classes
                or len(self.names) not in (0, count)
                or not ((self.labels >= 0) & (self.labels < classes)).all()):
            raise ArgumentError(f"Result: scores {self.scores.shape}, labels {self.labels.shape}, "
                                f"{len(self.classes)} classes and {len(self.names)} names: it "
                                "needs one row, label and name a clip, one column a class, and "
                                "labels from 0")

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
        """Wilson confidence interval of the accuracy for this many clips: (low, high).

        Source   Wilson, JASA 1927
        """
        return wilson(int(self.confusion.trace()), len(self), confidence)

    def rows(self):
        """A tuple a clip: name (or number), class, prediction, probability of the prediction."""
        names = self.names or range(len(self))
        best = self.probabilities.max(1)
        return [(name, self.classes[y], self.classes[k], float(p)) for name, y, k, p in
                zip(names, self.labels, self.predictions, best, strict=True)]


@checked
def evaluate(model: kinds.MODEL, data: kinds.DATA, engine: kinds.ENGINE, batch=32, workers=0):
    """Run a model on every clip of a dataset, in order.

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
                  tuple(getattr(data, "names", ())))


@checked
def pooled(results: RESULTS):
    """Join the results of several folds into one over all their clips."""
    return Result(np.concatenate([r.scores for r in results]),
                  np.concatenate([r.labels for r in results]), results[0].classes,
                  tuple(name for r in results for name in r.names))


@checked
def wilson(right: kinds.COUNT, total: kinds.POSITIVE_COUNT, confidence: kinds.FRACTION = 0.95):
    """Wilson confidence interval of a share, `right` of `total`; it also holds near 0 and 1.

    Source   Wilson, JASA 1927

    >>> low, high = wilson(90, 100)
    >>> round(low, 3), round(high, 3)
    (0.826, 0.945)
    """
    if right > total:
        raise ArgumentError(f"wilson: right {right} cannot be more than total {total}")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, spread = right / total, z * z / total
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * (share * (1 - share) / total + spread / (4 * total)) ** 0.5
    return max(middle - half, 0.0), min(middle + half, 1.0)


def _share(part, whole):
    return np.divide(part, whole, out=np.zeros(len(whole)), where=whole > 0)
