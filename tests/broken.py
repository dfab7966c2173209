"""Break copies of this environment for real: what does doctor say, and does its line mend it?

    python tests/broken.py                    every way that BROKEN names
    python tests/broken.py "two OpenCVs"      one of them

Of each it prints what doctor marks, then ✓ if the lines that it names, typed as they stand, have
made it say Ready. A copy is made of hard links in --folder, which must be on the same disk.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
BROKEN = {                                            # the lines that a user typed before
    "NumPy too old": ["pip install --no-deps numpy==1.26.4"],
    "no NumPy": ["pip uninstall -y numpy"],
    "typer too old": ["pip install --no-deps typer==0.9.0"],
    "no typer": ["pip uninstall -y typer"],
    "no OpenCV": ["pip uninstall -y opencv-python"],
    "two OpenCVs": ["pip install --no-deps opencv-python-headless"],
    "half an OpenCV": ["pip install --no-deps opencv-python-headless",
                       "pip uninstall -y opencv-python-headless"],
    "an old OpenCV": ["pip install --no-deps opencv-python==4.8.1.78"],
    "no torchvision": ["pip uninstall -y torchvision"],
    "a torchvision of another torch": ["pip install --no-deps torchvision==0.19.0"],
    "no torch": ["pip uninstall -y torch"],
    "no sliders": ["pip uninstall -y jupyterlab_widgets"],
    "no ipykernel": ["pip uninstall -y ipykernel"],
    "a kernel of another environment": [f"ipykernel install --prefix FOLDER -- {sys.executable}"],
    "no pip": ["pip uninstall -y pip"],
}


SETTINGS = {"PYTHONDONTWRITEBYTECODE": "1",
            "OPENBLAS_CORETYPE": "Haswell"}           # set: doctor has nothing to say of its speed


def copy(folder):
    """This environment again in `folder`, without copying a byte; returns its Python."""
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["cp", "-al", sys.prefix, folder], check=True)
    return folder / "bin/python"


def spoil(python, line, folder):
    """Type `line`, as `python -m ...`; what follows -- is the Python that runs it instead."""
    line, _, other = line.replace("FOLDER", str(folder)).partition(" -- ")
    subprocess.run([other or python, "-m", *line.split()], cwd=ROOT, check=True,
                   capture_output=True)


def ask(python):
    """What doctor marks, as (line, mend), and its exit code."""
    done = subprocess.run([python, "-m", "vidlearn", "doctor"], cwd=ROOT, capture_output=True,
                          text=True, env=os.environ | SETTINGS)
    lines = done.stdout.splitlines() + done.stderr.splitlines()[-1:]
    marked = [(line, mend.strip(" →")) for line, mend in zip(lines, [*lines[1:], ""], strict=True)
              if line[:1] in ("✗", "!") or "Error" in line[:30]]
    return marked, done.returncode


def mend(lines):
    """Type each line once, as it stands; returns what failed."""
    for line in dict.fromkeys(lines):
        done = subprocess.run(line, shell=True, cwd=ROOT, capture_output=True, text=True)
        if done.returncode:
            yield f"{line}: {done.stderr.strip().splitlines()[-1:]}"


def main():
    """Break, ask, mend, ask again; exit with 1 if one is not mended."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("ways", nargs="*", default=list(BROKEN))
    parser.add_argument("--folder", type=Path, default=Path("/tmp/vidlearn-broken"))
    options = parser.parse_args()
    well = True
    for way in options.ways:
        python = copy(options.folder)
        for line in BROKEN[way]:
            spoil(python, line, options.folder)
        marked, _ = ask(python)
        print(f"# {way}", *(f"{line}\n    {what}" for line, what in marked), sep="\n")
        failed = list(mend(what for _, what in marked if what))
        after, code = ask(python)
        mended = bool(marked) and not code and not after
        well &= mended
        print("✓ mended" if mended else f"✗ {failed} {after}", flush=True)
    shutil.rmtree(options.folder, ignore_errors=True)
    sys.exit(not well)


if __name__ == "__main__":
    main()
