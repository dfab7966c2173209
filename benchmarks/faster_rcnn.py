"""Faster R-CNN of lesson 41: AP50 on streets it never saw, over five seeds and on both engines.

    python benchmarks/faster_rcnn.py [SEEDS]
"""

import sys
import time
from pathlib import Path

import numpy as np
from tables import table

from vidlearn.datasets.street_crops import CLASSES, read_street_crops
from vidlearn.detection.average_precision import average_precision
from vidlearn.detection.heads import HeadOptions
from vidlearn.detection.proposals import ProposalOptions
from vidlearn.engine import Engine
from vidlearn.models.faster_rcnn import faster_rcnn, plain_backbone

DATA = Path(__file__).parent.parent / "data"
STEPS, RATE, BATCH = 600, 3e-3, 4


def network(nn, seed):
    return faster_rcnn(
        nn, len(CLASSES), plain_backbone(nn), [[16.0, 24.0, 40.0]], [[0.8, 2.5]], output_size=5,
        representation_size=64, image_mean=(0.45,) * 3, image_std=(0.225,) * 3, seed=seed,
        proposals=ProposalOptions((200, 200), (50, 50), batch_size_per_image=64),
        heads=HeadOptions(batch_size_per_image=64, detections_per_img=20))


def batch(crops, targets, rng):
    """Random crops, half of them mirrored, and their targets."""
    images, wanted = [], []
    for i in rng.integers(0, len(crops), BATCH):
        image, (left, top, right, bottom) = crops[i], targets[i]["boxes"].T
        if rng.random() < 0.5:
            image, left, right = image[:, ::-1], 96 - right, 96 - left
        images.append(image.transpose(2, 0, 1) / 255)
        wanted.append({"boxes": np.stack([left, top, right, bottom], 1),
                       "labels": targets[i]["labels"]})
    return np.stack(images), wanted


def trained(engine, seed, crops, targets):
    engine.seed(seed)
    rng, model = np.random.default_rng(seed), engine.to(network(engine.nn, seed))
    optimizer = engine.optim.AdamW(model.parameters(), lr=RATE, weight_decay=1e-4)
    schedule = engine.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=RATE, total_steps=STEPS)
    for _ in range(STEPS):
        images, wanted = batch(crops, targets, rng)
        loss = sum(model(engine.tensor(images), wanted).values())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return model.eval()


def row(name, seed, train, test):
    start, engine = time.process_time(), Engine(name)
    model = trained(engine, seed, *train)
    seconds, found = time.process_time() - start, []
    with engine.no_grad():
        for i in range(0, len(test[0]), 24):
            found += model(engine.tensor(test[0][i:i + 24].transpose(0, 3, 1, 2) / 255))
    score = average_precision(found, test[1]).by_class
    return name, str(seed), f"{score[1]:.3f}", f"{score[2]:.3f}", f"{seconds:.0f}"


def main(seeds=5):
    train, test = (read_street_crops(DATA / f"{name}.safetensors")[:2]
                   for name in ("street_crops", "street_crops_unseen"))
    table(("engine", "seed", "AP50 people", "AP50 cars", "CPU s"),
          (row(name, seed, train, test) for name in ("scratch", "torch") for seed in range(seeds)))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
