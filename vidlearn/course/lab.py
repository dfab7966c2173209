"""The course on the reader's disk: where it is, how it is copied, and JupyterLab on it."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from vidlearn.doctor import blas
from vidlearn.files import atomic

BUNDLED = Path(__file__).parent / "material"            # in an installed wheel only
FIRST = "notebooks/00_start.ipynb"
MANIFEST = ".vidlearn.json"                           # the SHA-256 of each file as it was copied
PLACES = "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR", "MPLCONFIGDIR"


def course():
    """The folder that holds notebooks/ and data/: in the wheel, or else the source checkout."""
    return BUNDLED if BUNDLED.is_dir() else Path(__file__).parents[2]


@dataclass
class Copied:
    """What `copy` did: paths relative to the folder."""

    new: list = field(default_factory=list)
    updated: list = field(default_factory=list)
    kept: list = field(default_factory=list)          # the reader changed them

    def __str__(self):
        kept = "".join(f"\n  kept your {name}" for name in self.kept)
        return f"{len(self.new)} new files, {len(self.updated)} updated{kept}"


def copy(source, folder):
    """Copy the course to `folder`, never over a file that the reader changed.

    Returns  Copied
    Raises   OSError if the folder cannot be written; the copy can be run again
    """
    folder, done = Path(folder), Copied()
    folder.mkdir(parents=True, exist_ok=True)
    manifest = _read(folder / MANIFEST)
    for path in sorted(_files(Path(source))):
        name = path.relative_to(source).as_posix()
        there, ours = _digest(folder / name), _digest(path)
        if there not in (None, ours, manifest.get(name)):
            done.kept.append(name)
            continue
        if there != ours:
            (done.new if there is None else done.updated).append(name)
            atomic.write(folder / name, path.read_bytes())
        manifest[name] = ours
    atomic.write(folder / MANIFEST, json.dumps(manifest, indent=1, sort_keys=True).encode())
    return done


def start(folder, browser=True):
    """Run JupyterLab on the first lesson in `folder` until it is closed; return its exit code."""
    from vidlearn.course import jupyter_kernel  # imports ipykernel, which takes its time

    is_root = getattr(os, "geteuid", lambda: 1)() == 0            # as in a container
    flags = ["--no-browser"] * (not browser) + ["--allow-root"] * is_root
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={Path(folder).resolve()}",
               f"--LabApp.default_url=/lab/tree/{FIRST}", *flags]
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


def _files(source):
    for part in ("notebooks", "data"):
        for path in (source / part).rglob("*"):
            inside = path.relative_to(source).parts       # no .ipynb_checkpoints, no __pycache__
            if path.is_file() and not any(name.startswith((".", "__")) for name in inside):
                yield path


def _digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def _read(path):
    return json.loads(path.read_text()) if path.is_file() else {}
