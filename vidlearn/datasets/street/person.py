"""Paint people: limbs are thick lines, heads and hands discs."""

import numpy as np

from vidlearn.datasets.street.animation import LEFT, RIGHT, skeleton
from vidlearn.datasets.street.camera import CAMERA_POSITION, disc, polygon, thick_line
from vidlearn.datasets.street.layout import depth_strip, shadow_points

SKIN = [(236, 188, 160), (205, 150, 115), (150, 100, 72), (105, 68, 50)]
HAIR = [(40, 30, 26), (92, 60, 34), (190, 150, 90), (120, 116, 112), (20, 18, 20)]
TOPS = [(206, 48, 44), (38, 92, 180), (240, 200, 60), (240, 238, 232), (30, 140, 90),
        (224, 116, 40), (130, 62, 140), (60, 180, 200)]
TROUSERS = [(38, 44, 76), (58, 56, 58), (98, 80, 58), (30, 30, 34), (74, 100, 146)]


class Person:
    """One person: the joints in world axes (T, J, 3), and how to paint them."""

    kind = "person"

    def __init__(self, number, rng, plan, top, camera):
        self.number, self.actions = number, plan.actions
        self.joints = skeleton(plan, rng.uniform(1.62, 1.88))
        self.order = 1000 * depth_strip(plan.path[:, 0]) + plan.path[:, 1]
        ahead = np.stack([np.cos(plan.heading), np.sin(plan.heading), 0 * plan.heading], 1)
        head, neck = self.joints[:, 0], self.joints[:, 1]
        hair = head + .25 * (head - neck) - .05 * ahead
        face = head + .03 * ahead - .15 * (head - neck)
        points, depth = camera.to_canvas(np.concatenate(
            [self.joints, hair[:, None], face[:, None]], 1))
        shadow, _ = camera.to_canvas(shadow_points(self.joints), 1)
        self.points, self.shadow = points.tolist(), shadow.tolist()
        self.metre = camera.pixels_per_metre(depth[:, 2]).tolist()      # in canvas pixels
        self.pixels = camera.pixels_per_metre(depth[:, 2], 1).tolist()
        away = np.linalg.norm(self.joints[:, [LEFT, RIGHT]] - CAMERA_POSITION, axis=-1)
        self.left_near = (away[:, 0] < away[:, 1]).tolist()
        self.faces = ((ahead * (CAMERA_POSITION - head)).sum(1) > 0).tolist()
        self.in_view = (depth[:, 2] > 2).tolist()
        self.top = np.array(top)
        self.trousers, self.skin, self.hair = (rng.permutation(c)[0] for c in (
            TROUSERS, SKIN, HAIR))
        self.shoes, self.long_sleeves = rng.choice([30, 60, 200], 1).repeat(3), rng.random() < .6

    def paint(self, canvas, t):
        """Paint the far arm and leg first and the near ones last."""
        at, near = self.points[t], LEFT if self.left_near[t] else RIGHT
        far = LEFT + RIGHT - near
        self._arm(canvas, t, far, .72)
        self._leg(canvas, t, far, .78)
        self._leg(canvas, t, near, 1)
        corners = [at[i] for i in (LEFT, RIGHT, RIGHT + 3, LEFT + 3)]
        colour = self._lit(self.top, .94)
        polygon(canvas, np.array(corners, np.int32), colour)
        self._line(canvas, t, 1, 2, .125, colour)
        self._line(canvas, t, LEFT, RIGHT, .065, colour)
        self._line(canvas, t, LEFT + 3, RIGHT + 3, .09, self._lit(self.trousers, .95))
        self._line(canvas, t, 1, 0, .055, self._lit(self.skin, .8))
        for part in ("hair", "face") if self.faces[t] else ("face", "hair"):
            spot, colour = (-2, self.hair) if part == "hair" else (-1, self.skin)
            disc(canvas, at[spot], self.metre[t] * (.125 if part == "hair" else .105),
                 self._lit(colour, 1))
        self._arm(canvas, t, near, 1.06)

    def paint_shadow(self, layer, t):
        """Paint the shadows of the limbs on the ground."""
        at, metre = self.shadow[t], self.pixels[t]
        for a, b, radius in [(0, 2, .15), (LEFT, RIGHT, .08)] + [
                (side + i, side + i + 1, .07) for side in (LEFT, RIGHT) for i in (0, 1, 3, 4)]:
            thick_line(layer, at[a], at[b], radius * metre, 255)

    def _arm(self, canvas, t, side, light):
        sleeve = self._lit(self.top, light)
        skin = self._lit(self.skin, light)
        self._line(canvas, t, side, side + 1, .055, sleeve)
        self._line(canvas, t, side + 1, side + 2, .046, sleeve if self.long_sleeves else skin)
        disc(canvas, self.points[t][side + 2], .055 * self.metre[t], skin)

    def _leg(self, canvas, t, side, light):
        colour = self._lit(self.trousers, light)
        self._line(canvas, t, side + 3, side + 4, .085, colour)
        self._line(canvas, t, side + 4, side + 5, .065, colour)
        self._line(canvas, t, side + 5, side + 6, .05, self._lit(self.shoes, light))

    def _line(self, canvas, t, a, b, radius, colour):
        thick_line(canvas, self.points[t][a], self.points[t][b], radius * self.metre[t], colour)

    def _lit(self, colour, light):
        return (*(min(c * light, 255) for c in colour.tolist()), self.number)
