"""How long does it take to get clips: to decode, to draw, to feed a training?

    pip install -e ".[bench]" && python benchmarks/clips.py [--minutes 10] [--write FILE]

Films are encoded as H.264 with B-frames, each frame with its number painted in, so that a reader
that returns the wrong one is seen. Readers take turns, each with as many decoders as there are
cores, and medians of five are compared. Prints
Markdown tables; `--write` puts them into a file, too. Needs PyAV and torchcodec; what is not here
is left out, and said.
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
from vidlearn.compare import clock  # noqa: E402
from vidlearn.datasets.folder import Folder  # noqa: E402
from vidlearn.datasets.load import batches  # noqa: E402
from vidlearn.datasets.motion import motion  # noqa: E402
from vidlearn.datasets.street import street  # noqa: E402
from vidlearn.engine import Engine  # noqa: E402
from vidlearn.training.loop import Plan, Run  # noqa: E402

try:
    from torchcodec.decoders import VideoDecoder
except (ImportError, RuntimeError, OSError) as error:
    VideoDecoder = None
    print(f"torchcodec is left out: {str(error).splitlines()[0]}")

RATE, BITS = 25, 16                                          # frames a second; bits of a number
SIZES = {"240p": (240, 426), "720p": (720, 1280)}
TAKEN = 16                                                   # frames of a clip


def film(path, size, total):
    """Encode `total` frames of the street, enlarged, each with its number painted in."""
    scene = [cv2.resize(frame, size[::-1], interpolation=cv2.INTER_CUBIC)
             for frame in street(0, frames=50).frames]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"preset": "veryfast"})
        stream.height, stream.width, stream.pix_fmt = *size, "yuv420p"
        stream.time_base = Fraction(1, RATE)
        for n in range(total):
            picture = painted(scene[n % 50].copy(), n)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        container.mux(stream.encode())


def painted(picture, number):
    """A frame with its number as sixteen blocks at the top: white is 1, the lowest bit first."""
    block = picture.shape[1] // BITS
    for bit in range(BITS):
        picture[:block, bit * block:(bit + 1) * block] = 255 * (number >> bit & 1)
    return picture


def number(picture):
    """The number that is painted in a frame, whatever the order of its colours."""
    block = picture.shape[1] // BITS
    middle = picture[block // 4:3 * block // 4].mean(axis=(0, 2))
    bits = [middle[bit * block + block // 4:(bit + 1) * block - block // 4].mean() > 128
            for bit in range(BITS)]
    return sum(bool(on) << bit for bit, on in enumerate(bits))


def by_seeking(path, wanted):
    """OpenCV, jumping to each frame by its number."""
    capture, frames = cv2.VideoCapture(str(path)), []
    for n in wanted:
        capture.set(cv2.CAP_PROP_POS_FRAMES, n)
        frames.append(cv2.cvtColor(capture.read()[1], cv2.COLOR_BGR2RGB))
    capture.release()
    return np.stack(frames)


def by_pyav(path, wanted):
    """PyAV, decoding all and converting what is wanted."""
    wanted, frames = set(wanted.tolist()), []
    with av.open(str(path)) as container:
        container.streams.video[0].thread_type = "AUTO"
        for n, frame in enumerate(container.decode(video=0)):
            if n in wanted:
                frames.append(frame.to_ndarray(format="rgb24"))
    return np.stack(frames)


def by_torchcodec(path, wanted):
    """torchcodec, with its index of the whole file."""
    decoder = VideoDecoder(str(path), dimension_order="NHWC", num_ffmpeg_threads=os.cpu_count())
    return decoder.get_frames_at(wanted.tolist()).data.numpy()


def readers(path, wanted):
    """The works that get the same frames, by name."""
    works = {"vidlearn": lambda: video.read(path, count=len(wanted)).frames,
             "PyAV": lambda: by_pyav(path, wanted)}
    if len(wanted) == TAKEN:                                 # for all of them it takes minutes
        works["cv2, by seeking"] = lambda: by_seeking(path, wanted)
    if VideoDecoder:
        works["torchcodec"] = lambda: by_torchcodec(path, wanted)
    return works


def decoding(folder):
    """Rows: seconds of each reader as a ratio to ours, for a few frames and for all of them."""
    for name, size in SIZES.items():
        path = Path(folder, f"{name}.mp4")
        film(path, size, 250)
        for count in (TAKEN, 250):
            wanted = video.sample.uniform(250, count)
            works = readers(path, wanted)
            right = {who: [number(f) for f in work()] == wanted.tolist()
                     for who, work in works.items()}
            taken = clock.in_turns(works, 0, (5, 5))
            ours = median(taken["vidlearn"])
            for who, times in taken.items():
                yield [f"{count} of 250, {name}", who, f"{median(times) / ours:.2f}",
                       f"{median(times) * 1e3:.0f} ms", "all" if right[who] else "not all"]


def drawing():
    """Rows: what the generators draw in a second."""
    for what, work, count in (
            ("Motion, 16 x 32x32", lambda: motion(256, 0), 256),
            ("Motion, 8 x 16x16", lambda: motion(256, 0, frames=8, size=16), 256),
            ("Street, 200 x 120x160", lambda: street(0), 1)):
        seconds = median(clock.in_turns({what: work}, 0, (5, 5))[what])
        yield [what, f"{count / seconds:.1f} clips a second"]


def feeding(folder):
    """Rows, by workers: how long a training waits for its first batch, and what share after it."""
    root = Path(folder, "classes")
    for k, clip in enumerate(motion(64, 0, frames=24, size=128).clips):
        home = root / f"class{k % 2}"
        home.mkdir(parents=True, exist_ok=True)
        video.write(home / f"{k:02}.webm", clip, fps=8)
    for workers in (0, 2):
        data = Folder(root, frames=16, size=112)
        engine = Engine("torch")
        plan = Plan(2, 8, "adam", 3e-3, 0.0, "constant", 0.0, True, 0, 64, "")
        run = Run(engine.to(models.build("c3d", engine.nn, 2)), engine, plan)
        for epoch, cache in enumerate(("first, all decoded", "second, from the cache")):
            waits, learned, start = [], [], time.perf_counter()
            for clips, labels in batches(data, 8, shuffle=True, augment=True, epoch=epoch,
                                         workers=workers):
                came = time.perf_counter()
                run.learn(clips, labels)
                waits.append(came - start)
                start = time.perf_counter()
                learned.append(start - came)
            whole = sum(waits) + sum(learned)
            yield [f"{workers} workers, epoch {cache}", f"{waits[0] * 1e3:.0f} ms",
                   f"{sum(waits[1:]) / (whole - waits[0] - learned[0]):.0%}", f"{64 / whole:.1f}"]


def streaming(folder, minutes):
    """Rows: the memory of a process that goes through a long film frame by frame."""
    path = Path(folder, "long.mp4")
    film(path, SIZES["240p"], minutes * 60 * RATE)
    process, held = psutil.Process(), []
    for n, _ in enumerate(video.frames(path)):
        if n % (60 * RATE) == 0:
            held.append(process.memory_info().rss / 2**20)
    yield [f"{n + 1:,} frames, {minutes} minutes", f"{held[0]:.0f} MB", f"{max(held):.0f} MB",
           f"{held[-1] - held[min(1, len(held) - 1)]:+.1f} MB"]


def main():
    """Measure, print, and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=int, default=10, help="of the long film")
    parser.add_argument("--write", type=Path, help="a Markdown file to make")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lines = table(["frames", "reader", "times ours", "takes", "right"], decoding(folder))
        lines += table(["drawn", "speed"], drawing())
        lines += table(["training c3d, 16 x 112x112", "first batch", "waiting after it",
                        "clips a second"], feeding(folder))
        lines += table(["streamed", "at first", "at most", "from minute 1 to the end"],
                       streaming(folder, asked.minutes))
    write(asked.write, lines)


if __name__ == "__main__":
    main()
