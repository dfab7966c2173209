"""Fast drawing functions for widgets: text, boxes, arrows, heat maps, and pictures side by side.

A picture is an RGB array (H, W, 3) uint8. `text`, `box` and `arrow` paint on the picture they are
given; all other functions return a new one. Points are (x, y) in pixels from the top left.
"""

from functools import lru_cache
from pathlib import Path

import cv2
import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from vidlearn.checks import checked, kinds

PAPER, INK, FAINT = (255, 255, 255), (33, 37, 41), (173, 181, 189)
# Colours that colour-blind readers can tell apart: Okabe and Ito's, with a darker red by Tol.
BLUE, ORANGE, GREEN, RED, PURPLE, SKY = (
    (0, 114, 178), (230, 159, 0), (0, 158, 115), (204, 51, 17), (204, 121, 167), (86, 180, 233))
COLOURS = (BLUE, RED, GREEN, ORANGE, PURPLE, SKY)
COLOUR_MAPS = {"grey": ((0, 0, 0), PAPER), "diverging": (BLUE, PAPER, RED)}
RGB = kinds.row("(red, green, blue), each 0 to 255", kinds.number(0, 255), 3)
PICTURE = kinds.array("a picture (H, W, 3) of uint8", 3, last=(3,), dtypes="B")
POINT = kinds.row("(x, y) in pixels", kinds.NUMBER, 2)
ANY_PICTURE = kinds.array("a picture (H, W) or (H, W, C)", 2, 3)


@checked
def canvas(height: kinds.COUNT, width: kinds.COUNT, colour: RGB = PAPER):
    """A new picture of one colour.

    Shapes   ->  (height, width, 3) uint8
    """
    return np.full((height, width, 3), colour, np.uint8)


@checked
def text(picture: PICTURE, words: kinds.LABEL, x: kinds.NUMBER, y: kinds.NUMBER, size=14,
         colour: RGB = INK, align: kinds.choice("left", "centre", "right") = "left",
         bold=False):
    """Write one line of text, vertically centred at y; `align` says which part of it is at x.

    Units    x, y and size in pixels
    """
    mask = _letters(str(words), size, bold)
    height, width = mask.shape
    x0 = round(x - {"left": 0, "centre": width / 2, "right": width}[align])
    y0 = round(y - height / 2)
    top, left = max(0, -y0), max(0, -x0)               # text outside the picture is cut off
    here = picture[max(0, y0):max(0, y0 + height), max(0, x0):max(0, x0 + width)]
    ink = mask[top:top + here.shape[0], left:left + here.shape[1], None]
    here[...] = np.rint(here + (np.asarray(colour) - here) * ink)
    return picture


@checked
def text_width(words: kinds.LABEL, size=14, bold=False):
    """The width in pixels of a line that `text` writes."""
    return _letters(str(words), size, bold).shape[1]


@checked
def box(picture: PICTURE, x0: kinds.NUMBER, y0: kinds.NUMBER, x1: kinds.NUMBER,
        y1: kinds.NUMBER, colour: RGB = RED, thickness=3):
    """Outline a rectangle, x1 and y1 excluded; the line lies inside it."""
    inset = thickness // 2
    corners = (round(x0) + inset, round(y0) + inset), (round(x1) - 1 - inset, round(y1) - 1 - inset)
    cv2.rectangle(picture, *corners, colour, thickness)
    return picture


@checked
def arrow(picture: PICTURE, start: POINT, end: POINT, colour: RGB = INK,
          thickness=2):
    """Draw an arrow from start (x, y) to end (x, y), its head 9 pixels long."""
    start, end = np.asarray(start, float), np.asarray(end, float)
    head = 9 / max(9, np.linalg.norm(end - start))
    points = (tuple(np.rint(p).astype(int).tolist()) for p in (start, end))
    cv2.arrowedLine(picture, *points, colour, thickness, cv2.LINE_AA, tipLength=head)
    return picture


@checked
def heat(values: kinds.MATRIX, cell=24, colours="grey", low: kinds.NUMBER = None,
         high: kinds.NUMBER = None):
    """Draw a matrix as coloured squares of `cell` pixels.

    Shapes   values (H, W)  ->  (H cell, W cell, 3)
    Units    the colour map, "grey", "diverging" or one of Matplotlib's, runs from `low` to `high`;
             by default from the smallest to the largest value, and with "diverging" from minus to
             plus the largest magnitude
    """
    values = np.asarray(values, float)
    if low is None or high is None:
        largest = np.abs(values).max(initial=1e-12)
        ends = (-largest, largest) if colours == "diverging" else (values.min(), values.max())
        low = ends[0] if low is None else low
        high = ends[1] if high is None else high
    share = (values - low) / ((high - low) or 1)      # a flat map has the colour of `low`
    index = np.rint(np.clip(share, 0, 1) * 255).astype(int)
    return enlarge(_colour_map(colours)[index], cell)


@checked
def cells(matrix: kinds.MATRIX, cell=44, digits: kinds.COUNT = 0, colours="grey",
          low: kinds.NUMBER = None, high: kinds.NUMBER = None,
          size: kinds.POSITIVE_COUNT = None):
    """Draw a matrix as a heat map with its numbers written in; NaN stays blank.

    Shapes   matrix (H, W)  ->  (H cell + 1, W cell + 1, 3)
    """
    matrix = np.asarray(matrix, float)
    known = np.isfinite(matrix)
    ground = heat(np.where(known, matrix, 0), cell, colours, low, high)
    ground[~enlarge(known, cell)] = PAPER
    sheet = np.pad(ground, ((0, 1), (0, 1), (0, 0)))
    sheet[::cell], sheet[:, ::cell] = FAINT, FAINT
    rounded = np.round(matrix, digits) + 0.0          # + 0.0 turns -0 into 0
    for i, j in np.argwhere(known):
        middle = (j + 0.5) * cell, (i + 0.5) * cell
        ink = _ink_on(ground[i * cell, j * cell])
        text(sheet, f"{rounded[i, j]:.{digits}f}", *middle, size or max(9, round(cell * 0.4)), ink,
             "centre")
    return sheet


@checked
def enlarge(picture: ANY_PICTURE, times: kinds.POSITIVE_COUNT):
    """Repeat every pixel `times` times along each axis, so that edges stay sharp."""
    return np.asarray(picture).repeat(times, 0).repeat(times, 1)


@checked
def shrink(picture: ANY_PICTURE, width: kinds.POSITIVE_COUNT):
    """Resize a picture to `width` pixels across, averaging over the pixels that merge."""
    height = max(1, round(picture.shape[0] * width / picture.shape[1]))
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)


@checked
def beside(*pictures: PICTURE, gap: kinds.COUNT = 24):
    """Put pictures side by side on white, vertically centred."""
    height = max(p.shape[0] for p in pictures)
    columns = []
    for p in pictures:
        above = (height - p.shape[0]) // 2
        columns.append(_pad(p, above, height - p.shape[0] - above, 0, gap))
    return np.hstack(columns)[:, :-gap or None]


@checked
def below(*pictures: PICTURE, gap: kinds.COUNT = 12):
    """Put pictures below one another on white, aligned at the left."""
    width = max(p.shape[1] for p in pictures)
    return np.vstack([_pad(p, 0, gap, 0, width - p.shape[1]) for p in pictures])[:-gap or None]


@checked
def titled(picture: PICTURE, words: kinds.LABEL, size=14, bold=False):
    """Add a title of one line above a picture."""
    room = size + 10
    sheet = _pad(picture, room, 0, 0, max(0, text_width(words, size, bold) - picture.shape[1]))
    return text(sheet, words, 0, room / 2 - 2, size, bold=bold)


def _ink_on(colour):
    """Black or white, whichever has the contrast of 4.5 to 1 that WCAG asks of small text."""
    light = np.dot((colour / 255) ** 2.2, (0.2126, 0.7152, 0.0722))
    return (0, 0, 0) if light > 0.18 else PAPER


def _pad(picture, top, bottom, left, right):
    return cv2.copyMakeBorder(picture, top, bottom, left, right, cv2.BORDER_CONSTANT, value=PAPER)


@lru_cache(maxsize=4096)
def _letters(words, size, bold):
    """The coverage of each pixel of a line of text, 0..1: (height, width)."""
    font = _font(size, bold)
    width = max(1, round(font.getlength(words)))
    ascent, descent = font.getmetrics()
    sheet = Image.new("L", (width, ascent + descent))
    ImageDraw.Draw(sheet).text((0, 0), words, fill=255, font=font)
    return np.asarray(sheet, np.float32) / 255


@lru_cache
def _font(size, bold):
    """DejaVu Sans from Matplotlib's own files: the same letters on every machine."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(Path(matplotlib.get_data_path(), "fonts", "ttf", name), size)


@lru_cache
def _colour_map(colours):
    """The 256 colours of a colour map, ours or one of Matplotlib's: (256, 3) uint8."""
    if colours in COLOUR_MAPS:
        stops = np.array(COLOUR_MAPS[colours], float)
        places = np.linspace(0, 255, len(stops))
        return np.stack([np.rint(np.interp(np.arange(256), places, c)) for c in stops.T],
                        axis=1).astype(np.uint8)
    scale = matplotlib.colormaps[colours](np.arange(256))
    return np.rint(scale[:, :3] * 255).astype(np.uint8)
