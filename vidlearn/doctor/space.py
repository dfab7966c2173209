"""The folders of the lessons: which files hide a package there, and is there space to write?"""

import os
import shutil
import tempfile
from importlib import import_module
from pathlib import Path

from vidlearn.doctor.installed import ROOT

MEMORY_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def lesson_folders():
    """The folders with lessons: the current one, this checkout's, and the user's copy."""
    likely = (Path.cwd(), Path.cwd() / "notebooks", ROOT / "course",
              ROOT / "notebooks", Path.home() / "vidlearn-course/notebooks")
    return [folder for folder in dict.fromkeys(likely)
            if os.access(folder, os.R_OK | os.X_OK) and any(folder.glob("*.ipynb"))]


def shadowing(modules, folders):
    """The files and packages in `folders` that hide one of `modules`."""
    paths = [path for folder in folders
             for path in (*folder.glob("*.py"), *folder.glob("*/__init__.py"))]
    named = {path.parent if path.name == "__init__.py" else path for path in paths}
    # A checkout holds the package vidlearn itself.
    return sorted(_near(path) for path in named
                  if path.stem in modules and (path.suffix or path.name != "vidlearn"))


def writable(folder):
    """Whether files can be created in `folder`, or in its nearest parent that exists."""
    there = _nearest(folder)
    return there.is_dir() and os.access(there, os.W_OK)


def fullest_disk():
    """The folder with the least space of those that are written to, and its free bytes."""
    folders = (Path.home(), Path.cwd(), Path(_temporary_folder()))
    free = {folder: shutil.disk_usage(_nearest(folder)).free for folder in folders}
    return min(free.items(), key=lambda item: item[1])


def temporary(name):
    """Where to put `name` if its own folder cannot be written."""
    return Path(_temporary_folder(), name)


def free_memory():
    """Free bytes of memory for this process, within the limits of its container."""
    free = import_module("psutil").virtual_memory().available
    return min([free, *map(int, filter(str.isdigit, map(_read, MEMORY_LIMITS)))])


def _temporary_folder():
    try:
        return tempfile.gettempdir()
    except FileNotFoundError:                         # every disk is full
        return os.environ.get("TMPDIR", os.sep)


def _nearest(folder):
    # Path.exists raises where one may not look.
    return next(path for path in (folder, *folder.parents) if os.path.exists(path))


def _near(path):
    """A path relative to the working folder, if it is in there."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _read(path):
    return Path(path).read_text().strip() if Path(path).is_file() else ""
