"""A file is written whole or not at all, and whether it can be is asked before the work."""

import errno
import os
from contextlib import suppress
from pathlib import Path


def write(path, content):
    """Put bytes in a file: whoever looks finds the old ones or all of the new ones, at any moment.

    What a process that was killed left beside it, in `path`.part, the next one writes over.

    Raises   OSError that names the file: a full disk, a folder that cannot be written
    """
    path = Path(path)
    check(path)
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())                   # on the disk before it takes the name
        os.replace(part, path)
    except OSError as wrong:
        raise OSError(wrong.errno or errno.EIO, wrong.strerror or str(wrong), str(path)) from wrong
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def check(path):
    """Ask, before long work, whether a file could be written there.

    Raises   OSError that names what is in the way
    """
    path = Path(path)
    if path.is_dir():
        raise _error(errno.EISDIR, path)
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    if not folder.is_dir():
        raise _error(errno.ENOTDIR, folder)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _error(errno.EACCES, folder)


def _error(number, path):
    return OSError(number, os.strerror(number), str(path))
