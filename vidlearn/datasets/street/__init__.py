"""Street: people and cars before a camera on a pole, and the truth about every pixel.

    camera       where a point of the street appears in the picture
    layout       where the strips of the street lie
    animation    what people do, and how their limbs move
    cast         who is on the street
    crowd        what people and cars do where tracking is hard
    person, car  how they are painted
    scene        what stands still: facades, road, pavement
    furniture    what can hide people: parked cars, trees, lamps
    render       all of it, frame by frame, with boxes, masks, identities and actions
"""

from vidlearn.datasets.street.animation import ACTIONS, JOINTS, ROLES
from vidlearn.datasets.street.render import KINDS, Street, street

__all__ = ["ACTIONS", "JOINTS", "KINDS", "ROLES", "Street", "street"]
