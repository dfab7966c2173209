"""What the cells of an RNN, an LSTM and a GRU are made of, and where each part is drawn.

A cell is plain data: parts by name, and wires between them. A part is a `Part(kind, words, x, y)`:

    port     what comes in or goes out, a symbol
    layer    weights and a bias, and a function of their sum: σ, tanh, or none
    number   number by number, without weights: ⊙, +, tanh, 1−

A `Wire(start, end, via)` leads from a part to a part, through the points `via`. The words beside it
are `Note(words, x, y)`. All places are in inches from the top left.
"""

from typing import NamedTuple


class Part(NamedTuple):
    """A part of a cell and its middle."""

    kind: str
    words: str
    x: float
    y: float


class Wire(NamedTuple):
    """What leads from one part to another."""

    start: str
    end: str
    via: tuple = ()


class Note(NamedTuple):
    """Words beside a wire."""

    words: str
    x: float
    y: float
    faint: bool = False


class Cell(NamedTuple):
    """The graph of a cell: where its outline begins and ends, and where wires branch."""

    size: tuple
    outline: tuple
    parts: dict
    wires: tuple
    notes: tuple
    branches: tuple


def _bus(starts, ends, level):
    """Wires from all `starts` (name, x of joining) along a level up into all `ends` (name, x)."""
    return [Wire(start, end, (*((joins, level),), (x, level)))
            for start, joins in starts for end, x in ends]


RNN = Cell(
    size=(6.6, 2.9), outline=(0.9, 0.7, 4.3, 1.65),
    parts={
        "h": Part("port", "$h_{t-1}$", 0.35, 1.25), "x": Part("port", "$x_t$", 2.75, 2.7),
        "W_hh": Part("layer", "$W_{hh}$", 1.6, 1.25), "W_ih": Part("layer", "$W_{ih}$", 2.75, 1.95),
        "sum": Part("number", "+", 2.75, 1.25), "bend": Part("number", "tanh", 3.75, 1.25),
        "h'": Part("port", "$h_t$", 5.8, 1.25), "y": Part("port", "$h_t$", 4.6, 0.3)},
    wires=(Wire("h", "W_hh"), Wire("W_hh", "sum"), Wire("x", "W_ih"), Wire("W_ih", "sum"),
           Wire("sum", "bend"), Wire("bend", "h'"), Wire("bend", "y", ((4.6, 1.25),))),
    notes=(Note("to the next step", 5.9, 1.5, True), Note("to the next layer", 5.4, 0.3, True)),
    branches=((4.6, 1.25),))

LSTM = Cell(
    size=(7.7, 3.75), outline=(0.85, 0.28, 5.95, 2.77),
    parts={
        "c": Part("port", "$c$", 0.35, 0.65), "h": Part("port", "$h$", 0.35, 2.75),
        "x": Part("port", "$x$", 1.25, 3.4), "f": Part("layer", r"$\sigma$", 1.9, 2.0),
        "i": Part("layer", r"$\sigma$", 2.8, 2.0), "g": Part("layer", "tanh", 3.9, 2.0),
        "o": Part("layer", r"$\sigma$", 4.9, 2.0),
        "keep": Part("number", r"$\odot$", 1.9, 0.65),
        "let in": Part("number", r"$\odot$", 3.35, 1.25),
        "cell": Part("number", "+", 3.35, 0.65), "bend": Part("number", "tanh", 5.95, 1.25),
        "show": Part("number", r"$\odot$", 5.95, 2.0),
        "c'": Part("port", "$c'$", 7.3, 0.65), "h'": Part("port", "$h'$", 7.3, 2.75)},
    wires=(Wire("c", "keep"), Wire("f", "keep"), Wire("keep", "cell"),
           Wire("i", "let in", ((2.8, 1.25),)), Wire("g", "let in", ((3.9, 1.25),)),
           Wire("let in", "cell"), Wire("cell", "c'"), Wire("cell", "bend", ((5.95, 0.65),)),
           Wire("bend", "show"), Wire("o", "show"), Wire("show", "h'", ((5.95, 2.75),)),
           *_bus([("h", 1.25), ("x", 1.25)],
                 [("f", 1.9), ("i", 2.8), ("g", 3.9), ("o", 4.9)], 2.75)),
    notes=(Note("$f$", 2.03, 1.55), Note("$i$", 2.92, 1.55), Note("$g$", 4.04, 1.55),
           Note("$o$", 5.42, 1.85), Note("forget", 2.2, 2.5, True), Note("input", 3.06, 2.5, True),
           Note("candidate", 4.33, 2.5, True), Note("output", 5.21, 2.5, True)),
    branches=((1.25, 2.75), (1.9, 2.75), (2.8, 2.75), (3.9, 2.75), (5.95, 0.65)))

GRU = Cell(
    size=(7.7, 3.9), outline=(0.85, 0.28, 5.95, 3.2),
    parts={
        "h": Part("port", "$h$", 0.35, 0.65), "x": Part("port", "$x$", 0.35, 3.25),
        "z": Part("layer", r"$\sigma$", 1.9, 2.3), "r": Part("layer", r"$\sigma$", 2.95, 2.3),
        "V": Part("layer", "$V_n$", 3.95, 2.3), "n": Part("layer", "tanh", 5.0, 1.65),
        "keep": Part("number", r"$\odot$", 1.9, 0.65), "rest": Part("number", "1−", 3.1, 1.15),
        "reset": Part("number", r"$\odot$", 3.95, 1.65),
        "let in": Part("number", r"$\odot$", 6.1, 1.15), "mix": Part("number", "+", 6.1, 0.65),
        "h'": Part("port", "$h'$", 7.3, 0.65)},
    wires=(Wire("h", "keep"), Wire("z", "keep"), Wire("keep", "mix"), Wire("mix", "h'"),
           Wire("z", "rest", ((1.9, 1.15),)), Wire("rest", "let in"), Wire("let in", "mix"),
           Wire("r", "reset", ((2.95, 1.65),)), Wire("V", "reset"), Wire("reset", "n"),
           Wire("n", "let in", ((6.1, 1.65),)), Wire("x", "n", ((5.0, 3.25),)),
           *(Wire("h", name, ((1.1, 0.65), (1.1, 2.9), (x, 2.9)))
             for name, x in (("z", 1.8), ("r", 2.85), ("V", 3.95))),
           *(Wire("x", name, ((x, 3.25),)) for name, x in (("z", 2.0), ("r", 3.05)))),
    notes=(Note("$z$", 2.03, 1.75), Note("$1 - z$", 4.5, 1.0), Note("$r$", 3.07, 1.9),
           Note("$n$", 5.6, 1.52), Note("update", 2.35, 2.65, True),
           Note("reset", 3.35, 2.65, True), Note("candidate", 5.4, 2.05, True)),
    branches=((1.1, 0.65), (1.9, 1.15), (1.8, 2.9), (2.85, 2.9), (2.0, 3.25), (3.05, 3.25)))

CELLS = {"rnn": RNN, "lstm": LSTM, "gru": GRU}
