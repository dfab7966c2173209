"""Where a network's parameters sit, layer by layer: counted, and drawn for lesson 12."""

from dataclasses import dataclass
from math import prod

from vidlearn.checks import given, kinds
from vidlearn.show import draw

WIDE, BAR = 760, 270                 # pixels: the whole picture, the longest bar
SHAPE, START, COUNT = 218, 236, 674  # where shapes end, bars start and counts end, in pixels
ROW = 24                             # pixels a layer
MIB = 2 ** 20 / 4                    # float32 numbers in a mebibyte


@dataclass(frozen=True)
class Part:
    """One layer: its name, the shape of what it gives (C, H, W) or (F,), its parameters."""

    name: str
    shape: tuple
    parameters: int


def parts(size, convs=1, pooling=True, end="flatten", classes=10, hidden=128):
    """Count the layers of a plain network for colour pictures of `size` x `size`.

    Convolutions of 3x3 without padding, 32 channels in the first and twice as many in each that
    follows; with `pooling`, 2x2 after each; then `end`, and two dense layers.

    Returns  a list of Parts; where a window no longer fits, the list ends there
    Raises   ValueError if `end` is neither "flatten" nor "global average", or nothing fits at all
    """
    if size < 3:
        raise ValueError(f"size {size}: a window of 3x3 needs a picture of at least 3x3")
    if end not in ("flatten", "global average"):
        raise ValueError(f"end is 'flatten' or 'global average', not {end!r}")
    found, channels = [], 3
    for k in range(convs):
        outputs, size = 32 * 2 ** k, size - 2
        if size < 1:
            return found
        found.append(Part(f"conv {k + 1}", (outputs, size, size), (9 * channels + 1) * outputs))
        channels = outputs
        if pooling and size < 2:
            return found
        if pooling:
            size //= 2
            found.append(Part("pool", (channels, size, size), 0))
    features = channels * size ** 2 if end == "flatten" else channels
    return [*found, Part(end, (features,), 0),
            Part("dense", (hidden,), (features + 1) * hidden),
            Part("dense", (classes,), (hidden + 1) * classes)]


def counting(classes=10, hidden=128):
    """Make the `draw` of a widget: a bar for each layer as long as its share of all parameters."""
    def count(size=224, convs=1, pooling=True, end="flatten"):
        layers = parts(size, convs, pooling, end, classes, hidden)
        fits = layers[-1:] == [Part("dense", (classes,), (hidden + 1) * classes)]
        total = sum(layer.parameters for layer in layers)
        rows = [_head(), *(_row(layer, total) for layer in layers)]
        if not fits:
            rows.append(_stuck(layers))
            return draw.below(*rows, gap=0), "no such network: nothing is left to look at"
        rows.append(_foot(total))
        largest = max(layers, key=lambda layer: layer.parameters)
        line = (f"{total:,} parameters, {mebibytes(total)}; "
                f"{_share(largest.parameters, total)} of them in one layer, {largest.name} "
                f"{' x '.join(map(str, largest.shape))}")
        return draw.below(*rows, gap=0), line
    return count


def mebibytes(parameters):
    """What float32 numbers take in memory, in words."""
    size = parameters / MIB
    return f"{size:,.1f} MiB" if size >= 1 else f"{parameters * 4 / 1024:,.1f} KiB"


def _share(part, total):
    """A share in percent, as exact as it must be not to say 100 where it is less."""
    if part / total < 0.0005:
        return "< 0.1 %"
    for digits in (1, 2, 3, 4):
        words = f"{100 * part / total:.{digits}f}"
        if float(words) < 100:
            break
    return f"{words} %"


def _head():
    sheet = draw.canvas(ROW + 4, WIDE)
    draw.text(sheet, "layer", 0, 10, 13, bold=True)
    draw.text(sheet, "gives", SHAPE, 10, 13, align="right", bold=True)
    draw.text(sheet, "bar: share of all parameters", START, 10, 13, bold=True)
    draw.text(sheet, "share", WIDE, 10, 13, align="right", bold=True)
    return sheet


def _row(layer, total):
    """Name, shape, a bar, the count; a layer with nothing to learn has no bar."""
    sheet = draw.canvas(ROW, WIDE)
    draw.text(sheet, layer.name, 0, ROW / 2, 14)
    draw.text(sheet, " x ".join(f"{n:,}" for n in layer.shape), SHAPE, ROW / 2, 13, align="right")
    draw.box(sheet, START, 3, START + BAR, ROW - 3, draw.FAINT, 1)
    if layer.parameters:
        long = max(2, round(BAR * layer.parameters / total))
        colour = draw.RED if prod(layer.shape) == layer.shape[0] else draw.BLUE
        sheet[3:ROW - 3, START:START + long] = colour
        draw.text(sheet, _share(layer.parameters, total), WIDE, ROW / 2, 13, align="right")
    draw.text(sheet, f"{layer.parameters:,}", COUNT, ROW / 2, 14, align="right")
    return sheet


def _foot(total):
    sheet = draw.canvas(ROW + 12, WIDE)
    sheet[4:5] = draw.INK
    draw.text(sheet, "blue: convolution, red: dense", 0, 22, 13)
    draw.text(sheet, f"{mebibytes(total)} as float32", START, 22, 14, bold=True)
    draw.text(sheet, f"{total:,}", COUNT, 22, 14, align="right", bold=True)
    return sheet


def _stuck(layers):
    """What stands where a window finds no room."""
    shape = layers[-1].shape
    window = "2 x 2" if layers[-1].name.startswith("conv") and shape[1] < 2 else "3 x 3"
    sheet = draw.canvas(ROW + 12, WIDE)
    words = f"{shape[1]} x {shape[2]} pixels are left: a window of {window} finds no room here"
    draw.text(sheet, words, 0, 18, 14, draw.RED, bold=True)
    return sheet


given.check(globals(), {
    "size": kinds.INTEGER, "convs": kinds.whole(), "parameters": kinds.number(0),
})
