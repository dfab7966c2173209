"""Exercises of notebook 42, pedestrians."""

import numpy as np

from vidlearn.course.exercise import Exercise


def cell_histogram(magnitude, angle, orientations):
    bins = (angle * orientations / 180).astype(int)
    votes = np.zeros(orientations)
    for k in range(orientations):
        votes[k] = magnitude[bins == k].sum()
    return votes / magnitude.size


def hinge(scores, labels):
    missing = 1 - labels * scores
    loss = np.maximum(missing, 0).mean()
    dscores = np.where(missing > 0, -labels, 0) / len(scores)
    return loss, dscores


def window_scores(blocks, weight, bias):
    height, width = weight.shape[:2]
    rows = blocks.shape[0] - height + 1
    columns = blocks.shape[1] - width + 1
    scores = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            scores[i, j] = (blocks[i:i + height, j:j + width] * weight).sum() + bias
    return scores


def box_of_window(row, column, scale):
    middle_x = 8 * column + 32
    middle_y = 8 * row + 64
    half = 96 / 2
    box = [middle_x - 0.41 * half, middle_y - half, middle_x + 0.41 * half, middle_y + half]
    return np.array(box) / scale


def _gradients(height, width, orientations, strength=1.0):
    def case(rng):
        magnitude = rng.random((height, width)) * strength
        magnitude[rng.random((height, width)) < 0.1] = 0
        return magnitude, rng.random((height, width)) * 180, orientations
    return case


def _counted(magnitude, angle, orientations):
    return cell_histogram((magnitude > 0).astype(float), angle, orientations)


def _nearest(magnitude, angle, orientations):
    bins = np.rint(angle * orientations / 180).astype(int) % orientations
    return np.bincount(bins.ravel(), magnitude.ravel(), orientations) / magnitude.size


CELL_HISTOGRAM = Exercise(
    cell_histogram,
    cases=[_gradients(8, 8, 9), _gradients(7, 5, 9, 100.0), _gradients(4, 6, 4),
           _gradients(1, 9, 12), _gradients(8, 8, 1), _gradients(1, 1, 9),
           (np.arange(1.0, 10).reshape(3, 3), np.arange(9.0).reshape(3, 3) * 20, 9),
           (np.arange(1.0, 7).reshape(2, 3), np.arange(6.0).reshape(2, 3) * 30, 6)],
    hints=["A range is 180 / orientations degrees wide. In which one does an angle lie?",
           "bins = (angle * orientations / 180).astype(int), then magnitude[bins == k].sum()."],
    mistakes={
        "each pixel has one vote, however weak its gradient": _counted,
        "it is the sum of the cell, not divided by its pixels": lambda magnitude, *rest:
            cell_histogram(magnitude, *rest) * magnitude.size,
        "it is divided by its own sum: a flat cell is then as loud as an edge":
            lambda magnitude, *rest: cell_histogram(magnitude, *rest) * magnitude.size
            / max(magnitude.sum(), 1e-12),
        "the ranges cover a whole turn, 360 degrees": lambda magnitude, angle, orientations:
            cell_histogram(magnitude, angle / 2, orientations),
        "an angle goes to the nearest edge of two ranges, not to the range it lies in": _nearest,
    },
)


def _scored(count, spread):
    def case(rng):
        return rng.normal(size=count) * spread, rng.choice([-1, 1], count)
    return case


def _slack(scores, labels, margin=1.0, power=1):
    return np.maximum(margin - labels * scores, 0) ** power


def _perceptron(scores, labels):
    return (_slack(scores, labels, 0.0).mean(),
            np.where(labels * scores < 0, -labels, 0) / len(scores))


def _square(scores, labels):
    return (_slack(scores, labels, power=2).mean(),
            -2 * labels * _slack(scores, labels) / len(scores))


def _kink(scores, labels):
    return hinge(scores, labels)[0], np.where(labels * scores <= 1, -labels, 0) / len(scores)


HINGE = Exercise(
    hinge,
    cases=[_scored(9, 1.0), _scored(1, 0.5), _scored(6, 3.0), _scored(4, 0.0), _scored(7, 100.0),
           (np.array([1.0, -1.0, 2.0, 0.5]), np.array([1, -1, -1, 1]))],
    hints=["What is missing is 1 - labels * scores, and less than nothing counts as nothing.",
           "Its slope is -labels where something is missing, and 0 elsewhere.",
           "The loss is a mean, so each slope is divided by len(scores), too."],
    returns=("loss", "dscores"),
    mistakes={
        "it is the sum, not the mean": lambda scores, labels: tuple(
            part * len(scores) for part in hinge(scores, labels)),
        "the right side is enough: no margin of 1 is asked for": _perceptron,
        "it is the squared hinge": _square,
        "what is right by more than 1 is paid for, too": lambda scores, labels: (
            (1 - labels * scores).mean(), -labels / len(scores)),
        "the gradient points uphill for the score, not for the loss": lambda scores, labels: (
            hinge(scores, labels)[0], -hinge(scores, labels)[1]),
        "at the kink the gradient is -labels, where 0 is asked": _kink,
    },
)


def _blocks(rows, columns, height, width, depth):
    def case(rng):
        blocks = rng.random((rows, columns, depth)) * (rng.random((rows, columns, depth)) > 0.2)
        return blocks, rng.normal(size=(height, width, depth)), float(rng.normal())
    return case


def _short(blocks, weight, bias):
    scores = window_scores(blocks, weight, bias)
    return scores[:-1, :-1]


WINDOW_SCORES = Exercise(
    window_scores,
    cases=[_blocks(9, 7, 5, 3, 4), _blocks(5, 3, 5, 3, 2), _blocks(6, 8, 1, 1, 3),
           _blocks(4, 9, 2, 3, 1), _blocks(5, 4, 1, 4, 36), _blocks(7, 5, 3, 1, 2)],
    hints=["How many places are there for 5 rows of a window in 9 rows of blocks? Five.",
           "scores[i, j] is the sum of blocks[i:i + height, j:j + width] * weight, plus the bias."],
    mistakes={
        "the weight is turned round, as in a true convolution": lambda blocks, weight, bias:
            window_scores(blocks, weight[::-1, ::-1], bias),
        "the bias is missing": lambda blocks, weight, bias: window_scores(blocks, weight, 0),
        "the bias is added for every block of the window": lambda blocks, weight, bias:
            window_scores(blocks, weight, bias * weight.shape[0] * weight.shape[1]),
        "the last place of every row and column is left out": _short,
    },
)

BOX_OF_WINDOW = Exercise(
    box_of_window,
    cases=[(0, 0, 1.0), (3, 5, 1.0), (7, 2, 2.0), (1, 11, 0.5), (0, 4, 3.3), (9, 0, 0.8)],
    hints=["First find the middle of the window in the scaled picture: half a window from its "
           "corner.",
           "The person is 96 pixels tall there. Only at the end, divide everything by the scale."],
    mistakes={
        "it is the box of the window, not of the person": lambda row, column, scale: np.array(
            [8 * column, 8 * row, 8 * column + 64, 8 * row + 128]) / scale,
        "it is the box in the scaled picture": lambda row, column, scale:
            box_of_window(row, column, 1.0),
        "it is multiplied by the scale": lambda row, column, scale:
            box_of_window(row, column, 1.0) * scale,
        "row and column are exchanged": lambda row, column, scale:
            box_of_window(column, row, scale),
        "row and column are pixels, not cells of 8": lambda row, column, scale:
            box_of_window(row / 8, column / 8, scale),
    },
)
