"""A seeded survey of damaged files, read by vidlearn and by OpenCV alone.

    python -m tools.damage_survey [--variants 2500] [--seed 0] [--real FOLDER]

Five videos, each with another codec, are cut off, have bits flipped, headers overwritten, spans
deleted and suffixes changed. Another process reads them, so that a crash is seen and a hang can be
ended. For each video and damage it prints how many variants gave all frames / raised an error /
gave too few frames silently / crashed / hung. `--real` adds the real files of a folder.
"""

import argparse
import math
import multiprocessing
import os
import tempfile
import time
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import psutil

from tests.video import conftest
from tools import numbered_frames, odd_videos
from vidlearn import video

BUSY, LIMIT = 5, 60                # seconds of CPU time and of wall time that count as a hang
SUFFIXES = [".avi", ".mp4", ".mkv", ".webm", ".mov", ".wmv", ".ts", ".gif", ".jpg", ".png", ".mp3",
            ".h264", ".mpg", ".txt", ".yuv", ".dat", ""]
REAL = ["carphone_distorted.mp4", "test_non_zero_start.mp4", "nasa_13013_rotated.mp4",
        "h264_10bits.mp4", "testsrc2_odd_height_and_width_mpeg2.mp4", "h265_video.mp4",
        "TrumanShow_wave_f_nm_np1_fr_med_26.avi"]
ENDS = ["all", "error", "silent", "crash", "hang"]


def films(folder):
    """{name: path} of five healthy videos: four of numbered frames, and H.264 with B-frames."""
    made = {name: numbered_frames.film(Path(folder, name), codec, conftest.COUNT)
            for name, codec in conftest.CODECS.items()}
    return made | {"h264.mp4": odd_videos.VARIABLE}


def truncate(data, rng):
    """Cut off the end, anywhere."""
    return data[:rng.integers(1, len(data))]


def flip(data, rng):
    """Flip 1 to 256 bits."""
    for place in rng.integers(0, len(data), 2 ** rng.integers(0, 9)):
        data[place] ^= 1 << int(rng.integers(8))
    return data


def overwrite(data, rng):
    """Write noise, zeros or ones over 1 to 64 bytes of the first KB or, in MP4, the last."""
    start = int(rng.integers(0, min(1024, len(data) - 64)))
    if data[4:8] == b"ftyp" and rng.integers(2):
        start = len(data) - 64 - start
    length = int(2 ** rng.integers(0, 7))
    noise = rng.integers(256, size=length) if rng.integers(2) else [255 * rng.integers(2)] * length
    data[start:start + length] = np.array(noise, np.uint8).tobytes()
    return data


def delete(data, rng):
    """Delete a span of up to a fifth."""
    start = int(rng.integers(0, len(data)))
    del data[start:start + 1 + int(rng.integers(len(data) // 5))]
    return data


def rename(data, rng):
    """Flip a bit of half of the files; `variants` gives all of them another suffix."""
    if rng.integers(2):
        data[rng.integers(0, len(data))] ^= 1 << int(rng.integers(8))
    return data


DAMAGES = {"cut off": truncate, "bits flipped": flip, "head overwritten": overwrite,
           "span deleted": delete, "another suffix": rename}


def variants(films, each, seed, folder):
    """Yield (name, kind of damage, path) of `each` damaged copies for each video and kind.

    The file at `path` exists until the next one is requested.
    """
    for k, (name, film) in enumerate(films.items()):
        for d, (kind, damage) in enumerate(DAMAGES.items()):
            for n in range(each):
                rng = np.random.default_rng([seed, k, d, n])
                suffix = rng.choice(SUFFIXES) if damage is rename else film.suffix
                path = Path(folder, f"variant{n}{suffix}")
                path.write_bytes(damage(bytearray(film.read_bytes()), rng))
                yield name, kind, path
                path.unlink()


def by_vidlearn(path):
    """How many frames were decoded, and the error, if one was raised."""
    try:
        return sum(1 for _ in video.frames(path)), None
    except video.VideoError as error:
        return error.decoded, str(error)


def by_vidlearn_as_far_as_it_goes(path):
    """How many frames were decoded with `strict` off, and the error, if none could be."""
    try:
        return sum(1 for _ in video.frames(path, strict=False)), None
    except video.VideoError as error:
        return 0, str(error)


def by_opencv(path):
    """How many frames were decoded; the only error that OpenCV reports is at opening."""
    capture, came = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG), 0
    if not capture.isOpened():
        return 0, "does not open"
    while capture.read()[0]:
        came += 1
    return came, None


class Reader:
    """A process that reads one file after another; a new one starts after a crash or hang."""

    def __init__(self, read, busy=BUSY, limit=LIMIT):
        self.read, self.busy, self.limit = read, busy, limit
        self.process, self.slowest = None, 0.0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._end()

    def ask(self, path):
        """What `read` returns for the file; or "crash", or "hang"."""
        if self.process is None:
            self._begin()
        began = self._worked()
        self.pipe.send(str(path))
        clock = time.monotonic()
        while not self.pipe.poll(0.2):
            if self._worked() - began > self.busy or time.monotonic() - clock > self.limit:
                return self._end("hang")
        try:
            answer = self.pipe.recv()
        except EOFError:
            return self._end("crash")
        self.slowest = max(self.slowest, self._worked() - began)
        return answer

    def _begin(self):
        context = multiprocessing.get_context("spawn")
        self.pipe, far = context.Pipe()
        self.process = context.Process(target=_serve, args=(far, self.read), daemon=True)
        self.process.start()
        far.close()
        self.pipe.recv()                              # it has started

    def _worked(self):
        try:
            return sum(psutil.Process(self.process.pid).cpu_times()[:2])
        except psutil.Error:
            return 0.0

    def _end(self, verdict=None):
        if self.process is not None:
            self.process.kill()
            self.process.join()
            self.pipe.close()
            self.process = None
        return verdict


def _serve(pipe, read):
    pipe.send("up")
    while True:
        try:
            pipe.send(read(pipe.recv()))
        except EOFError:
            return


def whole_films(folder, real=None):
    """{name: path}, {name: frames}: all healthy videos, and how many frames each has."""
    paths = films(folder)
    if real:
        paths |= {name: real / name for name in REAL}
    return paths, {name: by_vidlearn(path)[0] for name, path in paths.items()}


def verdict(answer, whole):
    """One of ENDS, for a video of `whole` frames."""
    if isinstance(answer, str):
        return answer
    decoded, error = answer
    if error is not None:
        return "error"
    return "all" if decoded == whole else "silent"


def survey(paths, wholes, each, seed, folder, readers):
    """Yield (reader, video, damage, answer, verdict) for each variant and reader."""
    for name, kind, path in variants(paths, each, seed, folder):
        for who, reader in readers.items():
            answer = reader.ask(path)
            yield who, name, kind, answer, verdict(answer, wholes[name])


def table(found):
    """Print how often each verdict was found, as a Markdown table."""
    print(f"\n| video | damage | vidlearn: {' / '.join(ENDS)} | OpenCV alone |\n|---|---|---|---|")
    rows = sorted({(name, kind) for _, name, kind in found})
    for row in rows:
        print(f"| {' | '.join(row)} |", *(f"{_row(found[who, *row])} |" for who in READERS))
    sums = {who: sum((found[who, *row] for row in rows), Counter()) for who in READERS}
    print("| all | all |", *(f"{_row(sums[who])} |" for who in READERS))
    for who, ends in sums.items():
        print(f"{who}: {ends.total():,} variants, {ends['silent'] / ends.total():.1%} silent")


def _row(ends):
    return " / ".join(str(ends[end]) for end in ENDS)


READERS = {"vidlearn": by_vidlearn, "OpenCV alone": by_opencv}


def main():
    """Damage, read, count and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--variants", type=int, default=2500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--real", type=Path, help="the folder of real files")
    asked = parser.parse_args()
    os.environ |= {"OPENCV_LOG_LEVEL": "SILENT", "OPENCV_FFMPEG_LOGLEVEL": "-8"}
    found, errors = {}, []
    with (tempfile.TemporaryDirectory() as folder, Reader(by_vidlearn) as ours,
          Reader(by_opencv) as theirs):
        paths, wholes = whole_films(folder, asked.real)
        each = math.ceil(asked.variants / len(paths) / len(DAMAGES))
        every = survey(paths, wholes, each, asked.seed, folder,
                       dict(zip(READERS, (ours, theirs), strict=True)))
        for who, name, kind, answer, end in every:
            found.setdefault((who, name, kind), Counter())[end] += 1
            if (who, end) == ("vidlearn", "error"):
                errors.append("declared frames" in answer[1])
        table(found)
        print(f"{sum(errors):,} of vidlearn's {len(errors):,} errors say how many of the declared "
              f"frames were decoded; the slowest file took {ours.slowest:.2f} s of CPU time")


if __name__ == "__main__":
    main()
