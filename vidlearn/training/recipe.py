"""From a folder of clips to a trained classifier in one file: what `vidlearn train` does."""

import hashlib
from dataclasses import asdict
from pathlib import Path
from statistics import median

import numpy as np

from vidlearn import engine as engines
from vidlearn import models, video
from vidlearn.checks import given, kinds
from vidlearn.datasets.folder import Folder
from vidlearn.datasets.split import check_split, split_by_source
from vidlearn.evaluation.result import evaluate
from vidlearn.files import atomic
from vidlearn.inference import weights
from vidlearn.training.loop import TrainingError, fit


def check(out, model="r2plus1d", engine="torch", device="cpu"):
    """Ask, before clips are read, what would only fail after them.

    Raises   ValueError or OSError: no such model, engine or device here, or `out` cannot be written
    """
    if model not in models.NAMES:
        raise ValueError(f"there is no model {model!r}: choose one of {', '.join(models.NAMES)}")
    engines.get(engine, device)
    weights.check(out)
    atomic.check(state_of(out))


def state_of(out):
    """Where the state of a run is kept while it goes on: beside its file of weights."""
    out = Path(out)
    return out.with_name(out.name.removesuffix(".safetensors") + ".checkpoint")


def read_clips(root, *, frames=16, size=112, source=None, skip_damaged=False):
    """Open a folder of class folders and decode every clip once.

    Returns  a Folder, and the VideoError of each clip that was left out
    Raises   VideoError for the first damaged clip, unless they are to be skipped
    """
    folder = Folder(root, frames=frames, size=size, source=source)
    damaged = folder.scan()
    if damaged and not skip_damaged:
        raise video.VideoError(f"{len(damaged)} of {len(folder)} clips are damaged: mend them, or "
                               f"leave them out with --skip-damaged. The first: {damaged[0]}")
    return folder.without(damaged), damaged


def split(folder, share=0.2, seed=0):
    """Part the clips in training and validation; clips of one source stay together.

    Where the sources are not known, each clip counts as its own.

    Raises   ValueError that names the class of which there is not enough for both parts
    """
    if not 0 < share < 1:
        raise ValueError(f"share {share} of the clips, for validation, must be between 0 and 1")
    groups = np.arange(len(folder)) if folder.source is None else folder.groups
    _check_sources(folder, groups)
    parts = split_by_source(groups, (1 - share, share), seed, folder.labels)
    check_split(*(groups[part] for part in parts))
    for part, name in zip(parts, ("training", "validation"), strict=True):
        _check_part(folder, part, f"{name} (share {share}, seed {seed})")
    return [folder.subset(part) for part in parts]


def learn(training, validation, out, *, model="r2plus1d", motion=False, engine="torch",
          device="cpu", seed=0, resume=False, **settings):
    """Train a model on one part, choose its best epoch on the other, and write it to `out`.

    With `motion` it is shown what changes from frame to frame. While it runs, its state is kept
    beside `out`, for `resume`. Other settings are those of `train.fit`.

    Returns  the Result on the validation clips
    Raises   TrainingError as `train.fit`, or if there is no run to resume; ValueError and OSError
             as `check`
    """
    check(out, model, engine, device)
    engine, state = engines.get(engine, device), state_of(out)
    if resume and not state.exists():
        raise TrainingError(f"there is no interrupted run to go on with, no file {state}: "
                                  "begin without resume")
    header = weights.Header(model, training.classes, training.frames, training.size,
                            {"motion": True} if motion else {}, seconds=_seconds(training))
    engine.seed(seed)
    network = engine.to(header.build(engine.nn))
    _try(network, header, engine)
    about = asdict(header) | {"names": _digest(training.names + validation.names)}
    fit(network, training, validation, engine=engine, seed=seed, augment=True,
              checkpoint=state, resume=resume, about=about, **settings)
    weights.save(out, network, header, engine)
    result = evaluate(network, validation, engine)
    state.unlink(missing_ok=True)
    return result


def _check_sources(folder, groups):
    if len(folder.classes) < 2:
        raise ValueError(f"{folder.root}: {folder.classes[0]} is its only class: a classifier "
                         "needs clips of two or more, each in a folder of its own")
    for label, name in enumerate(folder.classes):
        sources = np.unique(groups[folder.labels == label])
        if len(sources) < 2:
            have = f"clips of one source only, {sources[0]}" if len(sources) else "no clip"
            have = "one clip only" if (folder.labels == label).sum() == 1 else have
            raise ValueError(f"{folder.root / name}: this class has {have}: it needs clips of two "
                             "sources, one to learn from and one to validate with")


def _check_part(folder, part, what):
    found = set(folder.labels[part])
    missing = [name for label, name in enumerate(folder.classes) if label not in found]
    if missing:
        raise ValueError(f"{folder.root}: no clip of {', '.join(missing)} came to {what}: "
                         "try another share or seed, or give more sources")


def _try(network, header, engine):
    """Show the network a black clip: whether it takes such clips is known before the first epoch.

    Raises   ValueError
    """
    shape = (1, 3, header.frames, *header.size)
    network.eval()
    try:
        with engine.no_grad():
            network(engine.tensor(np.zeros(shape, np.float32)))
    except (ValueError, RuntimeError, IndexError, ArithmeticError) as wrong:
        raise ValueError(f"{header.model} cannot take clips of {header.frames} frames of "
                         f"{header.size[1]}x{header.size[0]}: {wrong}") from wrong


def _digest(names):
    return hashlib.sha256("\n".join(names).encode(errors="surrogateescape")).hexdigest()[:12]


def _seconds(folder, look=20):
    """How long a clip lasts: the median of the first few."""
    return median(video.probe(path).seconds for path, _ in folder.items[:look])


given.check(globals(), {
    "out root": kinds.PATH, "size": kinds.SIDES, "engine": kinds.ENGINE,
    "folder training validation": kinds.having("a Folder", "root", "labels", "subset"),
    "share": kinds.REAL, "seed": kinds.INTEGER, "source": None,
})
