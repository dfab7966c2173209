"""Make an environment with given versions and run all unit tests and three lessons in it.

    python -m tools.machines lowest                  each dependency at its lowest declared version
    python -m tools.machines newest --python python3.13 --headless
    python -m tools.machines newest --with opencv-python==4.12.0.88 --gigabytes 4

The environment takes some 6 GB in --folder and is deleted at the end unless --keep. It prints a
line for each step: ✓ or ✗, seconds, and the last line of its output; the whole output is in the
folder's machines.log. --gigabytes needs root and control groups. --only takes names of STEPS.
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
ROOMS = sorted({path.parent.name for path in ROOT.glob("tests/*/test_*.py")}
               | {path.parents[1].name for path in ROOT.glob("tests/*/*/test_*.py")})
STEPS = {
    "ready": ["-m", "vidlearn", "doctor"],
    "loose": [*TEST, *sorted(f"tests/{path.name}" for path in ROOT.glob("tests/test_*.py"))],
    **{room: [*TEST, f"tests/{room}"] for room in ROOMS},
    "lessons": ["-m", "vidlearn", "check", "00", "10", "24"],
}
GROUPS = Path("/sys/fs/cgroup/memory")


def declared():
    """What pyproject.toml requires, for the tests too."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = project["dependencies"] + project["optional-dependencies"]["test"]
    return [Requirement(line) for line in lines]


def lowest(requirement):
    """The lowest release that a requirement allows: `numpy>=2.0,<=2.0.0.999` for `numpy>=2.0`."""
    [bound] = [spec.version for spec in requirement.specifier if spec.operator == ">="]
    parts = [*bound.split("."), "0", "0"][:3]
    return f"{requirement.name}>={bound},<={'.'.join(parts)}.999"


def make(folder, options, log):
    """Make an environment with vidlearn in it, as `options` say; return its Python."""
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
    """A function with which a child process limits its own memory; None for no limit."""
    if not gigabytes:
        return None
    group = GROUPS / "vidlearn-machines"
    group.mkdir(exist_ok=True)
    (group / "memory.limit_in_bytes").write_text(str(int(gigabytes * 2 ** 30)))
    return lambda: (group / "cgroup.procs").write_text(str(os.getpid()))


def step(python, words, log, gigabytes=None):
    """Run a step; return whether all is well, its seconds and the last line of its output."""
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
    """Make the environment, run the steps, delete it; exit with 1 if a step failed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("versions", choices=["lowest", "newest"])
    parser.add_argument("--python", default=sys.executable, help="such as python3.13")
    parser.add_argument("--folder", type=Path, default=Path("/tmp/vidlearn-machine"))
    parser.add_argument("--headless", action="store_true", help="opencv-python-headless instead")
    parser.add_argument("--with", dest="extra", nargs="*", default=[], metavar="PACKAGE==VERSION")
    parser.add_argument("--gigabytes", type=float, help="of memory for each step")
    parser.add_argument("--only", nargs="*", default=list(STEPS), choices=[*STEPS, []])
    parser.add_argument("--keep", action="store_true",
                        help="keep the environment, and use it if it is there")
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
            print(f"{'✓' if fine else '✗'} {name:10} {seconds:4.0f} s  {last}", flush=True)
    if not options.keep:
        shutil.rmtree(options.folder)
    sys.exit(not well)


if __name__ == "__main__":
    main()
