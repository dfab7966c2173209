"""A street in which tracking is hard: people meet, hide each other, stop and turn; cars keep apart.

Each person walks along a curve of their own over the pavement, every other one the other way. So
nearer people pass in front of farther ones all the time.
"""

import numpy as np

from vidlearn.datasets.street.animation import ACTIONS, FPS, Plan, smooth

NEAR, FAR = 3.6, 6.3                            # metres: the part of the pavement that they use,
FIRST, LAST = 5.5, 23.0                         # across it and along it
APART = 1.3                                     # seconds from one car to the next


def route(rng, number, frames):
    """Draw where person `number` walks, stops and turns round."""
    pace, way = rng.uniform(.9, 1.6), (1, -1)[number % 2]
    t, still, back = np.arange(frames), np.zeros(frames, bool), np.zeros(frames, bool)
    begin = frames * rng.uniform(.2, .8, 2)
    if rng.random() < .35:
        still = (t >= begin[0]) & (t < begin[0] + rng.uniform(1, 3) * FPS)
    if rng.random() < .25:
        back = t >= begin[1]
    ahead = np.where(back, -way, way)
    straight = np.cumsum(pace * ahead * ~still) / FPS
    straight += rng.uniform(6.5, 13) - straight[frames // 2]        # well in view in the middle
    turned = (straight - FIRST) // (LAST - FIRST) % 2               # at both ends, by turns
    ahead = np.where(turned, -ahead, ahead)
    first = FIRST + (LAST - FIRST - abs((straight[0] - FIRST) % (2 * (LAST - FIRST))
                                        - (LAST - FIRST)))
    speed = pace * smooth(ahead * ~still, .8)
    along = first + np.cumsum(speed) / FPS
    across, slope = _curve(rng, along)
    travelled = np.cumsum(np.abs(speed) * np.hypot(1, slope)) / FPS
    return Plan(np.stack([across, along], 1), np.pi / 2 * smooth(ahead, .8) - np.arctan(slope),
                2 * np.pi * (travelled / 1.35 + rng.uniform()), np.abs(speed) / pace, {},
                np.where(still, ACTIONS.index("stand"), ACTIONS.index("walk")), False)


def _curve(rng, along):
    """A wave over the pavement: where it is across, and its slope, at these places along it."""
    sway, waves = rng.uniform(.1, .9), 2 * np.pi / rng.uniform(8, 16)
    middle, phase = rng.uniform(NEAR + sway, FAR - sway), rng.uniform(0, 2 * np.pi)
    turn = waves * along + phase
    return middle + sway * np.sin(turn), sway * waves * np.cos(turn)


def traffic(rng, cars, frames, way):
    """Cars of one speed that keep apart: a path (T, 2) in metres for each.

    They come evenly over the clip, and before and after it where it is too short for all of them.
    """
    gap = max(frames / max(cars, 1), APART * FPS)
    slack = gap - APART * FPS
    middles = frames / 2 + gap * (np.arange(cars) - (cars - 1) / 2) + slack * rng.uniform(
        -.5, .5, cars)
    speed = rng.uniform(6.5, 8)
    t = np.arange(frames)
    return [np.stack([np.full(frames, -.95), 11 + way * speed * (t - middle) / FPS], 1)
            for middle in middles]
