"""The camera on its pole: where a point of the street appears in the picture, and how to paint it.

World axes, in metres: x to the right across the street, y along it, z up; the camera stands above
the near kerb. The canvas has SUB x SUB pixels for each pixel of the picture, and a fourth channel
with the number of the actor painted there. One call paints both colour and truth, and the mean over
SUB x SUB canvas pixels smooths every edge.
"""

from dataclasses import dataclass

import cv2
import numpy as np

SUB = 3                                         # canvas pixels along the side of a picture's pixel
SHIFT = 4                                       # cv2's fixed point: 16 steps per canvas pixel
CAMERA_POSITION = np.array([-2.2, 0, 3.6])      # metres
YAW, PITCH = np.deg2rad(24), np.deg2rad(12)     # to the right, and down
RIGHT = np.array([np.cos(YAW), -np.sin(YAW), 0])
AHEAD = np.array([np.sin(YAW) * np.cos(PITCH), np.cos(YAW) * np.cos(PITCH), -np.sin(PITCH)])
DOWN = np.cross(AHEAD, RIGHT)
NEAREST = 0.5                                   # points closer than this are moved here


def _along(vectors, axis):
    """The component of vectors along an axis. Not `@`: each machine's BLAS rounds differently."""
    x, y, z = np.moveaxis(vectors, -1, 0)
    return x * axis[0] + y * axis[1] + z * axis[2]


@dataclass(frozen=True)
class Camera:
    """A pinhole camera of `height` x `width` pixels, with a margin of pixels for the shake."""

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
        """World points (..., 3) -> pixels (..., 2), with 0 at the picture's corner, and depth."""
        away = points - CAMERA_POSITION
        depth = np.maximum(_along(away, AHEAD), NEAREST)
        flat = np.stack([_along(away, RIGHT), _along(away, DOWN)], -1)
        flat *= self.focal / depth[..., None]
        return flat + [self.width / 2, self.height / 2], depth

    def to_canvas(self, points, sub=SUB):
        """The same in cv2's fixed point, on a canvas with `sub` pixels per pixel and the margin."""
        pixels, depth = self.project(points)
        fixed = ((pixels + self.margin) * sub - .5) * 2**SHIFT
        return np.round(np.clip(fixed, -2e5, 2e5)).astype(np.int32), depth

    def pixels_per_metre(self, depth, sub=SUB):
        """The length of a metre at this depth, in canvas pixels."""
        return sub * self.focal / depth

    def rays(self):
        """The direction of the ray through each canvas pixel: (rows, columns, 3)."""
        rows, columns = (np.arange(n * SUB) for n in self.padded)
        down, right = ((i + .5) / SUB - self.margin - half for i, half in
                       ((rows, self.height / 2), (columns, self.width / 2)))
        return (AHEAD * self.focal + right[:, None] * RIGHT + down[:, None, None] * DOWN)


def polygon(canvas, points, colour):
    """Fill a convex polygon of fixed-point corners."""
    cv2.fillConvexPoly(canvas, points, colour, cv2.LINE_8, SHIFT)


def thick_line(canvas, a, b, radius, colour):
    """A thick line with round ends; the radius is in canvas pixels."""
    cv2.line(canvas, a, b, colour, max(round(2 * radius), 1), cv2.LINE_8, SHIFT)


def disc(canvas, centre, radius, colour):
    """A filled circle; the radius is in canvas pixels."""
    cv2.circle(canvas, centre, round(radius * 2**SHIFT), colour, -1, cv2.LINE_8, SHIFT)
