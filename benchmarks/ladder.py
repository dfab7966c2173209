"""The ladder: what each network knows of time, measured on Motion.

    python benchmarks/ladder.py [--only NAME ...] [--seeds 5] [--epochs 8]
    python benchmarks/ladder.py --hand [--halved] [--seeds 5] [--epochs 4]

Every seed draws its own 2,000 clips to learn from, its own 1,000 to be asked about, and its own
start. The first form prints a Markdown table of all networks, trained by PyTorch. `--hand` trains
c3d by hand in NumPy and by PyTorch, from the same start on the same batches; `--halved` does so on
clips of half the frames and half the size, for ten epochs. One thread, unless OMP_NUM_THREADS and
OPENBLAS_NUM_THREADS say otherwise.
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
    """A network with the starting weights of that seed."""
    engine.seed(seed)
    return models.build(name, engine.nn, len(CLASSES))


def learn(model, engine, train, **settings):
    """Train; returns CPU seconds and seconds of the clock."""
    cpu, clock = time.process_time(), time.perf_counter()
    fit(model, train, engine=engine, progress=False, **settings)
    return time.process_time() - cpu, time.perf_counter() - clock


def ask(model, engine, test):
    """Accuracy, the same where the pair was right, and backwards; and answers that turned round."""
    forth, back = (evaluate(model, data, engine) for data in (test, test.backwards()))
    pair = forth.answers // 2 == test.labels // 2
    return (forth.accuracy, (forth.answers == test.labels)[pair].mean(), back.accuracy,
            (back.answers == OPPOSITE[forth.answers]).mean())


def ladder(names, seeds, epochs):
    """Print a row a network."""
    engine = Engine("torch")
    print("| network | accuracy, mean | range of seeds | right within a pair | played backwards "
          "| answers that turn round | training, CPU s | parameters |\n" + "|---" * 8 + "|")
    for name in names:
        scores, seconds = [], []
        for seed in range(seeds):
            model = build(name, engine, seed)
            seconds.append(learn(model, engine, motion(TRAIN, 1000 + seed), epochs=epochs,
                                 seed=seed)[0])
            scores.append(ask(model, engine, motion(TEST, 2000 + seed)))
        right, within, back, turned = np.mean(scores, 0)
        low, high = np.min(scores, 0)[0], np.max(scores, 0)[0]
        size = sum(p.numel() for p in model.parameters())
        print(f"| {name} | {right:.3f} | {low:.3f} to {high:.3f} | {within:.3f} | {back:.3f} "
              f"| {turned:.3f} | {np.mean(seconds):.0f} | {size:,} |", flush=True)


def hand(seeds, halved, **settings):
    """Print a row a seed: c3d by hand and by PyTorch."""
    print("| seed | by hand | by PyTorch | answers alike | by hand, CPU s (clock) "
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
            took = learn(model, engine, train, seed=seed, **settings)
            seconds.append("{:.1f} ({:.1f})".format(*took))
            results.append(evaluate(model, test, engine))
        alike = (results[0].answers == results[1].answers).mean()
        print(f"| {seed} | {results[0].accuracy:.3f} | {results[1].accuracy:.3f} | {alike:.3f} "
              f"| {seconds[0]} | {seconds[1]} |", flush=True)


def main():
    """Print one of the two tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", choices=models.NAMES, default=models.NAMES)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--hand", action="store_true", help="c3d by hand beside PyTorch")
    parser.add_argument("--halved", action="store_true", help="clips of an eighth of the pixels")
    args = parser.parse_args()
    if args.hand and args.halved:
        hand(args.seeds, True, epochs=args.epochs or 10)
    elif args.hand:
        hand(args.seeds, False, epochs=args.epochs or 4, lr=5e-3)
    else:
        ladder(args.only, args.seeds, args.epochs or 8)


if __name__ == "__main__":
    main()
