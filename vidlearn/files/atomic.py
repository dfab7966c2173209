"""Write a file completely or not at all, and check before long work that it can be written."""

import errno
import os
from contextlib import contextmanager, suppress
from pathlib import Path

from vidlearn.checks import is_refusal


def write(path, content):
    """Write bytes to a file: at any moment it holds the old bytes or all of the new ones.

    A process that is killed may leave `path`.part behind; the next write replaces it.

    Raises   OSError that names the file: the disk is full, or the folder cannot be written
    """
    with writing(path) as file:
        file.write(content)


@contextmanager
def writing(path):
    """Open a file for bytes that come bit by bit: it gets its name once the block has ended well.

    Raises   OSError as `write`
    """
    path = Path(path)
    check(path)
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())                   # on the disk before it gets its name
        os.replace(part, path)
    except OSError as error:
        if is_refusal(error) or error.filename not in (None, str(part), *map(str, path.parents)):
            raise                                     # of another file, in the block
        raise OSError(error.errno or errno.EIO, error.strerror or str(error), str(path)) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def check(path):
    """Check, before long work, that a file can be written to a path.

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
