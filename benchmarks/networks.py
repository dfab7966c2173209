"""How well each network uses time: the accuracy of all networks on the dataset Motion.

    python benchmarks/networks.py [--only NAME ...] [--seeds 5] [--epochs 8]
    python benchmarks/networks.py --scratch [--halved] [--seeds 5] [--epochs 4]

Every seed draws its own 2,000 training clips, its own 1,000 test clips, and its own initial
weights. The first form prints a Markdown table of all networks, trained by PyTorch. `--scratch`
trains c3d by our engine and by PyTorch, from the same weights on the same batches; `--halved` does
so on clips with half the frames and half the size, for ten epochs. Runs on one thread, unless
OMP_NUM_THREADS and OPENBLAS_NUM_THREADS say otherwise.
"""

import argparse
import os
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")          # both are read when NumPy is imported

import numpy as np  # noqa: E402

from vidlearn import models  # noqa: E402
from vidlearn.datasets.motion import CLASSES, OPPOSITE, motion  # noqa: E402
from vidlearn.engine import Engine  # noqa: E402
from vidlearn.evaluation.result import evaluate  # noqa: E402
from vidlearn.training.loop import fit  # noqa: E402

TRAIN, TEST = 2000, 1000


def build(name, engine, seed):
    """Build a network with the initial weights of a seed."""
    engine.seed(seed)
    return models.build(name, engine.nn, len(CLASSES))


def train_timed(model, engine, train, **settings):
    """Train; returns CPU seconds and wall-clock seconds."""
    cpu, clock = time.process_time(), time.perf_counter()
    fit(model, train, engine=engine, progress=False, **settings)
    return time.process_time() - cpu, time.perf_counter() - clock


def measure(model, engine, test):
    """Measure four numbers on the test clips.

    Returns  accuracy; accuracy among clips whose pair of opposite classes was right; accuracy on
             clips played backwards; the share of predictions that become their opposite there
    """
    forwards, backwards = (evaluate(model, data, engine) for data in (test, test.backwards()))
    pair = forwards.predictions // 2 == test.labels // 2
    return (forwards.accuracy, (forwards.predictions == test.labels)[pair].mean(),
            backwards.accuracy, (backwards.predictions == OPPOSITE[forwards.predictions]).mean())


def compare_networks(names, seeds, epochs):
    """Print one row for each network."""
    engine = Engine("torch")
    print("| network | accuracy, mean | range of seeds | right within a pair | played backwards "
          "| predictions that reverse | training, CPU s | parameters |\n" + "|---" * 8 + "|")
    for name in names:
        scores, seconds = [], []
        for seed in range(seeds):
            model = build(name, engine, seed)
            seconds.append(train_timed(model, engine, motion(TRAIN, 1000 + seed), epochs=epochs,
                                       seed=seed)[0])
            scores.append(measure(model, engine, motion(TEST, 2000 + seed)))
        right, within, backwards, reversed_ = np.mean(scores, 0)
        low, high = np.min(scores, 0)[0], np.max(scores, 0)[0]
        size = sum(p.numel() for p in model.parameters())
        print(f"| {name} | {right:.3f} | {low:.3f} to {high:.3f} | {within:.3f} "
              f"| {backwards:.3f} | {reversed_:.3f} | {np.mean(seconds):.0f} | {size:,} |",
              flush=True)


def compare_engines(seeds, halved, **settings):
    """Print one row for each seed: c3d by our engine and by PyTorch."""
    print("| seed | by hand | by PyTorch | same predictions | by hand, CPU s (clock) "
          "| by PyTorch, CPU s (clock) |\n" + "|---" * 6 + "|")
    for seed in range(seeds):
        train, test = motion(TRAIN, 1000 + seed), motion(TEST, 2000 + seed)
        if halved:
            train, test = train.halved(), test.halved()
        start = Engine("torch").state(build("c3d", Engine("torch"), seed))
        results, seconds = [], []
        for engine in Engine("scratch"), Engine("torch"):
            model = build("c3d", engine, seed)
            engine.load(model, start)
            took = train_timed(model, engine, train, seed=seed, **settings)
            seconds.append("{:.1f} ({:.1f})".format(*took))
            results.append(evaluate(model, test, engine))
        same = (results[0].predictions == results[1].predictions).mean()
        print(f"| {seed} | {results[0].accuracy:.3f} | {results[1].accuracy:.3f} | {same:.3f} "
              f"| {seconds[0]} | {seconds[1]} |", flush=True)


def main():
    """Print one of the two tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", choices=models.NAMES, default=models.NAMES)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--scratch", action="store_true", help="compare our engine with PyTorch")
    parser.add_argument("--halved", action="store_true", help="clips of half the frames and size")
    args = parser.parse_args()
    if args.scratch and args.halved:
        compare_engines(args.seeds, True, epochs=args.epochs or 10)
    elif args.scratch:
        compare_engines(args.seeds, False, epochs=args.epochs or 4, lr=5e-3)
    else:
        compare_networks(args.only, args.seeds, args.epochs or 8)


if __name__ == "__main__":
    main()
