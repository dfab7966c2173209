"""Drive notebooks in the real JupyterLab: run each cell, play each video, move each control, guess
in each Predict, and do each exercise wrong and then right.

    python -m tools.browser.drive notebooks/*.ipynb --out build/browser
    python -m tools.browser.drive --planted          does it notice faults made on purpose?

Needs `pip install vidlearn[browser]` (Playwright) and Chromium. Prints what is wrong and how long
a key press takes to change a widget's picture, and writes pictures to the folder: the pages as
stored, with all cells run, with all controls moved, with all guesses made, and with all exercises
solved; every widget at its ends and choices; and every wrong answer.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

import psutil

from tools.browser import planted
from tools.browser.controls import SLOW
from tools.browser.lab import browser, lab
from tools.browser.page import Page


def main():
    options = arguments()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        if options.planted:
            options.notebooks = [planted.notebook(folder)]
        else:
            for path in options.notebooks:
                shutil.copy(path, folder)
        with browser(options.chromium) as tab, lab(folder) as address:
            wrong = [f"{path.name}: {fault}" for path in options.notebooks
                     for fault in checked(Page(tab, address, path.name), options.out / path.stem)]
    if options.planted:
        wrong = planted.unlike(wrong)
    print(*(f"wrong: {w}" for w in wrong), sep="\n")
    print(f"{len(options.notebooks)} notebooks, {len(wrong)} things wrong; see {options.out}")
    sys.exit(bool(wrong))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path)
    parser.add_argument("--out", type=Path, default=Path("build/browser"))
    parser.add_argument("--chromium", help="the browser's program; found on PATH if not given")
    parser.add_argument("--planted", action="store_true",
                        help="drive a notebook of planted faults: is each one noticed?")
    options = parser.parse_args()
    if bool(options.notebooks) == options.planted:
        parser.error("give notebooks, or --planted")
    if missing := [str(path) for path in options.notebooks if not path.is_file()]:
        parser.error(f"no such notebook: {', '.join(missing)}")
    return options


def checked(page, out):
    """Check one notebook; return everything wrong with it, in words."""
    for old in out.parent.glob(f"{out.name}-*.png"):
        old.unlink()
    page.open()
    page.photograph(f"{out}-stored")
    seconds = page.run()
    wrong = page.faults()
    page.photograph(f"{out}-run")
    moves = page.move(out)
    page.photograph(f"{out}-moved")
    unsaid, guesses = page.guess()
    page.photograph(f"{out}-guessed")
    unsolved, exercises = page.solve(out)
    page.close()
    print(f"{page.name}: {seconds:.0f} s to run, {len(moves)} controls, {guesses} guesses, "
          f"{exercises} exercises done wrong and right; "
          f"load {psutil.getloadavg()[0]:.1f} on {psutil.cpu_count()} cores")
    for move in moves:
        if move.times:
            slow = "  slow" if median(move.times) > SLOW else ""
            print(f"    {move.name:44} {len(move.times):2} times, median {median(move.times):4.0f} "
                  f"ms, at most {max(move.times):.0f}{slow}")
    return [*wrong, *(f for move in moves for f in move.faults), *unsaid, *unsolved, *page.console]


if __name__ == "__main__":
    main()
