"""Two humps of scores and a threshold: what is right, what a false alarm, what is missed."""

import math
from typing import NamedTuple

import numpy as np

from vidlearn.checks import checked, kinds
from vidlearn.show.structure import grids
from vidlearn.show.structure.sheet import BLUE, GREY, INK, ORANGE, RED, Sheet

LEFT, WIDE, TALL, TOP = 0.5, 7.0, 1.2, 0.5           # inches: the axis, a hump, and above it
MIDDLE = TOP + TALL
MEANS = kinds.row("the means of the scores without an event and with one", kinds.NUMBER, 2)


class Shares(NamedTuple):
    """How much of each hump lies on each side of the threshold: tn + fp = 1 and fn + tp = 1."""

    tn: float
    fp: float
    fn: float
    tp: float


@checked
def hump_shares(threshold: kinds.NUMBER, means: MEANS = (3.0, 6.0), spread: kinds.POSITIVE = 1.2):
    """The shares of two normal distributions below the threshold, and at or above it.

    Returns  Shares: tn and fp of the scores without an event, fn and tp of those with one

    >>> hump_shares(3.0).tn
    0.5
    """
    tn, fn = (0.5 * (1 + math.erf((threshold - mean) / spread / math.sqrt(2))) for mean in means)
    return Shares(tn, 1 - tn, fn, 1 - fn)


@checked
def two_humps(threshold: kinds.NUMBER = 5.0, means: MEANS = (3.0, 6.0),
              spread: kinds.POSITIVE = 1.2, unit="score", caption=""):
    """Show the scores without an event as a hump above a line, those with one as a hump below it.

    A threshold cuts both: at or above it, the alarm rings. The shares are of each hump.

    Units    threshold, means and spread in `unit`
    """
    axis = _Axis(min(means) - 3.2 * spread, max(means) + 3.2 * spread)
    sheet = Sheet(8, 2 * TALL + 2 * TOP)
    shares = hump_shares(threshold, means, spread)
    parts = ((("TN", "right", shares.tn, BLUE, 0.25), ("FP", "false alarm", shares.fp, RED, 0.6)),
             (("FN", "missed", shares.fn, ORANGE, 0.75), ("TP", "right", shares.tp, BLUE, 0.25)))
    for way, mean, words, both in zip((-1, 1), means, ("nothing happens", "an event"), parts,
                                      strict=True):
        _hump(sheet, axis, way, (mean, spread, threshold), both)
        sheet.text(words, 0.2, MIDDLE + way * (TALL - 0.08), bold=True, align="left")
        for x, align, (name, verdict, share, *_) in zip((0.2, 7.8), ("left", "right"), both,
                                                        strict=True):
            sheet.text(f"${name}$  {verdict}, {share:.0%}", x, MIDDLE + way * (TALL - 0.36),
                       10.5, align=align)
    _threshold(sheet, axis, threshold, unit)
    sheet.show(caption or f"Whatever scores {grids.minus(f'{threshold:g}')} or more, rings")


class _Axis(NamedTuple):
    """A scale of scores, from one side of the sheet to the other."""

    low: float
    high: float

    def at(self, score):
        """The x of a score, in inches."""
        return LEFT + (score - self.low) / (self.high - self.low) * WIDE


def _hump(sheet, axis, way, curve, parts):
    """A normal curve, up (-1) or down (1) from the line, its two sides in their colours."""
    mean, spread, threshold = curve
    cut = min(max(threshold, axis.low), axis.high)
    for ends, (*_, colour, strength) in zip(((axis.low, cut), (cut, axis.high)), parts,
                                            strict=True):
        scores = np.linspace(*ends, 120)
        heights = TALL * np.exp(-((scores - mean) / spread) ** 2 / 2)
        outline = [(axis.at(score), MIDDLE + way * height)
                   for score, height in zip(scores, heights, strict=True)]
        sheet.shade([(axis.at(ends[0]), MIDDLE), *outline, (axis.at(ends[1]), MIDDLE)], colour,
                    strength)
        sheet.stroke(outline, INK, 1.4)


def _threshold(sheet, axis, threshold, unit):
    """The line of scores and the threshold across it."""
    sheet.arrow((LEFT, MIDDLE), (LEFT + WIDE + 0.25, MIDDLE), thickness=1.2)
    sheet.text(unit, 7.85, MIDDLE + 0.18, 10, align="right")
    x = min(max(axis.at(threshold), 1.2), 6.8)
    sheet.stroke([(x, 0.32), (x, sheet.height - 0.32)], INK, 1.8, dashed=True, above=3.5)
    sheet.text(f"threshold {grids.minus(f'{threshold:g}')}", x, 0.16, bold=True)
    sheet.text("is quiet", x - 0.12, sheet.height - 0.16, 10, GREY, "right")
    sheet.text("rings", x + 0.12, sheet.height - 0.16, 10, GREY, "left")
