"""The layout of the street, in world axes and metres: its strips, and where shadows fall."""

import numpy as np

LEFT_KERB, RIGHT_KERB, FACADES = -2.7, 2.9, 6.9  # across the street
SUN = np.array([-.55, -.35])                    # offset of a shadow per metre of height


def depth_strip(x):
    """Strips of the street, the nearest first: lane 0, parking 1, kerb 2, pavement 3."""
    return np.searchsorted([.8, 2.8, 3.3], x)


def shadow_points(points):
    """Where the shadows of points lie on the ground."""
    ground = np.zeros_like(points)
    ground[..., :2] = points[..., :2] + points[..., 2:] * SUN
    return ground
