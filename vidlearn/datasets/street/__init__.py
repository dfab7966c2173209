"""Street: people and cars before a camera on a pole, and the truth about every pixel.

    camera      where a point of the street falls in the picture
    walker      what people do, and how their limbs move
    body, car   how they are painted
    scene       what stands still: house fronts, road, pavement
    furniture   what can hide people: parked cars, trees, lamps
    clip        all of it, frame by frame, with boxes, masks, identities and actions
"""

from vidlearn.datasets.street.clip import KINDS, Street, street
from vidlearn.datasets.street.walker import ACTIONS, JOINTS, ROLES

__all__ = ["ACTIONS", "JOINTS", "KINDS", "ROLES", "Street", "street"]
