"""Small drawing pieces for pictures that must be ready within a key press: heat maps, cells, boxes.

Every picture is an RGB array (H, W, 3) uint8. Pieces that make a picture return it; `text`, `box`
and `arrow` paint on the one they are given. Points are (x, y) in pixels from the top left.
"""

from functools import lru_cache
from pathlib import Path

import cv2
import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from vidlearn.checks import given, kinds

PAPER, INK, FAINT = (255, 255, 255), (33, 37, 41), (173, 181, 189)
# Told apart by colour-blind readers: Okabe and Ito's, and Tol's red, for theirs looks orange.
BLUE, ORANGE, GREEN, RED, PURPLE, SKY = (
    (0, 114, 178), (230, 159, 0), (0, 158, 115), (204, 51, 17), (204, 121, 167), (86, 180, 233))
COLOURS = (BLUE, RED, GREEN, ORANGE, PURPLE, SKY)
RAMPS = {"grey": ((0, 0, 0), PAPER), "diverging": (BLUE, PAPER, RED)}


def canvas(height, width, colour=PAPER):
    """An empty sheet to paint on."""
    return np.full((height, width, 3), colour, np.uint8)


def text(picture, words, x, y, size=14, colour=INK, align="left", bold=False):
    """Write one line, its middle at height y; `align` says where x is: left, centre or right.

    Units    x, y and size in pixels
    """
    mask = _letters(str(words), size, bold)
    height, width = mask.shape
    x0 = round(x - {"left": 0, "centre": width / 2, "right": width}[align])
    y0 = round(y - height / 2)
    top, left = max(0, -y0), max(0, -x0)               # what falls off the sheet is not painted
    here = picture[max(0, y0):max(0, y0 + height), max(0, x0):max(0, x0 + width)]
    ink = mask[top:top + here.shape[0], left:left + here.shape[1], None]
    here[...] = np.rint(here + (np.asarray(colour) - here) * ink)
    return picture


def text_width(words, size=14, bold=False):
    """How many pixels wide `text` will write these words."""
    return _letters(str(words), size, bold).shape[1]


def box(picture, x0, y0, x1, y1, colour=RED, thickness=3):
    """Outline a rectangle, x1 and y1 excluded; the line lies inside it."""
    inset = thickness // 2
    corners = (round(x0) + inset, round(y0) + inset), (round(x1) - 1 - inset, round(y1) - 1 - inset)
    cv2.rectangle(picture, *corners, colour, thickness)
    return picture


def arrow(picture, start, end, colour=INK, thickness=2):
    """Draw an arrow from start (x, y) to end (x, y), its head 9 pixels long."""
    start, end = np.asarray(start, float), np.asarray(end, float)
    head = 9 / max(9, np.linalg.norm(end - start))
    points = (tuple(np.rint(p).astype(int).tolist()) for p in (start, end))
    cv2.arrowedLine(picture, *points, colour, thickness, cv2.LINE_AA, tipLength=head)
    return picture


def heat(values, cell=24, colours="grey", low=None, high=None):
    """Draw a matrix as coloured squares, `cell` pixels each.

    Shapes   values (H, W)  ->  (H cell, W cell, 3)
    Units    colours run from `low` to `high`: by default the smallest and the largest value, or,
             where colours is "diverging", as far below zero as above it
    """
    values = np.asarray(values, float)
    if low is None or high is None:
        reach = np.abs(values).max(initial=1e-12)
        ends = (-reach, reach) if colours == "diverging" else (values.min(), values.max())
        low = ends[0] if low is None else low
        high = ends[1] if high is None else high
    share = (values - low) / (high - low) if high > low else np.full(values.shape, 0.5)
    index = np.rint(np.clip(share, 0, 1) * 255).astype(int)
    return enlarge(_ramp(colours)[index], cell)


def cells(matrix, cell=44, digits=0, colours="grey", low=None, high=None, size=None):
    """Draw a matrix as a heat map with its numbers written in; a number that is NaN stays blank.

    Shapes   matrix (H, W)  ->  (H cell + 1, W cell + 1, 3)
    """
    matrix = np.asarray(matrix, float)
    known = np.isfinite(matrix)
    ground = heat(np.where(known, matrix, 0), cell, colours, low, high)
    ground[~enlarge(known, cell)] = PAPER
    sheet = np.pad(ground, ((0, 1), (0, 1), (0, 0)))
    sheet[::cell], sheet[:, ::cell] = FAINT, FAINT
    rounded = np.round(matrix, digits) + 0.0          # + 0.0: no number is written -0
    for i, j in np.argwhere(known):
        middle = (j + 0.5) * cell, (i + 0.5) * cell
        ink = _ink_on(ground[i * cell, j * cell])
        text(sheet, f"{rounded[i, j]:.{digits}f}", *middle, size or max(9, round(cell * 0.4)), ink,
             "centre")
    return sheet


def enlarge(picture, times):
    """Repeat every pixel `times` times along each side, so that edges stay sharp."""
    return np.asarray(picture).repeat(times, 0).repeat(times, 1)


def shrink(picture, width):
    """Make a picture `width` pixels wide, averaging the pixels that fall together."""
    height = max(1, round(picture.shape[0] * width / picture.shape[1]))
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)


def beside(*pictures, gap=24):
    """Lay pictures side by side on white, their middles on one line."""
    height = max(p.shape[0] for p in pictures)
    columns = []
    for p in pictures:
        above = (height - p.shape[0]) // 2
        columns.append(_pad(p, above, height - p.shape[0] - above, 0, gap))
    return np.hstack(columns)[:, :-gap or None]


def below(*pictures, gap=12):
    """Lay pictures under one another on white, their left edges on one line."""
    width = max(p.shape[1] for p in pictures)
    return np.vstack([_pad(p, 0, gap, 0, width - p.shape[1]) for p in pictures])[:-gap or None]


def titled(picture, words, size=14, bold=False):
    """Write one line of words above a picture, making room for it."""
    room = size + 10
    sheet = _pad(picture, room, 0, 0, max(0, text_width(words, size, bold) - picture.shape[1]))
    return text(sheet, words, 0, room / 2 - 2, size, bold=bold)


def _ink_on(colour):
    """Black or white, whichever stands out more: at least 4.5 to 1, as WCAG asks of small text."""
    light = np.dot((colour / 255) ** 2.2, (0.2126, 0.7152, 0.0722))
    return (0, 0, 0) if light > 0.18 else PAPER


def _pad(picture, top, bottom, left, right):
    return cv2.copyMakeBorder(picture, top, bottom, left, right, cv2.BORDER_CONSTANT, value=PAPER)


@lru_cache(maxsize=4096)
def _letters(words, size, bold):
    """How much ink each pixel of a line gets, 0..1: (height, width)."""
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
def _ramp(colours):
    """The 256 colours of a scale, (256, 3) uint8: ours, or one of Matplotlib's by its name."""
    if colours in RAMPS:
        stops = np.array(RAMPS[colours], float)
        places = np.linspace(0, 255, len(stops))
        return np.stack([np.rint(np.interp(np.arange(256), places, c)) for c in stops.T],
                        axis=1).astype(np.uint8)
    scale = matplotlib.colormaps[colours](np.arange(256))
    return np.rint(scale[:, :3] * 255).astype(np.uint8)


given.check(globals(), {
    "height width cell times": kinds.whole(1), "canvas.height canvas.width": kinds.whole(),
    "picture": kinds.PICTURE,
    "enlarge.picture shrink.picture": kinds.array("a picture (H, W) or (H, W, C)", 2, 3),
    "pictures": kinds.PICTURE,
    "words": kinds.LABEL, "align": kinds.choice("left", "centre", "right"),
    "x y x0 y0 x1 y1": kinds.number(), "size thickness": kinds.whole(1),
    "gap digits": kinds.whole(), "colour": kinds.COLOUR, "start end": kinds.row(
        "(x, y) in pixels", kinds.number(), 2), "low high": kinds.number(),
    "values matrix": kinds.MATRIX,
})
