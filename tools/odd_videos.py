"""Unusual video files of numbered frames, and when each frame is shown.

OpenCV writes four kinds, Pillow the animated pictures, and PyAV all others.

    python -m tools.odd_videos

makes a video of two hours, two frames per second, and reads 100 random frames, in about a minute.
"""

import struct
import tempfile
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from PIL import Image

from tools import numbered_frames
from vidlearn import video

COUNT, STEP = 24, 40                                  # frames; milliseconds from one to the next
EVEN = np.arange(COUNT) * STEP
UNEVEN = np.cumsum(np.tile([20, 20, 200, 40], COUNT // 4)) - 20
REORDERED = {"preset": "ultrafast", "crf": "18", "x264-params":
             "bframes=3:b-adapt=0:b-pyramid=normal:keyint=8:min-keyint=8:open-gop=1"}
HEVC = {"x265-params": "log-level=none:bframes=3:keyint=8:min-keyint=8:open-gop=1"}
VARIABLE = Path(__file__).parents[1] / "data" / "variable.mp4"
TURNS = {90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}     # degrees, clockwise


@dataclass
class Odd:
    """A file, the times of its frames in milliseconds, and how to read the number of a frame."""

    path: Path
    times: np.ndarray = None
    number: object = numbered_frames.number

    def __post_init__(self):
        self.times = EVEN if self.times is None else self.times


def by_opencv(path, codec, count=COUNT, fps=1000 / STEP):
    """A file written by OpenCV."""
    return Odd(numbered_frames.film(path, codec, count, fps), np.arange(count) * 1000 / fps)


def by_pyav(path, codec, pixels, options=None, times=EVEN, size=None, form=None, flags=None):
    """A file written by PyAV: any codec, pixel format, time stamps (ms) and size (H, W).

    `flags` are FFmpeg's movflags, for MP4.
    """
    if codec not in av.codec.codecs_available:
        pytest.skip(f"this PyAV has no {codec}")
    shape = size or (numbered_frames.HEIGHT, numbered_frames.WIDTH)
    wrapped = {"movflags": flags} if flags else {}
    with av.open(str(path), "w", format=form, options=wrapped) as container:
        stream = container.add_stream(codec, rate=1000 // STEP, options=options or {})
        stream.height, stream.width, stream.pix_fmt = *shape, pixels
        tick = STEP if form else 1                    # the header of a bare stream holds the rate
        stream.time_base = stream.codec_context.time_base = Fraction(tick, 1000)
        for number, time in enumerate(times):
            frame = av.VideoFrame.from_ndarray(_picture(number, shape), "rgb24")
            frame = frame.reformat(format=pixels)
            frame.pts, frame.time_base = int(time) // tick, Fraction(tick, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return Odd(path, np.asarray(times) - times[0], _number_reader(shape))


def by_pillow(path, size=None, lasts=STEP, count=COUNT, **options):
    """An animated picture written by Pillow; `lasts` in milliseconds, one or one for each frame."""
    shape = size or (numbered_frames.HEIGHT, numbered_frames.WIDTH)
    first, *others = [Image.fromarray(_picture(number, shape)) for number in range(count)]
    lasts = np.broadcast_to(lasts, count)
    first.save(path, save_all=True, append_images=others, duration=lasts.tolist(), **options)
    return Odd(path, np.cumsum(lasts) - lasts, _number_reader(shape))


def rotated(path, degrees):
    """A video stored upright, whose header says by how many degrees to rotate it."""
    video_file = by_opencv(path, "mp4v")
    data = bytearray(path.read_bytes())
    a, b, c, d = (65536 * part for part in TURNS[degrees])
    struct.pack_into(">9i", data, data.index(b"tkhd") + 44, a, b, 0, c, d, 0, 0, 0, 1 << 30)
    path.write_bytes(data)
    video_file.number = lambda frame: numbered_frames.number(np.rot90(frame, degrees // 90))
    return video_file


def course_clip(_):
    """The course's clip with B-frames and a variable rate: see data/variable.py."""
    times = np.cumsum([0] + 48 * [1000 / 30] + 48 * [1000 / 8] + 23 * [1000 / 30])
    return Odd(VARIABLE, times,
               lambda frame: numbered_frames.number(frame[:2 * numbered_frames.SIDE]))


def concatenated_jpegs(path):
    """JPEG pictures one after another, and nothing else."""
    pictures = [numbered_frames.picture(number)[..., ::-1] for number in range(COUNT)]
    path.write_bytes(b"".join(cv2.imencode(".jpg", picture)[1].tobytes() for picture in pictures))
    return Odd(path)


def _number_reader(shape):
    """How to read the number of a frame: in a single pixel, ten grey levels stand for one."""
    if shape == (1, 1):
        return lambda frame: round(float(frame.mean()) / 10)
    return numbered_frames.number


def _picture(number, shape):
    if shape == (1, 1):
        return np.full((1, 1, 3), 10 * number, np.uint8)
    return cv2.resize(numbered_frames.picture(number), shape[::-1], interpolation=cv2.INTER_AREA)


KINDS = {
    "course clip.mp4": course_clip,
    "variable rate.mp4": lambda p: by_pyav(p, "libx264", "yuv420p", REORDERED, UNEVEN),
    "variable rate.mkv": lambda p: by_pyav(p, "ffv1", "bgr0", None, UNEVEN),
    "open GOP.mp4": lambda p: by_pyav(p, "libx264", "yuv420p", REORDERED),
    "AV1.mp4": lambda p: by_pyav(p, "libsvtav1", "yuv420p", size=(64, 128)),
    "AV1.mkv": lambda p: by_pyav(p, "libsvtav1", "yuv420p10le", times=UNEVEN, size=(64, 128)),
    "open GOP.ts": lambda p: by_pyav(p, "libx264", "yuv420p", REORDERED),
    "open GOP of HEVC.mp4": lambda p: by_pyav(p, "libx265", "yuv420p", HEVC),
    "B-frames.avi": lambda p: by_pyav(p, "mpeg4", "yuv420p", {"bf": "2", "b": "4M"}),
    "rotated by 90.mp4": lambda p: rotated(p, 90),
    "rotated by 180.mp4": lambda p: rotated(p, 180),
    "rotated by 270.mp4": lambda p: rotated(p, 270),
    "odd size.mp4": lambda p: by_pyav(p, "libx264", "yuv444p", REORDERED, size=(33, 127)),
    "odd size.webm": lambda p: by_pyav(p, "libvpx-vp9", "yuv420p", {"cpu-used": "8"},
                                       size=(33, 127)),
    "odd size.gif": lambda p: by_pillow(p, size=(33, 127)),
    "one pixel.mkv": lambda p: by_pyav(p, "ffv1", "bgr0", size=(1, 1)),
    "one pixel.gif": lambda p: by_pillow(p, size=(1, 1)),
    "one frame.avi": lambda p: by_opencv(p, "MJPG", count=1),
    "one frame.mp4": lambda p: by_opencv(p, "mp4v", count=1),
    "one frame.mkv": lambda p: by_opencv(p, "FFV1", count=1),
    "one frame.webm": lambda p: by_opencv(p, "VP90", count=1),
    "one frame.gif": lambda p: by_pillow(p, count=1),
    "no time stamps.h264": lambda p: by_pyav(p, "libx264", "yuv420p", REORDERED, form="h264"),
    "no time stamps.m4v": lambda p: by_pyav(p, "mpeg4", "yuv420p", {"b": "4M"}, form="m4v"),
    "no time stamps.mjpeg": concatenated_jpegs,
    "later start.mp4": lambda p: by_pyav(p, "libx264", "yuv420p", REORDERED, EVEN + 5000),
    "later start.mkv": lambda p: by_pyav(p, "libx264", "yuv420p", REORDERED, EVEN + 5000),
    "later start.ts": lambda p: by_pyav(p, "libx264", "yuv420p", REORDERED, EVEN + 5000),
    "ten bits.mp4": lambda p: by_pyav(p, "libx264", "yuv420p10le", REORDERED),
    "ten bits.mkv": lambda p: by_pyav(p, "ffv1", "yuv444p10le"),
    "alpha.webm": lambda p: by_pyav(p, "libvpx-vp9", "yuva420p", {"cpu-used": "8"}),
    "alpha.mov": lambda p: by_pyav(p, "png", "rgba"),
    "durations.gif": lambda p: by_pillow(p, lasts=[20, 30, 200, 40] * (COUNT // 4)),
    "pictures.png": by_pillow,                        # APNG
    "fragmented.mp4": lambda p: by_pyav(p, "libx264", "yuv420p", REORDERED,
                                        flags="frag_keyframe+empty_moov"),
    "two hours.mkv": lambda p: by_opencv(p, "FFV1", count=180, fps=0.025),
    "two hours.mp4": lambda p: by_pyav(p, "libx264", "yuv420p", REORDERED,
                                       np.arange(180) * 40_000),
}


def two_hours(path, rate=2):
    """14,400 tiny frames: red and green of each hold its number."""
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, cv2.VideoWriter_fourcc(*"FFV1"), rate,
                             (16, 16))
    numbers = np.arange(7200 * rate)
    for number in numbers:
        writer.write(np.full((16, 16, 3), (0, number % 256, number // 256), np.uint8))
    writer.release()
    return Odd(path, numbers * 1000 / rate, lambda frame: int(frame[0, 0] @ (256, 1, 0)))


def main():
    """Count how many random requests give the requested frame."""
    rng, right = np.random.default_rng(0), 0
    with tempfile.TemporaryDirectory() as folder:
        film = two_hours(Path(folder, "two hours.mkv"))
        for request, wanted in enumerate(rng.integers(len(film.times) - 1, size=100)):
            place = {"start": wanted, "stop": wanted + 1}
            if request % 2:
                start, stop = film.times[wanted:wanted + 2] / 1000
                place = {"start": start, "stop": stop, "unit": "seconds"}
            right += [film.number(frame) for frame in video.read(film.path, **place).frames] \
                == [wanted]
    print(f"{right} of 100 random frames of {len(film.times):,} are the right ones")


if __name__ == "__main__":
    main()
