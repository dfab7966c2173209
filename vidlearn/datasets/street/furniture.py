"""What stands on the street and can hide people: parked cars, trees, lamps, benches, a pole."""

from dataclasses import dataclass

import cv2
import numpy as np

from vidlearn.datasets.street.animation import ACTIONS
from vidlearn.datasets.street.camera import RIGHT, SUB, disc, polygon, thick_line
from vidlearn.datasets.street.car import PAINTS, Car
from vidlearn.datasets.street.layout import depth_strip

OCCLUSIONS = (None, "pole", "tree", "column")
PARKING = depth_strip(1.8)
LAMP = (3.15, 12.6, 4.4)                        # metres: the head of the street lamp
LAMP_ORDER = 2000 + LAMP[1]
COLUMN = (3.05, 9.2)                            # metres: an advertising column at the kerb
GREENS = [(44, 74, 36), (62, 98, 46), (88, 128, 60), (118, 156, 78)]


@dataclass
class Prop:
    """A painted object of the scene that can hide what is behind it."""

    order: float
    place: tuple                                # slices of the canvas
    pixels: np.ndarray                          # (h, w, 4)
    mask: np.ndarray                            # (h, w), 255 where it is
    parked: bool = False

    def paint(self, canvas):
        """Paint it over the canvas."""
        cv2.copyTo(self.pixels, self.mask, canvas[self.place])


class ParkedCar:
    """A parked car as an actor, made of its prop: it has a number, and stands in every frame."""

    kind, joints = "car", None

    def __init__(self, number, prop, frames):
        self.number, self.prop = number, prop
        prop.pixels[..., 3] = number
        self.order, self.in_view = np.full(frames, prop.order), [True] * frames
        self.actions = np.full(frames, ACTIONS.index("stand"))

    def paint(self, canvas, t):
        """Paint it as it is in every frame."""
        self.prop.paint(canvas)

    def paint_shadow(self, layer, t):
        """Its shadow is part of the background: there is none."""


def props(rng, camera, benches, occlusion):
    """All objects, the farthest first."""
    things = [(1000 * PARKING + y, _parked(rng, camera, y))
              for y in (13.2, 18.8, 25.5, 31.5, 44) if rng.random() < .85]
    things += [(1000 * 2 + y, _tree(rng, camera, 3.1, y)) for y in (17.2, 24, 33, 45, 58)]
    things.append((LAMP_ORDER, _lamp(camera)))
    things += [(1000 * 3 + y + .3, _bench(camera, x + .1, y)) for x, y in benches]
    things += [(1000 * 3 + y, _bin(camera, 3.5, y)) for y in (12.1,)]
    if occlusion == "column":
        things.append((2000 + COLUMN[1], _column(camera)))
    elif occlusion:
        things.append((-1, _pole(camera) if occlusion == "pole" else _front_tree(rng, camera)))
    painted = [_prop(order, draw, camera) for order, draw in things]
    return sorted((p for p in painted if p), key=lambda prop: -prop.order)


def _prop(order, draw, camera):
    """Paint one object on an empty canvas and cut it out."""
    height, width = (n * SUB for n in camera.padded)
    canvas = np.zeros((height, width, 4), np.uint8)
    draw(canvas)
    rows, columns = (np.flatnonzero(canvas[..., 3].any(axis)) for axis in (1, 0))
    if not len(rows):
        return None
    place = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    mask = np.where(canvas[place][..., 3] > 0, 255, 0).astype(np.uint8)
    pixels = np.ascontiguousarray(canvas[place])
    pixels[..., 3] = 0                          # of no actor
    return Prop(order, place, pixels, mask, order // 1000 == PARKING)


def _parked(rng, camera, y):
    place = np.array([[1.8 + rng.uniform(-.1, .1), y + rng.uniform(-.4, .4)]])
    car = Car(255, PAINTS[rng.integers(len(PAINTS))], place, rng.choice([-1, 1]), camera)

    def draw(canvas):
        car.paint(canvas, 0)
    return draw


def _rods(camera, rods):
    """An object made of straight rods: (end, end, radius in metres, colour)."""
    def draw(canvas):
        for a, b, radius, colour in rods:
            ends, depth = camera.to_canvas(np.array([a, b], float))
            pixels = radius * camera.pixels_per_metre(depth.mean())
            thick_line(canvas, *ends.tolist(), pixels, (*colour, 255))
    return draw


def _lamp(camera):
    x, y, z = LAMP
    iron = (58, 62, 62)
    return _rods(camera, [((x, y, 0), (x, y, .9), .09, iron), ((x, y, .9), (x, y, z), .05, iron),
                          ((x, y, z), (x - .8, y, z + .15), .04, iron),
                          ((x - .7, y, z + .1), (x - 1.1, y, z + .1), .09, (200, 200, 190))])


def _bench(camera, x, y):
    wood, dark, iron = (150, 100, 58), (118, 76, 44), (48, 50, 52)
    legs = [((x + d, y + e, 0), (x + d, y + e, .42), .03, iron)
            for d in (-.2, .25) for e in (-.75, .75)]
    return _rods(camera, legs + [((x + d, y - .9, .44), (x + d, y + .9, .44), .06, c)
                                 for d, c in ((.22, dark), (.05, wood), (-.15, wood))]
                 + [((x + .3, y - .9, z), (x + .3, y + .9, z), .05, c)
                    for z, c in ((.62, dark), (.80, wood))])


def _bin(camera, x, y):
    return _rods(camera, [((x, y, .25), (x, y, .75), .22, (40, 92, 70)),
                          ((x, y, .85), (x, y, .88), .2, (28, 60, 48))])


def _pole(camera):
    """A traffic sign's pole right in front of the camera."""
    x, y = -.55, 4.6
    return _rods(camera, [((x, y, 0), (x, y, 6), .13, (92, 96, 98)),
                          ((x - .06, y, 0), (x - .06, y, 6), .03, (150, 154, 156))])


def _column(camera):
    """An advertising column at the kerb, behind which a person vanishes for a second or two."""
    x, y = COLUMN
    rings = [(.0, .22, .46, (96, 98, 92)), (.22, 2.0, .40, (226, 218, 196)),
             (2.0, 2.35, .48, (62, 84, 70)), (2.35, 2.5, .3, (48, 66, 56))]
    posters = [(-.2, .5, 1.3, (196, 66, 52)), (.12, .9, 1.8, (54, 98, 150))]

    def draw(canvas):
        for low, high, radius, colour in rings:
            _upright(camera, canvas, (x, y), low, high, radius, colour)
        for aside, low, high, colour in posters:
            _upright(camera, canvas, (x + aside, y - .5), low, high, .15, colour)
    return draw


def _upright(camera, canvas, place, low, high, radius, colour):
    """Paint a cylinder that stands upright, seen from the side: a flat rectangle."""
    side = radius * RIGHT[:2]
    corners = np.array([[*(place + way * side), z] for way, z in (
        (-1, low), (1, low), (1, high), (-1, high))])
    polygon(canvas, camera.to_canvas(corners)[0], (*colour, 255))


def _tree(rng, camera, x, y):
    return _trunk_and_crown(rng, camera, (x, y, 0), (x, y, 2.6), .13, (x, y, 3.9),
                            (1.35, 1.35, 1.25), 150)


def _front_tree(rng, camera):
    """A trunk near the camera, with a crown that hangs into the picture."""
    return _trunk_and_crown(rng, camera, (-.2, 5.2, 0), (-.35, 5.2, 4.2), .23, (-.35, 5.2, 4.3),
                            (1.7, 1.1, .72), 420)


def _trunk_and_crown(rng, camera, foot, fork, radius, crown, spread, leaves):
    """A trunk, and a crown of round leaf clusters: dark below, bright in the sun."""
    bark = _rods(camera, [(foot, fork, radius, (86, 66, 48)), (
        np.subtract(foot, (radius * .35, 0, 0)), np.subtract(fork, (radius * .35, 0, 0)),
        radius * .4, (112, 90, 66))])
    ball = rng.normal(0, 1, (leaves, 3))
    ball *= (rng.random((leaves, 1)) ** .4) / np.linalg.norm(ball, axis=1, keepdims=True)
    points, depth = camera.to_canvas(np.array(crown) + ball * spread)
    light = (ball * [-.3, -.45, .75]).sum(1) + rng.normal(0, .22, leaves)
    tone = np.clip(np.searchsorted([-.35, .1, .5], light), 0, 3)
    wide = camera.pixels_per_metre(depth) * spread[0] * rng.uniform(1.5, 2.9, leaves) / leaves**.5

    def draw(canvas):
        bark(canvas)
        for i in np.argsort(light):
            disc(canvas, points[i].tolist(), wide[i], (*GREENS[tone[i]], 255))
    return draw


def lamp_light(camera):
    """The light of the street lamp at dusk on the canvas: (h, w) in 0..1, around head and foot."""
    height, width = (n * SUB for n in camera.padded)
    x, y, z = LAMP
    (head, foot), depth = camera.to_canvas(np.array([(x - .9, y, z), (x - .9, y, 0)], float))
    rows, columns = np.arange(height)[:, None] * 16., np.arange(width) * 16.
    unit = camera.pixels_per_metre(depth) * 16  # in fixed point

    def gaussian(centre, wide, tall):
        return np.exp(-((columns - centre[0]) / wide)**2 - ((rows - centre[1]) / tall)**2)
    halo = gaussian(head, .7 * unit[0], .7 * unit[0])
    halo = halo + .35 * gaussian(head, 2 * unit[0], 2 * unit[0])
    return halo, gaussian(foot, 5 * unit[1], 1.7 * unit[1])
