"""Run notebooks many times in new kernels: does one ever show something else?

    python -m tools.flakes                  every notebook, 11 times: some 200 runs
    python -m tools.flakes 20 24 --times 3  those with these numbers

It prints a table of runs, of those that differed, and of times; then how they differed.
"""

import argparse
import sys
import time
from pathlib import Path
from statistics import median

from vidlearn.course import replay


def repeat(paths, times):
    """Run each notebook this many times, in turns; yield (path, Verdict, seconds) for each run."""
    for _ in range(times):
        for path in paths:
            start = time.perf_counter()
            found = replay.judge(path)
            yield path, found, time.perf_counter() - start


def table(runs):
    """The lines of a table, one for each notebook and a total, then what differed."""
    lines, differed = ["notebook                 runs  differ  median s  longest s"], []
    for path in dict.fromkeys(path for path, _, _ in runs):
        mine = [(found, seconds) for other, found, seconds in runs if other == path]
        differed += [f"{path.stem}: {found}" for found, _ in mine if found.differ]
        lines.append(_row(path.stem, mine))
    return [*lines, _row("all", [(found, seconds) for _, found, seconds in runs]), *differed]


def _row(name, runs):
    seconds = [taken for _, taken in runs]
    return (f"{name:24}{len(runs):5}{sum(bool(found.differ) for found, _ in runs):8}"
            f"{median(seconds):10.1f}{max(seconds):11.1f}")


def main():
    """Run the notebooks of the command line and print a table; exit with 1 if a run differed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("numbers", nargs="*", help="such as 20 24; all if none is given")
    parser.add_argument("--times", type=int, default=11)
    asked, runs = parser.parse_args(), []
    try:
        for run in repeat([Path(path) for path in replay.find(asked.numbers)], asked.times):
            runs.append(run)
            print(f"{len(runs):4}  {run[0].stem}: {str(run[1]).splitlines()[0]}",
                  file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        pass                                          # the table of what has run so far
    if runs:
        print("\n".join(table(runs)))
    sys.exit(any(found.differ for _, found, _ in runs))


if __name__ == "__main__":
    main()
