"""Boxes over a picture, each with a word: what a detector found, or what is there."""

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.scratch.layers.boxes import BOXES
from vidlearn.show import draw, pictures

WORDS = kinds.fitting("a list of words, one a box", lambda value: isinstance(value, (list, tuple)))
COLOURS = kinds.either("a colour (red, green, blue), or a list of them, one a box", draw.RGB,
                       kinds.row("", draw.RGB))
LETTERS = 13                               # pixels


@checked
def boxed(picture: pictures.PICTURE, boxes: BOXES, words: WORDS = (), colour: COLOURS = draw.RED,
          times: kinds.POSITIVE_COUNT = 1, thickness=2):
    """A picture, enlarged, with an outline and a word for each box.

    The outline lies inside its box. A word stands above its box, or inside where there is no room;
    an empty one is left out.

    Shapes   picture (H, W, 3) or (H, W), boxes (N, 4)  ->  (times * H, times * W, 3) uint8
    Units    boxes in pixels of the picture before it is enlarged, right and bottom excluded
    Raises   ArgumentError if there are words or colours, but not one for each box

    >>> boxed(np.zeros((20, 30, 3), np.uint8), [[2, 3, 12, 15]], times=2).shape
    (40, 60, 3)
    """
    sheet = draw.enlarge(pictures.rgb(picture), times)
    colours = [colour] * len(boxes) if np.ndim(colour) == 1 else colour
    for name, values in (("words", words or boxes), ("colour", colours)):
        if len(values) != len(boxes):
            raise ArgumentError(f"{name}: {len(values)} for {len(boxes)} boxes")
    scaled = np.clip(boxes * times, -2 * max(sheet.shape), 2 * max(sheet.shape))
    for box, ink in zip(scaled, colours, strict=True):
        draw.box(sheet, *box, ink, thickness)
    for box, ink, word in zip(scaled, colours, words, strict=False):
        if word:
            _label(sheet, str(word), box, ink)
    return sheet


def _label(sheet, word, box, ink):
    """White letters on the colour of the box, moved inside the picture."""
    width, height = draw.text_width(word, LETTERS, bold=True) + 6, LETTERS + 4
    top = box[1] - height if box[1] >= height else box[1]
    left, top = (int(np.clip(start, 0, max(0, end - length))) for start, end, length in (
        (box[0], sheet.shape[1], width), (top, sheet.shape[0], height)))
    sheet[top:top + height, left:left + width] = ink
    draw.text(sheet, word, left + 3, top + height / 2, LETTERS, draw.PAPER, bold=True)
