"""The widget of lesson 23: an output depends on the inputs where PyTorch's gradient arrives."""

import numpy as np
import pytest
import torch

from vidlearn.show import draw
from vidlearn.show.widgets.tcn import STEPS, field_of, receptive_field, taps

F = torch.nn.functional


def heard(kernel, dilations, output, causal):
    """The inputs with a gradient, by PyTorch; all weights are positive, so none cancel."""
    y = x = torch.zeros(1, 1, STEPS, requires_grad=True)
    for d in dilations:
        weight = torch.ones(1, 1, kernel)
        if causal:
            y = F.conv1d(F.pad(y, ((kernel - 1) * d, 0)), weight, dilation=d)
        else:
            y = F.conv1d(y, weight, dilation=d, padding="same")
    y[0, 0, output].backward()
    return set(x.grad[0, 0].nonzero()[:, 0].tolist())


@pytest.mark.filterwarnings("ignore:Using padding='same'")
@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize("kernel, base, layers", [(2, 2, 4), (2, 4, 3), (3, 2, 3), (4, 1, 2),
                                                  (5, 3, 3), (1, 2, 2)])
def test_the_field_is_where_the_gradient_arrives(kernel, base, layers, causal):
    dilations = [base**level for level in range(layers)]
    for output in (0, 7, STEPS - 1):
        found = field_of(kernel, dilations, output, causal)
        expected = heard(kernel, dilations, output, causal)
        assert found[0] == expected and found[-1] == {output} and len(found) == layers + 1
        line = receptive_field()(kernel, layers, base, output, causal)[1]
        assert f"hears {len(expected)} of 32 inputs" in line
        assert line.endswith(f"{sum(at > output for at in expected)} from the future")


def test_the_taps_of_one_layer():
    assert taps(3, 2) == [-4, -2, 0] and taps(3, 2, causal=False) == [-2, 0, 2]
    assert taps(2, 1, causal=False) == [0, 1]         # PyTorch pads the odd step on the right


@pytest.mark.parametrize("options, line", [
    (dict(), "field 1 + 1·15 = 16; output 21 hears 16 of 32 inputs: 0 holes, 0 from the future"),
    (dict(base=4, layers=3, output=31),
     "field 1 + 1·21 = 22; output 31 hears 8 of 32 inputs: 14 holes, 0 from the future"),
    (dict(kernel=3, base=2, layers=3, output=10, causal=False),
     "field 1 + 2·7 = 15; output 10 hears 15 of 32 inputs: 0 holes, 7 from the future"),
])
def test_it_counts(options, line):
    assert receptive_field()(**options)[1] == line


def painted(picture, colour):
    """How many pixels of the tree have exactly this colour; the key below does not count."""
    return int((picture[:300] == colour).all(2).sum())


def test_holes_and_the_future_have_colours_of_their_own():
    plain, holes = receptive_field()()[0], receptive_field()(base=4, layers=3)[0]
    both = receptive_field()(kernel=3, layers=3, output=16, causal=False)[0]
    assert painted(plain, draw.BLUE) > 2000 and not painted(plain, draw.ORANGE)
    assert not painted(plain, draw.RED) and painted(holes, draw.RED) > 500
    assert painted(both, draw.ORANGE) > 1000 and not painted(holes, draw.ORANGE)


@pytest.mark.parametrize("options", [
    dict(kernel=5, layers=6, base=4), dict(kernel=1, layers=1, base=1, output=0),
    dict(kernel=5, layers=6, base=1, output=0, causal=False)])
def test_every_setting_fits_the_page(options):
    picture, line = receptive_field()(**options)
    assert picture.shape == (344, 768, 3) and picture.dtype == np.uint8 and len(line) < 100
