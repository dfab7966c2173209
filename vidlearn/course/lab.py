"""The course on the reader's disk: where it is, where the reader's copy is, JupyterLab on it."""

import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from vidlearn.course import working_copy
from vidlearn.doctor import blas

BUNDLED = Path(__file__).parent / "material"            # in an installed wheel only
PLACES = "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR", "MPLCONFIGDIR"


def course():
    """The folder that holds notebooks/ and data/: in the wheel, or else the source checkout."""
    return BUNDLED if BUNDLED.is_dir() else Path(__file__).parents[2]


def home():
    """The folder for the reader's copy, where none is named.

    It is course/ in a checkout that can be written, or else ~/vidlearn-course.
    """
    root = course()
    in_checkout = root != BUNDLED and os.access(root, os.W_OK)
    return root / "course" if in_checkout else Path("~/vidlearn-course").expanduser()


def hand_out(folder, fresh=()):
    """Bring the reader's copy in `folder` up to date; see `working_copy.hand_out`.

    The checkout itself is no copy: its recorded notebooks stay as they are.
    """
    if Path(folder).resolve() == course().resolve():
        return working_copy.HandedOut()
    below = _notebooks_below(folder)
    files = {f"{below}{path.name}": path for path in _files(course() / "notebooks")}
    if below:                                         # beside the data, it needs no copy of them
        data = course() / "data"
        files |= {f"data/{path.relative_to(data).as_posix()}": path for path in _files(data)}
    return working_copy.hand_out(files, folder, fresh)


def start(folder, browser=True):
    """Run JupyterLab on the first lesson in `folder` until it is closed; return its exit code."""
    from vidlearn.course import jupyter_kernel  # imports ipykernel, which takes its time

    is_root = getattr(os, "geteuid", lambda: 1)() == 0            # as in a container
    flags = ["--no-browser"] * (not browser) + ["--allow-root"] * is_root
    first = f"{_notebooks_below(folder)}00_start.ipynb"
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={Path(folder).resolve()}",
               f"--LabApp.default_url=/lab/tree/{first}", *flags]
    with tempfile.TemporaryDirectory() as own, subprocess.Popen(
            command, cwd=folder,
            env=_settings() | _places(own) | os.environ | jupyter_kernel.settings(own)) as server:
        while True:
            with suppress(KeyboardInterrupt):         # JupyterLab gets it too, and asks
                return server.wait()


def _settings():
    """Environment variables that make kernels fast here; a reader's own go before them.

    Each library spreads its work over the cores, and NumPy's matrix products stay on one: else
    both would ask for every core at once.
    """
    is_set = "OPENBLAS_CORETYPE" in os.environ
    kernel = "" if is_set else blas.faster(blas.speeds(rounds=1))
    return ({"OMP_NUM_THREADS": str(blas.cores()), "OPENBLAS_NUM_THREADS": "1"}
            | ({"OPENBLAS_CORETYPE": kernel} if kernel else {}))


def _places(folder):
    """Where Jupyter keeps its own files: below `folder` if the home folder cannot be written."""
    try:
        with tempfile.TemporaryFile(dir=Path.home()):
            return {}
    except (OSError, RuntimeError):                   # it is read-only, or there is none
        return {name: str(Path(folder, name)) for name in PLACES}


def _notebooks_below(folder):
    """Where the notebooks stand in a copy: in course/ of a checkout at once, or in notebooks/."""
    return "" if Path(folder).resolve() == (course() / "course").resolve() else "notebooks/"


def _files(source):
    for path in source.rglob("*"):
        inside = path.relative_to(source).parts       # no .ipynb_checkpoints, no __pycache__
        if path.is_file() and not any(name.startswith((".", "__")) for name in inside):
            yield path
