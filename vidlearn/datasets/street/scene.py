"""What stands still: sky, facades with windows, road, kerb, pavement, trees, parked cars.

Each canvas pixel takes the colour of the first surface that its ray hits (ray casting); trees,
lamps, benches and parked cars are painted over it, the farthest first.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from vidlearn.datasets.street.camera import CAMERA_POSITION
from vidlearn.datasets.street.furniture import LAMP_ORDER, lamp_light, props
from vidlearn.datasets.street.layout import FACADES, LEFT_KERB, RIGHT_KERB

WALLS = np.array([(168, 96, 78), (206, 190, 160), (188, 142, 104), (150, 158, 166),
                  (214, 206, 190), (142, 82, 70), (184, 172, 120)], np.float32)
STOREY = 2.9


@dataclass
class Scene:
    """canvas (h, w, 4) uint8 without actors; glow and ground at the picture's resolution."""

    canvas: np.ndarray
    glow: np.ndarray                            # emitted light at dusk, RGB
    ground: np.ndarray                          # 0..1: where a shadow can fall
    props: list
    moving: int = 255                           # actors with higher numbers are parked cars


def paint_scene(rng, camera, benches=(), occlusion=None):
    """Paint the street without people or moving cars."""
    colour, glow, ground = _surfaces(rng, camera)
    canvas = np.zeros((*colour.shape[:2], 4), np.uint8)
    canvas[..., :3] = np.clip(colour, 0, 255)
    halo, pool = lamp_light(camera)
    glow += (pool * ground)[..., None] * np.float32([90, 66, 30])
    painted = props(rng, camera, benches, occlusion)
    for prop in painted:
        prop.paint(canvas)
        if prop.order == LAMP_ORDER:            # farther objects do not hide its light
            glow += halo[..., None] * np.float32([230, 190, 110])
            continue
        glow[prop.place][prop.mask > 0] = 0
        ground[prop.place][prop.mask > 0] = 0
    small = camera.padded[::-1]
    return Scene(canvas, cv2.resize(glow, small, interpolation=cv2.INTER_AREA),
                 cv2.resize(ground, small, interpolation=cv2.INTER_AREA), painted)


def _surfaces(rng, camera):
    """Colour (h, w, 3), emitted light, and where the ground is."""
    ray = camera.rays()
    with np.errstate(divide="ignore"):
        far = [np.where(ray[..., 2] < 0, -CAMERA_POSITION[2] / ray[..., 2], np.inf),
               np.where(ray[..., 0] > 0, (FACADES - CAMERA_POSITION[0]) / ray[..., 0], np.inf),
               np.where(ray[..., 1] > 0, (75 - CAMERA_POSITION[1]) / ray[..., 1], np.inf)]
    first = np.argmin(far, 0)
    hit = CAMERA_POSITION + np.min(far, 0)[..., None] * ray
    x, y, z = np.moveaxis(hit, -1, 0).astype(np.float32)
    texture = _texture(rng)
    ground = _ground(texture, x, y)
    front, lit, above = _facade(rng, texture, y, z, y)
    end, lit2, above2 = _facade(rng, texture, x + 40, z, y)
    sky = _sky(texture, ray)
    colour = np.where((first == 1)[..., None], front, end)
    colour = np.where((first == 0)[..., None], ground, colour)
    open_sky = ((first == 1) & above) | ((first == 2) & above2)
    haze = 1 - np.exp(-y / 110)
    colour = colour + haze[..., None] * (np.float32([196, 206, 218]) - colour)
    colour[open_sky] = sky[open_sky]
    glow = np.where(((first == 1) & lit & ~above)[..., None], np.float32([200, 150, 70]), 0)
    glow += np.where(((first == 2) & lit2 & ~above2)[..., None], np.float32([140, 105, 50]), 0)
    return colour, glow.astype(np.float32), (first == 0).astype(np.float32)


def _texture(rng):
    """A rough texture that repeats every 256 texels: lookup(u, v), mean 0, standard deviation 1."""
    table = sum(cv2.resize(rng.normal(0, 1, (n, n)).astype(np.float32), (256, 256),
                           interpolation=cv2.INTER_CUBIC) * w
                for n, w in ((256, 1), (128, .7), (32, .8), (8, .7)))
    table = (table - table.mean()) / table.std()

    def lookup(u, v):
        return cv2.remap(table, u % 256, v % 256, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
    return lookup


def _hash(i, j):
    """Hash each pair of whole numbers to a number in 0..1, the same on every machine."""
    mixed = i.astype(np.int64) * 73856093 ^ j.astype(np.int64) * 19349663
    for _ in range(2):
        mixed = (mixed & 0xffffffff ^ (mixed & 0xffffffff) >> 16) * 0x45d9f3b
    return (mixed >> 12 & 0xffff).astype(np.float32) / 65536


def _ground(texture, x, y):
    """The road with a zebra crossing and patches, kerb stones, paving slabs."""
    rough, patch = texture(x * 14, y * 14), texture(x * 2 + 90, y * .5 + 31)
    shade = np.where((x > LEFT_KERB) & (x < RIGHT_KERB), 92 + 7 * rough + 7 * patch, 0)
    wheel = np.exp(-((np.abs(x + .95) - .8) / .25)**2)
    shade = shade - 7 * wheel * (shade > 0)
    colour = shade[..., None] * np.float32([1, 1, 1.03])
    slab = ((x / .8 + (np.floor(y / .8) % 2) * .5) % 1 < .05) | (y / .8 % 1 < .05)
    number = _hash(np.floor(x / .8 + (np.floor(y / .8) % 2) * .5), np.floor(y / .8))
    pave = 164 + 7 * rough + 7 * patch + 9 * number - 34 * slab * (y < 30)
    pave = pave - 40 * np.exp(-(FACADES - x) / .35)                 # dirt along the wall
    walk = (x >= RIGHT_KERB) | (x <= LEFT_KERB)
    colour = np.where(walk[..., None], pave[..., None] * np.float32([1, .98, .94]), colour)
    kerb = (np.abs(x - RIGHT_KERB) < .13) | (np.abs(x - LEFT_KERB) < .13)
    stone = 188 + 6 * rough - 60 * (y % 1 < .04)
    colour = np.where(kerb[..., None], stone[..., None], colour)
    gutter = (x > RIGHT_KERB - .28) & (x <= RIGHT_KERB - .13)
    colour = np.where(gutter[..., None], colour * .72, colour)
    road = (x > LEFT_KERB + .2) & (x < RIGHT_KERB - .3)
    zebra = road & (np.abs(y - 8) < 1.5) & ((x + 2.5) % 1 < .5)
    parking = (np.abs(x - .75) < .06) & (y > 10.5) | (np.abs(y - 10.5) < .06) & (x > .75) & road
    paint = (zebra | parking)[..., None]
    return np.where(paint, 208 + 9 * rough[..., None] + 6 * patch[..., None], colour)


def _facade(rng, texture, along, up, away):
    """Facades seen from the front: colour, lit windows, and what is above the roof."""
    edges = np.cumsum(rng.uniform(4.6, 7.2, 40)) - 12
    house = np.clip(np.searchsorted(edges, along), 1, 39)
    tall = (rng.integers(2, 5, 40) * STOREY + .9)[house]
    wall, brick = WALLS[rng.permutation(40) % len(WALLS)][house], (rng.random(40) < .5)[house]
    within, width = along - edges[house - 1], edges[house] - edges[house - 1]
    row = np.floor(up / .2)
    joint = ((up / .2 % 1 < .16) | ((along / .42 + row % 2 * .5) % 1 < .08)) & brick & (away < 26)
    colour = wall * (1 + .05 * texture(along * 18, up * 18) - .12 * joint)[..., None]
    colour, lit = _windows(colour, house, within, width, up)
    ledge = (up % STOREY > STOREY - .16) & (up < STOREY) | (tall - up < .35)
    colour = np.where(ledge[..., None], wall * 1.16 + 10, colour)
    plain = np.clip((away - 25) / 40, 0, .75)[..., None]    # details vanish far away
    colour = colour + plain * (.9 * wall - colour)
    colour = colour * np.where(up < .5, .7, 1)[..., None] * np.where(within < .08, .6, 1)[..., None]
    return colour.astype(np.float32), lit, up > tall


def _windows(colour, house, within, width, up):
    """Paint windows and doors on the facades: the new colour, and which panes are lit at dusk."""
    storey, level = np.floor(up / STOREY), up % STOREY
    columns = np.round(width / 1.75)
    cell = within / width * columns
    column, inside = np.floor(cell), (cell % 1 - .5) * width / columns    # metres from its middle
    random = _hash(house * 97 + storey, column)
    door = (storey == 0) & (column == np.floor(columns / 2))
    half, low, high = np.where(door, .55, .5), np.where(door, 0, .85), np.where(door, 2.25, 2.35)
    frame = (np.abs(inside) < half + .1) & (level > low - .1) & (level < high + .1)
    pane = (np.abs(inside) < half) & (level > low) & (level < high)
    sill = (np.abs(inside) < half + .18) & (level > low - .22) & (level <= low - .1) & ~door
    bars = (np.abs(inside) < .035) | (np.abs(level - 1.75) < .035)
    glass = (66 + 60 * random + 22 * (level - 1.5))[..., None] * np.float32([.82, .95, 1.08])
    wood = np.float32([[96, 54, 38], [44, 70, 62], [50, 58, 92]])[house % 3]
    trim = np.float32([226, 222, 212])
    colour = np.where(sill[..., None], trim * .8, np.where(frame[..., None], trim, colour))
    colour = np.where(pane[..., None], np.where(door[..., None], wood, glass), colour)
    colour = np.where((pane & bars & ~door)[..., None], trim * .95, colour)
    return colour, pane & ~bars & ~door & (random > .45)


def _sky(texture, ray):
    """Blue above, pale at the horizon, with thin clouds."""
    up = (ray[..., 2] / np.linalg.norm(ray, axis=-1)).astype(np.float32)
    right = (ray[..., 0] / ray[..., 1]).astype(np.float32)
    cloud = np.clip(.25 + .3 * texture(right * 30, up * 90), 0, .8)[..., None]
    blue = np.float32([206, 220, 234]) - np.clip(up * 3, 0, 1)[..., None] * np.float32([80, 50, 8])
    return blue + cloud * (np.float32([246, 247, 248]) - blue)
