"""Where lessons live: what stands in their way there, may they write, is there room for them?"""

import os
import shutil
import tempfile
from importlib import import_module
from pathlib import Path

from vidlearn.doctor.installed import ROOT

MEMORY_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def lessons():
    """The folders within reach that hold lessons: here, in this checkout, in the user's copy."""
    likely = (Path.cwd(), Path.cwd() / "notebooks", ROOT / "notebooks",
              Path.home() / "vidlearn-course/notebooks")
    return [folder for folder in dict.fromkeys(likely)
            if os.access(folder, os.R_OK | os.X_OK) and any(folder.glob("*.ipynb"))]


def named_like(modules, folders):
    """Files and packages in them that `import` would take for one of `modules`."""
    paths = [path for folder in folders
             for path in (*folder.glob("*.py"), *folder.glob("*/__init__.py"))]
    named = {path.parent if path.name == "__init__.py" else path for path in paths}
    # A checkout holds the package vidlearn itself.
    return sorted(_near(path) for path in named
                  if path.stem in modules and (path.suffix or path.name != "vidlearn"))


def writable(folder):
    """Could files be made in `folder`, or in the nearest parent that is there?"""
    there = _nearest(folder)
    return there.is_dir() and os.access(there, os.W_OK)


def tightest():
    """Of the folders that are written to, the one with the least room, and its free bytes."""
    folders = (Path.home(), Path.cwd(), Path(_temporary()))
    free = {folder: shutil.disk_usage(_nearest(folder)).free for folder in folders}
    return min(free.items(), key=lambda item: item[1])


def elsewhere(name):
    """Where `name` can be kept if its own folder cannot be written."""
    return Path(_temporary(), name)


def memory():
    """Free bytes of memory that this process, in its container, may take."""
    free = import_module("psutil").virtual_memory().available
    return min([free, *map(int, filter(str.isdigit, map(_read, MEMORY_LIMITS)))])


def _temporary():
    try:
        return tempfile.gettempdir()
    except FileNotFoundError:                         # none has a byte left
        return os.environ.get("TMPDIR", os.sep)


def _nearest(folder):
    # Path.exists raises where one may not look.
    return next(path for path in (folder, *folder.parents) if os.path.exists(path))


def _near(path):
    """As one would type it: from the working folder, if it is in there."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _read(path):
    return Path(path).read_text().strip() if Path(path).is_file() else ""
