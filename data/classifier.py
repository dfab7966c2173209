"""Train the classifier of this folder again, motion_c3d.safetensors:

    python data/classifier.py && python data/make.py

It learns Motion clips of several sizes and noise levels, all scaled to 32x32. PyTorch may round
differently on another machine: the scores stay the same, but the bytes may differ.
"""

from pathlib import Path

import numpy as np

from vidlearn.datasets.motion import CLASSES, Motion, motion
from vidlearn.engine import Engine
from vidlearn.evaluation.result import evaluate
from vidlearn.inference import weights
from vidlearn.inference.classify import classify
from vidlearn.training.loop import fit
from vidlearn.video.transform import resize

HERE = Path(__file__).parent
PATH = HERE / "motion_c3d.safetensors"
SIZE_AND_NOISE = ((32, 8.0), (32, 12.0), (64, 8.0), (96, 4.0))


def main():
    engine = Engine("torch")
    engine.seed(1)
    header = weights.Header("c3d", CLASSES, frames=16, size=(32, 32), seconds=2.0)
    model = header.build(engine.nn)
    fit(model, mixed(600, seed=1), engine=engine, epochs=8, seed=1, progress=False)
    weights.save(PATH, model, header, engine)
    test = mixed(200, seed=100)
    for what, data in ("forwards", test), ("backwards", test.backwards()):
        print(f"{what}: {evaluate(model, data, engine)}")
    classifier = weights.load(PATH)
    for name in CLASSES:
        print(name, *classify(HERE / f"{name}.webm", classifier, top=1)[0])


def mixed(n, seed):
    """`n` clips of each size and noise level, scaled to 32x32 as clips from files are."""
    parts = [motion(n, seed + k, size=size, noise=noise)
             for k, (size, noise) in enumerate(SIZE_AND_NOISE)]
    clips = [resize(clip, 32) for part in parts for clip in part.clips]
    return Motion(np.stack(clips), np.concatenate([part.labels for part in parts]))


if __name__ == "__main__":
    main()
