"""Break copies of this environment for real: what does doctor say, and does its line fix it?

    python -m tools.broken                    every way that BROKEN names
    python -m tools.broken "two OpenCVs"      one of them
    python -m tools.broken --ask              only what doctor says: nothing is fetched

For each way it prints what doctor marks, then ✓ if doctor says Ready after the lines that it named
were typed as they stand. A copy consists of hard links in --folder, which must be on the same disk.
Doctor runs in its student/ folder, which has a notebooks/ and, where HOME is set, a home of its
own. The ways that mount need root.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
READ_ONLY = "mount --bind {0} {0} && mount -o remount,bind,ro {0}"
FULL = "mount -t tmpfs -o size=64k none {0} && ! head -c 1M /dev/zero > {0}/all 2> /dev/null"
BROKEN = {                                            # what the user did, or what happened to him
    "NumPy too old": ["pip install --no-deps numpy==1.26.4"],
    "no NumPy": ["pip uninstall -y numpy"],
    "a NumPy that does not load": ["sh rm SITE/numpy.libs/libscipy_openblas*"],
    "typer too old": ["pip install --no-deps typer==0.9.0"],
    "no typer": ["pip uninstall -y typer"],
    "no OpenCV": ["pip uninstall -y opencv-python"],
    "two OpenCVs": ["pip install --no-deps opencv-python-headless"],
    "half an OpenCV": ["pip install --no-deps opencv-python-headless",
                       "pip uninstall -y opencv-python-headless"],
    "an old OpenCV": ["pip install --no-deps opencv-python==4.8.1.78"],
    "a library that OpenCV needs is not there": ["sh rm SITE/opencv_python.libs/libavcodec*"],
    "no torchvision": ["pip uninstall -y torchvision"],
    "a torchvision of another torch": ["pip install --no-deps torchvision==0.19.0"],
    "no torch": ["pip uninstall -y torch"],
    "a torch that does not load": ["sh rm SITE/torch/lib/libtorch_cpu.so"],
    "no Pillow": ["pip uninstall -y pillow"],
    "no JupyterLab": ["pip uninstall -y jupyterlab"],
    "no sliders": ["pip uninstall -y jupyterlab_widgets"],
    "no ipykernel": ["pip uninstall -y ipykernel"],
    "half of Jupyter's sockets": ["sh rm -r SITE/zmq"],
    "a kernel of another environment": [f"ipykernel install --prefix FOLDER -- {sys.executable}"],
    "a list of fonts without Matplotlib's": [
        "sh mv SITE/matplotlib/mpl-data/fonts fonts",
        "sh MPLCONFIGDIR=FOLDER/fonts FOLDER/bin/python -c 'import matplotlib.font_manager'",
        "sh mv fonts SITE/matplotlib/mpl-data/fonts"],
    "no pip": ["pip uninstall -y pip"],
    "a torch.py in the working folder": ["sh echo 'raise SystemExit(3)' > torch.py"],
    "a typer.py and a random.py there": ["sh echo 'raise SystemExit(3)' > typer.py",
                                         "sh echo 'raise SystemExit(3)' > random.py"],
    "a numpy.py beside the lessons": ["sh touch notebooks/numpy.py"],
    "a home that is read-only": ["set HOME=FOLDER/home",
                                 "mount " + READ_ONLY.format("FOLDER/home")],
    "lessons that are read-only": ["set HOME=FOLDER/home",
                                   "mount " + READ_ONLY.format("FOLDER/student")],
    "a full disk": ["set HOME=FOLDER/home", "mount " + FULL.format("FOLDER/home")],
}
UNFIXABLE = {"lessons that are read-only", "a full disk"}      # not by a line of Python
SETTINGS = {"PYTHONDONTWRITEBYTECODE": "1",
            "OPENBLAS_CORETYPE": "Haswell"}           # set: doctor says nothing about its speed


class Copy:
    """This environment again in `folder`, as hard links, with a student's folder in it."""

    def __init__(self, folder):
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run(["cp", "-al", sys.prefix, folder], check=True)
        self.folder, self.python = folder, folder / "bin/python"
        self.student, self.mounts = folder / "student", []
        self.env = os.environ | SETTINGS | {"MPLCONFIGDIR": str(folder / "fonts")}
        (self.student / "notebooks").mkdir(parents=True)
        (self.student / "notebooks/00_start.ipynb").touch()
        (folder / "home").mkdir()

    def spoil(self, line):
        """Type `line` as `python -m ...`; after -- stands another Python to run it with."""
        site = next(self.folder.glob("lib/python3*/site-packages"))
        line = line.replace("FOLDER", str(self.folder)).replace("SITE", str(site))
        word, _, rest = line.partition(" ")
        if word == "set":
            self.env |= [rest.split("=")]
        elif word == "mount":
            self.mounts.append(rest)
        elif word == "sh":
            subprocess.run(rest, shell=True, cwd=self.student, check=True)
        else:
            line, _, other = line.partition(" -- ")
            subprocess.run([other or self.python, "-m", *line.split()], cwd=ROOT, check=True,
                           capture_output=True)

    def ask(self):
        """The lines that doctor marks, each with its fix, and its exit code."""
        done = self._run([self.python, "-m", "vidlearn", "doctor"])
        lines = done.stdout.splitlines() + done.stderr.splitlines()[-1:]
        after = [*lines[1:], ""]
        marked = [(line, fix.strip(" →") if "→" in fix else "")
                  for line, fix in zip(lines, after, strict=True)
                  if line[:1] in ("✗", "!", "·") or "Error" in line[:30]]
        return marked, done.returncode

    def fix(self, lines):
        """Type each line once, as it stands; yields what failed."""
        for line in dict.fromkeys(lines):
            if line.startswith("export "):            # it lasts, as in a terminal
                self.env |= [line.removeprefix("export ").split("=")]
                continue
            done = self._run(["sh", "-c", line])
            if done.returncode:
                yield f"{line}: {done.stderr.strip().splitlines()[-1:]}"

    def _run(self, command):
        mount = " && ".join([*self.mounts, 'exec "$@"'])
        first = ["unshare", "-m", "sh", "-c", mount, "sh"] if self.mounts else []
        return subprocess.run([*first, *command], cwd=self.student, capture_output=True, text=True,
                              env=self.env)


def examine(way, folder, only_ask):
    """Break, ask, fix, ask again; prints what doctor says and returns whether all is well."""
    copy = Copy(folder)
    for line in BROKEN[way]:
        copy.spoil(line)
    marked, _ = copy.ask()
    print(f"# {way}", *(f"{line}\n    {what}" for line, what in marked), sep="\n", flush=True)
    if only_ask or way in UNFIXABLE:
        return any(what for _, what in marked)
    failed = list(copy.fix(what for _, what in marked if what))
    after, code = copy.ask()
    fixed = bool(marked) and not code and not after
    print("✓ fixed" if fixed else f"✗ {failed} {after}", flush=True)
    return fixed


def main():
    """Try each way; exit with 1 if one is not named, or not fixed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("ways", nargs="*", default=list(BROKEN))
    parser.add_argument("--ask", action="store_true", help="fix nothing")
    parser.add_argument("--folder", type=Path, default=Path("/tmp/vidlearn-broken"))
    options = parser.parse_args()
    well = [examine(way, options.folder, options.ask) for way in options.ways]
    shutil.rmtree(options.folder, ignore_errors=True)
    print(f"{sum(well)} of {len(well)} ways are named with " + (
        "what fixes them" if options.ask else "what fixed them"))
    sys.exit(not all(well))


if __name__ == "__main__":
    main()
