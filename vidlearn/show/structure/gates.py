"""A recurrent cell with its gates: what is kept, what is let in, what is shown."""

from vidlearn.checks import checked, kinds
from vidlearn.show.structure.cell_graphs import CELLS
from vidlearn.show.structure.sheet import BLUE, GREY, INK, ORANGE, Block, Sheet

KIND = kinds.choice("rnn", "lstm", "gru")
LAYER, RADIUS = (0.58, 0.42), 0.17                   # inches: width and height; of a disc
NAMES = {"rnn": "The cell of an RNN", "lstm": "The cell of an LSTM", "gru": "The cell of a GRU"}


@checked
def cell_graph(kind: KIND):
    """What a cell is made of: for each part, what it does and where its inputs come from.

    Returns  {part: (words in it, (names of its inputs))}, in PyTorch's formulas

    >>> cell_graph("lstm")["cell"]
    ('+', ('keep', 'let in'))
    """
    cell = CELLS[kind]
    return {name: (part.words.strip("$"), tuple(wire.start for wire in cell.wires
                                                if wire.end == name))
            for name, part in cell.parts.items()}


@checked
def recurrent_cell(kind: KIND = "lstm", caption=""):
    """Show the cell of an RNN, an LSTM or a GRU: blue parts have weights, orange ones have none."""
    cell = CELLS[kind]
    sheet = Sheet(cell.size[0], cell.size[1] + 0.3)
    sheet.block(*cell.outline, colour=(0.75, 0.77, 0.79))
    drawn = {name: _part(sheet, part) for name, part in cell.parts.items()}
    for wire in cell.wires:
        _wire(sheet, drawn[wire.start], drawn[wire.end], wire.via)
    for x, y in cell.branches:
        sheet.dot(x, y, 0.045)
    for words, x, y, faint in cell.notes:
        sheet.text(words, x, y, 9.5 if faint else 12, GREY if faint else INK)
    _key(sheet)
    sheet.show(caption or NAMES[kind])


def _part(sheet, part):
    """Draw a part, and give the Block that wires end at."""
    kind, words, x, y = part
    if kind == "port":
        sheet.text(words, x, y, 13)
        return Block(x - 0.27, y - 0.16, 0.54, 0.32)
    if kind == "layer":
        return sheet.block(x - LAYER[0] / 2, y - LAYER[1] / 2, *LAYER, words, BLUE, 12)
    radius = RADIUS + 0.07 * (len(words) == 4)                           # for the word tanh
    return sheet.disc(x, y, radius, words, ORANGE, {"tanh": 9.5, "1−": 11}.get(words, 13))


def _wire(sheet, start, end, via):
    """An arrow from the edge of one part to the edge of another; its legs are level or upright."""
    points = [start.middle, *via, end.middle]
    if not via and abs(start.middle[0] - end.middle[0]) > 1e-6:
        points = [start.middle, (end.middle[0], start.middle[1])]
    sheet.arrow(_edge(start, points[0], points[1]), *points[1:-1],
                _edge(end, points[-1], points[-2]), corner=0.08)


def _edge(block, at, towards):
    """Where a leg from the middle of a block leaves it."""
    (x, y), (to_x, to_y) = at, towards
    if abs(to_x - x) > abs(to_y - y):
        return (block.x if to_x < x else block.x + block.width), to_y
    return to_x, (block.y if to_y < y else block.y + block.height)


def _key(sheet):
    y = sheet.height - 0.2
    sheet.block(0.3, y - 0.09, 0.26, 0.18, colour=BLUE)
    sheet.text("weights and a bias, learned", 0.66, y, 9.5, align="left")
    sheet.disc(3.1, y, 0.1, colour=ORANGE)
    sheet.text("number by number, nothing learned", 3.3, y, 9.5, align="left")
