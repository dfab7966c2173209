"""How long do small calls take, where looking at the arguments is most of the work?

    python benchmarks/calls.py [--only NAME ...] [--against PATH] [--rounds 7] [--write FILE]

Prints a Markdown table: microseconds a call, the median of many. With `--against`, another checkout
of this project runs the same calls, the two in turns, each time in a new process; the ratio says
how many times as long this one takes. What a checkout cannot import is left out.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path
from statistics import median

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # read when NumPy is imported

import numpy as np  # noqa: E402
from tables import table, write  # noqa: E402

HERE = Path(__file__).resolve().parents[1]
SAMPLES, SAMPLE_SECONDS = 41, 0.001


def first_import(*places):
    """Import `name` from the first "module:name" that exists; older checkouts use other modules."""
    for place in places:
        module, name = place.split(":")
        try:
            return getattr(import_module(f"vidlearn.{module}"), name)
        except (ImportError, AttributeError):
            continue
    raise ImportError(f"none of {', '.join(places)}")


def elementwise(name):
    """A function of scratch, on tensors of 2x3."""
    scratch = import_module("vidlearn.scratch")
    x, y = scratch.ones(2, 3), scratch.ones(2, 3)
    return lambda: getattr(scratch, name)(x, y)


def relu():
    """F.relu of 2x3."""
    scratch = import_module("vidlearn.scratch")
    x, function = scratch.ones(2, 3), scratch.nn.functional.relu
    return lambda: function(x)


def conv2d():
    """F.conv2d of 1x1x4x4 with a kernel of 3x3."""
    scratch = import_module("vidlearn.scratch")
    x, weight = scratch.ones(1, 1, 4, 4), scratch.ones(1, 1, 3, 3)
    return lambda: scratch.nn.functional.conv2d(x, weight, padding=1)


def linear():
    """A layer nn.Linear(3, 2) on 2x3."""
    scratch = import_module("vidlearn.scratch")
    layer, x = scratch.nn.Linear(3, 2), scratch.ones(2, 3)
    return lambda: layer(x)


def conv_pair():
    """The pair conv_forward and conv_backward on arrays of 1x1x4x4."""
    places = ("scratch.layers.conv", "scratch.conv")
    forward, backward = (first_import(*(f"{place}:conv_{way}" for place in places))
                         for way in ("forward", "backward"))
    x, weight = np.ones((1, 1, 4, 4)), np.ones((1, 1, 3, 3))

    def both():
        y, cache = forward(x, weight, None)
        return backward(y, cache)
    return both


def lstm():
    """lstm_forward of 5 steps, 2 sequences, 3 features and 4 units."""
    forward = first_import("scratch.layers.recurrent:lstm_forward",
                           "scratch.recurrent:lstm_forward")
    x, h, weight_ih, weight_hh = (np.ones(s) for s in ((5, 2, 3), (2, 4), (16, 3), (16, 4)))
    return lambda: forward(x, h, h, weight_ih, weight_hh)


def flow():
    """lucas_kanade of two images of 16x16."""
    function, (a, b) = first_import("vision.flow:lucas_kanade"), np.random.rand(2, 16, 16)
    return lambda: function(a, b)


def resize():
    """video.transform.resize of 2 frames from 8x8 to 4x4."""
    function, frames = first_import("video.transform:resize"), np.ones((2, 8, 8, 3), np.uint8)
    return lambda: function(frames, 4)


CALLS = {
    "scratch.add 2x3": lambda: elementwise("add"), "scratch.mul 2x3": lambda: elementwise("mul"),
    "F.relu 2x3": relu, "F.conv2d 1x1x4x4": conv2d, "nn.Linear(3, 2)": linear,
    "conv_forward and conv_backward 1x1x4x4": conv_pair, "lstm_forward 5x2x3, 4 units": lstm,
    "vision.flow.lucas_kanade 16x16": flow, "video.transform.resize 2x8x8": resize,
}


def measure(names):
    """Microseconds a call, by name: the median of samples that are taken in turns."""
    calls, counts, samples = {}, {}, {name: [] for name in names}
    for name in names:
        try:
            calls[name] = CALLS[name]()
        except ImportError:
            continue
        calls[name]()
        counts[name] = max(int(SAMPLE_SECONDS / seconds(calls[name], 5)), 1)
    for _ in range(SAMPLES):
        for name, call in calls.items():
            samples[name].append(seconds(call, counts[name]) * 1e6)
    return {name: median(samples[name]) for name in calls}


def seconds(call, count):
    """The mean seconds of so many calls."""
    start = time.perf_counter()
    for _ in range(count):
        call()
    return (time.perf_counter() - start) / count


def in_checkout(root, names):
    """What `measure` finds in a new process that imports vidlearn from `root`."""
    done = subprocess.run([sys.executable, __file__, "--measure", str(root), "--only", *names],
                          env=os.environ | {"PYTHONPATH": str(root)}, cwd=root, check=True,
                          stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def rows(names, other, rounds):
    """The rows of the table."""
    roots = [HERE] + [other] * (other is not None)
    found = [[in_checkout(root, names) for root in roots] for _ in range(rounds)]
    ratios = []
    for name in names:
        here, *there = ([run[i].get(name, math.nan) for run in found] for i in range(len(roots)))
        row = [name, f"{median(here):.2f}"]
        for times in there:
            ratios.append(median(a / b for a, b in zip(here, times, strict=True)))
            row += [f"{median(times):.2f}", f"{ratios[-1]:.2f}"]
        yield row
    known = [ratio for ratio in ratios if ratio == ratio]
    if known:
        yield ["geometric mean", "", "", f"{math.prod(known) ** (1 / len(known)):.2f}"]


def main():
    """Measure, print, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", choices=CALLS, default=list(CALLS), metavar="NAME")
    parser.add_argument("--against", type=Path, help="the root of another checkout")
    parser.add_argument("--rounds", type=int, default=7, help="processes for each checkout")
    parser.add_argument("--write", type=Path, help="a Markdown file for the table")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        package = Path(import_module("vidlearn").__file__)
        assert package.is_relative_to(asked.measure), f"{package} is not in {asked.measure}"
        print(json.dumps(measure(asked.only)))
        return
    other = asked.against and asked.against.resolve()
    head = ["call", "µs"] + ["µs, other", "ratio"] * (other is not None)
    write(asked.write, table(head, rows(asked.only, other, asked.rounds)))


if __name__ == "__main__":
    main()
