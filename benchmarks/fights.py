"""Fight or no fight: how well a small network classifies real clips, without leaking sources.

    python benchmarks/fights.py FOLDER [--only NAME ...] [--seeds 5] [--epochs 12]

Runs on one thread, unless OMP_NUM_THREADS and OPENBLAS_NUM_THREADS say otherwise. FOLDER holds the
folders `fight` and `no_fight` with 90 clips each of Aktı, Tataroğlu and Ekenel, "Vision-based Fight
Detection from Surveillance Cameras", IPTA 2019.

There are five folds: clips 1-18 of both classes are the first test set, 19-36 the second, and so
on, because clips with neighbouring numbers are cut from the same film. A network sees its test
clips only after training: there is no early stopping and no choice of an epoch. A new network is
trained for each fold and each seed. The score of a seed counts all 180 clips, each classified by
the one network that was not trained on its block. The heads on frozen features choose their
regularisation by leaving out one training block at a time. Two of them are also split at random, to
show how much better that looks. Prints a Markdown table.
"""

import argparse
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")          # both are read when NumPy is imported

import numpy as np  # noqa: E402
import torch  # noqa: E402

from vidlearn import models  # noqa: E402
from vidlearn.datasets import real  # noqa: E402
from vidlearn.datasets.folder import Folder, default_augment  # noqa: E402
from vidlearn.datasets.split import check_split, group_folds, number_blocks  # noqa: E402
from vidlearn.engine import Engine  # noqa: E402
from vidlearn.evaluation.result import Result, evaluate, pooled  # noqa: E402
from vidlearn.training.loop import fit  # noqa: E402
from vidlearn.video import transform  # noqa: E402

BLOCK, FOLDS = 18, 5
SMALL = {"widths": (8, 16, 32)}


def flip_and_reverse(frames, rng):
    """Also flip and reverse clips at random: a mirrored or reversed fight is still a fight."""
    return transform.reverse(transform.horizontal_flip(default_augment(frames, rng), rng), rng)


@dataclass(frozen=True)
class Network:
    """A network of vidlearn.models, trained from scratch, with the settings of one row."""

    model: str
    options: dict = field(default_factory=dict)
    size: tuple = (48, 64)
    frames: int = 16
    augment: Callable | None = flip_and_reverse

    def folds(self, root, seed, epochs):
        """Train and test on each fold; yields Results."""
        data = Folder(root, frames=self.frames, size=self.size, augment=self.augment,
                      source=number_blocks(BLOCK))
        for train, test in folds(data.groups):
            yield self.train_and_test(data.subset(train), data.subset(test), seed, epochs)

    def train_and_test(self, train, test, seed, epochs):
        """Train on one part, and only then evaluate on the other."""
        engine = Engine("torch")
        engine.seed(seed)
        network = models.build(self.model, engine.nn, 2, **self.options)
        fit(network, train, engine=engine, epochs=epochs, batch=16, optimizer="adamw",
            weight_decay=1e-2, augment=self.augment is not None, seed=seed, progress=False)
        return evaluate(network, test, engine)


@dataclass(frozen=True)
class Head:
    """A logistic regression on features that are not trained here.

    If `leaky`, clips are assigned to folds at random, regardless of the film they are from.
    """

    features: Callable
    leaky: bool = False

    def folds(self, root, seed, epochs):
        """Fit and test on each fold; yields Results. Only a leaky split uses the seed."""
        data, x = data_and_features(root, self.features)
        groups, labels = data.groups, data.labels
        if self.leaky:
            groups = np.random.default_rng(seed).permutation(len(data)) % FOLDS
        for train, test in folds(groups):
            head = regression(x[train], labels[train], groups[train])
            score = head.decision_function(x[test])
            yield Result(np.stack([-score, score], 1) / 2, labels[test], data.classes,
                         groups=tuple(data.groups[test]))


@cache
def data_and_features(root, features):
    """The clips, and the features of each: (N, F)."""
    data = Folder(root, frames=16, size=(120, 160), source=number_blocks(BLOCK))
    return data, np.stack([features(data[i][0]) for i in range(len(data))])


def regression(x, labels, groups):
    """A logistic regression whose penalty is chosen by leaving out one block at a time."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV, LeaveOneGroupOut
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    search = GridSearchCV(make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000)),
                          {"logisticregression__C": (1e-3, 1e-2, 0.1, 1.0)}, cv=LeaveOneGroupOut())
    return search.fit(x, labels, groups=groups)


def motion_statistics(clip):
    """How much moves: seven statistics of the change from frame to frame.

    Shapes   (3, T, H, W)  ->  (7,)
    """
    change = np.abs(np.diff(clip.mean(0), axis=0))                   # (T-1, H, W)
    each = change.mean((1, 2))
    parts = np.quantile(change, (0.5, 0.9, 0.99, 0.999))
    return np.log(np.array([each.mean(), each.max(), each.std(), *parts]) + 1e-3)


class Pretrained:
    """Features of MobileNetV2, trained on photographs; `pool` makes one vector of them.

    Shapes   pool: features (T, 1280, H/32, W/32)  ->  (F,)
    """

    def __init__(self, pool):
        self.pool, self.encoder = pool, None

    def __call__(self, clip):
        self.encoder = self.encoder or mobilenet()
        frames = transform.normalize(clip, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
        with torch.no_grad():
            features = self.encoder(torch.from_numpy(frames).transpose(0, 1))
        return self.pool(features.numpy())


def mobilenet():
    """MobileNetV2 with the weights of `vidlearn data get mobilenetv2`; no gradient reaches them."""
    from torchvision.models import mobilenet_v2

    (path,) = real.get("mobilenetv2")
    encoder = mobilenet_v2().features.eval()
    weights = torch.load(path, weights_only=True).values()         # older names in the same order
    encoder.load_state_dict(dict(zip(encoder.state_dict(), weights, strict=True)))
    return encoder


def mean(features):
    """What is in the clip: the mean of each feature over frames and places."""
    return features.mean((0, 2, 3))


def change(features):
    """What changes: the mean absolute change of each feature from frame to frame."""
    return np.abs(np.diff(features, axis=0)).mean((0, 2, 3))


MEAN, CHANGE = Pretrained(mean), Pretrained(change)
VARIANTS = {
    "middle frame": Network("frame_cnn", {"width": 8, "features": 32}),
    "c3d": Network("c3d", SMALL),
    "c3d, motion": Network("c3d", SMALL | {"motion": True}),
    "c3d, motion, no augmentation": Network("c3d", SMALL | {"motion": True}, augment=None),
    "c3d, motion, 32x40": Network("c3d", SMALL | {"motion": True}, size=(32, 40)),
    "c3d, motion, 72x96": Network("c3d", SMALL | {"motion": True}, size=(72, 96)),
    "r2plus1d, motion": Network("r2plus1d", SMALL | {"motion": True}),
    "motion statistics, 7 numbers": Head(motion_statistics),
    "MobileNetV2, mean": Head(MEAN),
    "MobileNetV2, change": Head(CHANGE),
    "MobileNetV2, mean, split at random": Head(MEAN, leaky=True),
    "MobileNetV2, change, split at random": Head(CHANGE, leaky=True),
}


def folds(groups):
    """Five pairs (train, test) of clip numbers; no block is in both."""
    parts = group_folds(groups, FOLDS)
    for train, test in parts:
        check_split(groups[train], groups[test])
    return parts


def row(name, variant, root, seeds, epochs):
    """Measure a variant; returns a line of the table.

    The interval counts the clips of a block as fewer than they are; it is the mean over the seeds.
    """
    began = time.process_time()
    results = [pooled(variant.folds(root, seed, epochs)) for seed in range(seeds)]
    seconds = (time.process_time() - began) / seeds
    scores = np.array([r.accuracy for r in results])
    low, high = np.mean([r.interval() for r in results], 0)
    found, false_alarms = np.mean([r.confusion[:, 0] for r in results], 0)
    return (f"| {name} | {scores.mean():.1%} | {low:.1%} to {high:.1%} | {seeds} "
            f"| {scores.min():.1%} to {scores.max():.1%} | {found:.0f} | {false_alarms:.0f} "
            f"| {seconds:.0f} |")


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", help="the folder that holds fight/ and no_fight/")
    parser.add_argument("--only", nargs="*", choices=VARIANTS, default=list(VARIANTS))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=12)
    args = parser.parse_args()
    print("| variant | accuracy | 95 % interval | seeds | lowest to highest seed | fights found "
          "| false alarms | CPU s a seed |\n" + "|---" * 8 + "|", flush=True)
    for name in args.only:
        variant = VARIANTS[name]
        chance = isinstance(variant, Network) or variant.leaky
        print(row(name, variant, args.folder, args.seeds if chance else 1, args.epochs), flush=True)


if __name__ == "__main__":
    main()
