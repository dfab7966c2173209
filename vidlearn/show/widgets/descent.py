"""Paths of optimizers down a valley, side by side: drawn for lesson 05."""

from functools import lru_cache

import cv2
import numpy as np

from vidlearn import scratch
from vidlearn.scratch import optim
from vidlearn.show import draw

START = -2.0, 0.9                    # where all of them begin, in the straight valley
BENDS = 1.0, 20.0                    # how curved it is along the floor and across
TURNS = {"straight": 0, "turned": 30}                # degrees
LEFT, RIGHT, BOTTOM, TOP = -2.6, 1.6, -1.8, 1.3      # what the picture shows
UNIT = 160                           # pixels
LOWEST = 0.02                        # of the loss: below it there are no more bands
SUBPIXELS = 4                        # bits: cv2 draws at sixteenths of a pixel
METHODS = {                          # name: (class, its options for a momentum), colour
    "plain": (lambda momentum: (optim.SGD, {}), draw.BLUE),
    "momentum": (lambda momentum: (optim.SGD, {"momentum": momentum}), draw.RED),
    "Nesterov": (lambda momentum: (optim.SGD, {"momentum": momentum,
                                               "nesterov": momentum > 0}), draw.GREEN),
    "Adam": (lambda momentum: (optim.Adam, {"betas": (momentum, 0.999)}), draw.PURPLE),
}


def descending():
    """Make the `draw` of a widget in which four methods race down the same valley.

    The loss is half of x² + 20 y², in a valley that is straight, or turned on the page. Momentum is
    also Adam's first beta.

    Units    `step` counts the steps that are drawn
    """
    def race(valley="straight", lr=0.03, momentum=0.8, step=30):
        bowl, start = landscape(valley)
        sheet = _ground(valley).copy()
        for x, y in (start, (0, 0)):
            cv2.circle(sheet, _pixel((x, y)), 6, draw.INK, 2, cv2.LINE_AA)
        losses = {}
        for name, (made, colour) in METHODS.items():
            way = walk(bowl, start, *made(momentum), lr, step)
            _line(sheet, way, colour)
            losses[name] = float(way[-1] @ bowl @ way[-1] / 2)
        legend = [f"{name} {_told(value)}" for name, value in losses.items()]
        return draw.below(_legend(legend, sheet.shape[1]), sheet), \
            f"after {step} steps the loss is: " + ", ".join(legend)
    return race


def landscape(valley):
    """The curvature (2, 2) of a valley and where the walk starts (2,)."""
    angle = np.radians(TURNS[valley])
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return turn @ np.diag(BENDS) @ turn.T, turn @ START


def walk(bowl, start, kind, options, lr, steps):
    """All places of one method, the start first: (steps + 1, 2). One that flees stops far out."""
    place = scratch.tensor(np.array(start, float)).requires_grad_()
    optimizer = kind([place], lr=lr, **options)
    way = [place.data.copy()]
    for _ in range(steps):
        place.grad = scratch.tensor(bowl @ place.data)
        optimizer.step()
        place.data[...] = place.data.clip(-1e6, 1e6)
        way.append(place.data.copy())
    return np.array(way)


@lru_cache
def _ground(valley):
    """The loss in pale bands with a line between them; each is twice as high as the last."""
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


def _line(sheet, way, colour):
    points = [_pixel(place, SUBPIXELS) for place in way]
    cv2.polylines(sheet, [np.array(points, np.int32)], False, colour, 2, cv2.LINE_AA, SUBPIXELS)
    for point in points:
        cv2.circle(sheet, point, 3 << SUBPIXELS, colour, -1, cv2.LINE_AA, SUBPIXELS)


def _pixel(place, bits=0):
    """Where a place lies on the sheet, in pixels times 2^bits; far out is cut off."""
    x, y = np.clip(place, -20, 20)
    return round((x - LEFT) * UNIT * 2 ** bits), round((TOP - y) * UNIT * 2 ** bits)


def _legend(words, width):
    sheet = draw.canvas(26, width)
    for k, (told, (_, colour)) in enumerate(zip(words, METHODS.values(), strict=True)):
        x = 10 + k * (width - 10) // len(words)
        cv2.circle(sheet, (x, 13), 6, colour, -1, cv2.LINE_AA)
        draw.text(sheet, told, x + 12, 13)
    return sheet


def _told(loss):
    return f"{loss:.4f}" if loss < 1000 else "fled"
