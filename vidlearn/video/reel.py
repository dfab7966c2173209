"""An open video file, wound on one frame at a time: the only place that talks to OpenCV's reader.

Nothing that a file says of itself is believed: not how many frames it has, not how many a second.
Frames are taken in order (a jump to a frame number lands elsewhere when the rate varies).
"""

import difflib
import os
from dataclasses import dataclass
from pathlib import Path

import cv2

from vidlearn.checks import given
from vidlearn.video import container
from vidlearn.video.errors import VideoError
from vidlearn.video.picture import rgb
from vidlearn.video.quiet import quiet

CONVERT = "ffmpeg -i {name} -c:v libvpx-vp9 -crf 30 -b:v 0 out.webm makes a copy that is read"
THREADS = 4              # decoders at once: each holds frames, and 16 fill 700 MB with those of 4K
LARGE = 4_000_000        # pixels of a frame, from which there is only one decoder
PICTURES = {".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".ppm", ".webp"}


@dataclass(frozen=True)
class Probe:
    """What a video file says of itself, and the size of its first frame.

    Units    width and height in pixels, as shown: after rotation; declared in frames, 0 where the
             file does not say; fps in frames a second, as declared
    """

    path: str
    width: int
    height: int
    declared: int
    fps: float
    codec: str

    @property
    def seconds(self):
        """How long the file says it is; 0.0 where it does not say."""
        return self.declared / self.fps


class Reel:
    """A video file at its start; `grab` winds on one frame, `picture` looks at it.

    Raises   VideoError if there is no such file, or nothing in it can be shown
    """

    def __init__(self, path):
        self.path = Path(path)
        self._capture = _open(self.path)
        self.declared = _sane(self._capture.get(cv2.CAP_PROP_FRAME_COUNT), 1e9, int)
        self.fps = _sane(self._capture.get(cv2.CAP_PROP_FPS), 1e5, float) or 25.0
        code = int(self._capture.get(cv2.CAP_PROP_FOURCC)) & 0xFFFFFFFF
        self.codec = code.to_bytes(4, "little").decode("ascii", "replace").strip("\0 ")
        self._clock = _Clock(1 / self.fps)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._capture.release()

    def grab(self):
        """Wind on to the next frame.

        Returns  the seconds from the first frame to this one, or None at the end
        """
        if not self._capture.grab():
            return None
        return self._clock.tick(self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000)

    def picture(self, crop=None, size=None, grey=False):
        """Show the frame that was grabbed last, as `picture.rgb` makes it."""
        good, bgr = self._capture.retrieve()
        if not good:
            raise VideoError(f"{self.path}: a frame was found but cannot be shown", path=self.path)
        return rgb(bgr, crop, size, grey)

    def packets(self):
        """How many pieces of picture are in the file, whether they can be decoded or not."""
        found, capture = 0, cv2.VideoCapture(os.path.abspath(self.path), cv2.CAP_FFMPEG,
                                             [cv2.CAP_PROP_FORMAT, -1])
        while capture.grab():
            found += capture.retrieve()[1].size > 1   # a single byte stands for no picture
        capture.release()
        return found

    def yields_nothing(self):
        """The error for a file that opens and has no frame."""
        declared = self.declared or container.declared(self.path)
        said = f"its {declared} declared frames" if declared else "any frame"
        why = f"opens, but OpenCV cannot decode {said} (codec {self.codec or 'unknown'})"
        if self.codec == "AV01":
            why += ": OpenCV's wheels decode AV1 only where the graphics card does"
        why += f". {CONVERT.format(name=self.path.name)}"
        if self.codec == "webp":
            why = container.WEBP
        elif broken := container.broken(self.path):
            why = f"{container.tally(declared, 0)}, and {broken}. Copy or download it again"
        return VideoError(f"{self.path}: {why}", path=self.path, declared=declared, decoded=0)


def probe(path):
    """Look at the head of a video file and at its first frame.

    Raises   VideoError if there is no such file, or nothing in it can be shown
    """
    with Reel(path) as reel:
        if reel.grab() is None:
            raise reel.yields_nothing()
        height, width, _ = reel.picture().shape
        return Probe(str(path), width, height, reel.declared, reel.fps, reel.codec)


class _Clock:
    """Seconds since the first frame, from time stamps that may be absent, equal or absurd."""

    def __init__(self, step):
        self.step = step              # what a frame lasts when its stamp is of no use
        self.zero = self.now = None

    def tick(self, stamp):
        if self.now is None:
            self.zero, self.now = (stamp if abs(stamp) < 1e9 else 0.0), 0.0
        elif self.now < stamp - self.zero < self.now + 1e6:
            self.step, self.now = stamp - self.zero - self.now, stamp - self.zero
        else:
            self.now += self.step
        return self.now


def _open(path):
    if path.is_symlink() and not path.exists():
        raise VideoError(f"{path} is a link that leads nowhere", path=path)
    if not path.exists():
        near = difflib.get_close_matches(path.name, _names(path.parent), 1)
        raise VideoError(f"{path}: there is no such file"
                         + (f". Did you mean {near[0]}?" if near else ""), path=path)
    if path.is_dir():
        raise VideoError(f"{path} is a folder, not a video. {_folder(path)}", path=path)
    if path.stat().st_size == 0:
        raise VideoError(f"{path} is empty (0 bytes): copy or download it again", path=path,
                         decoded=0)
    with quiet():
        capture = _capture(path, THREADS)
        if capture.get(cv2.CAP_PROP_FRAME_WIDTH) * capture.get(cv2.CAP_PROP_FRAME_HEIGHT) > LARGE:
            capture = _capture(path, 1)
    if not capture.isOpened():
        why, declared = container.why_not(path)
        raise VideoError(f"{path}: {why}", path=path, declared=declared, decoded=0)
    return capture


def _capture(path, threads):
    """Open with so many decoders at once at most, unless the user has set how many."""
    if "OPENCV_FFMPEG_THREADS" in os.environ:
        return cv2.VideoCapture(os.path.abspath(path), cv2.CAP_FFMPEG)
    return cv2.VideoCapture(os.path.abspath(path), cv2.CAP_FFMPEG,
                            [cv2.CAP_PROP_N_THREADS, min(threads, os.cpu_count() or 1)])


def _folder(path):
    """What to do with a folder: it may be one of pictures."""
    pictures = [name for name in sorted(_names(path)) if Path(name).suffix.lower() in PICTURES]
    if not pictures:
        return "vidlearn.datasets.Folder reads a folder of clips"
    ending = Path(pictures[0]).suffix
    return (f"It holds {len(pictures)} pictures: ffmpeg -framerate 25 -pattern_type glob "
            f"-i '*{ending}' out.webm, run in there, makes a video of them")


def _names(folder):
    return [entry.name for entry in folder.iterdir()] if folder.is_dir() else []


def _sane(value, limit, kind):
    return kind(value) if 0 < value < limit else kind(0)


given.check(globals())
