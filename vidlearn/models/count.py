"""How many parameters each layer of a plain convolutional network has, and their memory."""

from dataclasses import dataclass

from vidlearn.checks import ArgumentError, checked, kinds

MIB = 2 ** 20 / 4                    # float32 numbers in a mebibyte


@dataclass(frozen=True)
class Layer:
    """One layer: its name, the shape of its output (C, H, W) or (F,), its parameters."""

    name: str
    shape: tuple
    parameters: int


@checked
def cnn_layers(size: kinds.INTEGER, convs: kinds.COUNT = 1, pooling=True,
               end: kinds.choice("flatten", "global average") = "flatten", classes=10, hidden=128):
    """List the layers of a plain network for colour pictures of `size` x `size`.

    Its convolutions are 3x3 without padding, with 32 channels in the first and twice as many in
    each that follows; with `pooling`, a pooling of 2x2 comes after each. Then come `end` and two
    dense layers.

    Returns  a list of Layers; it stops early where the next window does not fit
    Raises   ArgumentError if not even the first window fits
    """
    if size < 3:
        raise ArgumentError(f"size {size}: a window of 3x3 needs a picture of at least 3x3")
    layers, channels = [], 3
    for k in range(convs):
        outputs, size = 32 * 2 ** k, size - 2
        if size < 1:
            return layers
        layers.append(Layer(f"conv {k + 1}", (outputs, size, size), (9 * channels + 1) * outputs))
        channels = outputs
        if pooling and size < 2:
            return layers
        if pooling:
            size //= 2
            layers.append(Layer("pool", (channels, size, size), 0))
    features = channels * size ** 2 if end == "flatten" else channels
    return [*layers, Layer(end, (features,), 0),
            Layer("dense", (hidden,), (features + 1) * hidden),
            Layer("dense", (classes,), (hidden + 1) * classes)]


@checked
def mebibytes(parameters: kinds.NOT_NEGATIVE):
    """The memory of this many float32 numbers, in words.

    >>> mebibytes(50_469_130)
    '192.5 MiB'
    """
    size = parameters / MIB
    return f"{size:,.1f} MiB" if size >= 1 else f"{parameters * 4 / 1024:,.1f} KiB"
