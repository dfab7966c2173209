"""Exercises of notebook 30, the whole classifier."""

import numpy as np

from vidlearn.course.exercise import Exercise


def clip_probability(scores):
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    return (odds / odds.sum(axis=1, keepdims=True)).mean(axis=0)


def order_score(answers, backwards, opposite):
    return np.mean(backwards == opposite[answers])


def diagnosis():
    return "learning rate", "labels", "too few clips"


def _scores(windows, classes):
    return lambda rng: (rng.normal(0, 3, (windows, classes)),)


def _answers(clips):
    return lambda rng: (rng.integers(0, 6, clips), rng.integers(0, 6, clips),
                        np.array([1, 2, 0, 4, 5, 3]))           # not its own inverse, on purpose


def _voted(scores):
    return np.bincount(scores.argmax(axis=1), minlength=scores.shape[1]) / len(scores)


CLIP_PROBABILITY = Exercise(
    clip_probability,
    cases=[_scores(1, 4), _scores(5, 3), _scores(8, 8),
           lambda rng: (np.array([[1000.0, 0], [0, 2]]),),
           lambda rng: (np.array([[1000.0, 999], [-1000, -1001]]),)],
    hints=["Each window gets probabilities of its own first: softmax over the classes, axis 1.",
           "Then average the windows, axis 0.",
           "exp(1000) overflows: take each row's largest score away before exp."],
    mistakes={
        "the scores are averaged before softmax: one loud window drowns the others":
            lambda s: clip_probability(s.mean(axis=0, keepdims=True)),
        "each window casts one vote: what it was unsure of is lost": _voted,
        "softmax runs over the windows, not over the classes": lambda s: clip_probability(s.T),
        "the windows are added, not averaged: it does not sum to 1":
            lambda s: clip_probability(s) * len(s),
    },
)

ORDER_SCORE = Exercise(
    order_score,
    cases=[_answers(10), _answers(1), _answers(200)],
    hints=["What should the answer to the reversed clip be, given the answer to the clip?",
           "opposite[answers] looks it up for all clips at once."],
    mistakes={
        "the same answer is counted: that is what a network without time would give":
            lambda a, b, opposite: np.mean(a == b),
        "the opposite of the wrong one is looked up":
            lambda a, b, opposite: np.mean(a == opposite[b]),
        "counted, not a share": lambda a, b, opposite: np.sum(b == opposite[a]),
        "the share that fails": lambda a, b, opposite: np.mean(b != opposite[a]),
    },
)

DIAGNOSIS = Exercise(
    diagnosis,
    cases=[()],
    is_choice=True,
    hints=["Which run does not even learn the clips that it is shown?",
           "Two runs learn their own clips. In which of them is nothing to be learned?",
           "Few clips, well learned: the gap opens. Wrong labels: even that is slow."],
    mistakes={
        "A does not learn even its own clips: no lack of clips explains that":
            lambda: ("too few clips", "labels", "learning rate"),
        "B and C are the other way round: right labels carry over to new clips, at least a little":
            lambda: ("learning rate", "too few clips", "labels"),
        "A is not the labels: a network can learn wrong labels by heart":
            lambda: ("labels", "learning rate", "too few clips"),
    },
)
