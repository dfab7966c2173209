"""Decoded clips kept on disk, so that the second epoch does not decode again.

The key of a clip is its path, time, length in bytes and frame size: a changed file is decoded
again. Of a long film, evenly spaced frames are kept. What is left of a damaged film has a key of
its own, so that nobody gets it who did not allow it. When the folder is full, no more clips are
kept; `clear` empties it. The unfinished file of a killed process is removed after a day.
"""

import contextlib
import hashlib
import os
import time
import uuid
import warnings
from pathlib import Path

import numpy as np
import platformdirs

from vidlearn import video
from vidlearn.checks import checked, kinds
from vidlearn.video.errors import BudgetError

DAY = 24 * 60 * 60           # seconds
LONG = 256 * 2**20           # bytes: of a clip that takes more, not every frame is kept
SIZE = kinds.row("(height, width) in whole pixels", kinds.POSITIVE_COUNT, 2)


@checked
class Cache:
    """A folder of decoded clips.

    Units    limit in bytes
    """

    def __init__(self, folder: kinds.PATH = None, limit: kinds.NOT_NEGATIVE = 10 * 2**30):
        self.folder = Path(folder or platformdirs.user_cache_path("vidlearn") / "clips")
        self.limit = limit
        self._full = self._tidied = False

    def frames(self, path, size: SIZE, count: kinds.POSITIVE_COUNT = 1, allow_damaged=False):
        """All frames of a clip at `size`, from disk if they are kept there.

        Of a film that takes more than LONG bytes, so many evenly spaced frames that `count` evenly
        spaced ones of these are those of the whole film, and memory never holds more. With
        `allow_damaged`, all that can be decoded of a damaged film.

        Shapes   (T, H, W, 3) uint8 RGB
        Raises   VideoError if the film cannot be read, or is damaged and that is not allowed
        """
        most = _odd_multiple(count, LONG // (size[0] * size[1] * 3))
        for strict in (True, False)[:1 + allow_damaged]:
            for thinned in (None, most):
                if (kept := _kept(self._place(path, size, thinned, strict))) is not None:
                    return kept
        try:
            return self._read(path, size, most, strict=True)
        except video.VideoError:
            if not allow_damaged:
                raise
        return self._read(path, size, most, strict=False)

    def used(self):
        """The size of all kept clips in bytes."""
        if not self.folder.is_dir():
            return 0
        return sum(facts.st_size for _, facts in self._files())

    def clear(self):
        """Delete all decoded clips."""
        for place, _ in self._files():
            place.unlink(missing_ok=True)
        self._full = False

    def _read(self, path, size, most, strict):
        thinned = None
        try:
            clip = video.read(path, size=size, budget=LONG, strict=strict)
        except BudgetError:
            thinned, clip = most, video.read(path, size=size, count=most, strict=strict)
        self._keep(self._place(path, size, thinned, strict), clip.frames)
        return clip.frames

    def _files(self):
        """Each file of the cache, finished or not, with its `stat` result."""
        for place in [*self.folder.glob("*.npy"), *self.folder.glob("*.part")]:
            with contextlib.suppress(FileNotFoundError):      # another process deleted it
                yield place, place.stat()

    def _delete_unfinished(self):
        """Delete unfinished files of killed processes; younger ones may still be in use."""
        self._tidied = True
        for place, facts in self._files():
            if place.suffix == ".part" and facts.st_mtime < time.time() - DAY:
                with contextlib.suppress(OSError):
                    place.unlink()

    def _place(self, path, size, thinned, strict):
        path = Path(path).resolve()
        try:
            facts = path.stat()
        except OSError:
            return self.folder / "none"               # video.read says what is wrong with it
        size = (*size, thinned) if thinned else tuple(size)
        key = f"{path}|{facts.st_mtime_ns}|{facts.st_size}|{size}{'' if strict else '|damaged'}"
        return self.folder / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.npy"

    def _keep(self, place, frames):
        """Write under another name and rename: no other process sees an unfinished clip."""
        if self._full:
            return
        draft = place.with_suffix(f".{uuid.uuid4().hex}.part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not self._tidied:
                self._delete_unfinished()
            if self.used() + frames.nbytes > self.limit:
                raise OSError(f"it holds {self.limit / 2**30:.1f} GiB; Cache().clear() empties it, "
                              "and so does deleting it")
            with draft.open("wb") as file:
                np.save(file, frames)
            os.replace(draft, place)
        except OSError as error:
            self._full = True
            with contextlib.suppress(OSError):
                draft.unlink()
            warnings.warn(f"no more decoded clips are kept in {self.folder}: {error}", stacklevel=2)


def _kept(place):
    """The frames in a file of the cache, or None."""
    try:
        return np.load(place, mmap_mode="r")
    except FileNotFoundError:
        return None
    except (ValueError, EOFError, OSError):
        with contextlib.suppress(OSError):
            place.unlink()                            # an unfinished file: decode again
        return None


def _odd_multiple(count, most):
    """The largest odd multiple of `count` up to `most`: the middles of its parts are its middles.

    With an even multiple, none of the kept frames would be the middle one of its part.
    """
    times = max(most // count, 1)
    return count * (times - (times % 2 == 0))
