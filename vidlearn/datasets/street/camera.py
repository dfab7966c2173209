"""The camera on its pole: where a point of the street falls in the picture, and how it is painted.

World axes, in metres: x to the right across the street, y along it, z up; the camera stands above
the near kerb. The canvas is SUB times finer than the picture and has a fourth channel, the number
of what is painted there. One call paints colour and truth, and the mean over SUB x SUB canvas
pixels smooths every edge.
"""

from dataclasses import dataclass

import cv2
import numpy as np

SUB = 3                                         # canvas pixels along a side of a picture's pixel
SHIFT = 4                                       # cv2's fixed point: 16 steps a canvas pixel
EYE = np.array([-2.2, 0, 3.6])                  # metres
YAW, PITCH = np.deg2rad(24), np.deg2rad(12)     # to the right, and down
RIGHT = np.array([np.cos(YAW), -np.sin(YAW), 0])
AHEAD = np.array([np.sin(YAW) * np.cos(PITCH), np.cos(YAW) * np.cos(PITCH), -np.sin(PITCH)])
DOWN = np.cross(AHEAD, RIGHT)
NEAR = 0.5                                      # what is closer is drawn as if it were here


def _along(vectors, axis):
    """How far vectors reach along an axis.  Not `@`: each machine's BLAS rounds in its own way."""
    x, y, z = np.moveaxis(vectors, -1, 0)
    return x * axis[0] + y * axis[1] + z * axis[2]


@dataclass(frozen=True)
class Camera:
    """A pinhole of `height` x `width` pixels with `margin` pixels around, room for the shake."""

    height: int
    width: int
    margin: int = 0

    @property
    def focal(self):
        return 1.5 * self.height

    @property
    def padded(self):
        return self.height + 2 * self.margin, self.width + 2 * self.margin

    def project(self, points):
        """World points (..., 3) -> pixels (..., 2), the picture's corner at 0, and depth."""
        away = points - EYE
        depth = np.maximum(_along(away, AHEAD), NEAR)
        flat = np.stack([_along(away, RIGHT), _along(away, DOWN)], -1)
        flat *= self.focal / depth[..., None]
        return flat + [self.width / 2, self.height / 2], depth

    def canvas(self, points, sub=SUB):
        """The same in cv2's fixed point on a canvas of `sub` pixels a pixel, margin included."""
        pixels, depth = self.project(points)
        fixed = ((pixels + self.margin) * sub - .5) * 2**SHIFT
        return np.round(np.clip(fixed, -2e5, 2e5)).astype(np.int32), depth

    def metre(self, depth, sub=SUB):
        """How many canvas pixels a metre is long at this depth."""
        return sub * self.focal / depth

    def rays(self):
        """The direction in which each canvas pixel looks: (rows, columns, 3)."""
        rows, columns = (np.arange(n * SUB) for n in self.padded)
        down, right = ((i + .5) / SUB - self.margin - half for i, half in
                       ((rows, self.height / 2), (columns, self.width / 2)))
        return (AHEAD * self.focal + right[:, None] * RIGHT + down[:, None, None] * DOWN)


def polygon(canvas, points, colour):
    """Fill a convex polygon of fixed-point corners."""
    cv2.fillConvexPoly(canvas, points, colour, cv2.LINE_8, SHIFT)


def limb(canvas, a, b, radius, colour):
    """A thick line with round ends; the radius is in canvas pixels."""
    cv2.line(canvas, a, b, colour, max(round(2 * radius), 1), cv2.LINE_8, SHIFT)


def disc(canvas, centre, radius, colour):
    """A filled circle; the radius is in canvas pixels."""
    cv2.circle(canvas, centre, round(radius * 2**SHIFT), colour, -1, cv2.LINE_8, SHIFT)
