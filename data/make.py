"""Make the clips of this folder again, and the table of all files in README.md:

    python data/make.py

The clips are drawn by vidlearn.datasets.motion from the seed below; the other files by
the other programs here.
"""

import hashlib
from pathlib import Path

import numpy as np

from vidlearn import video
from vidlearn.datasets.motion import CLASSES, motion
from vidlearn.datasets.pedestrians import read_people
from vidlearn.datasets.street_crops import read_street_crops
from vidlearn.inference import weights
from vidlearn.show.player import webm

HERE = Path(__file__).parent
SEED, SIZE, FPS = 5, 96, 8
MARK = "<!-- files -->\n"


def main():
    clips = motion(len(CLASSES), SEED, size=SIZE, noise=4.0).clips
    for name, clip in zip(CLASSES, clips, strict=True):
        (HERE / f"{name}.webm").write_bytes(webm(clip, FPS))
    day = motion(len(CLASSES), SEED + 1, frames=32, size=SIZE, noise=4.0).clips
    (HERE / "actions.webm").write_bytes(webm(np.concatenate(day), 2 * FPS))
    head, _, tail = (HERE / "README.md").read_text(encoding="utf-8").split(MARK)
    (HERE / "README.md").write_text(head + MARK + table() + MARK + tail, encoding="utf-8")


def table():
    """A row for each file: its name, contents, bytes and SHA-256."""
    rows = ["| file | holds | bytes | SHA-256 |\n|---|---|---|---|\n"]
    kept = ("*.webm", "*.mp4", "*.safetensors", "*.onnx", "*.csv")
    for path in sorted(path for pattern in kept for path in HERE.glob(pattern)):
        data = path.read_bytes()
        rows.append(f"| {path.name} | {contents(path)} | {len(data):,} | "
                    f"{hashlib.sha256(data).hexdigest()} |\n")
    return "".join(rows)


def contents(path):
    if path.suffix in (".webm", ".mp4"):
        clip = video.read(path)
        count, height, width, _ = clip.frames.shape
        rates = np.unique(np.rint(1 / np.diff(clip.seconds)).astype(int))
        rate = " or ".join(map(str, rates))
        return f"{count} frames of {width}x{height}, {rate} a second"
    if path.name.startswith("street_crops"):
        crops, targets, seeds = read_street_crops(path)
        boxes = sum(len(target["labels"]) for target in targets)
        return f"{len(crops)} crops of {crops.shape[1]}x{crops.shape[2]} with {boxes:,} boxes, " \
               f"from {len(seeds)} streets"
    if path.suffix == ".csv":
        people = read_people(path)
        return f"{sum(map(len, people.values()))} boxes on {len(people)} frames of vtest.avi"
    if path.suffix == ".onnx":
        return "the same network and weights, for OpenCV"
    facts = weights.read(path)[1]
    if facts["kind"] == "detector":
        return f"{facts['model']}, {len(facts['classes'])} classes, from {facts['source']}"
    return f"{facts['model']}, {len(facts['classes'])} classes, {facts['frames']} frames a clip"


if __name__ == "__main__":
    main()
