"""Paint cars: a few flat faces, of which the camera sees those that are turned towards it."""

import cv2
import numpy as np

from vidlearn.datasets.street.animation import ACTIONS
from vidlearn.datasets.street.camera import polygon
from vidlearn.datasets.street.layout import depth_strip, shadow_points

PAINTS = [(178, 34, 36), (32, 74, 140), (222, 222, 218), (60, 64, 70), (196, 160, 50),
          (40, 104, 84), (140, 150, 160)]
GLASS, TYRE, RIM = (52, 66, 80), (26, 26, 28), (150, 152, 156)
SIDES = {"left": [3, 2, 6, 7], "right": [1, 0, 4, 5], "front": [2, 1, 5, 6], "back": [0, 3, 7, 4],
         "top": [7, 6, 5, 4]}                   # corners of a block, clockwise from outside
SHADE = {"left": .80, "right": 1.0, "front": .88, "back": .88, "top": 1.12}


def block(back, front, wide, low, back2, front2, wide2, high):
    """Eight corners (ahead, left, up): a rectangle at the height `low`, another at `high`."""
    return np.array([[back, -wide, low], [front, -wide, low], [front, wide, low],
                     [back, wide, low], [back2, -wide2, high], [front2, -wide2, high],
                     [front2, wide2, high], [back2, wide2, high]])


BODY = block(-2.1, 2.1, .86, .27, -2.05, 2.0, .80, .88)
CABIN = block(-1.85, 1.05, .79, .88, -1.45, .35, .62, 1.45)


def inset(corners, along, low, high):
    """A smaller quadrilateral inside a face, given by fractions of its width and height."""
    a, b, c, d = corners
    left, right = along
    return np.array([(1 - h) * ((1 - w) * a + w * b) + h * ((1 - w) * d + w * c)
                     for w, h in ((left, low), (right, low), (right, high), (left, high))])


def faces(paint):
    """Corners and colour of each face, in the order of painting."""
    paint = np.array(paint)
    yield from ((BODY[SIDES[s]], paint * SHADE[s]) for s in SIDES)
    turn = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    for radius, colour in (.33, TYRE), (.17, RIM):
        for middle in -1.3, 1.3:
            for side, way in (.85, 1), (-.85, -1):
                yield np.stack([middle + way * radius * np.cos(turn), 0 * turn + side,
                                .33 - radius * np.sin(turn)], 1)[::-1], np.array(colour)
    for side, colour in ("front", (250, 244, 214)), ("back", (170, 20, 24)):
        for along in (.06, .26), (.74, .94):
            yield inset(BODY[SIDES[side]], along, .55, .85), np.array(colour)
        yield inset(BODY[SIDES[side]], (.33, .67), .12, .34), np.array((212, 212, 200))
    yield from ((CABIN[SIDES[s]], paint * SHADE[s]) for s in SIDES)
    for side in "left", "right":
        for along in (.10, .48), (.53, .90):
            yield inset(CABIN[SIDES[side]], along, .12, .88), np.array(GLASS)
    for side in "front", "back":
        yield inset(CABIN[SIDES[side]], (.06, .94), .08, .92), np.array(GLASS) * 1.15


class Car:
    """One car driving along the lane: path (T, 2) in metres, direction -1 towards the camera."""

    kind, joints = "car", None

    def __init__(self, number, paint, path, way, camera):
        self.number, frames = number, len(path)
        self.actions = np.full(frames, ACTIONS.index("drive"))
        self.order = 1000 * depth_strip(path[:, 0]) + path[:, 1]
        parts, colours = zip(*faces(paint), strict=True)
        ends = np.cumsum([0] + [len(part) for part in parts])
        self.parts = [slice(a, b) for a, b in zip(ends[:-1], ends[1:], strict=True)]
        self.colours = [(*np.minimum(c, 255).tolist(), number) for c in colours]
        ahead, left, up = np.concatenate(parts).T
        world = np.stack([path[:, :1] - way * left, path[:, 1:] + way * ahead,
                          np.broadcast_to(up, (frames, len(up)))], -1)
        self.points, depth = camera.to_canvas(world)
        self.shown = np.stack([area(self.points[:, part]) > 0 for part in self.parts], 1)
        self.in_view = ((depth.min(1) > 1.5) & (path[:, 1] < 75)).tolist()
        self.shadow, _ = camera.to_canvas(np.stack(
            [shadow_points(world[:, self.parts[i]]) for i in (2, 3)], 1).reshape(frames, 8, 3), 1)

    def paint(self, canvas, t):
        """Paint the faces that are turned towards the camera."""
        for part, colour, shown in zip(self.parts, self.colours, self.shown[t], strict=True):
            if shown:
                polygon(canvas, self.points[t, part], colour)

    def paint_shadow(self, layer, t):
        """Paint the shadow on the ground."""
        polygon(layer, cv2.convexHull(self.shadow[t]), 255)


def area(corners):
    """Twice the signed area of polygons (..., K, 2): positive if seen from outside."""
    x, y = np.moveaxis(corners.astype(float), -1, 0)
    return (x * np.roll(y, -1, -1) - y * np.roll(x, -1, -1)).sum(-1)
