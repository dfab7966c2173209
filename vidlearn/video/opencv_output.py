"""Keep what OpenCV and its FFmpeg print off the screen, where a lesson reads or writes with them.

They print past Python, straight to the process's standard error. To see it, set OPENCV_LOG_LEVEL
and OPENCV_FFMPEG_LOGLEVEL: what the user has set stays as it is.
"""

import contextlib
import os

os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")         # FFmpeg reads it at its first file


@contextlib.contextmanager
def no_stderr():
    """Discard all standard error inside a `with` block: OpenCV's writer prints there directly."""
    if "OPENCV_LOG_LEVEL" in os.environ:
        yield
        return
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
