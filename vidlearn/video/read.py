"""Video files to arrays, in order from the first frame, and never short without a word."""

import math
from dataclasses import dataclass

import numpy as np

from vidlearn.checks import given, kinds
from vidlearn.video import container
from vidlearn.video.errors import VideoError
from vidlearn.video.reel import Reel

GIB = 2**30
MICRO = 1e-6             # seconds: time stamps are rounded, and 0.2 may be stored as 0.19999999


@dataclass
class Clip:
    """Frames of a video, and when each is shown.

    Shapes   frames (T, H, W, 3) uint8 RGB (one channel if read grey), seconds (T,) float64
    Units    seconds from the first frame of the file
    """

    frames: np.ndarray
    seconds: np.ndarray
    path: str

    def __len__(self):
        return len(self.frames)

    @property
    def fps(self):
        """Frames a second, on average; nan for a single frame."""
        return (len(self) - 1) / float(np.ptp(self.seconds)) if len(self) > 1 else math.nan


def read(path, *, start=None, stop=None, unit="frames", count=None, step=1, size=None, crop=None,
         grey=False, budget=GIB, strict=True):
    """Read a video, or part of one, into memory.

    Units    start, stop in `unit`: "frames" or "seconds", stop excluded; step in frames; size:
             pixels, (height, width) or the shorter side; crop: (left, top, right, bottom) pixels,
             right and bottom excluded, cut before scaling; budget in bytes
    Returns  a Clip: all of it, every `step`-th frame, or `count` of them evenly spaced (a frame is
             given twice where there are too few)
    Raises   VideoError if the file cannot be read, holds more than can be decoded (unless `strict`
             is off), ends before `stop`, or takes more memory than `budget`
    """
    part, look = _Part(start, stop, unit, step), (crop, size, grey)
    if count is None:
        return _gather(path, part, budget, strict, look)[0].clip()
    if step > 1:
        raise ValueError(f"count {count} and step {step}: give one of them")
    store, total, came = _gather(path, part, budget, strict, look, count)
    if came != total:                 # the file said how many frames it has, and was wrong
        del store                     # or the budget would be spent twice
        store, *_ = _gather(path, part, budget, strict, look, count, came)
    return store.clip()


def frames(path, *, start=None, stop=None, unit="frames", step=1, size=None, crop=None, grey=False,
           strict=True):
    """Go through a video one frame at a time: memory for one frame, whatever its length.

    Returns  a generator of (seconds, frame (H, W, 3) uint8 RGB); the arguments are those of `read`
    Raises   as `read`; a video that turns out damaged raises after its last good frame
    """
    part = _Part(start, stop, unit, step)
    with Reel(path) as reel:
        for second in _walk(reel, part, strict):
            yield second, reel.picture(crop, size, grey)


class _Part:
    """Which part of a video is wanted: from `start` to `stop`, every `step`-th frame."""

    def __init__(self, start, stop, unit, step):
        if unit not in ("frames", "seconds"):
            raise ValueError(f"unit {unit!r} must be 'frames' or 'seconds'")
        self.start, self.stop = start or 0, math.inf if stop is None else stop
        if not 0 <= self.start < self.stop:
            raise ValueError(f"start {start} and stop {stop} must be 0 or more, start before stop")
        self.unit, self.step = unit, step

    def place(self, number, second):
        """Where a frame stands on the scale of `start` and `stop`."""
        return number if self.unit == "frames" else second + MICRO

    def expect(self, reel, total):
        """About how many frames that is, of `total` (0 where nothing says how many there are)."""
        rate = 1 if self.unit == "frames" else reel.fps
        last = min(self.stop * rate, total or self.stop * rate)
        return 0 if last == math.inf else math.ceil(max(last - self.start * rate, 0) / self.step)


def _times(number, total, count):
    """How often `sample.uniform(total, count)` names a frame, without writing all of it out."""
    def before(number):
        return ((2 * count * number - 1) // total + 1) // 2
    return before(number + 1) - before(number) if number < total else 0


def _gather(path, part, budget, strict, look, count=None, total=None):
    """Gather a part, or `count` of its frames, evenly spaced if it has `total`.

    Returns  the store; `total`, what the file says if it was not given; how many frames it has
    """
    number = -1
    with Reel(path) as reel:
        if count and total is None:
            total = part.expect(reel, reel.declared or container.held(path) or 0)
        store = _Store(path, budget, reel.declared, lambda total: count or part.expect(reel, total))
        for number, second in enumerate(_walk(reel, part, strict)):
            if times := 1 if count is None else _times(number, total, count):
                picture = reel.picture(*look)
                for _ in range(times):
                    store.add(picture, second)
    return store, total, number + 1


def _walk(reel, part, strict):
    """Wind through the file and stop at each frame of the part: its second."""
    number = inside = 0
    second, gap = 0.0, 1 / reel.fps
    while (now := reel.grab()) is not None:
        gap, second = now - second or gap, now
        place = part.place(number, now)
        if place >= part.stop:
            if not inside:
                raise VideoError(f"{reel.path}: no frame is shown from {part.start} to {part.stop} "
                                 f"{part.unit}, the next is at {now:.3f} seconds", path=reel.path)
            return
        if place >= part.start:
            if inside % part.step == 0:
                yield now
            inside += 1
        number += 1
    _check_end(reel, part, number, second + gap, strict)


def _check_end(reel, part, came, seconds, strict):
    """The file is at its end: is it whole, and is the part in it?"""
    facts = {"path": reel.path, "declared": reel.declared, "decoded": came}
    if not came:
        raise reel.yields_nothing()
    why = container.shortfall(reel.path, reel.declared, came, reel.packets) if strict else None
    if why:
        facts["declared"] = reel.declared or container.declared(reel.path)
        raise VideoError(f"{reel.path}: {container.tally(facts['declared'], came)}, and {why}. "
                         "strict=False takes what came", **facts)
    end, slack = (came, 0) if part.unit == "frames" else (seconds, 1e-3)
    stop = part.stop if part.stop < math.inf else 0
    if part.start >= end or stop > end + slack:
        raise VideoError(f"{reel.path}: {part.unit} {part.start} to {part.stop} are wanted, and "
                         f"it ends after {came} frames, {seconds:.3f} seconds", **facts)


class _Store:
    """Pictures in one growing block of memory, up to a budget of bytes.

    `expect` says how many are to come if the file has so many, and `declared` is what it claims.
    """

    def __init__(self, path, budget, declared, expect):
        self.path, self.budget, self.expect = path, budget, expect
        self.expected, self.counted = expect(declared), False
        self.seconds, self.shape, self.block = [], None, bytearray()
        if not self.expected:
            self._count()

    def add(self, picture, second):
        if self.shape is None:
            self.shape = picture.shape
        elif picture.shape != self.shape:
            raise VideoError(f"{self.path}: the picture changes from {self.shape[1]}x"
                             f"{self.shape[0]} to {picture.shape[1]}x{picture.shape[0]} at "
                             f"{second:.3f} seconds: size= makes all alike", path=self.path)
        self._check(picture.nbytes)
        self.block += picture.data
        self.seconds.append(second)

    def clip(self):
        frames = np.frombuffer(self.block, np.uint8).reshape(-1, *self.shape)
        return Clip(frames, np.array(self.seconds), str(self.path))

    def _check(self, size):
        """Refuse what would not fit, but not for a length that the file only claims."""
        if self._needed(size) > self.budget and not self.counted:
            self._count()
        if (needed := self._needed(size)) > self.budget:
            height, width = self.shape[:2]
            raise VideoError(
                f"{self.path}: about {needed // math.prod(self.shape):,} frames of {width}x{height}"
                f" take {_size(needed)}, over the budget of {_size(self.budget)}. "
                "Take fewer (count=, step=, start=, stop=) or smaller ones (size=, crop=), raise "
                "budget=, or go through video.frames(path)", path=self.path)

    def _count(self):
        """Expect what the pieces of the file make, where they can be counted."""
        held, self.counted = container.held(self.path), True
        if held is not None:
            self.expected = self.expect(held)

    def _needed(self, size):
        return max(self.expected, len(self.seconds) + 1) * size


def _size(count):
    return f"{count / GIB:,.1f} GiB" if count >= GIB else f"{count / 2**20:,.1f} MiB"


given.check(globals(), {
    "start stop": kinds.number(), "count step": kinds.whole(1, 10**15), "size": kinds.SIDES,
    "crop": kinds.row("(left, top, right, bottom) in whole pixels", kinds.INTEGER, 4),
    "budget": kinds.ABOVE, "Clip.path": None,
})
