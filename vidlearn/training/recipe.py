"""From a folder of clips to a trained classifier in one file: what `vidlearn train` does."""

import hashlib
import warnings
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from statistics import median

import numpy as np

from vidlearn import engine as engines
from vidlearn import models, video
from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.datasets.folder import LISTS, Folder
from vidlearn.datasets.split import check_split, split_by_source
from vidlearn.evaluation.result import evaluate
from vidlearn.files import atomic
from vidlearn.inference import weights
from vidlearn.training.loop import fit
from vidlearn.training.state import TrainingError

FOLDER = kinds.having("a Folder", "root", "labels", "subset")
SHARE = kinds.fitting("a number between 0 and 1",
                      lambda value: kinds.is_real(value) and 0 < value < 1)


@checked
def check(out: kinds.PATH, model="r2plus1d", engine: kinds.ENGINE = "torch", device="cpu"):
    """Check, before any clip is read, what would otherwise fail only after the training.

    Raises   ArgumentError if there is no such model, engine or device here; OSError if `out` cannot
             be written
    """
    if model not in models.NAMES:
        raise ArgumentError(f"there is no model {model!r}: choose one of {', '.join(models.NAMES)}")
    engines.get(engine, device)
    weights.check(out)
    atomic.check(state_of(out))


@checked
def state_of(out: kinds.PATH):
    """The path of the checkpoint of a run, beside the file of its weights."""
    out = Path(out)
    return out.with_name(out.name.removesuffix(".safetensors") + ".checkpoint")


@checked
def check_start(out: kinds.PATH, resume=False, overwrite=False):
    """Check, before any clip is read, that no earlier result is lost, or that one can be resumed.

    Raises   TrainingError
    """
    out, state = Path(out), state_of(out)
    if resume and not state.exists():
        hint = (f"{out} belongs to a run that has finished" if out.exists()
                else "start without resume")
        raise TrainingError(f"no interrupted run to resume: there is no file {state}; {hint}")
    if resume or overwrite:
        return
    if state.exists():
        raise TrainingError(f"{state} holds an interrupted run: --resume continues it, "
                            "--overwrite starts a new one, --out keeps both")
    if out.exists():
        raise TrainingError(f"{out} already holds a classifier: --overwrite replaces it, "
                            "--out keeps both")


@checked
def read_clips(root: kinds.PATH, *, frames=16, size: kinds.SIDES = 112, source=None,
               skip_damaged=False, allow_damaged=False, split_list: LISTS = None):
    """Open a folder of class folders, or of train, val and test, and decode every clip once.

    With `skip_damaged`, damaged clips are left out. With `allow_damaged`, they are used as far as
    they can be decoded, a warning names them, and only those without a frame are left out.

    Returns  a Folder, and the VideoError of each clip that was left out
    Raises   VideoError for the first damaged clip, unless damaged clips are skipped or allowed;
             ArgumentError if they are both
    """
    if skip_damaged and allow_damaged:
        raise ArgumentError("skip_damaged=True leaves damaged clips out and allow_damaged=True "
                            "uses them: give only one of them")
    folder = Folder(root, frames=frames, size=size, source=source, split_list=split_list,
                    allow_damaged=allow_damaged)
    damaged = folder.scan()
    if damaged and not (skip_damaged or allow_damaged):
        raise video.VideoError(
            f"{len(damaged)} of {len(folder)} clips are damaged: repair them, leave them out with "
            "skip_damaged=True, or use what there is of them with allow_damaged=True. "
            f"The first: {damaged[0]}", path=damaged[0].path) from damaged[0]
    return folder.without(damaged), damaged


@checked
def split(folder: FOLDER, share: SHARE = 0.2, seed: kinds.COUNT = 0):
    """Split the clips into training and validation, as the folder's own split says if it has one.

    Otherwise clips of one source stay together; if the sources are not known, each clip counts as a
    source of its own. Where only train and test are given, validation comes from train.

    Units    share: of the clips, for validation
    Raises   TrainingError that names the class with too few clips for both parts
    """
    given = folder.parts
    if given:
        _check_given(folder, given)
        folder = given["train"]
    if "val" in given:
        return [folder, given["val"]]
    groups = np.arange(len(folder)) if folder.source is None else folder.groups
    _check_sources(folder, groups)
    parts = split_by_source(groups, (1 - share, share), seed, folder.labels)
    check_split(*(groups[part] for part in parts))
    for part, name in zip(parts, ("training", "validation"), strict=True):
        _check_part(folder, folder.labels[part], f"{name} (share {share}, seed {seed})",
                    "try another share or seed, or add sources")
    return [folder.subset(part) for part in parts]


@checked
def score(out: kinds.PATH, clips: FOLDER, engine: kinds.ENGINE = "torch", device="cpu"):
    """The Result of the classifier in a file on clips that played no part in its training."""
    classifier = weights.load(out, engines.get(engine, device))
    return evaluate(classifier.model, clips, classifier.engine)


@checked
def learn(training: FOLDER, validation: FOLDER, out: kinds.PATH, *, model="r2plus1d", motion=False,
          engine: kinds.ENGINE = "torch", device="cpu", seed: kinds.COUNT = 0, resume=False,
          **settings):
    """Train a model on one part, choose its best epoch on the other, and write it to `out`.

    With `motion` the network sees the changes from frame to frame instead of the frames. During the
    run its state is kept beside `out`, for `resume`. Other settings are those of `training.fit`.

    Returns  the Result on the validation clips
    Raises   TrainingError as `training.fit`, or if there is no run to resume; ArgumentError and
             OSError as `check`
    """
    check(out, model, engine, device)
    engine, state = engines.get(engine, device), state_of(out)
    if resume:
        check_start(out, resume)
    header = weights.Header(model, training.classes, training.frames, training.size,
                            {"motion": True} if motion else {}, seconds=_seconds(training))
    engine.seed(seed)
    network = engine.to(header.build(engine.nn))
    _check_clip_size(network, header, engine)
    about = asdict(header) | {"names": _digest(training.names + validation.names),
                              "allow_damaged": training.allow_damaged}
    fit(network, training, validation, engine=engine, seed=seed, augment=True, checkpoint=state,
        resume=resume, about=about, **settings)
    weights.save(out, network, header, engine)
    result = evaluate(network, validation, engine)
    state.unlink(missing_ok=True)
    return result


def _check_given(folder, given):
    """A given split must have clips of each class to learn from; a leak in it is only said."""
    if "train" not in given:
        raise TrainingError(f"{folder.root}: the split has {' and '.join(given)}, and no train")
    if len(folder.classes) < 2:
        _check_sources(folder, np.arange(len(folder)))
    _check_part(folder, given["train"].labels, "train", "add some, or take the others away")
    if folder.source is not None:
        others = {group for name, part in given.items() if name != "train" for group in part.groups}
        if both := sorted(others & set(given["train"].groups)):
            warnings.warn(f"{folder.root}: {len(both)} sources are in train and in another part, "
                          f"the first is {both[0]}: the result may be too good", stacklevel=4)


def _check_sources(folder, groups):
    if len(folder.classes) < 2:
        raise TrainingError(f"{folder.root}: {folder.classes[0]} is the only class: a classifier "
                            "needs clips of two classes or more, each in a folder of its own")
    for label, name in enumerate(folder.classes):
        sources = np.unique(groups[folder.labels == label])
        if len(sources) < 2:
            have = f"clips from only one source, {sources[0]}" if len(sources) else "no clips"
            have = "only one clip" if (folder.labels == label).sum() == 1 else have
            raise TrainingError(f"{folder.root / name}: this class has {have}: it needs clips from "
                                "two sources, one for training and one for validation")


def _check_part(folder, labels, what, advice):
    missing = [name for label, name in enumerate(folder.classes) if label not in labels]
    if missing:
        raise TrainingError(f"{folder.root}: no clip of {', '.join(missing)} is in {what}: "
                            f"{advice}")


def _check_clip_size(network, header, engine):
    """Run the network on one black clip, so that a size it cannot take is known before epoch 1.

    Raises   TrainingError
    """
    shape = (1, 3, header.frames, *header.size)
    network.eval()
    try:
        with engine.no_grad():
            network(engine.tensor(np.zeros(shape, np.float32)))
    except (ValueError, RuntimeError, IndexError, ArithmeticError) as error:
        raise TrainingError(f"{header.model} cannot take clips of {header.frames} frames of "
                            f"{header.size[1]}x{header.size[0]}: {error}") from error


def _digest(names):
    return hashlib.sha256("\n".join(names).encode(errors="surrogateescape")).hexdigest()[:12]


def _seconds(folder, count=20):
    """The length of a clip: the median of the first few; 0.0 if none of them says."""
    found = []
    for path, _ in folder.items[:count]:
        with suppress(*[video.VideoError] * folder.allow_damaged):
            found.append(video.probe(path).seconds)
    return median(found or [0.0])
