"""The widget of lesson 04: the values and gradients of its graph are PyTorch's."""

import numpy as np
import pytest
import torch

from vidlearn.show import draw, neuron
from vidlearn.show.widgets.gradients import (
    ACTIVATIONS,
    EDGES,
    PLACES,
    forward_and_back,
    label_place,
)

LEAVES = dict(x1=1.0, w1=0.5, x2=-2.0, w2=0.3, b=0.2, t=1.0)


def by_torch(leaves, bend):
    """The same graph by PyTorch: every node, with its gradient kept."""
    n = {k: torch.tensor(v, dtype=torch.float64, requires_grad=True) for k, v in leaves.items()}
    n["a1"], n["a2"] = n["w1"] * n["x1"], n["w2"] * n["x2"]
    n["z"] = n["a1"] + n["a2"] + n["b"]
    n["y"] = getattr(torch, bend)(n["z"])
    n["loss"] = (n["y"] - n["t"]) ** 2
    for node in n.values():
        node.retain_grad()
    n["loss"].backward()
    return n


@pytest.mark.parametrize("bend", ACTIVATIONS)
@pytest.mark.parametrize("w1, w2, b, t", [(0.5, 0.3, 0.2, 1.0), (2.0, -1.5, 0.1, -1.0),
                                          (-3.0, 3.0, 0.0, 0.5)])
def test_every_node_has_torchs_value_and_gradient(bend, w1, w2, b, t):
    leaves = LEAVES | dict(w1=w1, w2=w2, b=b, t=t)
    ours, theirs = forward_and_back(leaves, ACTIVATIONS[bend]), by_torch(leaves, bend)
    assert ours.keys() == theirs.keys() == PLACES.keys()
    for name, node in ours.items():
        np.testing.assert_allclose(node.data, theirs[name].item(), atol=1e-12)
        np.testing.assert_allclose(node.grad.data, theirs[name].grad.item(), atol=1e-12)


def test_the_line_says_the_slopes():
    n = by_torch(LEAVES, "tanh")
    slopes = ", ".join(f"{k} {n[k].grad.item():+.2f}" for k in ("w1", "w2", "b"))
    assert neuron()()[1] == (f"y = {n['y'].item():.2f}, loss = {n['loss'].item():.2f}; "
                             f"slope of the loss: {slopes}")


def test_a_relu_below_zero_passes_nothing_back_and_no_zero_is_negative():
    picture, line = neuron()(w1=-3.0, w2=3.0, bend="relu")
    assert line == "y = 0.00, loss = 1.00; slope of the loss: w1 +0.00, w2 +0.00, b +0.00"
    assert (picture != neuron()(w1=-3.0, w2=3.0)[0]).any()


def test_each_edge_carries_both_colours():
    picture, _ = neuron()()
    for start, end in EDGES:
        x, y = map(round, label_place(start, end))
        above, below = picture[y - 17:y, x - 16:x + 17], picture[y:y + 17, x - 16:x + 17]
        assert (above == draw.BLUE).all(2).any() and (below == draw.RED).all(2).any(), (start, end)


def test_dragging_a_weight_moves_the_picture():
    draws = neuron()
    assert (draws(w1=0.5)[0] != draws(w1=0.6)[0]).any()
