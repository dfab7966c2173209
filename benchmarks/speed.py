"""How fast is our engine beside PyTorch on the CPU? Ratios of times and of memory.

    python benchmarks/speed.py [--only conv2d LSTM ...] [--threads 1 2] [--write FILE]

Everything runs in one process in float32. Each call runs once, then nine times in both libraries in
turns, and medians are compared: 1.3 means that NumPy took 1.3 times as long as PyTorch. `cpu`
compares the seconds of all cores together. `of peak` is the speed of the forward call as a share of
the fastest matrix product on this machine. `memory` compares the most that forward and backward
held beyond their inputs. Prints Markdown tables; `--write` writes them to a file, too. NumPy uses
the fastest BLAS kernel that `vidlearn doctor` finds; PyTorch gets huge pages, and its idle threads
sleep.
"""

import argparse
import os
import platform
import sys
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median

from vidlearn.doctor import blas

if "OPENBLAS_CORETYPE" not in os.environ:             # NumPy reads it once, when it is loaded
    os.environ |= {"OPENBLAS_CORETYPE": blas.faster(blas.speeds()), "OPENBLAS_NUM_THREADS": "1"}
    os.execv(sys.executable, [sys.executable, *sys.argv])

import numpy as np  # noqa: E402
from tables import table, write  # noqa: E402

from vidlearn import models  # noqa: E402
from vidlearn.compare import measure  # noqa: E402
from vidlearn.compare import speed as race  # noqa: E402
from vidlearn.compare.backends import SCRATCH, TORCH  # noqa: E402
from vidlearn.datasets.motion import motion  # noqa: E402
from vidlearn.engine import Engine  # noqa: E402
from vidlearn.training import loop  # noqa: E402
from vidlearn.training.config import Config  # noqa: E402
from vidlearn.training.state import Run  # noqa: E402
from vidlearn.video import to_tensor  # noqa: E402

ROUNDS = 9
RNG = np.random.default_rng(0)


def conv(x, weight, **options):
    """The arguments of a convolution: arrays of these shapes with a bias, and options."""
    return [normal(*x), normal(*weight), normal(weight[0])], {"padding": 1} | options


def normal(*shape):
    """Random numbers of this shape."""
    return RNG.normal(size=shape)


def labels(count, classes):
    """Random labels."""
    return RNG.integers(classes, size=count)


IMAGES = {"32 x 3 → 64, 64x64": ((32, 3, 64, 64), (64, 3, 3, 3)),
          "32 x 32 → 64, 32x32": ((32, 32, 32, 32), (64, 32, 3, 3)),
          "8 x 64 → 128, 28x28": ((8, 64, 28, 28), (128, 64, 3, 3))}
CLIPS = {"4 x 3 → 16, 16x56x56": ((4, 3, 16, 56, 56), (16, 3, 3, 3, 3)),
         "4 x 16 → 32, 8x28x28": ((4, 16, 8, 28, 28), (32, 16, 3, 3, 3))}
SEQUENCE = [normal(16, 32, 256)]                      # (T, N, F)
UNITS = {"input_size": 256, "hidden_size": 256}
CASES = [
    *[("conv2d", what, *conv(*shapes)) for what, shapes in IMAGES.items()],
    *[("conv2d", f"{what}, stride 2", *conv(*shapes, stride=2)) for what, shapes in IMAGES.items()],
    *[("conv3d", what, *conv(*shapes)) for what, shapes in CLIPS.items()],
    *[("conv3d", f"{what}, stride 2", *conv(*shapes, stride=2)) for what, shapes in CLIPS.items()],
    ("conv1d", "16 x 64 → 64, 256, dilation 4",
     *conv((16, 64, 256), (64, 64, 3), padding=4, dilation=4)),
    ("conv_transpose2d", "8 x 64 → 32, 28x28, kernel 4, stride 2",
     [normal(8, 64, 28, 28), normal(64, 32, 4, 4), normal(32)], {"stride": 2, "padding": 1}),
    *[(f"{kind}_pool{len(size)}d", what, [normal(8, 32, *size)], options)
      for kind in ("max", "avg") for what, size, options in [
          ("8 x 32, 64x64, 2x2", (64, 64), {"kernel_size": 2}),
          ("8 x 32, 64x64, 3x3, stride 2", (64, 64), {"kernel_size": 3, "stride": 2}),
          ("8 x 32, 16x28x28, 2x2x2", (16, 28, 28), {"kernel_size": 2})]],
    *[(name, "32, 16 steps, 256 → 256", SEQUENCE, UNITS) for name in ("LSTM", "GRU", "RNN")],
    ("BatchNorm2d", "32 x 64, 32x32", [normal(32, 64, 32, 32)], {"num_features": 64}),
    ("BatchNorm3d", "8 x 16, 16x28x28", [normal(8, 16, 16, 28, 28)], {"num_features": 16}),
    *[("cross_entropy", f"{n} x {c}", [normal(n, c), labels(n, c)], {})
      for n, c in ((32, 10), (256, 1000))],
]
STEPS = ("c3d", "r2plus1d", "crnn", "tcn")


def both_clocks():
    """Wall-clock seconds, and seconds of all cores together."""
    return np.array([time.perf_counter(), time.process_time()])


def median_seconds(runs):
    """The median of nine runs of each function, in turns: wall-clock and CPU seconds."""
    taken = measure.in_turns(runs, 0, (ROUNDS, ROUNDS), both_clocks)
    return {name: np.array([median(column) for column in np.transpose(times)])
            for name, times in taken.items()}


def call(name, arrays, options, threads):
    """The numbers in the row of one call."""
    forward, both = ({backend.label: race.prepare(backend, name, arrays, options, backward)
                      for backend in (SCRATCH, TORCH)} for backward in (False, True))
    first, second = median_seconds(forward), median_seconds(both)
    ours, theirs = (race.peak_memory(backend, both[backend.label]) for backend in (SCRATCH, TORCH))
    flops = race.count_flops(forward[TORCH.label])
    share = flops / first[SCRATCH.label][0] / measure.peak_flops("cpu", threads)
    ratio = first[SCRATCH.label] / first[TORCH.label], second[SCRATCH.label] / second[TORCH.label]
    return [f"{ratio[0][0]:.2f}", f"{ratio[1][0]:.2f}", f"{ratio[1][1]:.2f}",
            f"{share:.0%}" if flops else "", f"{ours / theirs:.2f}",
            f"{first[SCRATCH.label][0] * 1e3:.2f} ms"]


def step(name):
    """One step of training on 16 clips of 16x32x32, in both libraries."""
    runs, data = {}, motion(16, 0)
    clips = np.stack([to_tensor(clip) for clip in data.clips])
    config = Config(1, 16, "adam", 3e-3, 0.0, "constant", 0.0, False, 0, 16, "")
    for backend, engine in ((SCRATCH, Engine("scratch")), (TORCH, Engine("torch"))):
        run = Run(engine.to(models.build(name, engine.nn, 8)), engine, config)
        runs[backend.label] = lambda run=run: loop.step(run, clips, data.labels)
    return runs


def adam():
    """One step of Adam over a million weights, in both libraries."""
    runs = {}
    for backend, engine in ((SCRATCH, Engine("scratch")), (TORCH, Engine("torch"))):
        weight = engine.nn.Parameter(engine.tensor(normal(1000, 1000)))
        weight.grad = engine.tensor(normal(1000, 1000))
        runs[backend.label] = engine.optim.Adam([weight]).step
    return runs


def calls(only, threads):
    """The rows of the first table."""
    for name, what, arrays, options in CASES:
        if not only or name in only:
            yield [f"`{name}` {what}", *call(name, arrays, options, threads)]


def steps(only):
    """The rows of the second table: clips a second, and as a share of PyTorch's."""
    for name in (*STEPS, "Adam"):
        if not only or name in only:
            times = median_seconds(adam() if name == "Adam" else step(name))
            ours, theirs = times[SCRATCH.label], times[TORCH.label]
            speed = "" if name == "Adam" else f"{16 / ours[0]:.0f}"
            what = "`Adam`, 1,000,000 weights" if name == "Adam" else f"`{name}`, 16 clips"
            yield [what, f"{theirs[0] / ours[0]:.2f}", f"{theirs[1] / ours[1]:.2f}", speed]


def machine(threads):
    """The machine and the libraries, in words."""
    peak = measure.peak_flops("cpu", threads) / 1e9
    pages = {True: "with", False: "without"}.get(measure.huge_pages(), "with or without")
    return (f"{threads} thread{'s' * (threads > 1)}, {platform.machine()}, Python "
            f"{platform.python_version()}, NumPy {np.__version__} "
            f"({blas.in_use()}), PyTorch {version('torch')} "
            f"{pages} huge pages; matrix product {peak:.0f} GFLOP/s")


def measured(only, threads):
    """Print all tables for a number of threads; returns their lines."""
    with race.thread_limit(threads):
        head = machine(threads)
        print(f"\n**{head}**")
        lines = ["", f"**{head}**"]
        lines += table(["call", "forward", "and back", "cpu", "of peak", "memory", "by hand"],
                       calls(only, threads))
        lines += table(["step of training", "of PyTorch's speed", "by cpu seconds",
                        "clips a second"], steps(only))
    return lines


def main():
    """Measure, print, and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", help="names of calls and networks")
    parser.add_argument("--threads", nargs="*", type=int, default=[1, 2])
    parser.add_argument("--write", type=Path, help="a Markdown file for the tables")
    asked = parser.parse_args()
    lines = [line for threads in asked.threads for line in measured(asked.only, threads)]
    write(asked.write, lines)


if __name__ == "__main__":
    main()
