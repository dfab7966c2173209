"""The style of every figure: colours, sizes and captions; and how a picture gets onto the page.

A figure is one PNG of at most 8 x 5 inches at 100 dpi, with a left-aligned caption above it. The
same data give the same bytes, and the plain text of the output has no memory address and no path,
so that a recorded notebook does not change between two runs.
"""

import io
from base64 import b64encode

import matplotlib
import numpy as np
from IPython.display import display
from matplotlib.figure import Figure
from PIL import Image

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.show import draw

WIDTH, HEIGHT, DPI = 8, 5, 100       # inches, inches, pixels an inch
MANY = 8192                          # colours: a picture with more is a photograph
CHART = kinds.having("a Matplotlib figure", "savefig")
LOOK = {
    "figure.dpi": DPI, "savefig.dpi": DPI, "figure.figsize": (WIDTH, 3.2),
    "figure.constrained_layout.use": True, "figure.facecolor": "white",
    "font.family": "DejaVu Sans", "font.size": 10, "axes.titlesize": 10, "axes.labelsize": 10,
    "text.color": "#212529", "axes.labelcolor": "#212529", "axes.edgecolor": "#868e96",
    "xtick.color": "#495057", "ytick.color": "#495057",
    "axes.spines.top": False, "axes.spines.right": False, "axes.axisbelow": True,
    "axes.grid": True, "grid.color": "#e9ecef", "lines.linewidth": 2, "legend.frameon": False,
    "axes.prop_cycle": matplotlib.cycler(color=[np.divide(c, 255) for c in draw.COLOURS]),
    "image.cmap": "viridis", "image.interpolation": "nearest",
}


def use():
    """Use this style for every Matplotlib figure of the session."""
    matplotlib.rcParams.update(LOOK)


@checked
def axes(rows=1, columns=1, width: kinds.POSITIVE = WIDTH, height: kinds.POSITIVE = 3.2, **options):
    """Create a figure in the course's style: `figure, axes = show.axes()`, like `plt.subplots`.

    Show it with `show.figure`; there is no `plt.show`.

    Units    width and height in inches, at most 8 and 5
    """
    if width > WIDTH or height > HEIGHT:
        raise ArgumentError(f"a figure of {width} x {height} inches does not fit a page; "
                            f"at most {WIDTH} x {HEIGHT}")
    use()
    chart = Figure((width, height), layout="constrained")
    return chart, chart.subplots(rows, columns, **options)


@checked
def figure(chart: CHART, caption=""):
    """Show a Matplotlib figure below its caption, as a PNG and a line of text."""
    picture(rendered(chart), caption)


def rendered(chart):
    """Render a Matplotlib figure: (H, W, 3) uint8."""
    buffer = io.BytesIO()
    chart.set_dpi(DPI)
    chart.savefig(buffer, format="rgba", dpi=DPI)
    width, height = chart.canvas.get_width_height()
    rgba = np.frombuffer(buffer.getvalue(), np.uint8).reshape(height, width, 4)
    return np.ascontiguousarray(rgba[..., :3])


def picture(pixels, caption="", words=""):
    """Show an RGB picture below its caption; `words` is the text stored with it.

    Shapes   pixels (H, W, 3) uint8
    """
    if caption:
        pixels = captioned(pixels, caption)
    kind, data = encoded(pixels)
    text = words or caption or f"picture of {pixels.shape[1]} x {pixels.shape[0]} pixels"
    put({kind: b64encode(data).decode(), "text/plain": f"<{text}>"})


def put(bundle):
    """Display {MIME type: data}; outside a notebook, its plain text is printed."""
    display(_Output(bundle))


class _Output:
    """What IPython displays."""

    def __init__(self, bundle):
        self._bundle = bundle

    def __repr__(self):
        return self._bundle["text/plain"]

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self._bundle


def captioned(pixels, caption, size=14):
    """Write the caption above a picture, wrapped to the width of the page."""
    room = max(pixels.shape[1], WIDTH * DPI)
    lines, words = [""], caption.split()
    for word in words:
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and draw.text_width(longer, size, bold=True) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    for line in reversed(lines):
        pixels = draw.titled(pixels, line, size, bold=True)
    return draw.below(draw.canvas(6, 1), pixels, gap=0)             # a margin at the top


def encoded(pixels):
    """The MIME type and bytes of a picture: JPEG for a photograph, else PNG.

    A PNG with 256 colours has a third of the size of one with all, and a plot looks the same.
    """
    sheet, buffer = Image.fromarray(pixels), io.BytesIO()
    if sheet.getcolors(MANY) is None:
        sheet.save(buffer, "JPEG", quality=90, subsampling=0)
        return "image/jpeg", buffer.getvalue()
    sheet.quantize(256, Image.Quantize.MEDIANCUT, dither=0).save(buffer, "PNG", optimize=True)
    return "image/png", buffer.getvalue()
