"""A threshold on the scores of an alarm, and its counts, precision and recall."""

import cv2
import numpy as np

from vidlearn.checks import checked, kinds
from vidlearn.evaluation import metrics
from vidlearn.show import draw

SIDE, BINS, TALL = 200, 60, 110      # pixels of a curve; columns, and pixels of the highest
LEFT, UNDER = 30, 36                 # pixels for the labels left of a curve and below it


@checked
def threshold(scores: kinds.SEQUENCE, labels: kinds.SEQUENCE, unit="score", start=0.5):
    """Make the `draw` of a widget: the counts at a threshold, and its point on both curves.

    Shapes   scores (N,), labels (N,) of 0 and 1
    Units    scores, and the first threshold `start`, in `unit`
    """
    precision, recall, _ = metrics.pr_curve(scores, labels)
    false_alarms, hits, _ = metrics.roc_curve(scores, labels)
    pr = _curve(recall.repeat(2)[:-1], precision.repeat(2)[1:], "recall", "precision")   # steps
    roc = _curve(false_alarms, hits, "false alarm rate", "recall")
    columns = _columns(np.asarray(scores), np.asarray(labels), unit)

    def set_threshold(threshold=start):
        matrix = metrics.confusion_at(scores, labels, threshold)
        accuracy, precise, recalled, f1 = metrics.rates(matrix)
        alarms = matrix[:, 1].sum()
        false_rate = matrix[0, 1] / max(1, matrix[0].sum())
        top = draw.beside(_table(matrix), _point(pr, recalled, precise) if alarms else pr,
                          _point(roc, false_rate, recalled), gap=28)
        words = (f"threshold {threshold:g}: accuracy {accuracy:.3f}, precision {precise:.2f}, "
                 f"recall {recalled:.2f}, F1 {f1:.2f}")
        return draw.below(top, _cut(columns, np.asarray(scores), threshold)), words
    return set_threshold


def _table(matrix, cell=74):
    """The confusion matrix: right counts green, wrong ones red."""
    sheet = draw.canvas(2 * cell + 48, 2 * cell + 66)
    for k, words in enumerate(("is quiet", "rings")):
        draw.text(sheet, words, 66 + (k + 0.5) * cell, 34, 13, align="centre")
    draw.text(sheet, "the alarm", 66 + cell, 10, 13, align="centre", bold=True)
    for i, words in enumerate(("nothing", "event")):
        draw.text(sheet, words, 58, 48 + (i + 0.5) * cell, 13, align="right")
        for j in range(2):
            x, y = 66 + j * cell, 48 + i * cell
            sheet[y + 2:y + cell - 2, x + 2:x + cell - 2] = draw.GREEN if i == j else draw.RED
            draw.text(sheet, matrix[i, j], x + cell / 2, y + cell / 2, 22, (0, 0, 0), "centre",
                      True)
    return sheet


def _curve(x, y, across, up):
    """A polyline in a square from 0 to 1, with names on its axes."""
    sheet = draw.canvas(SIDE + 24 + UNDER, SIDE + LEFT + 12)
    draw.text(sheet, up, LEFT, 10, 13)
    draw.box(sheet, LEFT, 24, LEFT + SIDE, 24 + SIDE, draw.FAINT, 1)
    cv2.polylines(sheet, [np.rint(_place(x, y)).astype(np.int32)], False, draw.BLUE, 2, cv2.LINE_AA)
    for value in (0, 1):
        draw.text(sheet, value, LEFT - 8, 24 + (1 - value) * SIDE, 12, align="right")
        draw.text(sheet, value, LEFT + value * SIDE, 24 + SIDE + 10, 12, align="centre")
    draw.text(sheet, across, LEFT + SIDE / 2, 24 + SIDE + 22, 13, align="centre")
    return sheet


def _place(x, y):
    """The pixels (x, y) of a point of the curve on the sheet of `_curve`."""
    return np.stack([LEFT + np.asarray(x) * (SIDE - 1), 24 + (1 - np.asarray(y)) * (SIDE - 1)], -1)


def _point(curve, x, y):
    """A copy of the curve with one point marked."""
    sheet = curve.copy()
    centre = tuple(np.rint(_place(x, y)).astype(int).tolist())
    cv2.circle(sheet, centre, 7, draw.RED, -1, cv2.LINE_AA)
    return sheet


def _columns(scores, labels, unit):
    """A histogram of the scores: clips without an event grey, and those with one red in front."""
    sheet = draw.canvas(TALL + 58, 2 * (SIDE + LEFT + 12) + 270)
    low, high = scores.min(), scores.max()
    counts = [np.histogram(scores[labels == k], BINS, (low, high))[0] for k in (0, 1)]
    step, scale = sheet.shape[1] / BINS, TALL / np.sqrt(max(map(max, counts)))
    for many, colour, inset in zip(counts, (draw.FAINT, draw.RED), (1, 3), strict=True):
        for k, height in enumerate(np.rint(np.sqrt(many) * scale).astype(int)):
            left, right = round(k * step) + inset, round((k + 1) * step) - inset
            sheet[22 + TALL - height:22 + TALL, left:right] = colour
    draw.text(sheet, "clips by score: grey nothing, red event (heights are square roots)", 0, 8, 13)
    draw.text(sheet, unit, sheet.shape[1] / 2, TALL + 46, 13, align="centre")
    return sheet


def _cut(columns, scores, threshold):
    """The histogram with a line at the threshold: clips to its right raise the alarm."""
    sheet = columns.copy()
    share = (threshold - scores.min()) / max(1e-12, np.ptp(scores))
    x = round(float(np.clip(share, 0, 1)) * (sheet.shape[1] - 2))
    sheet[20:22 + TALL, x:x + 2] = draw.INK
    for end, at, align in ((scores.min(), 0, "left"), (scores.max(), sheet.shape[1], "right")):
        if abs(x - at) > 60:                             # the number of the threshold needs room
            draw.text(sheet, f"{end:.2f}", at, TALL + 32, 12, align=align)
    draw.text(sheet, f"{threshold:g}", np.clip(x, 20, sheet.shape[1] - 20), TALL + 32, 13,
              align="centre", bold=True)
    return sheet
