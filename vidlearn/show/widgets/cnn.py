"""The parameters of a network, layer by layer, and their shares of the total."""

from math import prod

from vidlearn.checks import checked
from vidlearn.models.count import cnn_layers, mebibytes
from vidlearn.show import draw

WIDE, BAR = 760, 270                 # pixels: the whole picture, the longest bar
SHAPE, START, COUNT = 218, 236, 674  # pixels: where shapes end, bars start and counts end
ROW = 24                             # pixels of a layer


@checked
def parameter_counts(classes=10, hidden=128):
    """Make the `draw` of a widget: a bar for each layer as long as its share of all parameters."""
    def count(size=224, convs=1, pooling=True, end="flatten"):
        layers = cnn_layers(size, convs, pooling, end, classes, hidden)
        fits = layers[-1].name == "dense"
        total = sum(layer.parameters for layer in layers)
        rows = [_head(), *(_row(layer, total) for layer in layers)]
        if not fits:
            rows.append(_no_room(layers))
            return draw.below(*rows, gap=0), "no such network: nothing is left to look at"
        rows.append(_foot(total))
        largest = max(layers, key=lambda layer: layer.parameters)
        line = (f"{total:,} parameters, {mebibytes(total)}; "
                f"{_share(largest.parameters, total)} of them in one layer, {largest.name} "
                f"{' x '.join(map(str, largest.shape))}")
        return draw.below(*rows, gap=0), line
    return count


def _share(part, total):
    """A share in per cent, with as many digits as it takes not to round up to 100."""
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
    """Name, shape, bar and count of a layer; without parameters there is no bar."""
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


def _no_room(layers):
    """The message in place of a layer whose window does not fit."""
    shape = layers[-1].shape
    window = "2 x 2" if layers[-1].name.startswith("conv") and shape[1] < 2 else "3 x 3"
    sheet = draw.canvas(ROW + 12, WIDE)
    words = f"{shape[1]} x {shape[2]} pixels are left: a window of {window} finds no room here"
    draw.text(sheet, words, 0, 18, 14, draw.RED, bold=True)
    return sheet
