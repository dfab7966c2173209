"""A sheet to draw a structure on: blocks, discs, arrows and text, placed in inches.

The sheet keeps what was drawn on it as plain data: `blocks`, `labels` and `lines`. So a test can
ask whether two labels overlap, whether a word leaves its block, and where an arrow ends.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch, PathPatch, Polygon
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.show import draw, pictures, style

INK, PAPER, FAINT, BLUE, RED, GREEN, ORANGE, PURPLE, SKY = (
    tuple(np.divide(colour, 255).tolist()) for colour in (
        draw.INK, draw.PAPER, draw.FAINT, draw.BLUE, draw.RED, draw.GREEN, draw.ORANGE,
        draw.PURPLE, draw.SKY))
GREY = (0.42, 0.45, 0.48)            # of small notes: dark enough to read on white
OCHRE = (0.60, 0.37, 0.0)            # orange for words: dark enough to read on white
COLOUR = kinds.row("(red, green, blue), each from 0 to 1", kinds.FRACTION, 3)
POINT = kinds.row("(x, y) in inches from the top left", kinds.NUMBER, 2)
POINTS = kinds.row("two or more points (x, y) in inches", POINT)
PICTURE = kinds.array("a picture (H, W, 3) or (H, W)", 2, 3)
ALIGN = kinds.choice("left", "center", "right")


class Block(NamedTuple):
    """A rectangle on a sheet, in inches from the top left."""

    x: float
    y: float
    width: float
    height: float

    left = property(lambda self: (self.x, self.y + self.height / 2))
    right = property(lambda self: (self.x + self.width, self.y + self.height / 2))
    top = property(lambda self: (self.x + self.width / 2, self.y))
    bottom = property(lambda self: (self.x + self.width / 2, self.y + self.height))
    middle = property(lambda self: (self.x + self.width / 2, self.y + self.height / 2))


@checked
class Sheet:
    """A white sheet, at most 8 by 5 inches; points are (x, y) in inches from its top left.

    blocks   every Block, in the order of drawing; `discs` are those of them that are round
    labels   (text, Block or None): every label, and the block or disc it must stay in
    lines    the points (x, y) of every line and arrow
    """

    def __init__(self, width: kinds.POSITIVE = style.WIDTH, height: kinds.POSITIVE = 3.2):
        if width > style.WIDTH or height > style.HEIGHT:
            raise ArgumentError(f"a sheet of {width:.3g} x {height:.3g} inches does not fit a "
                                f"page, at most {style.WIDTH} x {style.HEIGHT}: draw less on it")
        style.use()
        self.width, self.height = width, height
        self.blocks, self.discs, self.labels, self.lines = [], [], [], []
        self.chart = Figure((width, height), dpi=style.DPI, layout="none")
        self._canvas = FigureCanvasAgg(self.chart)
        self._axes = self.chart.add_axes((0, 0, 1, 1))
        self._axes.set(xlim=(0, width), ylim=(height, 0))
        self._axes.set_axis_off()

    def block(self, x: kinds.NUMBER, y: kinds.NUMBER, width: kinds.POSITIVE,
              height: kinds.POSITIVE, words="", colour: COLOUR = BLUE,
              size: kinds.POSITIVE = 11, bold=False):
        """Draw a block with rounded corners, tinted with `colour`, and its words in the middle.

        Returns  its Block, whose left, right, top, bottom and middle are points for arrows
        """
        block = Block(x, y, width, height)
        corner = min(0.07, width / 4, height / 4)
        self.patch(FancyBboxPatch(
            (x + corner, y + corner), width - 2 * corner, height - 2 * corner,
            f"round,pad={corner}", facecolor=tint(colour), edgecolor=colour, linewidth=1.5,
            zorder=2))
        self.blocks.append(block)
        if words:
            self.text(words, *block.middle, size=size, bold=bold, inside=block)
        return block

    def disc(self, x: kinds.NUMBER, y: kinds.NUMBER, radius: kinds.POSITIVE, words="",
             colour: COLOUR = INK, size: kinds.POSITIVE = 11):
        """Draw a disc round (x, y) with words in it.

        Returns  the Block that it just fits in
        """
        block = Block(x - radius, y - radius, 2 * radius, 2 * radius)
        self.patch(Circle((x, y), radius, facecolor=tint(colour), edgecolor=colour,
                          linewidth=1.5, zorder=2))
        self.blocks.append(block)
        self.discs.append(block)
        if words:
            self.text(words, x, y, size=size, inside=block)
        return block

    def text(self, words: kinds.LABEL, x: kinds.NUMBER, y: kinds.NUMBER, size: kinds.POSITIVE = 11,
             colour: COLOUR = INK, align: ALIGN = "center", bold=False,
             inside: kinds.ANYTHING = None, halo=False):
        """Write a line; $...$ is a formula. `inside` is the Block that it belongs into.

        A `halo` is a white rim round the letters, for words on a pattern of lines.
        """
        artist = self._axes.text(x, y, str(words), fontsize=size, color=colour, ha=align,
                                 va="center", weight="bold" if bold else "normal", zorder=5)
        if halo:
            artist.set_path_effects([withStroke(linewidth=3, foreground="white")])
        self.labels.append((artist, inside))
        return artist

    def arrow(self, *points: POINT, colour: COLOUR = INK, thickness: kinds.POSITIVE = 1.6,
              dashed=False, head=True, corner: kinds.NOT_NEGATIVE = 0.1):
        """Draw an arrow, or without a head a line, through points; its bends are round."""
        self.patch(FancyArrowPatch(
            path=_rounded(np.asarray(points, float), corner), facecolor=colour, edgecolor=colour,
            arrowstyle="-|>,head_length=0.42,head_width=0.22" if head else "-", mutation_scale=14,
            linewidth=thickness, linestyle=(0, (3.5, 1.8)) if dashed else "-", capstyle="butt",
            joinstyle="miter", zorder=3))
        self.lines.append([tuple(map(float, point)) for point in points])

    def shade(self, points: POINTS, colour: COLOUR, strength: kinds.FRACTION = 0.2, edge=False,
              above: kinds.NUMBER = 1):
        """Fill a polygon; `above` says over what it lies: blocks are at 2, lines at 3."""
        self.patch(Polygon(points, facecolor=(*colour, strength), linewidth=1.2 * edge,
                                     edgecolor=colour if edge else "none", zorder=above))

    def ring(self, x: kinds.NUMBER, y: kinds.NUMBER, radius: kinds.POSITIVE, colour: COLOUR = INK):
        """Draw a circle round something that stays visible."""
        self.patch(Circle((x, y), radius, facecolor="none", edgecolor=colour, linewidth=2,
                          zorder=4))

    def dot(self, x: kinds.NUMBER, y: kinds.NUMBER, radius: kinds.POSITIVE, colour: COLOUR = INK):
        """Draw a full dot."""
        self.patch(Circle((x, y), radius, facecolor=colour, edgecolor=PAPER, linewidth=0.8,
                          zorder=4))

    def stroke(self, points: POINTS, colour: COLOUR = FAINT, thickness: kinds.POSITIVE = 1,
               dashed=False, above: kinds.NUMBER = 1.5):
        """Draw a thin line that is part of a picture: unlike an arrow's, words may lie on it."""
        self.patch(PathPatch(Path(points), facecolor="none", edgecolor=colour,
                             linewidth=thickness, linestyle=(0, (3, 2)) if dashed else "-",
                             zorder=above))

    def picture(self, x: kinds.NUMBER, y: kinds.NUMBER, width: kinds.POSITIVE, pixels: PICTURE):
        """Draw a picture (H, W, 3) or (H, W), `width` inches across, its top left corner at (x, y).

        Returns  its Block
        """
        pixels = pictures.rgb(pixels)
        height = width * pixels.shape[0] / pixels.shape[1]
        self._axes.imshow(pixels, extent=(x, x + width, y + height, y), aspect="auto", zorder=2)
        self._axes.set(xlim=(0, self.width), ylim=(self.height, 0))
        self.blocks.append(Block(x, y, width, height))
        return self.blocks[-1]

    def patch(self, shape: kinds.having("a patch of Matplotlib", "set_zorder")):
        """Add a shape of Matplotlib's, in inches."""
        self._axes.add_patch(shape)

    def extent(self, artist: kinds.having("a text of this sheet", "get_window_extent")):
        """The rectangle of a text as it is rendered, a Block in inches."""
        found = artist.get_window_extent(self._canvas.get_renderer())
        left, bottom, right, top = np.asarray(found.extents) / style.DPI
        return Block(left, self.height - top, right - left, top - bottom)

    def show(self, caption=""):
        """Show the sheet below its caption."""
        style.figure(self.chart, caption)


def tint(colour, strength=0.2):
    """A colour thinned with white."""
    return tuple(1 - strength * (1 - part) for part in colour)


@lru_cache(maxsize=1024)
def text_size(words, size: kinds.POSITIVE = 11, bold=False):
    """The width and height of a line in inches, as `Sheet.text` renders it."""
    sheet = Sheet(1, 1)
    _, _, width, height = sheet.extent(sheet.text(words, 0, 0, size, bold=bold))
    return width, height


def _rounded(points, corner):
    """A path through points with round bends."""
    places, codes = [points[0]], [Path.MOVETO]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        for other in (before, after):
            away = other - here
            length = max(np.linalg.norm(away), 1e-9)
            end = here + away / length * min(corner, length / 2)
            places += [end] if other is before else [here, end]
        codes += [Path.LINETO, Path.CURVE3, Path.CURVE3]
    return Path([*places, points[-1]], [*codes, Path.LINETO])
