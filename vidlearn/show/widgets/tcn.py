"""The inputs that one output of a stack of dilated convolutions hears: drawn for lesson 23."""

import cv2

from vidlearn.checks import given, kinds
from vidlearn.scratch.layers.causal import receptive_field
from vidlearn.show import draw

STEPS, WIDTH = 32, 768               # steps of the sequence; pixels that they fill
BLANK = (233, 236, 239)


def ways(kernel, dilations, output, causal=True, steps=STEPS):
    """Which units of each layer an output hears, from the input up: a set of steps each.

    Not causal, the window lies about its middle, as PyTorch's padding="same" has it.

    Returns  len(dilations) + 1 sets, the inputs first; steps outside 0..steps-1 are padding,
             and left out
    """
    heard = [{output}]
    for d in reversed(dilations):
        heard.insert(0, {at + offset for at in heard[0] for offset in taps(kernel, d, causal)
                         if 0 <= at + offset < steps})
    return heard


def taps(kernel, dilation, causal=True):
    """Where the taps of one layer look, counted from their own step: 0 is now, 1 the next."""
    reach = (kernel - 1) * dilation
    first = -reach if causal else -(reach // 2)
    return [first + k * dilation for k in range(kernel)]


def receptive(steps=STEPS):
    """Make the `draw` of a widget: the tree below one output.

    Layer l has the dilation base^l. Blue inputs are heard, orange ones are heard and lie in the
    future, red rings lie between the first and the last that are heard, and are not: holes.
    """
    cell = WIDTH // steps

    def tree(kernel=2, layers=4, base=2, output=2 * steps // 3, causal=True):
        dilations = [base**level for level in range(layers)]
        heard = ways(kernel, dilations, output, causal, steps)
        inputs = heard[0]
        holes = set(range(min(inputs, default=0), max(inputs, default=-1) + 1)) - inputs
        field = receptive_field([kernel] * layers, dilations)
        line = (f"field 1 + {kernel - 1}·{sum(dilations)} = {field}; output {output} hears "
                f"{len(inputs)} of {steps} inputs: {len(holes)} holes, "
                f"{sum(at > output for at in inputs)} from the future")
        sheet = _sheet(heard, kernel, dilations, causal, cell, steps)
        _units(sheet, heard, holes, output, cell, steps)
        return sheet, line
    return tree


def _height(level, layers):
    """The middle of a row of units, in pixels: the inputs are the lowest."""
    return 24 + (layers - level) * (264 // layers)


def _sheet(heard, kernel, dilations, causal, cell, steps):
    """The lines from each unit that is heard to what it hears, and the names of the rows."""
    layers = len(dilations)
    sheet = draw.canvas(344, WIDTH)
    for level, d in enumerate(dilations):
        for at in heard[level + 1]:
            for offset in taps(kernel, d, causal):
                if at + offset in heard[level]:
                    ends = [(round((step + 0.5) * cell), _height(row, layers))
                            for step, row in ((at, level + 1), (at + offset, level))]
                    colour = draw.ORANGE if offset > 0 else draw.FAINT
                    cv2.line(sheet, *ends, colour, 1, cv2.LINE_AA)
    return sheet


def _units(sheet, heard, holes, output, cell, steps):
    """All units as discs, those that are heard in colour; below them the steps."""
    layers, radius = len(heard) - 1, cell // 2 - 4
    for level, row in enumerate(heard):
        for at in range(steps):
            colour = BLANK if at not in row else draw.ORANGE if at > output else draw.BLUE
            middle = round((at + 0.5) * cell), _height(level, layers)
            hole = level == 0 and at in holes
            cv2.circle(sheet, middle, radius, draw.PAPER if hole else colour, -1, cv2.LINE_AA)
            if hole:
                cv2.circle(sheet, middle, radius - 1, draw.RED, 3, cv2.LINE_AA)
    for at in range(0, steps, 4):
        draw.text(sheet, at, (at + 0.5) * cell, 308, 12, align="centre")
    draw.text(sheet, "step; lowest row: inputs, highest: the output", 0, 330, 13)
    _key(sheet, 330)


def _key(sheet, y):
    """What the colours mean, at the right."""
    x = WIDTH
    for words, colour, thick in (("a hole", draw.RED, 3), ("from the future", draw.ORANGE, -1),
                                 ("heard", draw.BLUE, -1)):
        x -= draw.text_width(words, 13) + 30
        cv2.circle(sheet, (x + 8, y), 6, colour, thick, cv2.LINE_AA)
        draw.text(sheet, words, x + 20, y, 13)


given.check(globals(), {
    "kernel dilation": kinds.whole(1), "output": kinds.whole(),
    "dilations": kinds.row("a list of dilations", kinds.whole(1)),
})
