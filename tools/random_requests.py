"""Ask for parts of films at random, and compare each with a plain read of the whole film.

    python -m tools.random_requests FOLDER [--requests 100]

asks each film of a folder for every n-th frame from one frame or second to another, for so many
frames of such a part, at once or one by one, and prints how many answers are right: the same
frames, at the same seconds.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

from vidlearn import video

SIZE = 32                            # pixels of the shorter side


def draw(rng, seconds):
    """A request of a film whose frames are at these seconds: options, and the frames' numbers."""
    total = len(seconds)
    first, last = np.sort(rng.choice(total + 1, 2, replace=False)).tolist()
    options = {"start": first, "stop": last}
    if rng.integers(2):
        edges = [0.0, *(seconds[:-1] + seconds[1:]) / 2, None]
        options = {"start": edges[first], "stop": edges[last], "unit": "seconds"}
    chosen = np.arange(first, last)
    if rng.integers(2):
        options["step"] = int(rng.integers(1, 8))
        return options, chosen[::options["step"]]
    options["count"] = int(rng.integers(1, 20))
    return options, chosen[video.sample.uniform(len(chosen), options["count"])]


def answer(path, options, one_by_one):
    """The frames and seconds that come."""
    if one_by_one and "count" not in options:
        seconds, frames = zip(*video.frames(path, size=SIZE, **options), strict=True)
        return np.stack(frames), np.array(seconds)
    clip = video.read(path, size=SIZE, **options)
    return clip.frames, clip.seconds


def wrong(path, requests, seed=0):
    """The requests that are answered wrongly, of so many."""
    whole, rng, found = video.read(path, size=SIZE), np.random.default_rng(seed), []
    for _ in range(requests):
        options, chosen = draw(rng, whole.seconds)
        frames, seconds = answer(path, options, rng.integers(2))
        if not (np.array_equal(frames, whole.frames[chosen])
                and np.array_equal(seconds, whole.seconds[chosen])):
            found.append(options)
    return found


def main():
    """Ask and compare; exit with 1 if an answer is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--requests", type=int, default=100)
    asked, films, all_wrong = parser.parse_args(), 0, 0
    for path in sorted(asked.folder.iterdir()):
        try:
            video.probe(path)
        except video.VideoError:
            continue
        films += 1
        for options in wrong(path, asked.requests):
            all_wrong += 1
            print(f"{path.name}: {options}")
    print(f"{all_wrong} of {films * asked.requests:,} answers of {films} films are wrong")
    sys.exit(bool(all_wrong))


if __name__ == "__main__":
    main()
