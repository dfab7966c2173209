"""Who is on the street: people and cars with their paths, drawn from a seed.

Each purpose has a generator of its own, so that one option does not change the draws of the others.
"""

import numpy as np

from vidlearn.datasets.street.animation import ACTIONS, FPS, ROLES, plan
from vidlearn.datasets.street.car import PAINTS, Car
from vidlearn.datasets.street.crowd import route, traffic
from vidlearn.datasets.street.person import TOPS, Person

CROSSING = 8.0                                  # metres up the street


def generator(seed, what):
    """The generator of a seed for one purpose."""
    return np.random.default_rng([seed, what])


def ordinary(seed, frames, people, cars, camera):
    """People first, then cars; and the places of the benches."""
    rng, t = generator(seed, 4), np.arange(frames)
    way = rng.choice([-1, 1])
    ways = []
    for k in range(cars):
        middle = frames * (k + rng.uniform(.3, .7)) / cars
        y = 11 + way * rng.uniform(6.5, 8) * (t - middle) / FPS
        ways.append(np.stack([np.full(frames, -.95), y], 1))
    busy = np.zeros(frames, bool)
    for path in ways:
        busy |= np.abs(path[:, 1] - CROSSING) < 4.5
    tops, actors, benches = generator(seed, 5).permutation(len(TOPS)), [], []
    for k in range(people):
        role = ROLES[k % len(ROLES)]
        motion = plan(generator(seed, 100 + k), role, frames, busy)
        if role == "sit":
            sits = motion.actions == ACTIONS.index("sit")         # never so in a clip of one frame
            benches.append(motion.path[sits if sits.any() else slice(None)].mean(0))
        top = TOPS[tops[k % len(TOPS)]]
        actors.append(Person(k + 1, generator(seed, 1000 + k), motion, top, camera))
    return actors + _cars(rng, people, ways, way, camera), benches


def crowded(seed, frames, people, cars, camera):
    """The same for a crowd, which needs no bench."""
    rng, tops = generator(seed, 4), generator(seed, 5).permutation(len(TOPS))
    way = rng.choice([-1, 1])
    ways = traffic(rng, cars, frames, way)
    return [Person(k + 1, generator(seed, 1000 + k), route(generator(seed, 100 + k), k, frames),
                   TOPS[tops[k % len(TOPS)]], camera) for k in range(people)] + _cars(
        rng, people, ways, way, camera), []


def _cars(rng, people, ways, way, camera):
    """A car for each path; their numbers follow those of the people."""
    paints = rng.permutation(len(PAINTS))
    return [Car(people + k + 1, PAINTS[paints[k % len(PAINTS)]], path, way, camera)
            for k, path in enumerate(ways)]
