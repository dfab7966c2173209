"""The widget of lesson 12: its counts are those of PyTorch's layers, and its bars their shares."""

import re

import numpy as np
import pytest
import torch
from torch import nn

from vidlearn.show import counting, draw
from vidlearn.show.widgets.cnn import BAR, ROW, START, mebibytes, parts

NETWORKS = [
    (dict(size=224), 50_469_130), (dict(size=224, end="global average"), 6_410),
    (dict(size=64), 3_938_570), (dict(size=32, convs=3), 160_202),
    (dict(size=33, convs=2, pooling=False), None), (dict(size=23, convs=3, classes=4), None),
    (dict(size=9, convs=1, end="global average", classes=2, hidden=5), None),
]


def in_torch(size, convs=1, pooling=True, end="flatten", classes=10, hidden=128):
    """The same network out of PyTorch's layers, on no device: shapes, and no numbers."""
    layers, channels = [], 3
    for k in range(convs):
        layers.append(nn.Conv2d(channels, 32 * 2 ** k, 3, device="meta"))
        channels = 32 * 2 ** k
        layers += [nn.MaxPool2d(2)] * pooling
    layers += [nn.AdaptiveAvgPool2d(1)] * (end == "global average") + [nn.Flatten()]
    x = torch.empty(1, 3, size, size, device="meta")
    features = nn.Sequential(*layers)(x).shape[1]
    return [*layers, nn.Linear(features, hidden, device="meta"),
            nn.Linear(hidden, classes, device="meta")], x


@pytest.mark.parametrize("options, total", NETWORKS)
def test_the_counts_and_shapes_are_those_of_pytorch(options, total):
    layers, x = in_torch(**options)
    ours = parts(**options)
    if options.get("end") == "global average":           # one line here, two layers there
        layers = [layer for layer in layers if not isinstance(layer, nn.AdaptiveAvgPool2d)]
    assert len(ours) == len(layers)
    for part, layer in zip(ours, layers, strict=True):
        if isinstance(layer, nn.Flatten) and part.name == "global average":
            x = x.mean((2, 3))
        x = layer(x)
        assert part.shape == tuple(x.shape[1:])
        assert part.parameters == sum(p.numel() for p in layer.parameters())
    if total:
        assert sum(part.parameters for part in ours) == total


def test_the_line_says_the_total_its_memory_and_the_largest_layer():
    draws = counting()
    assert draws()[1] == ("50,469,130 parameters, 192.5 MiB; 99.996 % of them in one layer, "
                          "dense 128")
    assert draws(convs=2, end="global average")[1] == (
        "29,002 parameters, 113.3 KiB; 63.8 % of them in one layer, conv 2 64 x 109 x 109")


@pytest.mark.parametrize("options, row, share", [
    (dict(), 0, None), (dict(), 3, 1.0), (dict(size=32, convs=3), 4, 73_856 / 160_202),
    (dict(size=32, convs=3), 7, 65_664 / 160_202)])
def test_a_bar_is_as_long_as_its_share(options, row, share):
    picture, _ = counting()(**options)
    line = picture[ROW + 4 + row * ROW + ROW // 2, START:START + BAR]
    inked = np.isin(line, [draw.BLUE, draw.RED]).all(axis=1) & (line != draw.FAINT[0]).any(axis=1)
    assert abs(inked.sum() - (2 if share is None else BAR * share)) <= 1


@pytest.mark.parametrize("options, words", [
    (dict(size=32, convs=5), "nothing is left"), (dict(size=5, convs=2), "nothing is left"),
    (dict(size=3), "nothing is left")])
def test_where_no_window_fits_it_says_so_and_stops(options, words):
    picture, line = counting()(**options)
    assert words in line and (picture == draw.RED).all(axis=2)[-ROW - 12:].any()
    assert parts(**options)[-1].name != "dense"


def test_huge_and_tiny_numbers_do_not_run_into_each_other():
    for options in (dict(size=448, convs=6, pooling=False), dict(size=224, end="global average")):
        picture, line = counting()(**options)
        assert picture.shape[1] == 760
        for y in range(ROW + 4, picture.shape[0] - ROW - 12, ROW):
            gap = picture[y:y + ROW, START - 14:START]               # between shape and bar
            assert (gap == 255).all(), line
            assert (picture[y:y + ROW, START + BAR + 1:START + BAR + 8] == 255).all(), line
    assert re.match(r"[\d,]{10,} parameters", counting()(size=448, convs=6, pooling=False)[1])


def test_memory_in_words():
    assert mebibytes(50_469_130) == "192.5 MiB" and mebibytes(256) == "1.0 KiB"
    assert mebibytes(3_002_856_650) == "11,455.0 MiB"


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="'flatten' or 'global average', not 'mean'"):
        parts(32, end="mean")
    with pytest.raises(ValueError, match="size 2: a window of 3x3"):
        parts(2)
