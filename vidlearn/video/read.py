"""Video files to arrays, in order from the first frame; too few frames are always an error."""

import math
from dataclasses import dataclass

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.video import extent
from vidlearn.video.decoder import Decoder
from vidlearn.video.errors import NOT_STRICT, BudgetError, VideoError

GIB = 2**30
MICRO = 1e-6             # seconds: time stamps are rounded, and 0.2 may be stored as 0.19999999
CROP = kinds.row("(left, top, right, bottom) in whole pixels", kinds.INTEGER, 4)
FRAMES = kinds.whole(1, 10**15)


@checked
@dataclass
class Clip:
    """Frames of a video, and when each is shown.

    `whole` says of each frame whether nothing of it is damaged, as far as the decoder tells:
    vidlearn.video.damage defines it. Only a film read with `strict` off has frames that are not.

    Shapes   frames (T, H, W, 3) uint8 RGB (one channel if read grey), seconds (T,) float64, whole
             (T,) bool
    Units    seconds from the first frame of the file
    Raises   ArgumentError if they are not of one length
    """

    frames: np.ndarray
    seconds: np.ndarray
    path: kinds.ANYTHING
    whole: np.ndarray = None

    def __post_init__(self):
        self.whole = np.ones(len(self.frames), bool) if self.whole is None else self.whole
        lengths = [len(each) for each in (self.frames, self.seconds, self.whole)]
        if len(set(lengths)) > 1:
            raise ArgumentError("frames, seconds and whole must be of one length, not of "
                                f"{lengths[0]}, {lengths[1]} and {lengths[2]}")

    def __len__(self):
        return len(self.frames)

    @property
    def fps(self):
        """Frames per second, on average; nan for a single frame."""
        return (len(self) - 1) / float(np.ptp(self.seconds)) if len(self) > 1 else math.nan


@checked
def read(path, *, start: kinds.NUMBER = None, stop: kinds.NUMBER = None, unit="frames",
         count: FRAMES = None, step: FRAMES = 1, size: kinds.SIDES = None, crop: CROP = None,
         grey=False, budget: kinds.POSITIVE = GIB, strict=True, square=True):
    """Read a video, or part of one, into memory.

    Units    start, stop in `unit`: "frames" or "seconds", stop excluded; step in frames; size:
             pixels, (height, width) or the shorter side; crop: (left, top, right, bottom) pixels,
             right and bottom excluded, applied before scaling; budget in bytes; square: as shown,
             with square pixels (off: the pixels as stored, which `probe` gives the shape of)
    Returns  a Clip: all of it, every `step`-th frame, or `count` of them evenly spaced (a frame is
             repeated where there are too few). With `strict` off, of a damaged film all frames that
             can be decoded, also those after the damage, at their own seconds: `clip.whole` says
             which are whole. Frames that are lost are not counted by start, stop, count and step
    Raises   VideoError if the file cannot be read, stores more frames than can be decoded (unless
             `strict` is off), ends before `stop`, or takes more memory than `budget`

    >>> clip = read("data/left.webm", count=4, size=32)
    >>> clip.frames.shape, clip.seconds.tolist()
    ((4, 32, 32, 3), [0.25, 0.75, 1.25, 1.75])
    """
    part, view = _Part(start, stop, unit, step), (crop, size, grey, square)
    if count is None:
        return _gather(path, part, budget, strict, view)[0].clip()
    if step > 1:
        raise ArgumentError(f"count {count} and step {step}: give one of them")
    buffer, total, decoded = _gather(path, part, budget, strict, view, count)
    if decoded != total:              # the file said how many frames it has, and was wrong
        del buffer                    # or two buffers would take twice the budget
        buffer, *_ = _gather(path, part, budget, strict, view, count, decoded)
    return buffer.clip()


@checked
def frames(path, *, start: kinds.NUMBER = None, stop: kinds.NUMBER = None, unit="frames",
           step: FRAMES = 1, size: kinds.SIDES = None, crop: CROP = None, grey=False,
           strict=True, square=True, whole=False):
    """Go through a video one frame at a time, with memory for one frame.

    Returns  a generator of (seconds, frame (H, W, 3) uint8 RGB), or with `whole` of (seconds,
             frame, is it whole?); the other arguments are those of `read`
    Raises   as `read`; a video that turns out damaged raises after its last good frame
    """
    part = _Part(start, stop, unit, step)
    with Decoder(path, strict) as decoder:
        for second in _walk(decoder, part, strict):
            picture = decoder.picture(crop, size, grey, square)
            yield (second, picture, decoder.whole) if whole else (second, picture)


class _Part:
    """Which part of a video is wanted: from `start` to `stop`, every `step`-th frame."""

    def __init__(self, start, stop, unit, step):
        if unit not in ("frames", "seconds"):
            raise ArgumentError(f"unit {unit!r} must be 'frames' or 'seconds'")
        self.start, self.stop = start or 0, math.inf if stop is None else stop
        if not 0 <= self.start < self.stop:
            raise ArgumentError(f"start {start} and stop {stop} must be 0 or more, start before "
                                "stop")
        self.unit, self.step = unit, step

    def place(self, number, second):
        """Where a frame lies on the scale of `start` and `stop`."""
        return number if self.unit == "frames" else second + MICRO

    def expect(self, decoder, total):
        """About how many frames that is, of `total`; 0 where nothing says how many there are."""
        rate = 1 if self.unit == "frames" else decoder.fps
        last = min(self.stop * rate, total or self.stop * rate)
        return 0 if last == math.inf else math.ceil(max(last - self.start * rate, 0) / self.step)


def _repeats(number, total, count):
    """How often `sample.uniform(total, count)` names a frame, without computing all of it."""
    def before(number):
        return ((2 * count * number - 1) // total + 1) // 2
    return before(number + 1) - before(number) if number < total else 0


def _gather(path, part, budget, strict, view, count=None, total=None):
    """Collect a part, or `count` of its frames, evenly spaced if it has `total`.

    Returns  the buffer; `total`, or what the file says if it was not given; how many frames it has
    """
    number = -1
    with Decoder(path, strict) as decoder:
        if count and total is None:
            total = part.expect(decoder, decoder.declared or decoder.stored())
        buffer = _Buffer(decoder, budget, lambda total: count or part.expect(decoder, total))
        for number, second in enumerate(_walk(decoder, part, strict)):
            if repeats := 1 if count is None else _repeats(number, total, count):
                picture = decoder.picture(*view)
                for _ in range(repeats):
                    buffer.add(picture, second)
    return buffer, total, number + 1


def _walk(decoder, part, strict):
    """Go through the file and stop at each frame of the part: yield its second."""
    number = inside = 0
    second, gap = 0.0, 1 / decoder.fps
    while (now := decoder.grab()) is not None:
        gap, second = now - second or gap, now
        place = part.place(number, now)
        if place >= part.stop:
            if not inside:
                raise VideoError(
                    f"{decoder.path}: no frame is shown from {part.start} to {part.stop} "
                    f"{part.unit}, the next is at {now:.3f} seconds", path=decoder.path)
            return
        if place >= part.start:
            if inside % part.step == 0:
                yield now
            inside += 1
        number += 1
    _check_end(decoder, part, number, second + gap, strict)


def _check_end(decoder, part, decoded, seconds, strict):
    """At the end of the file: is it complete, and is the part in it?"""
    path = decoder.path
    facts = {"path": path, "declared": decoder.declared, "decoded": decoded}
    if not decoded:
        raise decoder.no_frame_error()
    if why := strict and decoder.shortfall(decoded):
        raise VideoError(f"{path}: {extent.decoded_of(decoder.declared, decoded)}, and {why}. "
                         f"{NOT_STRICT}", **facts)
    end, slack = (decoded, 0) if part.unit == "frames" else (seconds, 1e-3)
    stop = part.stop if part.stop < math.inf else 0
    if part.start >= end or stop > end + slack:
        raise VideoError(f"{path}: {part.unit} {part.start} to {part.stop} are wanted, and "
                         f"it ends after {decoded} frames, {seconds:.3f} seconds", **facts)


class _Buffer:
    """Pictures in one growing block of memory, up to a budget of bytes.

    `expect` maps a file's number of frames to how many will come.
    """

    def __init__(self, decoder, budget, expect):
        self.decoder, self.path, self.budget, self.expect = decoder, decoder.path, budget, expect
        self.expected, self.counted = expect(decoder.declared), False
        self.seconds, self.whole, self.shape, self.block = [], [], None, bytearray()
        if not self.expected:
            self._count()

    def add(self, picture, second):
        if self.shape is None:
            self.shape = picture.shape
        elif picture.shape != self.shape:
            raise VideoError(f"{self.path}: the picture changes from {self.shape[1]}x"
                             f"{self.shape[0]} to {picture.shape[1]}x{picture.shape[0]} at "
                             f"{second:.3f} seconds: size= scales all to one size",
                             path=self.path)
        self._check(picture.nbytes)
        self.block += picture.data
        self.seconds.append(second)
        self.whole.append(self.decoder.whole)

    def clip(self):
        frames = np.frombuffer(self.block, np.uint8).reshape(-1, *self.shape)
        return Clip(frames, np.array(self.seconds), str(self.path), np.array(self.whole))

    def _check(self, size):
        """Refuse what exceeds the budget, but not for a length that the file only claims."""
        if self._needed(size) > self.budget and not self.counted:
            self._count()
        if (needed := self._needed(size)) > self.budget:
            height, width = self.shape[:2]
            raise BudgetError(
                f"{self.path}: about {needed // math.prod(self.shape):,} frames of {width}x{height}"
                f" take {_size(needed)}, over the budget of {_size(self.budget)}. "
                "Take fewer (count=, step=, start=, stop=) or smaller ones (size=, crop=), raise "
                "budget=, or go through video.frames(path)", path=self.path)

    def _count(self):
        """Expect the frames that the file stores."""
        self.expected, self.counted = self.expect(self.decoder.stored()), True

    def _needed(self, size):
        return max(self.expected, len(self.seconds) + 1) * size


def _size(count):
    return f"{count / GIB:,.1f} GiB" if count >= GIB else f"{count / 2**20:,.1f} MiB"
