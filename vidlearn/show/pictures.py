"""Pictures on the page: one, several, a clip as a contact sheet, or matrices with numbers."""

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.show import draw, style

PAGE = 800                           # pixels: the width of a page
GAP = 8


def _listed(pictures):
    if getattr(pictures, "ndim", 4) == 3 and pictures.shape[2] == 3:
        raise ValueError                              # one picture, whose rows are not pictures
    return kinds.row("", kinds.array("")).take(pictures)


PICTURE = kinds.array("a picture (H, W, 3) or (H, W)")
PICTURES = kinds.Kind("a list of pictures; image shows one", _listed)
MATRICES = kinds.fitting("a dict: title -> matrix (H, W)", lambda named: isinstance(
    named, dict) and all(kinds.MATRIX.take(matrix).size for matrix in named.values()))
VIEW = kinds.fitting("a Clip, or frames (T, H, W, 3) or (T, H, W)", lambda value: kinds.array(
    "").take(getattr(value, "frames", value)).size > 0)
TIMES = kinds.array("a list of times", 1)


@checked
def image(picture: PICTURE, caption="", scale: kinds.POSITIVE_COUNT = None):
    """Show one picture.

    Shapes   (H, W, 3) or (H, W)
    Units    uint8 in 0..255, bool, or float: colours in 0..1, and a single plane as grey from its
             smallest to its largest value. `scale` enlarges; by default to a third of the page
    """
    images([picture], caption=caption, scale=scale)


@checked
def images(pictures: PICTURES, titles: kinds.LIST = (), caption="",
           columns: kinds.POSITIVE_COUNT = None, scale: kinds.POSITIVE_COUNT = None):
    """Show pictures of one size in rows, each with its title.

    Shapes   each (H, W, 3) or (H, W), as `image` takes them
    """
    tiles = [rgb(p) for p in pictures]
    across = columns or min(len(tiles), max(1, PAGE // max(120, tiles[0].shape[1] + GAP)))
    size = "x".join(map(str, tiles[0].shape[1::-1]))
    sheet = grid(tiles, titles, across, scale)
    style.picture(sheet, caption, caption or f"{len(tiles)} pictures of {size} pixels")


@checked
def contact_sheet(clip: VIEW, times: TIMES = None, columns: kinds.POSITIVE_COUNT = None,
                  count=8, caption=""):
    """Show `count` frames of a clip, evenly spaced from the first to the last, or those at `times`.

    Shapes   a Clip, or frames (T, H, W, 3) or (T, H, W)
    Units    times in seconds for a Clip, in frames otherwise
    """
    frames, seconds, _ = opened(clip)
    total = len(frames)
    chosen = _evenly_spaced(total, count) if times is None else _nearest(times, seconds, total)
    titles = [f"frame {i}" if seconds is None else f"{seconds[i]:.2f} s" for i in chosen]
    sheet = grid([frames[i] for i in chosen], titles, columns or min(len(chosen), 8))
    style.picture(sheet, caption, caption or f"{len(chosen)} of {len(frames)} frames")


@checked
def matrices(named: MATRICES, caption="", digits: kinds.COUNT = 1, cell=38,
             reach: kinds.POSITIVE = None):
    """Show small matrices side by side with their numbers; red is positive, blue negative.

    Shapes   named: title -> (H, W)
    Units    `reach` is the magnitude with the full colour; by default the largest of each matrix
    """
    ends = {} if reach is None else {"low": -reach, "high": reach}
    tiles = [draw.titled(draw.cells(m, cell, digits, "diverging", **ends), name)
             for name, m in named.items()]
    words = ", ".join(f"{name} {np.shape(m)}" for name, m in named.items())
    style.picture(draw.beside(*tiles), caption, caption or words)


def grid(tiles, titles=(), columns=8, scale=None):
    """Put RGB tiles of one size in rows of `columns`, no wider than the page."""
    width = (PAGE - GAP * (columns - 1)) // columns
    times = scale or max(1, min(width, PAGE // 3) // tiles[0].shape[1])
    tiles = [draw.shrink(t, width) if t.shape[1] > width else draw.enlarge(t, times) for t in tiles]
    if len(titles):
        if len(titles) != len(tiles):
            raise ArgumentError(f"{len(titles)} titles for {len(tiles)} pictures: one each")
        tiles = [draw.titled(t, w, 12) for t, w in zip(tiles, titles, strict=True)]
    rows = [draw.beside(*tiles[i:i + columns], gap=GAP) for i in range(0, len(tiles), columns)]
    return draw.below(*rows, gap=GAP)


@checked
def rgb(picture: PICTURE):
    """Convert any picture to RGB: (H, W, 3) uint8.

    Raises   ArgumentError if a float colour is outside 0..1 or the shape is not a picture's
    """
    if picture.ndim == 3 and picture.shape[2] == 1:
        picture = picture[..., 0]
    if picture.ndim not in (2, 3) or picture.ndim == 3 and picture.shape[2] != 3:
        raise ArgumentError(f"a picture is (H, W, 3) or (H, W); this one is {picture.shape}")
    if picture.dtype == np.uint8:
        return picture if picture.ndim == 3 else picture[..., None].repeat(3, 2)
    if picture.ndim == 2:
        return draw.heat(picture, 1)
    if picture.min() < 0 or picture.max() > 1:
        raise ArgumentError(f"float colours are in 0..1; these are in {picture.min():.3g}.."
                            f"{picture.max():.3g}: divide by 255, or undo the normalisation")
    return np.rint(picture * 255).astype(np.uint8)


def opened(clip):
    """The RGB frames (T, H, W, 3) of a clip, its seconds (T,) and frames per second, or None."""
    frames = np.asarray(getattr(clip, "frames", clip))
    if frames.ndim not in (3, 4) or len(frames) == 0:
        raise ArgumentError(f"a clip is (T, H, W, 3) or (T, H, W); this one is {frames.shape}")
    if frames.ndim == 3 and frames.dtype != np.uint8:  # one grey scale for all
        frames = draw.heat(frames.reshape(-1, frames.shape[2]), 1).reshape(*frames.shape, 3)
    frames = np.stack([rgb(f) for f in frames])
    return frames, getattr(clip, "seconds", None), getattr(clip, "fps", None)


def _evenly_spaced(total, count):
    """Indices of `count` frames from the first to the last."""
    return np.rint(np.linspace(0, total - 1, min(total, count))).astype(int)


def _nearest(times, seconds, total):
    where = np.arange(total) if seconds is None else np.asarray(seconds)
    return [int(np.abs(where - t).argmin()) for t in times]
