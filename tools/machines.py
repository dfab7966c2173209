"""Make an environment of given versions and see what holds in it: all unit tests, three lessons.

    python tools/machines.py lowest                  each dependency at its lowest declared version
    python tools/machines.py newest --python python3.13 --headless
    python tools/machines.py newest --with opencv-python==4.12.0.88 --gigabytes 4

An environment goes to --folder, some 6 GB, and goes again unless --keep. A line a step: ✓ or ✗, its
seconds, and the last line that it said; all of it is in the folder's machines.log. --gigabytes
needs root and control groups; the steps, as --only names them, are in STEPS.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
TEST = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=short", "-n2", "--dist", "loadscope"]
STEPS = {
    "doctor": ["-m", "vidlearn", "doctor"],
    "course": [*TEST, *sorted(f"tests/{path.name}" for path in ROOT.glob("tests/test_*.py"))],
    "video": [*TEST, "tests/video"],
    "scratch": [*TEST, "tests/scratch"],
    "show": [*TEST, "tests/show"],
    "data": [*TEST, "tests/datasets", "tests/models", "tests/vision"],
    "lessons": ["-m", "vidlearn", "check", "00", "10", "24"],
}
GROUPS = Path("/sys/fs/cgroup/memory")


def declared():
    """What pyproject.toml asks for, tests included."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = project["dependencies"] + project["optional-dependencies"]["test"]
    return [Requirement(line) for line in lines]


def lowest(requirement):
    """`numpy>=2.0` held to its first release: `numpy>=2.0,<=2.0.0.999`."""
    [bound] = [spec.version for spec in requirement.specifier if spec.operator == ">="]
    parts = [*bound.split("."), "0", "0"][:3]
    return f"{requirement.name}>={bound},<={'.'.join(parts)}.999"


def make(folder, options, log):
    """An environment with vidlearn in it, as `options` ask."""
    subprocess.run([options.python, "-m", "venv", folder], check=True)
    python = folder / "bin/python"

    def pip(*words):
        subprocess.run([python, "-m", "pip", *words], cwd=ROOT, check=True,
                       stdout=log, stderr=subprocess.STDOUT)
    limits = folder / "limits.txt"
    asked = map(lowest, declared()) if options.versions == "lowest" else ()
    limits.write_text("\n".join([*asked, *options.extra]))
    pip("install", "--quiet", "--constraint", limits, "--editable", ".[test]")
    if options.headless:
        pip("uninstall", "--quiet", "--yes", "opencv-python")
        pip("install", "--quiet", "opencv-python-headless")
    pip("list", "--format=freeze")
    return python


def confined(gigabytes):
    """What a child process does first to have no more memory than that."""
    if not gigabytes:
        return None
    group = GROUPS / "vidlearn-machines"
    group.mkdir(exist_ok=True)
    (group / "memory.limit_in_bytes").write_text(str(int(gigabytes * 2 ** 30)))
    return lambda: (group / "cgroup.procs").write_text(str(os.getpid()))


def step(python, words, log, gigabytes=None):
    """Run it; returns whether all is well, its seconds and the last line that it said."""
    start = time.monotonic()
    done = subprocess.run(
        [python, *words], cwd=ROOT, capture_output=True, text=True, preexec_fn=confined(gigabytes),
        env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
                          "PYTHONDONTWRITEBYTECODE": "1",
                          "MPLCONFIGDIR": str(python.parents[1] / "matplotlib")})
    said = f"{done.stdout}\n{done.stderr}"
    log.write(f"\n$ python {' '.join(words)}\n{said}")
    last = (done.stdout.strip() or done.stderr.strip() or "nothing").splitlines()[-1]
    return done.returncode == 0, time.monotonic() - start, last


def main():
    """Make the environment, take the steps, tidy up; exit with 1 if one failed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("versions", choices=["lowest", "newest"])
    parser.add_argument("--python", default=sys.executable, help="such as python3.13")
    parser.add_argument("--folder", type=Path, default=Path("/tmp/vidlearn-machine"))
    parser.add_argument("--headless", action="store_true", help="opencv-python-headless instead")
    parser.add_argument("--with", dest="extra", nargs="*", default=[], metavar="PACKAGE==VERSION")
    parser.add_argument("--gigabytes", type=float, help="of memory, for each step")
    parser.add_argument("--only", nargs="*", default=list(STEPS), choices=[*STEPS, []])
    parser.add_argument("--keep", action="store_true", help="and take what is there already")
    options = parser.parse_args()

    options.folder.mkdir(parents=True, exist_ok=True)
    well = True
    with (options.folder / "machines.log").open("a", buffering=1) as log:
        python = options.folder / "bin/python"
        if not python.exists():
            python = make(options.folder, options, log)
        for name in options.only:
            fine, seconds, last = step(python, STEPS[name], log, options.gigabytes)
            well &= fine
            print(f"{'✓' if fine else '✗'} {name:8} {seconds:4.0f} s  {last}", flush=True)
    if not options.keep:
        shutil.rmtree(options.folder)
    sys.exit(not well)


if __name__ == "__main__":
    main()
