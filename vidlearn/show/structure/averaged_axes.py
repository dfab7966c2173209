"""What a normalisation averages over: a block of values (N, C, H·W), the part in colour."""

from itertools import product

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.show.structure.sheet import FAINT, GREY, ORANGE, PAPER, Sheet, tint

NORMS = ("batch", "layer", "instance", "group")
KIND = kinds.choice(*NORMS)
PICTURES, CHANNELS, PLACES = 4, 4, 5                 # of the block that is drawn: N, C and H·W
OVER = {"batch": ("over N, H, W", "one for each channel"),
        "layer": ("over C, H, W", "one for each sample"),
        "instance": ("over H, W", "one for each channel", "of each sample"),
        "group": ("over some C, and H, W", "one for each group", "of each sample")}


@checked
def averaged_part(kind: KIND, groups: kinds.POSITIVE_COUNT = 2):
    """The values that share one mean with the first channel of the last sample.

    Returns  (N, C, P) of True and False, as `averaged_axes` draws it: 4 samples, 4 channels, and
             5 places that stand for H·W

    >>> averaged_part("batch").sum(axis=(0, 2)).tolist()
    [20, 0, 0, 0]
    """
    part = np.zeros((PICTURES, CHANNELS, PLACES), bool)
    samples = slice(None) if kind == "batch" else -1
    channels = {"layer": CHANNELS, "group": CHANNELS // groups}.get(kind, 1)
    part[samples, :channels] = True
    return part


@checked
def averaged_axes(norms: kinds.row("a list of 'batch', 'layer', 'instance' or 'group'", KIND) =
                  ("batch",), caption=""):
    """Show for each norm a block of values (N, C, H·W), and in colour what one mean is taken over.

    >>> averaged_axes(["batch", "layer"])
    <One mean for each coloured part: batch norm, layer norm>
    """
    if len(norms) > 4:
        raise ArgumentError(f"{len(norms)} blocks do not fit a page: at most 4")
    cell = 0.34 if len(norms) < 4 else 0.22
    wide, tall = (PICTURES + 0.45 * CHANNELS) * cell, (PLACES + 0.4 * CHANNELS) * cell
    across = wide + 0.66
    lines = max(len(OVER[kind]) for kind in norms)
    sheet = Sheet(across * len(norms) + 0.2, 0.4 + tall + 0.4 + 0.2 * lines)
    for k, kind in enumerate(norms):
        corner = k * across + 0.58, 0.4 + tall
        _block(sheet, averaged_part(kind), *corner, cell)
        _words(sheet, kind, *corner, cell)
    sheet.show(caption or "One mean for each coloured part: "
               + ", ".join(f"{kind} norm" for kind in norms))


def _block(sheet, part, x, y, cell):
    """The three faces of a block that are seen: N to the right, H·W upward, C to the back."""
    def point(n, c, p):
        return x + (n + 0.45 * c) * cell, y - (p + 0.4 * c) * cell
    n, c, p = part.shape
    front = [((i, 0, k), ((1, 0, 0), (0, 0, 1))) for i, k in product(range(n), range(p))]
    top = [((i, j, p - 1), ((1, 0, 0), (0, 1, 0))) for i, j in product(range(n), range(c))]
    right = [((n - 1, j, k), ((0, 1, 0), (0, 0, 1))) for j, k in product(range(c), range(p))]
    for cells, start, dark in ((front, (0, 0, 0), 0.65), (top, (0, 0, 1), 0.45),
                               (right, (1, 0, 0), 0.85)):
        for place, (one, other) in cells:
            corner = np.add(place, start)
            face = [point(*corner), point(*(corner + one)), point(*(corner + one + other)),
                    point(*(corner + other))]
            sheet.shade(face, tint(ORANGE, dark) if part[place] else PAPER, 1, above=1)
            sheet.stroke([*face, face[0]], GREY if part[place] else FAINT, 0.9, above=1.2)


def _words(sheet, kind, x, y, cell):
    """The axes, the name of the norm above, and below it what the mean is taken over."""
    wide = PICTURES * cell
    sheet.text("$N$", x + wide / 2, y + 0.14, 12)
    sheet.text("$H \\cdot W$", x - 0.1, y - PLACES * cell / 2, 12, align="right")
    sheet.text("$C$", x + wide + 0.24 * CHANNELS * cell + 0.14, y - 0.2 * CHANNELS * cell + 0.1, 12)
    middle = x + (PICTURES + 0.45 * CHANNELS) * cell / 2
    sheet.text(f"{kind} norm", middle, 0.2, bold=True)
    for line, words in enumerate(OVER[kind]):
        sheet.text(words, middle, y + 0.4 + 0.2 * line, 10)
