"""Make an hour of 4K video, 90,000 frames in a file of a few MB, and measure the memory it takes.

    python -m tools.long_video [--frames 1500] [--hevc]

prints how much memory a process takes to refuse to read all of it, and to stream its first frames;
more than 300 MB, with all libraries, are a failure. `--hevc` uses ten-bit HEVC, whose decoder has
to keep six frames of 31 MB. Needs Linux, which says what a process took at most.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import av
import numpy as np

from tools import odd_videos
from vidlearn import video

HEIGHT, WIDTH, FPS, SECONDS, GROUP = 2160, 3840, 25, 3600, 3
REORDERED = 4                        # frames that HEVC holds back
HEVC = {"preset": "ultrafast", "x265-params": "log-level=none:bframes=3:keyint=12:min-keyint=12"}
MOST = 300                           # MB of memory
PROGRAM = """
import re, sys
from vidlearn import video

def most():
    return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 2**10

print(f"{most():.0f} MB before")
try:
    video.read(sys.argv[1])
except video.VideoError as error:
    print(f"{most():.0f} MB after: {error}")
for n, (second, frame) in enumerate(video.frames(sys.argv[1])):
    if n + 1 == int(sys.argv[2]):
        break
print(f"{most():.0f} MB at most in {n + 1} frames of {frame.shape}, the last at {second:.2f} s")
"""


def film(path):
    """Write an hour of one picture: three frames are encoded, and repeated."""
    video.write(path, np.full((GROUP, HEIGHT, WIDTH, 3), 128, np.uint8), FPS)
    return _hour(path)


def hevc(path):
    """The same in ten-bit HEVC, with twelve frames repeated."""
    times = np.arange(12) * 1000 // FPS
    odd_videos.by_pyav(path, "libx265", "yuv420p10le", HEVC, times, (HEIGHT, WIDTH))
    return _hour(path)


def _hour(path):
    """Write the packets of a short film again and again, each time a little later."""
    short = path.rename(path.with_name(f"short-{path.name}"))
    with av.open(str(short)) as old, av.open(str(path), "w") as new:
        stream = new.add_stream_from_template(old.streams.video[0])
        packets = [packet for packet in old.demux(video=0) if packet.size]
        step = round(1 / FPS / packets[0].time_base)
        for n in range(FPS * SECONDS):
            packet = packets[n % len(packets)]
            copy = av.Packet(bytes(packet))
            copy.pts = packet.pts + n // len(packets) * len(packets) * step
            copy.dts, copy.time_base = (n - REORDERED) * step, packet.time_base
            copy.is_keyframe, copy.stream = packet.is_keyframe, stream
            new.mux(copy)
    short.unlink()
    return path


def look(path, frames):
    """Run PROGRAM on the video in a process of its own, and return what it prints."""
    return subprocess.run([sys.executable, "-c", PROGRAM, str(path), str(frames)],
                          capture_output=True, text=True, check=True).stdout


def main():
    """Make the video and measure; exit with 1 if it takes too much."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--frames", type=int, default=1500)
    parser.add_argument("--hevc", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = hevc(Path(folder, "hour.mkv")) if asked.hevc else film(Path(folder, "hour.webm"))
        print(f"{path.stat().st_size / 2**20:.1f} MB of video")
        print(said := look(path, asked.frames), end="")
    *_, most = re.findall(r"(\d+) MB", said)
    sys.exit(f"more than {MOST} MB" if int(most) > MOST else 0)


if __name__ == "__main__":
    main()
