"""A clip of the street, painted frame by frame, with the ground truth for each actor."""

from dataclasses import dataclass

import cv2
import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.datasets.street.animation import FPS, JOINTS
from vidlearn.datasets.street.camera import SUB, Camera
from vidlearn.datasets.street.car import Car
from vidlearn.datasets.street.cast import crowded, generator, ordinary
from vidlearn.datasets.street.furniture import OCCLUSIONS, ParkedCar
from vidlearn.datasets.street.person import Person
from vidlearn.datasets.street.scene import paint_scene

DUSK = np.float32([.27, .30, .44])              # the fractions left of red, green and blue
KINDS = ("person", "car")
SIZE = kinds.row("(height, width) in whole pixels", kinds.POSITIVE_COUNT, 2)
LIGHT = kinds.either("a number from 0 to 1, or two: first and last", kinds.NUMBER,
                     kinds.row("", kinds.NUMBER, 2))
ACTOR_COUNT = kinds.whole(0, 254)               # what a mask of uint8 holds


@checked
@dataclass(eq=False, repr=False)
class Street:
    """A clip and its ground truth; masks hold k + 1 for actor k of N.

    Shapes   frames (T, H, W, 3) uint8 RGB, background (H, W, 3) uint8, masks (T, H, W) uint8,
             boxes (T, N, 4) int64, visible (T, N) float64, actions (T, N) int64, kinds (N,) int64,
             joints (T, N, 17, 2) float64, light (T,) float64, shift (T, 2) float64
    Units    boxes xyxy in pixels, right and bottom excluded, zeros where nothing is seen; visible:
             the fraction of the part inside the picture that nothing hides, 0 outside; joints x, y
             in pixels, hidden or not, NaN for cars; shift x, y in pixels of the whole frame
    """

    frames: np.ndarray
    background: np.ndarray
    masks: np.ndarray
    boxes: np.ndarray
    visible: np.ndarray
    actions: np.ndarray
    kinds: np.ndarray
    joints: np.ndarray
    light: np.ndarray
    shift: np.ndarray
    fps: kinds.ANYTHING = FPS

    def __repr__(self):
        frames, height, width, _ = self.frames.shape
        people = (self.kinds == 0).sum()
        return (f"Street({frames} frames, {width}x{height}, {people} people, "
                f"{len(self.kinds) - people} cars)")

    def __len__(self):
        return len(self.frames)


@checked
def street(seed: kinds.ONE_SEED = 0, frames=200, size: SIZE = (120, 160), people: ACTOR_COUNT = 6,
           cars: ACTOR_COUNT = 2, light: LIGHT = 1.0, sudden=False, shadow: kinds.FRACTION = 0.3,
           shake: kinds.NOT_NEGATIVE = 0.0, noise: kinds.NOT_NEGATIVE = 2.0,
           occlusion: kinds.WORD = None, crowd=False, parked=False,
           step: kinds.POSITIVE_COUNT = 1):
    """Draw a clip of a street seen from a pole; the same arguments give the same clip.

    Parked cars belong to the background; with `parked` they are the last actors. Person k has the
    role ROLES[k % 6], so five people show every action. Light, shadow, shake, noise and occlusion
    do not change anyone's path.

    With `crowd`, tracking is hard: everybody walks over the pavement at a depth of their own, up or
    down by turns, some stop or turn round, and they hide each other; cars keep apart. With `step`,
    only every step-th of the frames is painted, with the pixels that it has in the whole clip.

    Shapes   size (height, width); light a number or a pair (first, last)
    Units    light 1 is day and 0 is dusk: a pair changes slowly, or at the middle frame if sudden;
             shadow is the fraction of daylight that a shadow takes from the ground; shake and noise
             are standard deviations in pixels and in grey levels (0..255)
    Returns  Street
    Raises   ArgumentError for an occlusion other than None, "pole", "tree" or "column", for light
             outside 0..1, and for more than 254 actors
    """
    if occlusion not in OCCLUSIONS:
        raise ArgumentError(f"occlusion {occlusion!r} must be one of {OCCLUSIONS}")
    if people + cars + 5 * parked > 254:
        raise ArgumentError(f"{people} people and {cars} cars{' and 5 parked ones' * parked} are "
                            "more than the 254 actors that a mask can hold")
    lights = _lights(light, sudden, frames)
    shift = _shift(generator(seed, 1), frames, shake)
    camera = Camera(*size, margin=int(np.ceil(np.abs(shift).max())))
    cast = crowded if crowd else ordinary
    actors, benches = cast(seed, frames, people, cars, camera)
    scene = paint_scene(generator(seed, 2), camera, benches, occlusion)
    if parked:
        actors += _parked(scene, frames, len(actors))
    clip = _render(scene, actors, camera, lights, shadow, shift, step)
    if noise:
        _add_noise(clip.frames, generator(seed, 3), noise, step)
    return clip


def _lights(light, sudden, frames):
    first, last = np.broadcast_to(np.asarray(light, float), 2)
    if not (0 <= first <= 1 and 0 <= last <= 1):
        raise ArgumentError(f"light {light} must be a number in 0..1 or a pair (first, last) of "
                            "them")
    t = np.linspace(0, 1, frames)
    return first + (last - first) * (t >= .5 if sudden else t)


def _shift(rng, frames, shake):
    """The sway of a pole that wind pushes and that springs back: (T, 2), in whole canvas pixels."""
    push, place, speed = rng.normal(0, 1, (frames, 2)), np.zeros((frames + 1, 2)), np.zeros(2)
    for t in range(frames):
        speed = .75 * speed - .3 * place[t] + push[t]
        place[t + 1] = place[t] + speed
    return np.round(place[1:] * shake / 2.7 * SUB) / SUB        # 2.7: its standard deviation


def _parked(scene, frames, number):
    """Make actors of the parked cars, the nearest first, numbered from here."""
    cars = [prop for prop in reversed(scene.props) if prop.parked]
    scene.props = [prop for prop in scene.props if not prop.parked]
    scene.moving = number
    return [ParkedCar(number + k, prop, frames) for k, prop in enumerate(cars, 1)]


def _render(scene, actors, camera, lights, strength, shift, step):
    """Paint every step-th frame, and measure what can be seen of each actor."""
    clip = _unpainted(actors, camera, lights[::step], shift[::step], step)
    shadow = np.zeros(camera.padded, np.uint8)
    clip.background = _to_frame(scene, scene.canvas, shadow, camera, lights[0], shift[0] * 0)[0]
    canvas = np.empty_like(scene.canvas)
    for i, (light, moved) in enumerate(zip(clip.light, clip.shift, strict=True)):
        painted = _paint(scene, actors, canvas, shadow, camera, i * step, moved)
        deep = (shadow * np.float32(strength * (.2 + .8 * light))).astype(np.uint8)
        clip.frames[i], clip.masks[i] = _to_frame(scene, canvas, deep, camera, light, moved)
        _annotate(clip, i, painted)
    return clip


def _unpainted(actors, camera, lights, shift, step):
    """The clip with all that is known before it is painted."""
    frames, number = len(lights), len(actors)
    clip = Street(np.empty((frames, camera.height, camera.width, 3), np.uint8), None,
                  np.empty((frames, camera.height, camera.width), np.uint8),
                  np.zeros((frames, number, 4), np.int64), np.zeros((frames, number)),
                  np.array([a.actions[::step] for a in actors], int).reshape(number, frames).T,
                  np.array([KINDS.index(a.kind) for a in actors], int),
                  np.full((frames, number, len(JOINTS), 2), np.nan), lights, shift, FPS / step)
    for k, actor in enumerate(actors):
        if actor.joints is not None:
            clip.joints[:, k] = camera.project(actor.joints[::step])[0] + shift[:, None]
    return clip


def _window(camera, shift):
    """The part of the canvas that the moved camera sees."""
    left, top = np.round((camera.margin - shift) * SUB).astype(int)
    return slice(top, top + camera.height * SUB), slice(left, left + camera.width * SUB)


def _paint(scene, actors, canvas, shadow, camera, t, shift):
    """Paint the farthest first; return (N,) mask pixels of each actor, before others hide it."""
    np.copyto(canvas, scene.canvas)
    shadow[:] = 0
    here = [a for a in actors if a.in_view[t]]
    for actor in here:
        actor.paint_shadow(shadow, t)
    seen = canvas[_window(camera, shift)][SUB // 2::SUB, SUB // 2::SUB, 3]
    painted = np.zeros(len(actors), int)
    things = [(a.order[t], a) for a in here] + [(s.order, s) for s in scene.props]
    for _, thing in sorted(things, key=lambda pair: -pair[0]):
        if isinstance(thing, Car | Person | ParkedCar):
            thing.paint(canvas, t)
            painted[thing.number - 1] = cv2.countNonZero(cv2.compare(
                np.ascontiguousarray(seen), thing.number, cv2.CMP_EQ))
        else:
            thing.paint(canvas)
    return painted


def _to_frame(scene, canvas, shadow, camera, light, shift):
    """Turn the canvas into a frame (H, W, 3) in this light, and its mask (H, W)."""
    size = camera.width, camera.height
    view = canvas[_window(camera, shift)]
    colour = cv2.resize(view, size, interpolation=cv2.INTER_AREA)[..., :3].astype(np.float32)
    mask = view[SUB // 2::SUB, SUB // 2::SUB, 3]
    corner = (np.array(size) - 1) / 2 + camera.margin - shift
    soft, ground, glow = (cv2.getRectSubPix(layer, size, corner.tolist()) for layer in (
        cv2.GaussianBlur(shadow, (5, 5), 0).astype(np.float32), scene.ground, scene.glow))
    free = (mask == 0) | (mask > scene.moving)
    soft = soft * ground * free / np.float32(255)
    colour *= (1 - soft[..., None]) * (DUSK + np.float32(light) * (1 - DUSK))
    colour += glow * free[..., None] * np.float32(1 - light)
    return np.clip(colour + .5, 0, 255).astype(np.uint8), mask


def _annotate(clip, t, painted):
    """Measure the box around each actor's mask, and the fraction that is visible."""
    mask = clip.masks[t]
    for k in np.flatnonzero(painted):
        own = cv2.compare(mask, int(k + 1), cv2.CMP_EQ)
        seen = cv2.countNonZero(own)
        if seen:
            x, y, width, height = cv2.boundingRect(own)
            clip.boxes[t, k] = x, y, x + width, y + height
            clip.visible[t, k] = seen / painted[k]


def _add_noise(frames, rng, noise, step):
    """Add Gaussian noise to every frame; frames between them take their draws, too."""
    for i, frame in enumerate(frames):
        random = rng.standard_normal(frame.shape, np.float32) * np.float32(noise)
        frame[:] = np.clip(np.round(frame + random), 0, 255)
        for _ in range(step - 1 if i + 1 < len(frames) else 0):
            rng.standard_normal(frame.shape, np.float32)
