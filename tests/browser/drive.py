"""Drive notebooks in the real JupyterLab: run every cell, play every video, move every slider,
do every exercise wrong and then right.

    python tests/browser/drive.py notebooks/*.ipynb --out build/browser

Needs `pip install vidlearn[browser]` (Playwright, without its own browsers) and Chromium. Prints
what is wrong and how long a key press takes to change a widget's picture, and writes the pages as
pictures to the folder: as stored, with all cells run, with the sliders moved, at every wrong
answer, and with all exercises solved.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

from lab import browser, lab
from page import Page

SLOW = 100                           # milliseconds that a key press may take before it is noted


def main():
    options = arguments()
    shutil.rmtree(options.out, ignore_errors=True)
    options.out.mkdir(parents=True)
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        for path in options.notebooks:
            shutil.copy(path, folder)
        with lab(folder) as address, browser(options.chromium) as tab:
            for path in options.notebooks:
                page = Page(tab, address, path.name)
                wrong += [f"{path.name}: {w}" for w in checked(page, options.out / path.stem)]
    print(*(f"wrong: {w}" for w in wrong), sep="\n")
    print(f"{len(options.notebooks)} notebooks, {len(wrong)} things wrong; see {options.out}")
    sys.exit(bool(wrong))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, default=Path("build/browser"))
    parser.add_argument("--chromium", help="the browser's program; found on PATH if not given")
    return parser.parse_args()


def checked(page, out):
    """Look at one notebook; everything wrong with it, in words."""
    page.open()
    page.photograph(f"{out}-stored")
    seconds = page.run()
    wrong = page.errors() + page.broken_pictures() + page.videos_that_do_not_play()
    page.photograph(f"{out}-run")
    moves = page.move_sliders()
    wrong += [f"no key changes the picture of slider {m.name}" for m in moves if not m.times]
    page.photograph(f"{out}-moved")
    unsolved, exercises = page.solve(out)
    wrong += unsolved
    page.close()
    print(f"{page.name}: {seconds:.0f} s to run, {len(moves)} sliders, {exercises} exercises done "
          f"wrong and right")
    for m in moves:
        if m.times:
            slow = "  slow" if median(m.times) > SLOW else ""
            print(f"    {m.name:24} {median(m.times):4.0f} ms a key press, "
                  f"at most {max(m.times):.0f}{slow}")
    return wrong


if __name__ == "__main__":
    main()
