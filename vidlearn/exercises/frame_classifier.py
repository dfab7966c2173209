"""Exercises of notebook 13: from frames to a clip, what order-blindness costs, Keras's losses."""

import numpy as np

from vidlearn.course.exercise import Exercise


def clip_scores(scores, clips, how):
    exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances = exponents / exponents.sum(axis=1, keepdims=True)
    votes = np.eye(scores.shape[1])[scores.argmax(axis=1)]
    told = []
    for clip in range(clips.max() + 1):
        own = clips == clip
        told.append({"vote": votes[own].mean(axis=0), "probabilities": chances[own].mean(axis=0),
                     "logits": scores[own].mean(axis=0), "max": chances[own].max(axis=0)}[how])
    return np.array(told)


def clip_accuracy(answers, clips, labels):
    right = 0
    for clip, label in enumerate(labels):
        votes = np.bincount(answers[clips == clip])
        right += int(votes.argmax() == label)                   # argmax: the first of equals
    return right / len(labels)


def best_blind(bags, labels):
    right = 0
    for bag in np.unique(bags):
        right += np.bincount(labels[bags == bag]).max()         # one answer for the whole bag
    return right / len(labels)


def keras_loss(name, truth, predicted, from_logits):
    if from_logits:
        shifted = predicted - predicted.max(axis=1, keepdims=True)
        logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    else:
        logs = np.log(predicted)
    if name == "sparse_categorical_crossentropy":
        return -logs[np.arange(len(truth)), truth].mean()
    return -(truth * logs).sum(axis=1).mean()


def _softmax(scores):
    exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
    return exponents / exponents.sum(axis=1, keepdims=True)


def _film(lengths, classes, how):
    """Scores (F, classes) of all frames, and the clip of each; the frames of the clips are mixed.

    The first frame is sure of itself and the others are not: so that the ways to decide differ.
    """
    def case(rng):
        clips = rng.permutation(np.repeat(np.arange(len(lengths)), lengths))
        loud = np.where(rng.random(len(clips)) < 0.2, 6, 1)[:, None]
        return rng.normal(size=(len(clips), classes)) * loud, clips, how
    return case


def _votes(lengths, classes):
    """Answers (F,) and clips (F,), mixed; labels (N,) that are often the majority."""
    def case(rng):
        clips = rng.permutation(np.repeat(np.arange(len(lengths)), lengths))
        labels = rng.integers(0, classes, len(lengths))
        right = rng.random(len(clips)) < 0.4
        return np.where(right, labels[clips], rng.integers(0, classes, len(clips))), clips, labels
    return case


def _bags(sizes, classes):
    def case(rng):
        bags = rng.permutation(np.repeat(10 * np.arange(len(sizes)) + 3, sizes))
        return bags, rng.integers(0, classes, len(bags))
    return case


def _loss(name, n, classes, from_logits):
    def case(rng):
        scores, labels = 2 * rng.normal(size=(n, classes)), rng.integers(0, classes, n)
        truth = labels if name.startswith("sparse") else np.eye(classes)[labels]
        return name, truth, scores if from_logits else _softmax(scores), from_logits
    return case


def _pooling(chances):
    """Pools with `chances` where probabilities should be."""
    def pooled(scores, clips, how):
        if how in ("vote", "logits"):
            return clip_scores(scores, clips, how)
        told = chances(scores)
        return np.array([told[clips == k].max(0) if how == "max" else told[clips == k].mean(0)
                         for k in range(clips.max() + 1)])
    return pooled


def _each_frame(answers, clips, labels):
    return (answers == labels[clips]).mean()


def _decided(choose):
    """The accuracy where `choose` makes a clip's answer of the answers of its frames."""
    return lambda answers, clips, labels: np.mean(
        [choose(answers[clips == k]) == label for k, label in enumerate(labels)])


def _last_of_equals(answers):
    votes = np.bincount(answers)
    return np.flatnonzero(votes == votes.max())[-1]


def _seen_first(answers):
    votes = np.bincount(answers)
    return next(a for a in answers if votes[a] == votes.max())


def _per_bag(share):
    """The plain mean over bags of what `share` says of the labels in a bag."""
    return lambda bags, labels: np.mean([share(labels[bags == b]) for b in np.unique(bags)])


NAMES = "categorical_crossentropy", "sparse_categorical_crossentropy"

CLIP_SCORES = Exercise(
    clip_scores,
    cases=[_film(lengths, classes, how) for how in ("vote", "probabilities", "logits", "max")
           for lengths, classes in (((3, 5), 3), ((4, 1, 7, 2), 5))] + [
        (np.array([[1000.0, 998, -1000], [2, 2, 1], [0, 1, 1]]), np.array([0, 1, 1]), how)
        for how in ("vote", "probabilities", "logits", "max")],  # loud scores, and ties
    hints=["clips == k picks the frames of clip k, wherever they stand.",
           "Softmax goes over the classes of one frame: axis 1, with keepdims.",
           "A vote is a row of zeros with a 1 at the answer: np.eye(classes)[answers]. "
           "Its mean over the frames is the share of votes."],
    mistakes={
        "softmax is missing: logits stand where probabilities should": _pooling(lambda s: s),
        "the softmax goes over the frames, not over the classes":
            _pooling(lambda s: _softmax(s.T).T),
        "votes are counted and not divided: a long clip gets larger numbers": lambda s, c, how:
            clip_scores(s, c, how) * (np.bincount(c)[:, None] if how == "vote" else 1),
        "sums where means are wanted: a long clip gets larger numbers": lambda s, c, how:
            clip_scores(s, c, how) * (1 if how == "max" else np.bincount(c)[:, None]),
        "softmax is taken of the mean of logits: that mean was asked as it is": lambda s, c, how:
            clip_scores(s, c, how) if how != "logits" else _softmax(clip_scores(s, c, how)),
        "the largest probabilities are divided by their sum: they were asked as they are":
            lambda s, c, how: clip_scores(s, c, how) / clip_scores(s, c, how).sum(
                axis=1, keepdims=True) if how == "max" else clip_scores(s, c, how),
        "the frames are taken to stand clip after clip": lambda s, c, how:
            clip_scores(s, np.sort(c), how),
        "how is ignored: always the mean of probabilities": lambda s, c, how:
            clip_scores(s, c, "probabilities"),
        "how is ignored: always the vote": lambda s, c, how: clip_scores(s, c, "vote"),
    },
)

CLIP_ACCURACY = Exercise(
    clip_accuracy,
    cases=[_votes((3, 5, 4), 3), _votes((1, 2, 8, 4, 6, 2, 4), 4), _votes((9,) * 12, 5),
           _votes((2,) * 30, 3), _votes((30, *[2] * 10), 3),
           (np.array([2, 0, 2, 1, 0, 1]), np.array([0, 0, 0, 1, 1, 1]), np.array([2, 0]))],
    hints=["np.bincount(answers of one clip) counts the votes of each class.",
           ".argmax() gives the first of equals: the class with the smallest number.",
           "Every clip counts once, however long it is."],
    mistakes={
        "every frame counts: that is the accuracy of frames, and long clips weigh more":
            _each_frame,
        "a tie goes to the last class": _decided(_last_of_equals),
        "a tie goes to the answer that came first in time": _decided(_seen_first),
        "the mean of class numbers is no vote": _decided(lambda a: int(round(a.mean()))),
        "the first frame decides": _decided(lambda a: a[0]),
        "a clip is right if any frame is": lambda answers, clips, labels: np.mean(
            [label in answers[clips == k] for k, label in enumerate(labels)]),
    },
)

BEST_BLIND = Exercise(
    best_blind,
    cases=[(np.array([0, 0, 1, 1, 2, 2, 3, 3]), np.array([0, 1, 2, 3, 4, 5, 6, 7])),
           (np.array([0, 1, 2, 3]), np.array([1, 0, 1, 1])),
           (np.array([4, 4, 4, 9, 9, 9]), np.array([1, 2, 2, 3, 0, 3])),
           _bags((2, 2, 2), 3), _bags((1, 3, 6, 2), 3), _bags((5, 1, 1, 8, 2), 4)],
    hints=["All clips of a bag get one answer, whatever it is.",
           "The best answer for a bag is its commonest label: np.bincount(...).max() are right.",
           "Add up what is right over all bags, and divide by the number of clips."],
    mistakes={
        "always one half: that is so only for pairs with unlike labels": lambda b, y: 0.5,
        "the shares of the bags are averaged: a bag with many clips must weigh more":
            _per_bag(lambda own: np.bincount(own).max() / len(own)),
        "one answer for all bags: an order-blind model may tell bags apart":
            lambda b, y: np.bincount(y).max() / len(y),
        "a bag is guessed at random: one over the number of its labels":
            _per_bag(lambda own: 1 / len(np.unique(own))),
        "only bags with a single label count": lambda b, y: np.mean(
            [len(np.unique(y[b == k])) == 1 for k in b]),
    },
)

KERAS_LOSS = Exercise(
    keras_loss,
    cases=[_loss(name, n, classes, logits) for name in NAMES
           for n, classes, logits in ((4, 3, True), (5, 4, False), (1, 6, True), (7, 2, False))] + [
        (NAMES[1], np.array([1, 0]), np.array([[1000.0, 998], [-1000, -2000]]), True),
        (NAMES[0], np.array([[0.0, 1], [1, 0]]), np.array([[1000.0, 998], [-1000, -1001]]), True)],
    hints=["With from_logits a softmax comes first; without, `predicted` are probabilities "
           "already.",
           "The loss of one clip is minus the log of the probability of its true class.",
           "One-hot: the sum of truth * logs over the classes. Integers: logs[row, truth]."],
    mistakes={
        "softmax twice: it is taken of what is a probability already":
            lambda name, t, p, logits: keras_loss(name, t, p, True),
        "no softmax: the log is taken of logits": lambda name, t, p, logits:
            keras_loss(name, t, p if not logits else np.abs(p) + 1e-7, False),
        "the sum over the clips: Keras and PyTorch take the mean":
            lambda name, t, p, logits: keras_loss(name, t, p, logits) * len(t),
        "the mean over the classes, too": lambda name, t, p, logits:
            keras_loss(name, t, p, logits) / p.shape[1],
        "the sign is missing": lambda name, t, p, logits: -keras_loss(name, t, p, logits),
        "the log to the base 2": lambda name, t, p, logits:
            keras_loss(name, t, p, logits) / np.log(2),
    },
)
