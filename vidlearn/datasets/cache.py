"""Decoded clips kept on disk: the second epoch does not decode again.

A clip is found by its path, time, length in bytes and size of frames: a file that changed is
decoded anew. When the folder is full, no more is kept; `clear` empties it.
"""

import contextlib
import hashlib
import os
import uuid
import warnings
from pathlib import Path

import numpy as np
import platformdirs

from vidlearn import video


class Cache:
    """A folder of decoded clips.

    Units    limit in bytes
    """

    def __init__(self, folder=None, limit=10 * 2**30):
        self.folder = Path(folder or platformdirs.user_cache_path("vidlearn") / "clips")
        self.limit = limit
        self._full = False

    def frames(self, path, size):
        """All frames of a clip at `size`, from disk if they are there.

        Shapes   (T, H, W, 3) uint8 RGB
        """
        place = self._place(path, size)
        try:
            return np.load(place, mmap_mode="r")
        except FileNotFoundError:
            pass
        except (ValueError, EOFError, OSError):
            with contextlib.suppress(OSError):
                place.unlink()                        # half a file: decode again
        frames = video.read(path, size=size).frames
        self._keep(place, frames)
        return frames

    def used(self):
        """How many bytes are kept."""
        if not self.folder.is_dir():
            return 0
        return sum(entry.stat().st_size for entry in os.scandir(self.folder))

    def clear(self):
        """Throw all decoded clips away."""
        for place in self.folder.glob("*.npy"):
            place.unlink(missing_ok=True)
        self._full = False

    def _place(self, path, size):
        path = Path(path).resolve()
        try:
            facts = path.stat()
        except OSError:
            return self.folder / "none"               # the reader says what is wrong with it
        key = f"{path}|{facts.st_mtime_ns}|{facts.st_size}|{tuple(size)}"
        return self.folder / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.npy"

    def _keep(self, place, frames):
        """Write to a name of its own and rename: another process never sees half a clip."""
        if self._full:
            return
        draft = place.with_suffix(f".{uuid.uuid4().hex}.part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if self.used() + frames.nbytes > self.limit:
                raise OSError(f"it holds {self.limit / 2**30:.1f} GiB; Cache().clear() empties it")
            with draft.open("wb") as file:
                np.save(file, frames)
            os.replace(draft, place)
        except OSError as error:
            self._full = True
            with contextlib.suppress(OSError):
                draft.unlink()
            warnings.warn(f"no more decoded clips are kept in {self.folder}: {error}", stacklevel=2)
