"""People: where they go, what they do, and how their limbs move.

A body is a few angles per frame. Each action is a pose or a swing of these angles; actions are
blended with weights that rise and fall smoothly, and the lowest point of the body is put on the
ground.
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from vidlearn.datasets.street.camera import CAMERA_POSITION

FPS = 25
ACTIONS = ("stand", "walk", "run", "wave", "fall", "sit", "drive")
ROLES = ("walk", "wave", "run", "fall", "sit", "cross")          # person k takes role k modulo 6
JOINTS = ("head", "neck", "pelvis", *(f"{side} {name}" for side in ("left", "right") for name in (
    "shoulder", "elbow", "hand", "hip", "knee", "ankle", "toe")))
LEFT, RIGHT = 3, 10                             # the first joint of each side
SUPPORTING = [i for i, name in enumerate(JOINTS) if name.split()[-1] not in ("elbow", "hand")]
ANGLES = ("lean", "tilt", "nod", *(f"{side}_{name}" for side in "lr" for name in (
    "hip", "knee", "shoulder", "elbow", "raise", "fan")))
POSES = {                                       # radians, added to standing
    "stand": {"l_shoulder": .05, "r_shoulder": -.05, "l_elbow": .15, "r_elbow": .15,
              "l_raise": .1, "r_raise": .1},
    "wave": {"r_raise": 2.3, "r_elbow": .1, "l_raise": .05},
    "fall": {"tilt": 1.5, "l_hip": .12, "r_hip": .02, "l_knee": .5, "r_knee": .05,
             "l_shoulder": 2.9, "r_shoulder": .1, "l_elbow": .2, "r_elbow": .1,
             "l_raise": .5, "r_raise": .9, "r_fan": -.5},
    "sit": {"l_hip": 1.45, "r_hip": 1.5, "l_knee": 1.4, "r_knee": 1.55, "lean": -.08,
            "l_shoulder": .45, "r_shoulder": .4, "l_elbow": .75, "r_elbow": .8},
}


@dataclass
class Plan:
    """What a person does: ground path (T, 2) in metres, heading, gait phase and amount, weights."""

    path: np.ndarray
    heading: np.ndarray
    phase: np.ndarray
    amount: np.ndarray
    weights: dict
    actions: np.ndarray                         # (T,) numbers in ACTIONS
    running: bool


def smooth(steps, seconds=.5):
    """Smooth a step function with a Hann window of this width: (T, ...) -> (T, ...)."""
    half = max(int(seconds * FPS / 2), 1)
    kernel = np.hanning(2 * half + 3)[1:-1]
    padded = np.pad(np.asarray(steps, float), (half, half), mode="edge")
    return (sliding_window_view(padded, len(kernel)) * kernel).sum(-1) / kernel.sum()


def plan(rng, role, frames, busy):
    """Draw what a person does; `busy` (T,) says when a car is at the crossing."""
    run, cross = role == "run", role == "cross"
    pace = rng.uniform(2.7, 3.3) if run else rng.uniform(1.1, 1.45)
    start, stop, hold = _times(rng, role, frames, busy, pace)
    t = np.arange(frames)
    event = (t >= start) & (t < stop)
    still = (t >= start - hold) & (t < stop + hold)
    if cross:                                   # and stays on the other side, out of view
        still |= t >= stop + 8.5 / pace * FPS
    speed = pace * (1 - smooth(still))
    travelled = np.cumsum(speed) / FPS
    path, heading = _cross(rng, travelled) if cross else _along(
        rng, role, travelled, travelled[still].mean() if still.any() else 0)
    towards = np.arctan2(CAMERA_POSITION[1] - path[:, 1], CAMERA_POSITION[0] - path[:, 0])
    face = {"wave": towards, "sit": np.full(frames, np.pi)}.get(role)
    if face is not None:
        turn = np.angle(np.exp(1j * (face - heading)))
        heading = heading + smooth(still, .7) * turn
    number = ACTIONS.index("run" if run else "walk")
    actions = np.where(still, 0, number)
    weights = {}
    if role in POSES:
        weights[role] = smooth(event, 1. if role == "sit" else .7)
        actions = np.where(event, ACTIONS.index(role), actions)
    return Plan(path, heading, 2 * np.pi * (travelled / (2.3 if run else 1.35) + rng.uniform()),
                speed / pace, weights, actions, run)


def _times(rng, role, frames, busy, pace):
    """Start and end of the event, and how long a person stands still around it, in frames."""
    if role == "wave":
        return int(frames * rng.uniform(.2, .3)), int(frames * rng.uniform(.65, .75)), frames // 16
    if role == "fall":
        return int(frames * rng.uniform(.35, .5)), frames, 0
    if role == "sit":
        return int(frames * rng.uniform(.2, .3)), int(frames * rng.uniform(.75, .85)), 0
    if role == "cross":                         # waits at the kerb until no car comes
        enter, leave = int(2 / pace * FPS), int(5.5 / pace * FPS)
        clear = [t for t in range(10, frames) if not busy[t + enter:t + leave].any()]
        return 0, clear[0] if clear else frames, 0
    return frames, frames, 0


def _along(rng, role, travelled, pause):
    """Walk up or down the pavement; people stop at a place that the camera sees well."""
    across, place = {"wave": (3.8, 10.6), "fall": (4.3, 7.7), "sit": (5.9, 9.7),
                     "run": (3.5, 8.0), "walk": (5.0, 9.5)}[role]
    way = rng.choice([-1, 1])
    low, high = 5.2, 26.
    place = place + rng.uniform(-.7, .9)
    if role in ("walk", "run"):                 # as much of the path as possible in view
        pause, place = 0, (low + 1 if way > 0 else low + min(travelled[-1], high - low - 2) + 1)
    along = place + way * (travelled - pause)
    folded = np.abs((along - low) % (2 * (high - low)) - (high - low))      # turn at both ends
    folded = high - folded
    ahead = np.where((along - low) % (2 * (high - low)) < high - low, way, -way)
    heading = np.pi / 2 * smooth(ahead, 1.)
    across = across + rng.uniform(-.15, .15) + .08 * np.sin(travelled / 3)
    return np.stack([across, folded], 1), heading


def _cross(rng, travelled):
    """Walk from the pavement across the road and out of the picture."""
    place = rng.uniform(7.5, 8.5) + .1 * np.sin(travelled)
    return np.stack([3.3 - travelled, place], 1), np.full(len(travelled), np.pi)


def angles(plan):
    """Each angle of ANGLES in each frame, in radians: {name: (T,)}."""
    t = np.arange(len(plan.phase)) / FPS
    a = {name: np.full(len(t), POSES["stand"].get(name, 0.)) for name in ANGLES}
    swing, lift, arm, elbow, lean = (.72, 1.5, .8, 1.3, .2) if plan.running else (
        .45, .75, .42, .25, .04)
    a["lean"] += lean * plan.amount
    for side, phase in ("l", plan.phase), ("r", plan.phase + np.pi):
        a[side + "_hip"] += plan.amount * (swing * np.sin(phase) + .3 * lean)
        bent = (.5 + .5 * np.cos(phase + .35))**2       # largest while the leg swings forward
        a[side + "_knee"] += plan.amount * (.12 + lift * bent)
        a[side + "_shoulder"] += plan.amount * -arm * np.sin(phase)
        a[side + "_elbow"] += plan.amount * (elbow - .3 * arm * np.sin(phase))
    for action, weight in plan.weights.items():
        for name in ANGLES:
            a[name] += weight * (POSES[action].get(name, 0) - a[name])
    if "fall" in plan.weights:                  # the knees give way on the way down
        buckle = 4 * plan.weights["fall"] * (1 - plan.weights["fall"])
        for side in "lr":
            a[side + "_knee"] += 1.3 * buckle
            a[side + "_hip"] += .5 * buckle
    if "wave" in plan.weights:
        a["r_fan"] += plan.weights["wave"] * (.55 + .6 * np.sin(2 * np.pi * 1.4 * t))
    return a


def skeleton(plan, stature):
    """The joints of JOINTS in world axes, in metres: (T, 17, 3)."""
    a, size = angles(plan), stature / 1.75
    points = {"pelvis": np.zeros((len(plan.phase), 3))}
    up = _direction(np.pi - a["lean"], 0)
    points["neck"] = .53 * up
    points["head"] = points["neck"] + .20 * _direction(np.pi - a["lean"] - a["nod"], 0)
    for side, name, sign in ("l", "left", 1), ("r", "right", -1):
        arm, raised = a[side + "_shoulder"], sign * a[side + "_raise"]
        hip = a[side + "_hip"]
        shin = hip - a[side + "_knee"]
        chain = {"shoulder": points["neck"] - .05 * up + [0, .18 * sign, 0], "hip":
                 np.broadcast_to([0, .095 * sign, 0], up.shape)}
        chain["elbow"] = chain["shoulder"] + .29 * _direction(arm, raised)
        chain["hand"] = chain["elbow"] + .29 * _direction(
            arm + a[side + "_elbow"], raised + sign * a[side + "_fan"])
        chain["knee"] = chain["hip"] + .43 * _direction(hip, 0)
        chain["ankle"] = chain["knee"] + .42 * _direction(shin, 0)
        chain["toe"] = chain["ankle"] + .18 * _direction(shin + 1.45 - .9 * a["tilt"], 0)
        points |= {f"{name} {joint}": at for joint, at in chain.items()}
    body = np.stack([points[name] for name in JOINTS], 1)
    return _place(body * size, plan, a["tilt"])


def _direction(forward, sideways):
    """Unit vectors (forward, side, up): down, rotated forward and to the side by these angles."""
    sideways = np.broadcast_to(sideways, forward.shape)
    return np.stack([np.sin(forward) * np.cos(sideways), np.sin(sideways),
                     -np.cos(forward) * np.cos(sideways)], -1)


def _place(body, plan, tilt):
    """Tilt the body, put its lowest point on the ground, turn it and move it along the path."""
    cos, sin = np.cos(tilt)[:, None], np.sin(tilt)[:, None]
    ahead, side, up = np.moveaxis(body, -1, 0)
    ahead, up = ahead * cos + up * sin + .8 * sin, up * cos - ahead * sin
    up = up - up[:, SUPPORTING].min(1, keepdims=True) + .06
    cos, sin = np.cos(plan.heading)[:, None], np.sin(plan.heading)[:, None]
    return np.stack([plan.path[:, :1] + ahead * cos - side * sin,
                     plan.path[:, 1:] + ahead * sin + side * cos, up], -1)
