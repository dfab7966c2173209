"""Make an hour of 4K video, 90,000 frames in a file of a few MB, and measure the memory it takes.

    python -m tools.long_video [--frames 1500] [--threads 0] [--hevc]

prints how much memory a process takes to refuse to read all of it, and to stream its first frames.
`--threads` sets FFmpeg's decoder threads, as a larger machine would; `--hevc` uses ten-bit HEVC
(written by PyAV), whose decoder has to keep six frames of 25 MB.
"""

import argparse
import os
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np

from tools import odd_videos
from vidlearn.video import matroska

HEIGHT, WIDTH, FPS, SECONDS, GROUP = 2160, 3840, 25, 3600, 3
HEVC = {"preset": "ultrafast", "x265-params": "log-level=none:bframes=3:keyint=12:min-keyint=12"}
DURATION, CLUSTER, TIMESTAMP, INFO = b"\x44\x89", b"\x1f\x43\xb6\x75", b"\xe7", 0x1549A966
PROGRAM = """
import sys, psutil
from vidlearn import video
held = lambda: psutil.Process().memory_info().rss / 2**20
print(f"{held():.0f} MB before")
try:
    video.read(sys.argv[1])
except video.VideoError as error:
    print(f"{held():.0f} MB after: {error}")
most = 0
for n, (second, frame) in enumerate(video.frames(sys.argv[1])):
    most = max(most, held())
    if n + 1 == int(sys.argv[2]):
        break
print(f"{most:.0f} MB at most in {n + 1} frames of {frame.shape}, the last at {second:.2f} s")
"""


def film(path):
    """Write an hour of one picture: OpenCV encodes three frames, which are repeated."""
    short = path.with_name(f"short-{path.name}")
    writer = cv2.VideoWriter(str(short), cv2.CAP_FFMPEG, cv2.VideoWriter_fourcc(*"VP90"), FPS,
                             (WIDTH, HEIGHT))
    for _ in range(GROUP):
        writer.write(np.full((HEIGHT, WIDTH, 3), 128, np.uint8))
    writer.release()
    data = short.read_bytes()
    short.unlink()
    path.write_bytes(_hour(data))
    return path


def hevc(path):
    """The same in ten-bit HEVC, with twelve frames repeated."""
    times = np.arange(12) * 1000 // FPS
    odd_videos.by_pyav(path, "libx265", "yuv420p10le", HEVC, times, (HEIGHT, WIDTH))
    path.write_bytes(_hour(path.read_bytes()))
    return path


def _hour(data):
    places = {name: (start, end) for name, start, end in matroska._walk(data)}
    head = bytearray(data[:places[matroska.TRACKS][1]])
    at = head.index(DURATION, places[INFO][0]) + len(DURATION)
    head[at:at + 9] = b"\x88" + struct.pack(">d", SECONDS * 1000)
    segment = head.index(b"\x18\x53\x80\x67") + 4
    head[segment:segment + 8] = b"\x01" + 7 * b"\xff"            # of unknown size
    blocks = [data[start:end] for name, start, end in matroska._walk(data)
              if name == matroska.SIMPLE_BLOCK]
    return bytes(head) + b"".join(_cluster(blocks, n * len(blocks) * 1000 // FPS)
                                  for n in range(FPS * SECONDS // len(blocks)))


def _cluster(blocks, milliseconds):
    inside = TIMESTAMP + b"\x84" + struct.pack(">I", milliseconds)
    for block in blocks:                              # each holds its time relative to that
        inside += b"\xa3" + struct.pack(">I", len(block) | 1 << 28) + block
    return CLUSTER + struct.pack(">I", len(inside) | 1 << 28) + inside


def look(path, frames, threads=0):
    """Run PROGRAM on the video in a process of its own, and return what it prints."""
    env = os.environ | ({"OPENCV_FFMPEG_THREADS": str(threads)} if threads else {})
    return subprocess.run([sys.executable, "-c", PROGRAM, str(path), str(frames)], env=env,
                          capture_output=True, text=True, check=True).stdout


def main():
    """Make the video and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--frames", type=int, default=1500)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--hevc", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = hevc(Path(folder, "hour.mkv")) if asked.hevc else film(Path(folder, "hour.webm"))
        print(f"{path.stat().st_size / 2**20:.1f} MB of video")
        print(look(path, asked.frames, asked.threads), end="")


if __name__ == "__main__":
    main()
