"""The layers of a plain network: shapes and parameters are those of PyTorch's layers."""

import pytest
import torch
from torch import nn

from vidlearn.checks import ArgumentError
from vidlearn.models.count import cnn_layers, mebibytes

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
    ours = cnn_layers(**options)
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


@pytest.mark.parametrize("options", [dict(size=32, convs=5), dict(size=5, convs=2), dict(size=3)])
def test_the_list_stops_where_no_window_fits(options):
    assert cnn_layers(**options)[-1].name != "dense"


def test_memory_in_words():
    assert mebibytes(50_469_130) == "192.5 MiB" and mebibytes(256) == "1.0 KiB"
    assert mebibytes(3_002_856_650) == "11,455.0 MiB"


def test_what_no_network_fits_is_refused():
    with pytest.raises(ArgumentError, match="'flatten' or 'global average', not"):
        cnn_layers(32, end="mean")
    with pytest.raises(ArgumentError, match="size 2: a window of 3x3"):
        cnn_layers(2)
