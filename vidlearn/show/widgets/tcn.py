"""The receptive field of one output of a stack of dilated convolutions, unit by unit."""

import cv2

from vidlearn.checks import checked
from vidlearn.scratch.layers import causal as causal_layers
from vidlearn.show import draw

STEPS, WIDTH = 32, 768               # steps of the sequence, and their width in pixels
BLANK = (233, 236, 239)


def field_of(kernel, dilations, output, causal=True, steps=STEPS):
    """The steps of each layer that an output depends on, the inputs first.

    A layer that is not causal has its window centred, as with PyTorch's padding="same".

    Returns  len(dilations) + 1 sets; steps outside 0..steps-1 are padding, and left out
    """
    heard = [{output}]
    for d in reversed(dilations):
        heard.insert(0, {at + offset for at in heard[0] for offset in taps(kernel, d, causal)
                         if 0 <= at + offset < steps})
    return heard


def taps(kernel, dilation, causal=True):
    """The offsets in time of the taps of one layer: 0 is the current step, 1 the next."""
    reach = (kernel - 1) * dilation
    first = -reach if causal else -(reach // 2)
    return [first + k * dilation for k in range(kernel)]


@checked
def receptive_field(steps=STEPS):
    """Make the `draw` of a widget: the tree of units that one output depends on.

    Layer l has the dilation base^l. The output depends on the blue inputs, and on the orange ones,
    which lie in the future. Red rings are holes: the output skips them between its first input and
    its last.
    """
    cell = WIDTH // steps

    def tree(kernel=2, layers=4, base=2, output=2 * steps // 3, causal=True):
        dilations = [base**level for level in range(layers)]
        heard = field_of(kernel, dilations, output, causal, steps)
        inputs = heard[0]
        holes = set(range(min(inputs, default=0), max(inputs, default=-1) + 1)) - inputs
        field = causal_layers.receptive_field([kernel] * layers, dilations)
        line = (f"field 1 + {kernel - 1}·{sum(dilations)} = {field}; output {output} hears "
                f"{len(inputs)} of {steps} inputs: {len(holes)} holes, "
                f"{sum(at > output for at in inputs)} from the future")
        sheet = _sheet(heard, kernel, dilations, causal, cell, steps)
        _units(sheet, heard, holes, output, cell, steps)
        return sheet, line
    return tree


def _height(level, layers):
    """The height of the middle of a row of units, in pixels; the inputs are the lowest row."""
    return 24 + (layers - level) * (264 // layers)


def _sheet(heard, kernel, dilations, causal, cell, steps):
    """A line from each unit in the tree to every unit that it depends on."""
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
    """All units as discs, those in the tree in colour, with the steps below them."""
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
    """What the colours mean, right-aligned."""
    x = WIDTH
    for words, colour, thick in (("a hole", draw.RED, 3), ("from the future", draw.ORANGE, -1),
                                 ("heard", draw.BLUE, -1)):
        x -= draw.text_width(words, 13) + 30
        cv2.circle(sheet, (x + 8, y), 6, colour, thick, cv2.LINE_AA)
        draw.text(sheet, words, x + 20, y, 13)
