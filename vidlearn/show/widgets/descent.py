"""The paths of four optimizers down the same valley."""

from functools import lru_cache

import cv2
import numpy as np

from vidlearn import scratch
from vidlearn.scratch import optim
from vidlearn.show import draw

START = -2.0, 0.9                    # where all paths start, in the straight valley
CURVATURES = 1.0, 20.0               # along the floor of the valley and across it
TURNS = {"straight": 0, "turned": 30}                # degrees
LEFT, RIGHT, BOTTOM, TOP = -2.6, 1.6, -1.8, 1.3      # the borders of the picture
UNIT = 160                           # pixels of a length of 1
LOWEST = 0.02                        # the loss below which no more bands are drawn
SUBPIXELS = 4                        # bits: cv2 draws to a sixteenth of a pixel
METHODS = {                          # name: (momentum -> class and options), colour
    "plain": (lambda momentum: (optim.SGD, {}), draw.BLUE),
    "momentum": (lambda momentum: (optim.SGD, {"momentum": momentum}), draw.RED),
    "Nesterov": (lambda momentum: (optim.SGD, {"momentum": momentum,
                                               "nesterov": momentum > 0}), draw.GREEN),
    "Adam": (lambda momentum: (optim.Adam, {"betas": (momentum, 0.999)}), draw.PURPLE),
}


def optimizer_paths():
    """Make the `draw` of a widget: four optimizers race down the same valley.

    The loss is half of x² + 20 y², in a valley that is straight or rotated. The momentum is also
    the first beta of Adam.

    Units    `step` is the number of steps drawn
    """
    def race(valley="straight", lr=0.03, momentum=0.8, step=30):
        bowl, start = landscape(valley)
        sheet = _ground(valley).copy()
        for x, y in (start, (0, 0)):
            cv2.circle(sheet, _pixel((x, y)), 6, draw.INK, 2, cv2.LINE_AA)
        losses = {}
        for name, (made, colour) in METHODS.items():
            path = walk(bowl, start, *made(momentum), lr, step)
            _line(sheet, path, colour)
            losses[name] = float(path[-1] @ bowl @ path[-1] / 2)
        legend = [f"{name} {_loss_in_words(value)}" for name, value in losses.items()]
        return draw.below(_legend(legend, sheet.shape[1]), sheet), \
            f"after {step} steps the loss is: " + ", ".join(legend)
    return race


def landscape(valley):
    """The curvature (2, 2) of a valley and the start of the paths (2,)."""
    angle = np.radians(TURNS[valley])
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return turn @ np.diag(CURVATURES) @ turn.T, turn @ START


def walk(bowl, start, kind, options, lr, steps):
    """The path of one optimizer, with its start: (steps + 1, 2); divergence stops at 1e6."""
    place = scratch.tensor(np.array(start, float)).requires_grad_()
    optimizer = kind([place], lr=lr, **options)
    path = [place.data.copy()]
    for _ in range(steps):
        place.grad = scratch.tensor(bowl @ place.data)
        optimizer.step()
        place.data[...] = place.data.clip(-1e6, 1e6)
        path.append(place.data.copy())
    return np.array(path)


@lru_cache
def _ground(valley):
    """The loss in pale bands with lines between them, each at twice the loss of the last."""
    x = np.arange(LEFT, RIGHT, 1 / UNIT)
    y = np.arange(TOP, BOTTOM, -1 / UNIT)
    places = np.stack(np.meshgrid(x, y), axis=2)                     # (H, W, 2)
    bowl, _ = landscape(valley)
    height = np.log2(np.einsum("hwi,ij,hwj->hw", places, bowl, places) / 2 + LOWEST)
    band = np.floor(height)
    edge = (np.diff(band, axis=0, append=band[-1:]) != 0) | (
        np.diff(band, axis=1, append=band[:, -1:]) != 0)
    sheet = draw.heat(band, 1, low=-14, high=6) // 2 + 127
    sheet[edge] = draw.FAINT
    return sheet


def _line(sheet, path, colour):
    points = [_pixel(place, SUBPIXELS) for place in path]
    cv2.polylines(sheet, [np.array(points, np.int32)], False, colour, 2, cv2.LINE_AA, SUBPIXELS)
    for point in points:
        cv2.circle(sheet, point, 3 << SUBPIXELS, colour, -1, cv2.LINE_AA, SUBPIXELS)


def _pixel(place, bits=0):
    """A place on the sheet in pixels times 2^bits, clipped far outside it."""
    x, y = np.clip(place, -20, 20)
    return round((x - LEFT) * UNIT * 2 ** bits), round((TOP - y) * UNIT * 2 ** bits)


def _legend(entries, width):
    sheet = draw.canvas(26, width)
    for k, (words, (_, colour)) in enumerate(zip(entries, METHODS.values(), strict=True)):
        x = 10 + k * (width - 10) // len(entries)
        cv2.circle(sheet, (x, 13), 6, colour, -1, cv2.LINE_AA)
        draw.text(sheet, words, x + 12, 13)
    return sheet


def _loss_in_words(loss):
    return f"{loss:.4f}" if loss < 1000 else "fled"
