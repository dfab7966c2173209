"""The drawn cells compute what PyTorch's do: their graphs are run, wire by wire."""

import numpy as np
import pytest
import torch

from tests.show.structure.layout import words
from vidlearn.show import cell_graph, recurrent_cell
from vidlearn.show.structure.cell_graphs import CELLS
from vidlearn.show.structure.sheet import INK

SIZES = 3, 4                         # features and units
RNG = np.random.default_rng(21)
ROWS = {"rnn": ("tanh",), "lstm": ("i", "f", "g", "o"), "gru": ("r", "z", "n")}  # PyTorch's order
FUNCTIONS = {r"\sigma": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh, r"\odot": np.multiply,
             "+": np.add, "1−": lambda z: 1 - z}


def torch_cell(kind):
    return getattr(torch.nn, f"{kind.upper()}Cell")(*SIZES, dtype=torch.float64)


def layers(kind, cell):
    """The function of each layer with weights: name -> (values of its inputs by name) -> z."""
    def block(name, k, side):
        rows = slice(k * SIZES[1], (k + 1) * SIZES[1])
        weight, bias = (getattr(cell, f"{what}_{side}")[rows].detach().numpy()
                        for what in ("weight", "bias"))
        return lambda value: value @ weight.T + bias
    made = {}
    for k, name in enumerate(ROWS[kind]):
        from_x, from_h = block(name, k, "ih"), block(name, k, "hh")
        made[name] = lambda given, a=from_x, b=from_h: a(given["x"]) + b(given["h"])
        if kind == "rnn":
            made = {"W_ih": lambda given, a=from_x: a(given["x"]),
                    "W_hh": lambda given, b=from_h: b(given["h"])}
        elif (kind, name) == ("gru", "n"):
            made["V"] = lambda given, b=from_h: b(given["h"])
            made["n"] = lambda given, a=from_x: a(given["x"]) + given["reset"]
    return made


def run(kind, given, linear):
    """The value of every part: functions of the parts that its wires come from."""
    graph, values = cell_graph(kind), dict(given)

    def value(name):
        if name not in values:
            symbol, inputs = graph[name]
            found = {other: value(other) for other in inputs}
            if name in linear:
                assert CELLS[kind].parts[name].kind == "layer"
                z = linear[name](found)
                values[name] = FUNCTIONS.get(symbol, lambda z: z)(z)
            elif CELLS[kind].parts[name].kind == "port":
                values[name], = found.values()
            else:
                values[name] = FUNCTIONS[symbol](*found.values())
        return values[name]
    return {name: value(name) for name in graph}


@pytest.mark.parametrize("kind", CELLS)
def test_the_graph_computes_what_pytorchs_cell_does(kind):
    cell = torch_cell(kind)
    given = {"x": RNG.normal(size=(2, 3)), "h": RNG.normal(size=(2, 4))}
    state = torch.tensor(given["h"])
    if kind == "lstm":
        given["c"] = RNG.normal(size=(2, 4))
        state = (state, torch.tensor(given["c"]))
    found = run(kind, given, layers(kind, cell))
    right = cell(torch.tensor(given["x"]), state)
    if kind == "lstm":
        right, c = right
        assert np.allclose(found["c'"], c.detach(), rtol=0, atol=1e-12)
    assert np.allclose(found["h'"], right.detach(), rtol=0, atol=1e-12)


@pytest.mark.parametrize("kind", CELLS)
def test_every_part_is_drawn_and_every_wire_ends_at_two(drawn, kind):
    cell = CELLS[kind]
    sheet = drawn(recurrent_cell, kind)
    written = words(sheet)
    assert all(part.words in written for part in cell.parts.values())
    assert len(sheet.lines) == len(cell.wires)
    for wire, line in zip(cell.wires, sheet.lines, strict=True):
        for name, point in ((wire.start, line[0]), (wire.end, line[-1])):
            part = cell.parts[name]
            assert abs(point[0] - part.x) < 0.31 and abs(point[1] - part.y) < 0.31
        for (x0, y0), (x1, y1) in zip(line, line[1:], strict=False):
            assert x0 == pytest.approx(x1) or y0 == pytest.approx(y1)       # level or upright


@pytest.mark.parametrize("kind", CELLS)
def test_dots_stand_where_wires_branch(drawn, kind):
    dots = {patch.center for patch in drawn(recurrent_cell, kind).chart.axes[0].patches
            if type(patch).__name__ == "Circle" and patch.get_facecolor()[:3] == INK}
    assert dots == set(CELLS[kind].branches)
    assert all(_branches(dot, CELLS[kind]) for dot in dots)


def _branches(dot, cell):
    """Whether wires leave a point in two ways, or come to it in two."""
    onward, back = set(), set()
    for wire in cell.wires:
        ends = [(cell.parts[name].x, cell.parts[name].y) for name in (wire.start, wire.end)]
        points = [ends[0], *wire.via, ends[1]]
        for start, end in zip(points, points[1:], strict=False):
            along = np.subtract(end, start)
            share = np.dot(np.subtract(dot, start), along) / max(np.dot(along, along), 1e-9)
            if np.allclose(start + share * along, dot, atol=1e-6) and -1e-9 <= share <= 1 + 1e-9:
                way = tuple(np.sign(np.round(along, 6)))
                onward |= {way} if share < 1 - 1e-9 else set()
                back |= {way} if share > 1e-9 else set()
    return max(len(onward), len(back)) >= 2


def test_the_doors_of_an_lstm():
    graph = cell_graph("lstm")
    assert graph["keep"] == (r"\odot", ("c", "f")) and set(graph["let in"][1]) == {"i", "g"}
    assert graph["f"] == (r"\sigma", ("h", "x"))


def test_another_cell_is_refused():
    with pytest.raises(ValueError, match="kind must be 'rnn', 'lstm' or 'gru'"):
        recurrent_cell("transformer")
