"""Unusual numbers in our engine and in PyTorch: where do the two differ?

    python -m benchmarks.unusual [--examples 20] [conv2d LSTM ...]

Run it in the project's root; without names it takes all operations. NaN, the infinities, -0.0, a
subnormal number and the largest number are put into the inputs of random cases and into the
incoming gradients, in float64 and float32. Prints a Markdown table of the differences from PyTorch:
how often, an example, and why it stays so. Exits with status 1 if a difference has no known reason.
"""

import argparse
import os
import sys
import warnings
from collections import Counter

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")          # both are read when NumPy is imported

import numpy as np  # noqa: E402
from hypothesis import HealthCheck, given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from tests.scratch.cases import CASES  # noqa: E402
from tests.scratch.unusual_values import all_differences, known_difference  # noqa: E402


def survey(name, examples):
    """By (number, place): how many cases there were, how many differed, and an example."""
    cases, differed, example = Counter(), Counter(), {}

    @settings(max_examples=examples, deadline=None, derandomize=True, database=None,
              suppress_health_check=list(HealthCheck))
    @given(st.data())
    def draw(data):
        case, rng = data.draw(CASES[name]), np.random.default_rng(data.draw(st.integers(0, 999)))
        for *at, found in all_differences(case, rng):
            cases[*at] += 1
            differed[*at] += bool(found)
            if found:
                example.setdefault(tuple(at), found[0])
    draw()
    return cases, differed, example


def main():
    """Print a row for each number and place where an operation differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="operation")
    parser.add_argument("--examples", type=int, default=20)
    asked, alike, total, unknown = parser.parse_args(), 0, 0, 0
    warnings.simplefilter("ignore")                      # of NumPy and PyTorch, about NaN
    print("| operation | number | in | differ | for example | why |\n|---|---|---|---|---|---|")
    for name in asked.names or CASES:
        cases, differed, example = survey(name, asked.examples)
        alike, total = alike + (not example), total + sum(cases.values())
        for at, words in example.items():
            why = known_difference(name, *at)
            unknown += not why
            print(f"| {name} | {at[0]} | {at[1]} | {differed[at]} of {cases[at]} | {words} | "
                  f"{why or 'UNKNOWN'} |", flush=True)
    print(f"\n{total} cases; {alike} of {len(asked.names or CASES)} operations do not differ in "
          f"any; {unknown} differences for no known reason")
    sys.exit(bool(unknown))


if __name__ == "__main__":
    main()
