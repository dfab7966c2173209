"""An open video file, decoded one frame at a time: the only module that calls OpenCV's reader.

It trusts nothing that a file says of itself: neither its frame count nor its frame rate. Frames are
decoded in order, because a jump to a frame number lands elsewhere when the rate varies.
"""

import difflib
import os
from dataclasses import dataclass
from pathlib import Path

import cv2

from vidlearn.checks import checked
from vidlearn.video import container
from vidlearn.video.errors import VideoError
from vidlearn.video.opencv_output import no_warnings
from vidlearn.video.picture import rgb

CONVERT = ("ffmpeg -i {name} -c:v libvpx-vp9 -crf 30 -b:v 0 out.webm makes a copy that can be "
           "read")
THREADS = 4              # decoder threads: each holds frames, and 16 of 4K video fill 700 MB
LARGE = 4_000_000        # pixels of a frame, from which one thread decodes
PICTURES = {".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".ppm", ".webp"}


@checked
@dataclass(frozen=True)
class Probe:
    """What a video file says of itself, and the size of its first frame.

    Units    width and height in pixels, as shown: after rotation; declared in frames, 0 where the
             file does not say; fps in frames per second, as declared
    """

    path: str
    width: int
    height: int
    declared: int
    fps: float
    codec: str

    @property
    def seconds(self):
        """The length in seconds that the file declares; 0.0 where it does not say."""
        return self.declared / self.fps


class Decoder:
    """A video file at its start; `grab` moves to the next frame, `picture` decodes it.

    Raises   VideoError if there is no such file, or nothing in it can be shown
    """

    def __init__(self, path):
        self.path = Path(path)
        self._capture = _open(self.path)
        self.declared = _plausible(self._capture.get(cv2.CAP_PROP_FRAME_COUNT), 1e9, int)
        self.fps = _plausible(self._capture.get(cv2.CAP_PROP_FPS), 1e5, float) or 25.0
        code = int(self._capture.get(cv2.CAP_PROP_FOURCC)) & 0xFFFFFFFF
        self.codec = code.to_bytes(4, "little").decode("ascii", "replace").strip("\0 ")
        self._clock = _Clock(1 / self.fps)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._capture.release()

    def grab(self):
        """Move to the next frame.

        Returns  the seconds from the first frame to this one, or None at the end
        """
        if not self._capture.grab():
            return None
        return self._clock.tick(self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000)

    def picture(self, crop=None, size=None, grey=False):
        """Give the frame that was grabbed last, as `picture.rgb` converts it."""
        good, bgr = self._capture.retrieve()
        if not good:
            raise VideoError(f"{self.path}: a frame was found but cannot be shown", path=self.path)
        return rgb(bgr, crop, size, grey)

    def packets(self):
        """Count the video packets in the file, whether they can be decoded or not."""
        found, capture = 0, cv2.VideoCapture(os.path.abspath(self.path), cv2.CAP_FFMPEG,
                                             [cv2.CAP_PROP_FORMAT, -1])
        while capture.grab():
            found += capture.retrieve()[1].size > 1   # a single byte stands for an empty frame
        capture.release()
        return found

    def no_frame_error(self):
        """The error for a file that opens and has no frame."""
        declared = self.declared or container.declared(self.path)
        wanted = f"its {declared} declared frames" if declared else "any frame"
        why = f"opens, but OpenCV cannot decode {wanted} (codec {self.codec or 'unknown'})"
        if self.codec == "AV01":
            why += ": OpenCV's wheels decode AV1 only where the graphics card does"
        why += f". {CONVERT.format(name=self.path.name)}"
        if self.codec == "webp":
            why = container.WEBP
        elif damage := container.damage(self.path):
            why = f"{container.decoded_of(declared, 0)}, and {damage}. Copy or download it again"
        return VideoError(f"{self.path}: {why}", path=self.path, declared=declared, decoded=0)


@checked
def probe(path):
    """Look at the header of a video file and at its first frame.

    Raises   VideoError if there is no such file, or nothing in it can be shown
    """
    with Decoder(path) as decoder:
        if decoder.grab() is None:
            raise decoder.no_frame_error()
        height, width, _ = decoder.picture().shape
        return Probe(str(path), width, height, decoder.declared, decoder.fps, decoder.codec)


class _Clock:
    """Seconds since the first frame, from time stamps that may be absent, equal or absurd."""

    def __init__(self, step):
        self.step = step              # how long a frame lasts when its time stamp is of no use
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
        raise VideoError(f"{path} is a link to a file that does not exist", path=path)
    if not path.exists():
        near = difflib.get_close_matches(path.name, _names(path.parent), 1)
        raise VideoError(f"{path}: there is no such file"
                         + (f". Did you mean {near[0]}?" if near else ""), path=path)
    if path.is_dir():
        raise VideoError(f"{path} is a folder, not a video. {_for_folder(path)}", path=path)
    if path.stat().st_size == 0:
        raise VideoError(f"{path} is empty (0 bytes): copy or download it again", path=path,
                         decoded=0)
    with no_warnings():
        capture = _capture(path, THREADS)
        if capture.get(cv2.CAP_PROP_FRAME_WIDTH) * capture.get(cv2.CAP_PROP_FRAME_HEIGHT) > LARGE:
            capture = _capture(path, 1)
    if not capture.isOpened():
        why, declared = container.why_unopened(path)
        raise VideoError(f"{path}: {why}", path=path, declared=declared, decoded=0)
    return capture


def _capture(path, threads):
    """Open with at most this many threads, unless the user has set the number."""
    if "OPENCV_FFMPEG_THREADS" in os.environ:
        return cv2.VideoCapture(os.path.abspath(path), cv2.CAP_FFMPEG)
    return cv2.VideoCapture(os.path.abspath(path), cv2.CAP_FFMPEG,
                            [cv2.CAP_PROP_N_THREADS, min(threads, os.cpu_count() or 1)])


def _for_folder(path):
    """Advice for a folder, which may hold pictures or clips."""
    pictures = [name for name in sorted(_names(path)) if Path(name).suffix.lower() in PICTURES]
    if not pictures:
        return "vidlearn.datasets.Folder reads a folder of clips"
    suffix = Path(pictures[0]).suffix
    return (f"It holds {len(pictures)} pictures: ffmpeg -framerate 25 -pattern_type glob "
            f"-i '*{suffix}' out.webm, run in there, makes a video of them")


def _names(folder):
    return [entry.name for entry in folder.iterdir()] if folder.is_dir() else []


def _plausible(value, limit, number):
    return number(value) if 0 < value < limit else number(0)
