"""Maps and masks in colour: a heat map over a clip, and the errors of a mask."""

import matplotlib
import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.show import draw, pictures

BACKGROUND = 236, 239, 242           # grey, so that the border of a mask shows on white paper
HEATMAP = kinds.array("a heat map (T, H, W)")
MASK = kinds.array("a mask (H, W)", 2)


@checked
def overlay(clip: pictures.VIEW, heatmap: HEATMAP, strength: kinds.FRACTION = 0.6):
    """Lay a heat map over the frames of a clip, for `player` and `contact_sheet` to show.

    Shapes   clip: a Clip or frames (T, H, W, 3), heatmap (T, H, W)  ->  frames (T, H, W, 3) uint8
    Units    the heat map runs from 0, where the frame is grey, to 1, where it is bright yellow
    Raises   ArgumentError if clip and heat map differ in shape
    """
    frames, _, _ = pictures.opened(clip)
    if heatmap.shape != frames.shape[:3]:
        raise ArgumentError(f"clip {frames.shape[:3]} and heatmap {heatmap.shape}: "
                            "they must have the same frames, height and width")
    heatmap = np.clip(heatmap.astype(float), 0, 1)
    grey = frames.mean(axis=3, keepdims=True).repeat(3, axis=3)
    colour = 255 * matplotlib.colormaps["inferno"](heatmap)[..., :3]
    mix = strength * heatmap[..., None]
    return np.rint(grey * (1 - mix) + colour * mix).astype(np.uint8)


@checked
def mask_errors(mask: MASK, truth: MASK):
    """Colour a mask by its errors: green where it is right, red false alarms, blue missed pixels.

    Shapes   mask and truth (H, W), anything but 0 is foreground  ->  (H, W, 3) uint8
    """
    mask, truth = mask.astype(bool), truth > 0
    sheet = draw.canvas(*mask.shape, BACKGROUND)
    for place, colour in ((mask & truth, draw.GREEN), (mask & ~truth, draw.RED),
                          (~mask & truth, draw.BLUE)):
        sheet[place] = colour
    return sheet
