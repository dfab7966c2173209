"""Exercises of notebook 14, Grad-CAM. One picture at a time: no batch axis."""

import numpy as np

from vidlearn.course.exercise import Exercise


def grad_cam(activation, gradient):
    weight = gradient.mean(axis=(1, 2))
    return np.maximum((weight[:, None, None] * activation).sum(axis=0), 0)


def pointing(heat, box, tolerance):
    x0, y0, x1, y1 = box
    y, x = divmod(int(heat.argmax()), heat.shape[1])
    return x0 - tolerance <= x < x1 + tolerance and y0 - tolerance <= y < y1 + tolerance


def occlusion(score, picture, window, fill):
    _, height, width = picture.shape
    fall = np.empty((-(-height // window), -(-width // window)))
    for i, j in np.ndindex(fall.shape):
        covered = picture.copy()
        covered[:, i * window:(i + 1) * window, j * window:(j + 1) * window] = fill
        fall[i, j] = score(picture) - score(covered)
    return fall


def _per_pixel(activation, gradient):
    return np.maximum((gradient * activation).sum(axis=0), 0)


def _wrong_axes(activation, gradient):
    weight = gradient.mean(axis=(0, 1))                      # (W,), as where channels come last
    return np.maximum((weight * activation).sum(axis=0), 0)


def _scaled(heat):
    return heat / max(heat.max(), 1e-12)


def _swapped(heat, box, tolerance):
    x, y = divmod(int(heat.argmax()), heat.shape[1])
    x0, y0, x1, y1 = box
    return x0 - tolerance <= x < x1 + tolerance and y0 - tolerance <= y < y1 + tolerance


def _row_by_row(heat, box, tolerance):
    """The row with the largest first number and the column likewise: not the largest pixel."""
    y, x = int(heat[:, 0].argmax()), int(heat[0].argmax())
    x0, y0, x1, y1 = box
    return x0 - tolerance <= x < x1 + tolerance and y0 - tolerance <= y < y1 + tolerance


def _wider(box):
    x0, y0, x1, y1 = box
    return x0, y0, x1 + 1, y1 + 1


def _stays_covered(score, picture, window, fill):
    covered, whole = picture.copy(), score(picture)
    fall = occlusion(score, picture, window, fill)
    for i, j in np.ndindex(fall.shape):
        covered[:, i * window:(i + 1) * window, j * window:(j + 1) * window] = fill
        fall[i, j] = whole - score(covered)
    return fall


def _one_channel(score, picture, window, fill):
    whole = score(picture)
    fall = occlusion(score, picture, window, fill)
    for i, j in np.ndindex(fall.shape):
        covered = picture.copy()
        covered[0, i * window:(i + 1) * window, j * window:(j + 1) * window] = fill
        fall[i, j] = whole - score(covered)
    return fall


def _dropped_rim(score, picture, window, fill):
    _, height, width = picture.shape
    return occlusion(score, picture, window, fill)[:height // window, :width // window]


def _layer(channels, height, width):
    """A layer's output, never negative as after a ReLU, and gradients of both signs."""
    return lambda rng: (np.maximum(rng.normal(size=(channels, height, width)), 0),
                        rng.normal(size=(channels, height, width))
                        + rng.normal(size=(channels, 1, 1)))


def _peak(size, at, box, tolerance=0):
    """A map of noise with its largest number at (row, column), and a lower one far below 0."""
    def case(rng):
        heat = rng.random(size)
        heat[at[0] - 1, at[1] - 1] = -3
        heat[at] = 2
        return heat, box, tolerance
    return case


def _scene(channels, height, width, window, fill):
    """A nonlinear score that depends on every number of a picture."""
    def case(rng):
        weight = rng.normal(size=(channels, height, width))
        return (lambda picture: float(np.tanh((weight * picture).sum() / 4)),
                rng.random((channels, height, width)), window, fill)
    return case


GRAD_CAM = Exercise(
    grad_cam,
    cases=[_layer(3, 4, 5), _layer(5, 6, 5), _layer(4, 7, 4), _layer(1, 3, 3), _layer(8, 2, 8),
           (np.ones((2, 2, 3)), -np.ones((2, 2, 3))),          # nothing speaks for the label
           lambda rng: (rng.normal(size=(3, 4, 4)), rng.normal(size=(3, 4, 4)) + 0.5)],  # no ReLU
    hints=["One weight for each channel: the mean of its gradient over all places.",
           "gradient.mean(axis=(1, 2)) is (C,); weight[:, None, None] lies along the channels.",
           "Add up weight times activation over the channels, then keep what is above zero."],
    mistakes={
        "there is no ReLU: what speaks against the label stays in the map": lambda a, g:
            (g.mean(axis=(1, 2), keepdims=True) * a).sum(axis=0),
        "the weights are not averaged over space: it is gradient times activation": _per_pixel,
        "the channels are only added up: nothing is weighed": lambda a, g:
            np.maximum(a.sum(axis=0), 0),
        "the ReLU comes before the sum: channels that speak against it are forgotten":
            lambda a, g: np.maximum(g.mean(axis=(1, 2), keepdims=True) * a, 0).sum(axis=0),
        "the gradients are added up, not averaged: too large by the number of places":
            lambda a, g: grad_cam(a, g * g[0].size),
        "the weights lose their sign": lambda a, g:
            (np.abs(g.mean(axis=(1, 2), keepdims=True)) * a).sum(axis=0),
        "the mean runs over the wrong axes, as where the channels come last": _wrong_axes,
        "it is scaled to 1: then an empty map and a strong one look alike": lambda a, g:
            _scaled(grad_cam(a, g)),
        "it is averaged over the channels: divide by nothing": lambda a, g:
            grad_cam(a, g) / len(a),
    },
)

POINTING = Exercise(
    pointing,
    cases=[_peak((6, 9), (2, 7), (6, 1, 9, 4)), _peak((6, 9), (1, 5), (0, 3, 4, 6)),
           _peak((8, 8), (3, 6), (2, 2, 6, 5)),               # on x1: excluded
           _peak((8, 8), (5, 4), (2, 2, 6, 5)),               # on y1: excluded
           _peak((8, 8), (2, 2), (2, 2, 6, 5)),               # on x0 and y0: included
           _peak((8, 8), (5, 4), (2, 2, 6, 5), 1), _peak((8, 8), (3, 7), (2, 2, 6, 5), 1),
           _peak((8, 8), (3, 1), (2, 2, 6, 5), 1), _peak((8, 8), (0, 3), (2, 2, 6, 5), 1),
           _peak((9, 9), (6, 6), (2, 2, 5, 5)),               # x1, y1: not width and height
           _peak((9, 9), (1, 4), (3, 4, 6, 6), 2), _peak((9, 9), (8, 4), (3, 4, 6, 6), 2),
           _peak((9, 9), (5, 0), (3, 4, 6, 6), 2), _peak((9, 9), (5, 8), (3, 4, 6, 6), 2),
           _peak((9, 9), (2, 5), (3, 4, 6, 6), 2), _peak((9, 9), (7, 5), (3, 4, 6, 6), 2),
           _peak((9, 9), (5, 1), (3, 4, 6, 6), 2), _peak((9, 9), (5, 7), (3, 4, 6, 6), 2),
           _peak((6, 6), (0, 0), (0, 0, 2, 3), 2), _peak((6, 6), (5, 5), (4, 3, 6, 6), 2),
           _peak((9, 9), (2, 1), (3, 4, 6, 6), 2),            # beyond a corner, within both
           _peak((4, 12), (3, 10), (9, 2, 12, 4)), _peak((12, 4), (10, 3), (2, 9, 4, 12))],
    hints=["heat.argmax() counts row by row: divmod(_, W) makes a row and a column of it.",
           "The row is y and the column is x. A box is (x0, y0, x1, y1).",
           "x1 and y1 are the first pixels that do not belong to it; tolerance moves all four "
           "sides outwards."],
    mistakes={
        "x and y are the other way round: a row is y": _swapped,
        "x1 and y1 are counted in: they are the first pixels outside": lambda h, b, t:
            pointing(h, _wider(b), t),
        "x0 and y0 are left out: they are the first pixels inside": lambda h, b, t:
            pointing(h, (b[0] + 1, b[1] + 1, b[2], b[3]), t),
        "the tolerance is ignored": lambda h, b, t: pointing(h, b, 0),
        "the box is taken for (x, y, width, height)": lambda h, b, t:
            pointing(h, (b[0], b[1], b[0] + b[2], b[1] + b[3]), t),
        "the maximum is taken over the wrong axes: of the first row and the first column":
            _row_by_row,
        "the darkest place is taken": lambda h, b, t: pointing(-h, b, t),
    },
)

OCCLUSION = Exercise(
    occlusion,
    cases=[_scene(1, 4, 4, 2, 0.5), _scene(3, 6, 4, 2, 0.0), _scene(3, 5, 7, 3, 0.5),
           _scene(2, 4, 9, 4, 1.0), _scene(3, 3, 5, 1, 0.2)],
    hints=["How many windows fit along H, the last one hanging over? -(-H // window).",
           "Window (i, j) covers rows i * window to (i + 1) * window, in every channel.",
           "Cover a copy: picture.copy(), a fresh one for each window.",
           "The fall is the score as it was minus the score of the covered picture."],
    mistakes={
        "the windows stay covered: each picture must start whole": _stays_covered,
        "only the first channel is covered": _one_channel,
        "the last windows are dropped where the window does not divide the picture": _dropped_rim,
        "it covers with 0, whatever `fill` says": lambda f, x, w, fill: occlusion(f, x, w, 0),
        "the sign is turned round: covered minus whole": lambda f, x, w, fill:
            -occlusion(f, x, w, fill),
        "it is the score of the covered picture, not how far it fell": lambda f, x, w, fill:
            f(x) - occlusion(f, x, w, fill),
        "rows and columns are swapped": lambda f, x, w, fill: occlusion(f, x, w, fill).T,
    },
)
