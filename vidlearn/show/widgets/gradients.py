"""One neuron and its loss as a graph, with the value and the gradient on every edge."""

import cv2
import numpy as np

from vidlearn import scratch
from vidlearn.checks import checked
from vidlearn.scratch.nn import functional
from vidlearn.show import draw

ACTIVATIONS = {"tanh": functional.tanh, "relu": functional.relu}
RADIUS = 21                          # pixels of a node
HEIGHT, WIDTH = 378, 790
PLACES = {                           # the middle of each node (x, y), in pixels
    "x1": (30, 30), "w1": (30, 112), "x2": (30, 194), "w2": (30, 276), "b": (30, 348),
    "a1": (198, 71), "a2": (198, 235), "z": (366, 194), "y": (534, 194), "t": (534, 328),
    "loss": (702, 194)}
SIGNS = {"a1": "×", "a2": "×", "z": "+", "loss": "(y-t)²"}
EDGES = (("x1", "a1"), ("w1", "a1"), ("x2", "a2"), ("w2", "a2"), ("a1", "z"), ("a2", "z"),
         ("b", "z"), ("z", "y"), ("y", "loss"), ("t", "loss"))


@checked
def neuron(x1=1.0, x2=-2.0, t=1.0):
    """Make the `draw` of a widget: y = bend(w1 x1 + w2 x2 + b), and the loss (y - t)².

    Each edge has its value in blue, and below it the gradient of the loss in red.
    """
    def drag_the_weights(w1=0.5, w2=0.3, b=0.2, bend="tanh"):
        nodes = forward_and_back(dict(x1=x1, w1=w1, x2=x2, w2=w2, b=b, t=t), ACTIVATIONS[bend])
        slopes = ", ".join(f"{name} {_number(nodes[name].grad, '+')}" for name in ("w1", "w2", "b"))
        words = (f"y = {_number(nodes['y'])}, loss = {_number(nodes['loss'])}; "
                 f"slope of the loss: {slopes}")
        return _graph(nodes, bend), words
    return drag_the_weights


def forward_and_back(leaves, activation):
    """Compute all nodes by vidlearn.scratch: name -> Tensor, with its gradient."""
    nodes = {name: scratch.tensor(np.float64(value)).requires_grad_()
             for name, value in leaves.items()}
    nodes["a1"] = nodes["w1"] * nodes["x1"]
    nodes["a2"] = nodes["w2"] * nodes["x2"]
    nodes["z"] = nodes["a1"] + nodes["a2"] + nodes["b"]
    nodes["y"] = activation(nodes["z"])
    error = nodes["y"] - nodes["t"]
    nodes["loss"] = error * error
    for node in nodes.values():
        node.retain_grad()
    nodes["loss"].backward()
    return nodes


def _graph(nodes, bend):
    sheet = draw.canvas(HEIGHT, WIDTH)
    for start, end in EDGES:
        _edge(sheet, PLACES[start], PLACES[end])
    for start, end in EDGES:
        _labels(sheet, *label_place(start, end), nodes[start])
    right = PLACES["loss"][0] + RADIUS
    _labels(sheet, right + 34, PLACES["loss"][1], nodes["loss"])
    for name, (x, y) in PLACES.items():
        inside = bend if name == "y" else SIGNS.get(name, name)
        colour = draw.SKY if name in ("w1", "w2", "b") else draw.PAPER
        radius = RADIUS + 8 * (name == "loss")
        cv2.circle(sheet, (x, y), radius, colour, -1, cv2.LINE_AA)
        cv2.circle(sheet, (x, y), radius, draw.INK, 2, cv2.LINE_AA)
        draw.text(sheet, inside, x, y, 14, align="centre", bold=name in ("w1", "w2", "b"))
    draw.text(sheet, "blue: the value, on its way forward", 420, 24, 13, draw.BLUE)
    draw.text(sheet, "red: the slope of the loss, on its way back", 420, 44, 13, draw.RED)
    return sheet


def label_place(start, end):
    """Where the numbers of an edge are written: just before its middle, clear of the others."""
    (x0, y0), (x1, y1) = PLACES[start], PLACES[end]
    return x0 + 0.42 * (x1 - x0), y0 + 0.42 * (y1 - y0)


def _edge(sheet, start, end):
    start, end = np.array(start, float), np.array(end, float)
    along = (end - start) / np.linalg.norm(end - start)
    reach = RADIUS + 8 * (tuple(end) == PLACES["loss"])
    draw.arrow(sheet, start + along * RADIUS, end - along * (reach + 2), draw.FAINT)


def _labels(sheet, x, y, node):
    """The value above the edge and the gradient below it, on white."""
    for words, dy, colour in ((_number(node), -9, draw.BLUE), (_number(node.grad), 9, draw.RED)):
        half = draw.text_width(words, 14, True) / 2 + 2
        sheet[round(y + dy - 9):round(y + dy + 9), round(x - half):round(x + half)] = draw.PAPER
        draw.text(sheet, words, x, y + dy, 14, colour, "centre", bold=True)


def _number(tensor, sign=""):
    return f"{round(float(tensor.data), 2) + 0.0:{sign}.2f}"      # + 0.0 turns -0.0 into 0.0
