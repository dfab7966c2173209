"""A network as a row of blocks: what each does, and the shape of what it hands on."""

import math

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.show.structure.sheet import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PURPLE,
    RED,
    SKY,
    Sheet,
    text_size,
)

SHAPE = kinds.row("a shape", kinds.LABEL)
PALETTE = BLUE, ORANGE, GREEN, PURPLE, SKY           # red is kept for the way back
EDGE, GAP, BETWEEN = 0.34, 0.42, 0.42                # inches: margin, between columns, and rows
TALL, BELOW, KEY = 0.72, 0.24, 5.4                   # inches: a block, a note, the key's width


def _part(value):
    name, shape, *note = kinds.LIST.take(value)
    if len(note) > 1:
        raise ValueError
    return kinds.LABEL.take(name), SHAPE.take(shape), *map(kinds.LABEL.take, note)


PARTS = kinds.row("a list of (name, shape), or of (name, shape, note)",
                  kinds.Kind("(name, shape)", _part))


@checked
def blocks(parts: PARTS, axes="", back=False, caption=""):
    """Show a network as blocks in the order of the way forward, each with the shape that it gives.

    Blocks whose names begin with the same word have one colour; the first, the input, is grey. If
    there are more blocks than fit a row, they go on in the next one.

    Shapes   parts: (name, shape of the result) or (name, shape, a note below the block), each
    Units    `axes` names the axes, as "N, C, T, H, W"; `back` draws the gradient's way back

    >>> blocks([("picture", (1, 24, 24)), ("conv 3x3", (8, 24, 24))], axes="C, H, W", back=True)
    <A network of 1 block, its shapes (C, H, W)>
    """
    width, columns = _columns(parts)
    rows = math.ceil(len(parts) / columns)
    notes = BELOW * any(len(part) > 2 for part in parts)
    step, under = TALL + notes + BETWEEN, 0.46 if back else 0.16
    across = 2 * EDGE + columns * width + (columns - 1) * GAP
    sheet = Sheet(max(across, KEY) if back else across, 0.16 + rows * step - BETWEEN + under)
    drawn = [_block(sheet, part, colour, EDGE + k % columns * (width + GAP),
                    0.16 + k // columns * step, width)
             for k, (part, colour) in enumerate(zip(parts, _colours(parts), strict=True))]
    for a, b in zip(drawn, drawn[1:], strict=False):
        _join(sheet, a, b, back, notes)
    if back:
        _key(sheet)
    many = len(parts) - 1
    words = f"A network of {many} block{'s' * (many != 1)}"
    sheet.show(caption or words + f", its shapes ({axes})" * bool(axes))


def _block(sheet, part, colour, x, y, width):
    """A block with its name and shape, and its note below it."""
    name, shape, *notes = part
    block = sheet.block(x, y, width, TALL, colour=colour)
    sheet.text(name, block.middle[0], y + 0.24, bold=True, inside=block)
    sheet.text(said(shape), block.middle[0], y + 0.5, 10.5, inside=block)
    for words in notes:
        sheet.text(words, block.middle[0], y + TALL + 0.13, 9.5, GREY)
    return block


def said(shape):
    """A shape as Python writes it: (8, 24, 24), and (6,)."""
    return f"({', '.join(map(str, shape))}{',' * (len(shape) == 1)})"


def _columns(parts):
    """The width that every block gets, and how many of them stand in a row."""
    width = max(0.7, *(max(text_size(name, 11, bold=True)[0], text_size(said(shape), 10.5)[0],
                           *(text_size(words, 9.5)[0] for words in note), 0)
                       for name, shape, *note in parts)) + 0.2
    most = int((8 - 2 * EDGE + GAP) // (width + GAP))
    if most < 1:
        raise ArgumentError("a name or a shape is wider than a page: make it shorter")
    return width, math.ceil(len(parts) / math.ceil(len(parts) / most))


def _colours(parts):
    """Grey for the first, then a colour for each first word, as long as there are some left."""
    words = [f"{name} ".split(" ")[0] for name, *_ in parts[1:]]
    colours = dict(zip(dict.fromkeys(words), PALETTE, strict=False))
    return [GREY, *(colours.get(word, INK) for word in words)]


def _join(sheet, a, b, back, notes):
    """Arrows from one block to the next, to its right or in the next row; and back."""
    ways = ((-0.13, INK), (0.13, RED)) if back else ((0, INK),)
    for shift, colour in ways:
        start, end = (a.right[0], a.right[1] + shift), (b.x, b.left[1] + shift)
        path = [start, end]
        if b.x < a.x:                                  # the next row; the two ways do not cross
            right, left = start[0] + 0.23 - shift / 2, end[0] - 0.23 - shift / 2
            lane = a.y + TALL + notes + BETWEEN / 2 - shift / 2
            path = [start, (right, start[1]), (right, lane), (left, lane), (left, end[1]), end]
        sheet.arrow(*(path if colour == INK else path[::-1]), colour=colour, dashed=colour == RED)


def _key(sheet):
    """What the two kinds of arrow are."""
    y, x = sheet.height - 0.2, EDGE
    for words, colour in (("forward: values", INK), ("back: gradients, of the same shapes", RED)):
        sheet.arrow((x, y), (x + 0.4, y), colour=colour, dashed=colour == RED)
        sheet.text(words, x + 0.5, y, 10, colour, "left")
        x += 0.5 + text_size(words, 10)[0] + 0.3
