"""A neuron and its loss as a graph: values go forward, and factors on the gradient's way back.

    y = tanh(w1 x1 + w2 x2 + b),   L = (y - t)²
"""

import math

import numpy as np

from vidlearn.checks import checked, kinds
from vidlearn.show.structure import grids
from vidlearn.show.structure.sheet import BLUE, FAINT, GREY, INK, RED, SKY, Sheet

PAIR = kinds.row("two numbers", kinds.NUMBER, 2)
WEIGHT = kinds.choice("w1", "w2", "b")
RADII = {"y": 0.27, "L": 0.4}        # inches, of the larger nodes
RADIUS = 0.21                        # and of the others
NODES = {                            # name: (words in it, the middle in inches)
    "x1": ("$x_1$", 0.4, 0.4), "w1": ("$w_1$", 0.4, 1.1), "x2": ("$x_2$", 0.4, 1.8),
    "w2": ("$w_2$", 0.4, 2.5), "b": ("$b$", 1.9, 3.2), "a1": (r"$\times$", 1.9, 0.75),
    "a2": (r"$\times$", 1.9, 2.15), "z": ("+", 3.3, 1.45), "y": ("tanh", 4.85, 1.45),
    "t": ("$t$", 6.4, 2.6), "L": ("$(y - t)^2$", 6.4, 1.45)}
EDGES = {                            # (from, to): the slope of the second by the first
    ("x1", "a1"): "w_1", ("w1", "a1"): "x_1", ("x2", "a2"): "w_2", ("w2", "a2"): "x_2",
    ("a1", "z"): "1", ("a2", "z"): "1", ("b", "z"): "1", ("z", "y"): "1 - y^2",
    ("y", "L"): "2\\,(y - t)", ("t", "L"): "-2\\,(y - t)"}
NAMES = {"a1": "a_1", "a2": "a_2", "z": "z", "y": "y"}
WAYS = {"w1": ("L", "y", "z", "a1", "w1"), "w2": ("L", "y", "z", "a2", "w2"),
        "b": ("L", "y", "z", "b")}


@checked
def gradient_factors(weight: WEIGHT = "w1", x: PAIR = (1.0, -2.0), w: PAIR = (0.5, 0.3),
                     b: kinds.NUMBER = 0.2, t: kinds.NUMBER = 1.0):
    """The slopes along the way from the loss back to a weight; their product is its gradient.

    Returns  {slope as a formula: its value}, the loss first

    >>> list(gradient_factors("b"))
    ['2\\\\,(y - t)', '1 - y^2', '1']
    """
    values = _values(x, w, b, t)
    way = WAYS[weight]
    return {EDGES[start, end]: _slope(start, end, values)
            for end, start in zip(way, way[1:], strict=False)}


@checked
def gradient_path(weight: WEIGHT = "w1", x: PAIR = (1.0, -2.0), w: PAIR = (0.5, 0.3),
                  b: kinds.NUMBER = 0.2, t: kinds.NUMBER = 1.0, numbers=True, caption=""):
    """Show a neuron and its loss as a graph, and the gradient's way back to one weight.

    Black arrows go forward. Along the red ones go the slopes, whose product is the gradient.
    Without `numbers` the values are left out.
    """
    values, way = _values(x, w, b, t), WAYS[weight]
    sheet = Sheet(7.7, 4.1)
    for name, (words, across, down) in NODES.items():
        sheet.disc(across, down, RADII.get(name, RADIUS), words,
                   SKY if name in WAYS else GREY, 10 if name in RADII else 13)
    red = set(zip(way[1:], way, strict=False))
    for edge in EDGES:
        _edge(sheet, edge, edge in red, values if numbers else None)
    x0, y0 = NODES["L"][1:]
    sheet.arrow((x0 + RADII["L"], y0), (x0 + 0.8, y0))
    sheet.text("$L$", x0 + 0.95, y0, 13)
    _leaves(sheet, values, numbers)
    _product(sheet, weight, gradient_factors(weight, x, w, b, t), numbers)
    sheet.show(caption or f"The gradient's way back from the loss to {weight}")


def _values(x, w, b, t):
    """The value of every node."""
    a1, a2 = w[0] * x[0], w[1] * x[1]
    y = math.tanh(a1 + a2 + b)
    return {"x1": x[0], "x2": x[1], "w1": w[0], "w2": w[1], "b": b, "t": t, "a1": a1, "a2": a2,
            "z": a1 + a2 + b, "y": y, "L": (y - t) ** 2}


def _slope(start, end, values):
    """How fast the end of an edge changes with its start."""
    if end in ("a1", "a2"):
        return values[("x" if start[0] == "w" else "w") + end[1]]
    twice = 2 * (values["y"] - values["t"])
    return {"z": 1.0, "y": 1 - values["y"] ** 2, "L": twice if start == "y" else -twice}[end]


def _edge(sheet, edge, back, values):
    """The arrow forward and the name of what it carries; if it is on the way, the arrow back."""
    start, end = (np.array(NODES[name][1:]) for name in edge)
    along = (end - start) / np.linalg.norm(end - start)
    aside = np.array([-along[1], along[0]])                          # to the right of the way, down
    reach = [RADII.get(name, RADIUS) for name in edge]
    ends = start + along * reach[0], end - along * reach[1]
    shift = 0.08 * back * aside
    sheet.arrow(*(tuple(point - shift) for point in ends), colour=INK if back else FAINT)
    named = ends[0] + (0.35 if edge[0] == "a2" else 0.5) * (ends[1] - ends[0])
    if back:
        sheet.arrow(*(tuple(point + shift) for point in ends[::-1]), colour=RED, dashed=True)
        sheet.text(f"${EDGES[edge]}$", *_beside(named, aside, 0.27, EDGES[edge]), 11, RED)
    if edge[0] in NAMES and edge != ("t", "L"):
        words = f"${NAMES[edge[0]]}$"
        if values:
            words += f" = {grids.written(values[edge[0]])}"
        sheet.text(words, *_beside(named, -aside, 0.25, "a_1 = 0.5" if values else "a"), 11, BLUE)


def _beside(middle, aside, apart, words):
    """A place beside an edge: further away where the words are long and the edge is steep."""
    wide = 0.045 * len(words.replace("\\,", ""))
    return middle + aside * (apart + wide * abs(aside[0]) ** 2)


def _leaves(sheet, values, numbers):
    if numbers:
        for name in ("x1", "w1", "x2", "w2", "b"):
            x, y = NODES[name][1:]
            sheet.text(grids.written(values[name]), x, y + 0.31, 9.5, BLUE)
        sheet.text(grids.written(values["t"]), NODES["t"][1], NODES["t"][2] + 0.31, 9.5, BLUE)
        sheet.text(f"= {grids.written(values['L'])}", 7.35, 1.7, 10, BLUE)


def _product(sheet, weight, factors, numbers):
    """The gradient as a product along the way."""
    name = weight if weight == "b" else f"w_{weight[1]}"
    words = rf"$\frac{{\partial L}}{{\partial {name}}}$  =  " + "  ·  ".join(
        "$(1 - y^2)$" if factor == "1 - y^2" else f"${factor}$" for factor in factors)
    if numbers:
        terms = [grids.written(value) for value in factors.values()]
        words += "  =  " + " · ".join(f"({term})" if term[0] == "−" else term for term in terms)
        words += f"  =  {grids.written(math.prod(factors.values()))}"
    sheet.text(words, 1.2, sheet.height - 0.35, 12, RED, "left")
