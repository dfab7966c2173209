"""What a classifier says of every frame, and of the clip so far: the widget of lesson 13."""

import cv2
import numpy as np

from vidlearn.checks import given, kinds
from vidlearn.scratch.layers.activation import softmax_forward
from vidlearn.show import draw

WAYS = ("vote", "mean of probabilities", "mean of logits", "maximum")
ORDERS = ("as filmed", "backwards", "shuffled")
ROOM, WIDTH, ROW = 108, 660, 20      # pixels: for names, for all frames together, a class
VIEW, STILLS = 192, 11               # pixels of the frame, small frames above the strip


def running(scores, how="vote"):
    """What the frames up to each one say together; the last row is what the clip gets.

    Shapes   scores (T, classes), before softmax  ->  (T, classes)
    Units    `how` is one of WAYS; all but the maximum add up to 1 over the classes
    Raises   ValueError for another `how`
    """
    scores = np.asarray(scores, float)
    chances, seen = softmax_forward(scores)[0], np.arange(1, len(scores) + 1)[:, None]
    if how == "vote":
        return np.cumsum(np.eye(scores.shape[1])[chances.argmax(1)], 0) / seen
    if how == "mean of probabilities":
        return np.cumsum(chances, 0) / seen
    if how == "mean of logits":
        return softmax_forward(np.cumsum(scores, 0) / seen)[0]
    if how == "maximum":
        return np.maximum.accumulate(chances, 0)
    raise ValueError(f"how={how!r} must be one of {', '.join(WAYS)}")


def strip(films, scores, classes, start=0):
    """Make the `draw` of a widget: a frame of a film, and below it every frame's probabilities.

    Shapes   films: one array (T, H, W, 3) uint8 RGB a person, T may differ; scores: (T, classes)
             each, before softmax
    Units    `start`, the frame that is shown at first
    Raises   ValueError if a film and its scores have unlike lengths
    """
    if len(films) != len(scores):
        raise ValueError(f"{len(films)} films and {len(scores)} scores: one each")
    for film, told in zip(films, scores, strict=True):
        if np.shape(told) != (len(film), len(classes)):
            raise ValueError(f"{len(film)} frames and {len(classes)} classes need scores of that "
                             f"shape, not {np.shape(told)}")

    def scrub(person=0, frame=start, how="vote", order="as filmed"):
        way = _order(len(films[person]), order)
        film, told = films[person][way], np.asarray(scores[person], float)[way]
        frame = min(frame, len(film) - 1)
        chances, whole = softmax_forward(told)[0], running(told, how)
        now, best = chances[frame].argmax(), whole[frame].argmax()
        line = (f"frame {frame}, the last is {len(film) - 1}: {classes[now]} "
                f"{chances[frame, now]:.2f}; the clip so far: {classes[best]} "
                f"{whole[frame, best]:.2f}; in the end: {classes[whole[-1].argmax()]}")
        top = draw.beside(_view(film[frame]), _bars(whole[frame], classes, f"so far, by {how}"),
                          gap=32)
        return draw.below(top, _strips(film, chances, whole, classes, frame)), line
    return scrub


def _order(count, order):
    """Which frame stands in which place."""
    if order not in ORDERS:
        raise ValueError(f"order={order!r} must be one of {', '.join(ORDERS)}")
    if order == "shuffled":
        return np.random.default_rng(13).permutation(count)
    return np.arange(count)[::-1 if order == "backwards" else 1]


def _colour(k):
    return draw.COLOURS[k % len(draw.COLOURS)]


def _view(frame):
    """The frame, as high as VIEW, its pixels kept apart."""
    size = max(1, round(VIEW * frame.shape[1] / frame.shape[0])), VIEW
    return cv2.resize(frame, size, interpolation=cv2.INTER_NEAREST)


def _bars(shares, classes, title, long=260, thick=28):
    """A bar a class, from 0 to 1, with its number."""
    sheet = draw.canvas(thick * len(classes) + 4, ROOM + long + 48)
    for k, (name, share) in enumerate(zip(classes, shares, strict=True)):
        middle, end = (k + .5) * thick, ROOM + max(1, round(share * long))
        draw.text(sheet, name, ROOM - 10, middle, 14, align="right")
        sheet[k * thick + 4:(k + 1) * thick - 4, ROOM:end] = _colour(k)
        draw.text(sheet, f"{share:.2f}", end + 6, middle, 13)
    sheet[:-4, ROOM - 1] = draw.FAINT
    return draw.titled(sheet, title)


def _strips(film, chances, whole, classes, frame):
    """Small frames, a strip a class, and a strip of the answer so far; a line marks the frame."""
    column = np.arange(WIDTH) * len(film) // WIDTH                    # the frame of each pixel
    rows = [_tinted(chances[column, k], _colour(k)) for k in range(len(classes))]
    answers = np.array([_colour(k) for k in whole.argmax(1)], np.uint8)[column]
    strips = np.concatenate([*rows, np.full((8, WIDTH, 3), 255, np.uint8),
                             np.repeat(answers[None], ROW, 0)])
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


def _tinted(share, colour):
    """A strip from white (0) to the full colour (1), with a thin white line below it."""
    row = np.rint(255 + share[:, None] * (np.array(colour) - 255.)).astype(np.uint8)
    return np.concatenate([np.repeat(row[None], ROW - 2, 0), np.full((2, *row.shape), 255, "u1")])


def _stills(film):
    """Frames from first to last, side by side, as wide as the strips."""
    side = WIDTH // STILLS
    places = (np.arange(STILLS) + .5) * len(film) / STILLS
    return np.hstack([cv2.resize(film[int(p)], (side, side), interpolation=cv2.INTER_AREA)
                      for p in places])


given.check(globals(), {
    "films": kinds.row("a list of films (T, H, W, 3) of uint8", kinds.BYTES),
    "start": kinds.whole(), "scores": kinds.LIST,
    "running.scores": kinds.array("scores (T, classes)", 2),
    "classes": kinds.WORDS,
})
