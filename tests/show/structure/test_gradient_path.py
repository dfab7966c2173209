"""The factors on the way back: their product is the gradient that PyTorch finds."""

from math import prod

import pytest
import torch

from tests.show.structure.layout import words
from vidlearn.show import gradient_factors, gradient_path
from vidlearn.show.structure.gradient_path import EDGES, NODES
from vidlearn.show.structure.sheet import RED

OTHER = dict(x=(0.7, 1.3), w=(-0.4, 1.1), b=-0.3, t=-0.5)


@pytest.mark.parametrize("given", [{}, OTHER])
@pytest.mark.parametrize("weight", ["w1", "w2", "b"])
def test_the_product_of_the_factors_is_the_gradient(weight, given):
    given = {"x": (1.0, -2.0), "w": (0.5, 0.3), "b": 0.2, "t": 1.0} | given
    x, w, b, t = (torch.tensor(given[name], dtype=torch.float64, requires_grad=True)
                  for name in ("x", "w", "b", "t"))
    ((torch.tanh(w @ x + b) - t) ** 2).backward()
    right = {"w1": w.grad[0], "w2": w.grad[1], "b": b.grad}[weight]
    factors = gradient_factors(weight, **given)
    assert prod(factors.values()) == pytest.approx(float(right), abs=1e-12)
    assert list(factors)[:2] == ["2\\,(y - t)", "1 - y^2"]


@pytest.mark.parametrize("options", [{}, {"numbers": False}, OTHER])
@pytest.mark.parametrize("weight, count", [("w1", 4), ("w2", 4), ("b", 3)])
def test_red_arrows_lead_from_the_loss_to_the_weight(drawn, weight, count, options):
    sheet = drawn(gradient_path, weight, **options)
    arrows = [patch for patch in sheet.chart.axes[0].patches
              if type(patch).__name__ == "FancyArrowPatch"]
    red = [line for line, patch in zip(sheet.lines, arrows, strict=True)
           if patch.get_edgecolor()[:3] == RED]
    assert len(red) == count and len(arrows) == len(EDGES) + 1 + count
    ends = [[_nearest(point) for point in line] for line in red]
    assert sorted(ends) == sorted([a, b] for b, a in EDGES if [a, b] in ends)
    assert {end for _, end in ends} - {start for start, _ in ends} == {weight}
    assert {start for start, _ in ends} - {end for _, end in ends} == {"L"}


def _nearest(point):
    return min(NODES, key=lambda name: (NODES[name][1] - point[0]) ** 2
               + (NODES[name][2] - point[1]) ** 2)


def test_the_last_line_is_the_product(drawn):
    line = words(drawn(gradient_path, "w1"))[-1]
    assert line.endswith("(−1.8) · 0.99 · 1 · 1  =  −1.78")
    assert words(drawn(gradient_path, "w1", numbers=False))[-1].endswith("$1$  ·  $x_1$")


def test_values_stand_on_the_way_forward(drawn):
    assert {"$z$ = 0.1", "$y$ = 0.1", "$a_2$ = −0.6", "= 0.81"} <= set(
        words(drawn(gradient_path)))
    assert {"$z$", "$y$", "$a_2$"} <= set(words(drawn(gradient_path, numbers=False)))
