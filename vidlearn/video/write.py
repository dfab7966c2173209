"""Arrays to video files: H.264 in .mp4 for everybody, VP9 in .webm, FFV1 in .mkv without loss."""

import contextlib
import itertools
import os
import platform
import re
import tempfile
import uuid
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.video.errors import VideoError
from vidlearn.video.read import frames as read_frames

DRAFT = f".vidlearn-{platform.node()}-"        # then the process; renamed once it is complete
CODECS = {                          # suffix -> codec, its pixels, its options, those of the file
    ".mp4": ("libx264", "yuv420p", {"crf": "20"}, {"movflags": "+faststart"}),
    ".webm": ("libvpx-vp9", "yuv420p", {"crf": "24", "b": "0", "cpu-used": "5"}, {}),
    ".mkv": ("ffv1", "bgr0", {}, {}),
}
BT601, LIMITED = 6, 1               # the matrix and range of the colours, as FFmpeg numbers them


@checked
def write(path, frames: kinds.STREAM, fps: kinds.REAL, *, overwrite=False):
    """Write frames to a new file and check it by reading it back; a failure leaves no file.

    Shapes   frames (T, H, W, 3) uint8 RGB, or anything that yields (H, W, 3) one by one;
             H and W even
    Units    fps: frames per second
    Raises   VideoError if the suffix has no codec, `path` exists and `overwrite` is not set, or the
             file is incomplete (a full disk); ArgumentError for frames of another shape or type
    """
    path = Path(path)
    _check_target(path, fps, overwrite)
    first, frames = _peek(frames)
    _sweep(path.parent)
    draft = path.with_name(f"{DRAFT}{os.getpid()}-{uuid.uuid4().hex}{path.suffix}")
    try:
        count = _encode(draft, path, first.shape[:2], frames, fps)
        _check_written(draft, path, count)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


@checked
def to_webm_bytes(frames: kinds.STREAM, fps: kinds.REAL):
    """Encode frames as the bytes of a .webm file, which a browser can play.

    Shapes   frames (T, H, W, 3) uint8 RGB
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "clip.webm")
        write(path, frames, fps)
        return path.read_bytes()


def _sweep(folder):
    """Remove drafts of this machine's processes that were killed while they were writing."""
    for draft in folder.glob(f"{DRAFT}*"):
        writer = re.match(r"\d+(?=-)", draft.name.removeprefix(DRAFT))
        if writer and not _is_alive(int(writer[0])):
            with contextlib.suppress(OSError):
                draft.unlink()


def _is_alive(process):
    if os.name == "nt":                               # Windows does not remove open files,
        return False                                  # and os.kill there ends the process
    try:
        os.kill(process, 0)
    except OSError as error:
        return isinstance(error, PermissionError)
    return True


def _encode(draft, path, size, frames, fps):
    """Write all frames, and say how many there were."""
    codec, pixels, options, of_file = CODECS[path.suffix.lower()]
    rate = Fraction(fps).limit_denominator(10**6)
    count = 0
    try:
        with av.open(os.path.abspath(draft), "w", options=of_file) as container:
            stream = container.add_stream(codec, rate, options=options)
            stream.height, stream.width, stream.pix_fmt = *size, pixels
            stream.codec_context.time_base = 1 / rate
            if pixels == "yuv420p":                   # said, or a browser guesses by the size
                stream.colorspace, stream.color_range = BT601, LIMITED
            for count, frame in enumerate(frames, 1):
                picture = av.VideoFrame.from_ndarray(_frame(frame, size, count - 1), "rgb24")
                picture = picture.reformat(format=pixels, dst_colorspace="itu601")
                picture.pts, picture.time_base = count - 1, 1 / rate
                container.mux(stream.encode(picture))
            container.mux(stream.encode())
    except av.FFmpegError as error:
        raise VideoError(f"{path}: writing ended at frame {count} ({error.strerror}). Is the disk "
                         "full?", path=path) from None
    return count


def _peek(frames):
    """The first frame, and all of them again."""
    frames = iter(frames)
    first = next(frames, None)
    if first is None:
        raise ArgumentError("frames is empty: there is no frame to write")
    first = _frame(first, np.shape(first)[:2], 0)
    if first.shape[0] % 2 or first.shape[1] % 2:
        raise ArgumentError(f"frames are {first.shape[1]} wide and {first.shape[0]} high: colours "
                            "are stored for blocks of 2x2, so both must be even: crop or pad one "
                            "row or column")
    return first, itertools.chain([first], frames)


def _frame(frame, size, number):
    """A frame as the encoder takes it, if it is of the right shape and type."""
    frame = np.asarray(frame)
    if frame.dtype != np.uint8 or frame.shape != (*size, 3):
        raise ArgumentError(f"frame {number} is {frame.shape} {frame.dtype}: every frame must be "
                            f"(H, W, 3) uint8 RGB of one size"
                            + (", in 0..255" if frame.dtype != np.uint8 else ""))
    return np.ascontiguousarray(frame)


def _check_target(path, fps, overwrite):
    if path.suffix.lower() not in CODECS:
        raise VideoError(f"{path}: no codec for {path.suffix or 'no suffix'}; .mp4 plays "
                         "everywhere, .webm in browsers, .mkv is lossless", path=path)
    if not path.parent.is_dir():
        raise VideoError(f"{path}: there is no folder {path.parent}", path=path)
    if path.exists() and not overwrite:
        raise VideoError(f"{path} already exists: overwrite=True replaces it", path=path)
    if not 0 < fps < 1000:
        raise ArgumentError(f"fps {fps} must be more than 0 and less than 1000 frames a second")


def _check_written(draft, path, count):
    try:
        read_back = sum(1 for _ in read_frames(draft))
    except VideoError as error:
        read_back = error.decoded or 0
    if read_back != count:
        raise VideoError(f"{path}: {count} frames were written and {read_back} could be read "
                         "back. Is the disk full?", path=path, declared=count, decoded=read_back)
