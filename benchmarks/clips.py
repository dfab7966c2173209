"""How long does it take to get clips: to decode, to generate, to feed to a training?

    pip install -e ".[bench]" && python benchmarks/clips.py [--minutes 10] [--write FILE]

The videos are H.264 with B-frames. The number of each frame is painted into it, so that a reader
that returns a wrong frame is found out. Readers take turns, each with as many decoders as there are
cores; medians of five runs are compared. Prints Markdown tables; `--write` writes them to a file,
too. Needs PyAV and torchcodec; without torchcodec its rows are left out.
"""

import argparse
import os
import tempfile
import time
from fractions import Fraction
from pathlib import Path
from statistics import median

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")          # both are read when NumPy is imported

import av  # noqa: E402
import cv2  # noqa: E402
import numpy as np  # noqa: E402
import psutil  # noqa: E402
from tables import table, write  # noqa: E402

from vidlearn import models, video  # noqa: E402
from vidlearn.compare import measure  # noqa: E402
from vidlearn.datasets.folder import Folder  # noqa: E402
from vidlearn.datasets.load import batches  # noqa: E402
from vidlearn.datasets.motion import motion  # noqa: E402
from vidlearn.datasets.street import street  # noqa: E402
from vidlearn.engine import Engine  # noqa: E402
from vidlearn.training.config import Config  # noqa: E402
from vidlearn.training.loop import step  # noqa: E402
from vidlearn.training.state import Run  # noqa: E402

try:
    from torchcodec.decoders import VideoDecoder
except (ImportError, RuntimeError, OSError) as error:
    VideoDecoder = None
    print(f"torchcodec is left out: {str(error).splitlines()[0]}")

RATE, BITS = 25, 16                                    # frames a second; bits of a frame number
SIZES = {"240p": (240, 426), "720p": (720, 1280)}
TAKEN = 16                                             # frames of a clip


def encode_video(path, size, total):
    """Encode `total` enlarged frames of the street, each with its number painted in."""
    scene = [cv2.resize(frame, size[::-1], interpolation=cv2.INTER_CUBIC)
             for frame in street(0, frames=50).frames]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"preset": "veryfast"})
        stream.height, stream.width, stream.pix_fmt = *size, "yuv420p"
        stream.time_base = Fraction(1, RATE)
        for n in range(total):
            picture = with_number(scene[n % 50].copy(), n)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        container.mux(stream.encode())


def with_number(picture, number):
    """Paint a number into a frame as sixteen blocks at the top: white is 1, lowest bit first."""
    block = picture.shape[1] // BITS
    for bit in range(BITS):
        picture[:block, bit * block:(bit + 1) * block] = 255 * (number >> bit & 1)
    return picture


def number(picture):
    """Read the number painted into a frame; the order of the colours does not matter."""
    block = picture.shape[1] // BITS
    middle = picture[block // 4:3 * block // 4].mean(axis=(0, 2))
    bits = [middle[bit * block + block // 4:(bit + 1) * block - block // 4].mean() > 128
            for bit in range(BITS)]
    return sum(bool(on) << bit for bit, on in enumerate(bits))


def by_seeking(path, wanted):
    """OpenCV, seeking each frame by its number."""
    capture, frames = cv2.VideoCapture(str(path)), []
    for n in wanted:
        capture.set(cv2.CAP_PROP_POS_FRAMES, n)
        frames.append(cv2.cvtColor(capture.read()[1], cv2.COLOR_BGR2RGB))
    capture.release()
    return np.stack(frames)


def by_pyav(path, wanted):
    """PyAV, decoding all frames and converting those that are wanted."""
    wanted, frames = set(wanted.tolist()), []
    with av.open(str(path)) as container:
        container.streams.video[0].thread_type = "AUTO"
        for n, frame in enumerate(container.decode(video=0)):
            if n in wanted:
                frames.append(frame.to_ndarray(format="rgb24"))
    return np.stack(frames)


def by_torchcodec(path, wanted):
    """torchcodec, by its index of the whole file."""
    decoder = VideoDecoder(str(path), dimension_order="NHWC", num_ffmpeg_threads=os.cpu_count())
    return decoder.get_frames_at(wanted.tolist()).data.numpy()


def readers(path, wanted):
    """Functions that read the same frames, by the name of the library."""
    runs = {"vidlearn": lambda: video.read(path, count=len(wanted)).frames,
            "PyAV": lambda: by_pyav(path, wanted)}
    if len(wanted) == TAKEN:                           # seeking all frames takes minutes
        runs["cv2, by seeking"] = lambda: by_seeking(path, wanted)
    if VideoDecoder:
        runs["torchcodec"] = lambda: by_torchcodec(path, wanted)
    return runs


def decoding(folder):
    """Rows: the time of each reader as a multiple of ours, for a few frames and for all."""
    for name, size in SIZES.items():
        path = Path(folder, f"{name}.mp4")
        encode_video(path, size, 250)
        for count in (TAKEN, 250):
            wanted = video.sample.uniform(250, count)
            runs = readers(path, wanted)
            right = {reader: [number(f) for f in run()] == wanted.tolist()
                     for reader, run in runs.items()}
            taken = measure.in_turns(runs, 0, (5, 5))
            ours = median(taken["vidlearn"])
            for reader, times in taken.items():
                yield [f"{count} of 250, {name}", reader, f"{median(times) / ours:.2f}",
                       f"{median(times) * 1e3:.0f} ms", "all" if right[reader] else "not all"]


def generating():
    """Rows: how many clips the generators make in a second."""
    for what, run, count in (
            ("Motion, 16 x 32x32", lambda: motion(256, 0), 256),
            ("Motion, 8 x 16x16", lambda: motion(256, 0, frames=8, size=16), 256),
            ("Street, 200 x 120x160", lambda: street(0), 1)):
        seconds = median(measure.in_turns({what: run}, 0, (5, 5))[what])
        yield [what, f"{count / seconds:.1f} clips a second"]


def feeding(folder):
    """Rows, by workers: how long a training waits for its first batch, and its waiting after it."""
    root = Path(folder, "classes")
    for k, clip in enumerate(motion(64, 0, frames=24, size=128).clips):
        home = root / f"class{k % 2}"
        home.mkdir(parents=True, exist_ok=True)
        video.write(home / f"{k:02}.webm", clip, fps=8)
    for workers in (0, 2):
        data = Folder(root, frames=16, size=112)
        engine = Engine("torch")
        config = Config(2, 8, "adam", 3e-3, 0.0, "constant", 0.0, True, 0, 64, "torch")
        run = Run(engine.to(models.build("c3d", engine.nn, 2)), engine, config)
        for epoch, cache in enumerate(("first, all decoded", "second, from the cache")):
            waits, learned, start = [], [], time.perf_counter()
            for clips, labels in batches(data, 8, shuffle=True, augment=True, epoch=epoch,
                                         workers=workers):
                arrived = time.perf_counter()
                step(run, clips, labels)
                waits.append(arrived - start)
                start = time.perf_counter()
                learned.append(start - arrived)
            total = sum(waits) + sum(learned)
            yield [f"{workers} workers, epoch {cache}", f"{waits[0] * 1e3:.0f} ms",
                   f"{sum(waits[1:]) / (total - waits[0] - learned[0]):.0%}", f"{64 / total:.1f}"]


def streaming(folder, minutes):
    """Rows: the memory of a process that reads a long video frame by frame."""
    path = Path(folder, "long.mp4")
    encode_video(path, SIZES["240p"], minutes * 60 * RATE)
    process, memory = psutil.Process(), []
    for n, _ in enumerate(video.frames(path)):
        if n % (60 * RATE) == 0:
            memory.append(process.memory_info().rss / 2**20)
    yield [f"{n + 1:,} frames, {minutes} minutes", f"{memory[0]:.0f} MB", f"{max(memory):.0f} MB",
           f"{memory[-1] - memory[min(1, len(memory) - 1)]:+.1f} MB"]


def main():
    """Measure, print, and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=int, default=10, help="length of the long video")
    parser.add_argument("--write", type=Path, help="a Markdown file for the tables")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lines = table(["frames", "reader", "ratio to ours", "time", "right frames"],
                      decoding(folder))
        lines += table(["generated", "speed"], generating())
        lines += table(["training c3d, 16 x 112x112", "first batch", "waiting after it",
                        "clips a second"], feeding(folder))
        lines += table(["streamed", "at the start", "at most", "change from minute 1 to the end"],
                       streaming(folder, asked.minutes))
    write(asked.write, lines)


if __name__ == "__main__":
    main()
