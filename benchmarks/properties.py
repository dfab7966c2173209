"""Our engine against PyTorch on cases that Hypothesis draws: the largest differences.

    python -m benchmarks.properties [--examples 300] [conv2d LSTM ...]

Run it in the project's root; without names it takes all operations. At least so many cases are
compared for each, not counting those that both libraries refuse. Each case has its own shapes,
options, values and memory layout; `tests/scratch/agreement.py` says what must agree. Prints a
Markdown table of the largest differences: in outputs, in gradients, in slopes by finite
differences, and in outputs and gradients for inputs with NaN and infinities. An operation that
fails is named, with its smallest failing case.
"""

import argparse
import os
import sys
import warnings
from collections import Counter

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")          # both are read when NumPy is imported

from hypothesis import HealthCheck, given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from tests.scratch.agreement import check_agreement  # noqa: E402
from tests.scratch.cases import CASES  # noqa: E402
from tests.scratch.strategies import layouts  # noqa: E402

COLUMNS = "output", "gradient", "slope", "non-finite"


def worst(name, examples):
    """Like `drawn`, with at least so many cases that PyTorch does not refuse."""
    count = examples
    while True:
        found, refused = drawn(name, count)
        compared = found["cases"] - refused
        if compared >= examples:
            return found, refused
        count = count * examples // max(compared, 1) + 50


def drawn(name, examples):
    """The largest difference of each kind over so many cases, and how many PyTorch refused."""
    found, refused = Counter(), 0

    @settings(max_examples=examples, deadline=None, derandomize=True, database=None,
              suppress_health_check=list(HealthCheck))
    @given(st.data())
    def draw(data):
        nonlocal refused
        case = data.draw(CASES[name])
        apart = check_agreement(case, *data.draw(layouts(case)))
        found["cases"] += 1
        refused += apart.pop("refused", 0)
        for kind, value in apart.items():
            found[kind] = max(found[kind], value)
    draw()
    return found, refused


def main():
    """Print a row for each operation; exit with status 1 if one failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="operation")
    parser.add_argument("--examples", type=int, default=300)
    asked, failed = parser.parse_args(), []
    warnings.simplefilter("ignore")                      # of NumPy and PyTorch, about NaN
    print("| operation | cases | refused by both | " + " | ".join(COLUMNS) + " |")
    print("|---" * (3 + len(COLUMNS)) + "|")
    for name in asked.names or CASES:
        try:
            found, refused = worst(name, asked.examples)
        except Exception as error:
            failed.append(name)
            notes = "\n".join([repr(error), *getattr(error, "__notes__", [])])
            print(f"| {name} | FAILED |", flush=True)
            print(f"{name}: {notes.partition('Explanation:')[0]}", file=sys.stderr)
            continue
        cells = [f"{found[kind]:.0e}" if kind in found else "" for kind in COLUMNS]
        print(f"| {name} | {found['cases']} | {refused} | " + " | ".join(cells) + " |", flush=True)
    print(f"\n{len(failed)} failed" + "".join(f", {name}" for name in failed))
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
