"""A tree of causal convolutions: which inputs one output hears, layer by layer."""

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.show.structure.sheet import BLUE, FAINT, GREY, OCHRE, ORANGE, Sheet
from vidlearn.show.widgets.tcn import field_of, taps

EDGE, RIGHT, TOP, UNDER = 0.55, 1.35, 0.42, 0.72     # inches: margins
WIDEST, NARROWEST, RISE = 0.5, 0.24, 0.72            # inches: from step to step, layer to layer
NOTE = 6.1                                           # inches: the note below needs them


@checked
def causal_tree(dilations: kinds.WIDTHS = (1, 2, 4), kernel: kinds.whole(2) = 2,
                steps: kinds.whole(2) = None, causal=True, caption=""):
    """Show which inputs the last output of a stack of convolutions hears, as a tree.

    A layer for each dilation, the lowest first. Without `causal` the windows are centred, the
    output is the middle one, and inputs after it are orange.

    Units    `steps`: as many as the output hears, and two more, unless they are given
    Raises   ArgumentError if the tree does not fit a page

    >>> causal_tree((1, 2, 4))
    <The receptive field: R = 1 + (2 − 1)(1 + 2 + 4) = 8 steps>
    """
    reach = 1 + (kernel - 1) * sum(dilations)
    steps = steps or reach + 2
    pitch = min(WIDEST, (8 - EDGE - RIGHT) / max(steps - 1, 1))
    rise = min(RISE, (5 - TOP - UNDER) / len(dilations))
    if pitch < NARROWEST or rise < 0.45:
        raise ArgumentError(f"{steps} steps in {len(dilations)} layers do not fit a page: smaller "
                            "dilations, or fewer steps")
    width = max(EDGE + RIGHT + (steps - 1) * pitch, NOTE)
    sheet = Sheet(width, TOP + UNDER + len(dilations) * rise)
    output = steps - 1 if causal else steps // 2
    heard = field_of(kernel, dilations, output, causal, steps)
    places = [[(EDGE + t * pitch, sheet.height - UNDER - row * rise) for t in range(steps)]
              for row in range(len(dilations) + 1)]
    for row, d in enumerate(dilations):
        for end in sorted(heard[row + 1]):
            for start in (end + offset for offset in taps(kernel, d, causal)):
                if start in heard[row]:
                    _line(sheet, places[row][start], places[row + 1][end], start > end)
    _units(sheet, places, heard, output, min(0.14, pitch * 0.36))
    _words(sheet, places, dilations, kernel, output, heard)
    total = " + ".join(map(str, dilations))
    sheet.show(caption or f"The receptive field: R = 1 + ({kernel} − 1)({total}) = {reach} steps")


def _line(sheet, start, end, ahead):
    sheet.stroke([start, end], OCHRE if ahead else BLUE, 1.6, above=1.2)


def _units(sheet, places, heard, output, radius):
    """Every unit as a disc: those that the output hears full, the others faint."""
    for row, line in enumerate(places):
        for t, (x, y) in enumerate(line):
            if t in heard[row]:
                sheet.dot(x, y, radius, ORANGE if t > output else BLUE)
            else:
                sheet.dot(x, y, 0.6 * radius, FAINT)


def _words(sheet, places, dilations, kernel, output, heard):
    """The names of the rows, the dilation of each layer, and the steps below."""
    x = places[0][-1][0] + 0.3
    rows = ["$x$", *[""] * (len(dilations) - 1), "$y$"]
    for line, name in zip(places, rows, strict=True):
        if name:
            sheet.text(name, EDGE - 0.35, line[0][1], 13)
    for lower, upper, d in zip(places, places[1:], dilations, strict=False):
        sheet.text(f"$d = {d}$,  $K = {kernel}$", x - 0.05, (lower[0][1] + upper[0][1]) / 2, 10,
                   GREY, "left")
    every = 1 if places[0][1][0] - places[0][0][0] > 0.3 else 2
    for t, (place, _) in enumerate(places[0]):
        back = output - t
        if back % every == 0:
            words = "$t$" if back == 0 else f"{-back:+d}".replace("-", "−")
            sheet.text(words, place, sheet.height - UNDER + 0.3, 9.5 if back else 12,
                       BLUE if back == 0 else GREY)
    sheet.text(_note(heard[0], output), EDGE - 0.1, sheet.height - 0.16, 9.5, GREY, "left")


def _note(inputs, output):
    """What the colours of the lowest row say."""
    words = "blue: heard by the output"
    if set(range(min(inputs), max(inputs) + 1)) - inputs:
        words += ";  grey between blue: a hole"
    return words + ";  orange: from the future" * (max(inputs) > output)
