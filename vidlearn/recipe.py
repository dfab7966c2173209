"""From a folder of clips to a trained classifier in one file: what `vidlearn train` does."""

from pathlib import Path
from statistics import median

import numpy as np

from vidlearn import engine as engines
from vidlearn import train, video, weights
from vidlearn.datasets.folder import Folder
from vidlearn.datasets.split import check_split, split_by_source
from vidlearn.evaluate import evaluate


def read_clips(root, *, frames=16, size=112, source=None, skip_damaged=False):
    """Open a folder of class folders and decode every clip once.

    Returns  a Folder, and the VideoError of each clip that was left out
    Raises   VideoError for the first damaged clip, unless they are to be skipped
    """
    folder = Folder(root, frames=frames, size=size, source=source)
    damaged = folder.scan()
    if damaged and not skip_damaged:
        raise video.VideoError(f"{damaged[0]}\n{len(damaged)} of {len(folder)} clips are damaged: "
                               "mend them, or leave them out with --skip-damaged")
    return folder.without(damaged), damaged


def split(folder, share=0.2, seed=0):
    """Part the clips in training and validation; clips of one source stay together.

    Where the sources are not known, each clip counts as its own.
    """
    groups = np.arange(len(folder)) if folder.source is None else folder.groups
    parts = split_by_source(groups, (1 - share, share), seed, folder.labels)
    check_split(*(groups[part] for part in parts))
    return [folder.subset(part) for part in parts]


def learn(training, validation, out, *, model="r2plus1d", motion=False, engine="torch",
          device="cpu", seed=0, resume=False, **settings):
    """Train a model on one part, choose its best epoch on the other, and write it to `out`.

    With `motion` it is shown what changes from frame to frame. While it runs, its state is kept
    beside `out`, for `resume`. Other settings are those of `train.fit`.

    Returns  the Result on the validation clips
    """
    engine = engines.get(engine, device)
    header = weights.Header(model, training.classes, training.frames, training.size,
                            {"motion": True} if motion else {}, seconds=_seconds(training))
    engine.seed(seed)
    network = header.build(engine.nn)
    state = Path(out).with_suffix(".checkpoint")
    train.fit(network, training, validation, engine=engine, seed=seed, augment=True,
              checkpoint=state, resume=resume, **settings)
    weights.save(out, network, header, engine)
    state.unlink()
    return evaluate(network, validation, engine)


def _seconds(folder, look=20):
    """How long a clip lasts: the median of the first few."""
    return median(video.probe(path).seconds for path, _ in folder.items[:look])
