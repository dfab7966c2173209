"""The class probabilities of every frame, and those of the clip so far."""

import cv2
import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.inference.frame_pooling import pool_so_far
from vidlearn.scratch.layers.activation import softmax_forward
from vidlearn.show import draw

ORDERS = ("as filmed", "backwards", "shuffled")
ROOM, WIDTH, ROW = 108, 660, 20      # pixels: names, all frames together, a class
VIEW, STILLS = 192, 11               # pixels of the frame; small frames above the strips
FILMS = kinds.row("a list of films (T, H, W, 3) of uint8", kinds.BYTES)


@checked
def frame_probabilities(films: FILMS, scores: kinds.LIST, classes: kinds.WORDS,
                        start: kinds.COUNT = 0):
    """Make the `draw` of a widget: a frame of a film, and the class probabilities of all frames.

    Shapes   films: for each person an array (T, H, W, 3) uint8 RGB, T may differ; scores: for each
             film (T, classes), before softmax
    Units    `start` is the first frame shown
    Raises   ArgumentError if a film and its scores differ in length
    """
    if len(films) != len(scores):
        raise ArgumentError(f"{len(films)} films and {len(scores)} scores: one each")
    for film, rows in zip(films, scores, strict=True):
        if np.shape(rows) != (len(film), len(classes)):
            raise ArgumentError(f"{len(film)} frames and {len(classes)} classes need scores of "
                                f"that shape, not {np.shape(rows)}")

    def scrub(person=0, frame=start, how="vote", order="as filmed"):
        places = _order(len(films[person]), order)
        film, rows = films[person][places], np.asarray(scores[person], float)[places]
        frame = min(frame, len(film) - 1)
        probabilities, so_far = softmax_forward(rows)[0], pool_so_far(rows, how)
        now, best = probabilities[frame].argmax(), so_far[frame].argmax()
        line = (f"frame {frame}, the last is {len(film) - 1}: {classes[now]} "
                f"{probabilities[frame, now]:.2f}; the clip so far: {classes[best]} "
                f"{so_far[frame, best]:.2f}; in the end: {classes[so_far[-1].argmax()]}")
        top = draw.beside(_view(film[frame]), _bars(so_far[frame], classes, f"so far, by {how}"),
                          gap=32)
        return draw.below(top, _strips(film, probabilities, so_far, classes, frame)), line
    return scrub


def _order(count, order):
    """The frame number at each place."""
    if order not in ORDERS:
        raise ArgumentError(f"order={order!r} must be one of {', '.join(ORDERS)}")
    if order == "shuffled":
        return np.random.default_rng(13).permutation(count)
    return np.arange(count)[::-1 if order == "backwards" else 1]


def _colour(k):
    return draw.COLOURS[k % len(draw.COLOURS)]


def _view(frame):
    """The frame VIEW pixels high, with sharp pixels."""
    size = max(1, round(VIEW * frame.shape[1] / frame.shape[0])), VIEW
    return cv2.resize(frame, size, interpolation=cv2.INTER_NEAREST)


def _bars(probabilities, classes, title, long=260, thick=28):
    """A bar from 0 to 1 for each class, with its number."""
    sheet = draw.canvas(thick * len(classes) + 4, ROOM + long + 48)
    for k, (name, probability) in enumerate(zip(classes, probabilities, strict=True)):
        middle, end = (k + .5) * thick, ROOM + max(1, round(probability * long))
        draw.text(sheet, name, ROOM - 10, middle, 14, align="right")
        sheet[k * thick + 4:(k + 1) * thick - 4, ROOM:end] = _colour(k)
        draw.text(sheet, f"{probability:.2f}", end + 6, middle, 13)
    sheet[:-4, ROOM - 1] = draw.FAINT
    return draw.titled(sheet, title)


def _strips(film, probabilities, so_far, classes, frame):
    """Small frames, a strip for each class and one for the clip so far; a line marks the frame."""
    column = np.arange(WIDTH) * len(film) // WIDTH                    # the frame of each pixel
    rows = [_tinted(probabilities[column, k], _colour(k)) for k in range(len(classes))]
    predictions = np.array([_colour(k) for k in so_far.argmax(1)], np.uint8)[column]
    strips = np.concatenate([*rows, np.full((8, WIDTH, 3), 255, np.uint8),
                             np.repeat(predictions[None], ROW, 0)])
    edges = np.searchsorted(column, [frame, frame + 1])
    middle = int(edges.sum()) // 2
    strips[:, max(0, middle - 1):middle + 1] = draw.INK
    sheet = draw.below(_stills(film), strips, gap=4)
    names = draw.canvas(len(sheet), ROOM)
    top = len(sheet) - len(strips)
    for k, name in enumerate([*classes, "clip so far"]):
        y = top + (k + .5) * ROW + 8 * (k == len(classes))
        draw.text(names, name, ROOM - 10, y, 13, align="right")
    foot = draw.canvas(20, ROOM + WIDTH)
    draw.text(foot, "first frame", ROOM, 9, 12)
    draw.text(foot, "last frame", ROOM + WIDTH, 9, 12, align="right")
    return np.vstack([np.hstack([names, sheet]), foot])


def _tinted(probabilities, colour):
    """A strip from white (0) to the full colour (1), with a thin white line below it."""
    row = np.rint(255 + probabilities[:, None] * (np.array(colour) - 255.)).astype(np.uint8)
    return np.concatenate([np.repeat(row[None], ROW - 2, 0), np.full((2, *row.shape), 255, "u1")])


def _stills(film):
    """Some frames from the first to the last, side by side, as wide as the strips."""
    side = WIDTH // STILLS
    places = (np.arange(STILLS) + .5) * len(film) / STILLS
    return np.hstack([cv2.resize(film[int(p)], (side, side), interpolation=cv2.INTER_AREA)
                      for p in places])
