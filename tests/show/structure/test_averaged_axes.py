"""The coloured part of a block is what PyTorch's norms average over."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from tests.show.structure.layout import words
from vidlearn.show import averaged_axes, averaged_part
from vidlearn.show.structure.averaged_axes import NORMS
from vidlearn.show.structure.sheet import PAPER

NORMALISED = {
    "batch": lambda x: functional.batch_norm(x, None, None, training=True, eps=1e-12),
    "layer": lambda x: functional.layer_norm(x, x.shape[1:], eps=0),
    "instance": lambda x: functional.instance_norm(x, eps=0),
    "group": lambda x: functional.group_norm(x, 2, eps=0)}


@pytest.mark.parametrize("kind", NORMS)
def test_the_part_has_mean_0_and_spread_1_after_the_norm(kind):
    x = torch.tensor(np.random.default_rng(12).normal(3, 2, (4, 4, 5)))
    y, part = NORMALISED[kind](x).numpy(), averaged_part(kind)
    assert abs(y[part].mean()) < 1e-12 and y[part].std() == pytest.approx(1, abs=1e-6)
    for n, c, p in np.argwhere(part)[:1]:             # and no value can be left out or put in
        fewer = part.copy()
        fewer[n, c, p] = False
        assert abs(y[fewer].mean()) > 1e-6
    others = np.argwhere(~part)
    more = part.copy()
    more[tuple(others[0])] = True
    assert abs(y[more].mean()) > 1e-6


@pytest.mark.parametrize("norms", [("batch",), ("batch", "layer"), NORMS])
def test_every_block_has_its_name_and_the_axes(drawn, norms):
    sheet = drawn(averaged_axes, norms)
    for kind in norms:
        assert words(sheet).count(f"{kind} norm") == 1
    assert all(words(sheet).count(axis) == len(norms) for axis in ("$N$", "$C$", r"$H \cdot W$"))


@pytest.mark.parametrize("kind", NORMS)
def test_the_visible_cells_of_the_part_are_coloured(drawn, kind):
    faces = [patch for patch in drawn(averaged_axes, [kind]).chart.axes[0].patches
             if type(patch).__name__ == "Polygon"]
    part = averaged_part(kind)
    front, top, right = part[:, 0].sum(), part[:, :, -1].sum(), part[-1].sum()
    coloured = [patch.get_facecolor()[:3] != PAPER for patch in faces]
    assert len(faces) == 4 * 5 + 4 * 4 + 4 * 5
    assert sum(coloured) == front + top + right


def test_five_blocks_are_refused():
    with pytest.raises(ValueError, match="at most 4"):
        averaged_axes(["batch"] * 5)
    with pytest.raises(ValueError, match="norms must be a list of 'batch'"):
        averaged_axes(["weight"])
