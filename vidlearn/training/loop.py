"""One training loop for both engines.

Whatever is drawn by chance (the order of clips, their augmentation, dropout) depends on the seed,
the epoch and the step alone. So the same seed gives the same run, and a run that was interrupted
goes on exactly where it was.
"""

from itertools import islice

import numpy as np
from tqdm import tqdm

from vidlearn import engine as engines
from vidlearn.checks import given, kinds
from vidlearn.datasets.checked import Checked
from vidlearn.datasets.load import batches
from vidlearn.evaluation.result import evaluate
from vidlearn.training.config import Plan
from vidlearn.training.interrupt import Interrupt
from vidlearn.training.state import Run, TrainingError

__all__ = ["Plan", "Run", "TrainingError", "fit"]


def fit(model, train, validation=None, *, engine="torch", epochs=10, batch=32, optimizer="adam",
        lr=3e-3, weight_decay=0.0, schedule="one_cycle", label_smoothing=0.0, augment=False,
        seed=0, patience=None, workers=0, progress=True, checkpoint=None, resume=False, about=None):
    """Train a model on a dataset; with validation clips, keep the weights of its best epoch.

    With a path as `checkpoint`, the state of the run is written there before the first step, after
    every epoch and at Ctrl-C; `resume` goes on from there, and ends with the same weights as a run
    in one go (on CUDA, to rounding). What else decides a run, such as its network's name, comes as
    a dict in `about`: a run with another one does not go on.

    Units    patience: epochs without a better one, after which the run stops; lr: the highest one
    Returns  History
    Raises   TrainingError if the loss or a weight is no longer a number, a batch cannot be learned,
             or the checkpoint is another run's; WeightsError if it is damaged; KeyboardInterrupt
             after Ctrl-C, once the state is written
    """
    _check(validation, patience, checkpoint, resume)
    engine = engines.get(engine)
    plan = Plan(epochs, batch, optimizer, lr, weight_decay, schedule, label_smoothing, augment,
                seed, len(train), f"{engine.name} {engine.dtype}", tuple(map(str, train.classes)),
                0 if validation is None else len(validation), about or {})
    run = Run(engine.to(model), engine, plan)
    with Interrupt() as interrupt:
        if resume:
            run.restore(checkpoint)
        elif checkpoint:
            run.save(checkpoint)
        while not run.done(patience):
            with np.errstate(all="ignore"):           # what overflows is found by its loss
                _epoch(run, train, validation, workers, progress, interrupt, checkpoint)
    if run.best is not None:
        engine.load(model, run.best)
    return run.history


def _check(validation, patience, checkpoint, resume):
    if patience is not None and validation is None:
        raise ValueError("patience waits for a better epoch: it needs validation clips")
    if patience is not None and patience < 1:
        raise ValueError(f"patience {patience} must be 1 epoch or more")
    if validation is not None and not len(validation):
        raise ValueError("there is no clip for validation")
    if resume and checkpoint is None:
        raise ValueError("resume goes on from a file: give its path as checkpoint")


def _epoch(run, train, validation, workers, progress, interrupt, path):
    """Go once through the training clips, from where the run is, then look at the validation."""
    number, plan = run.history.epochs, run.plan
    every = batches(Checked(train), plan.batch, shuffle=True, augment=plan.augment, seed=plan.seed,
                    epoch=number, workers=workers)
    run.model.train()
    with tqdm(total=plan.clips, initial=run.seen, unit=" clips", disable=not progress,
              desc=f"epoch {number + 1}/{plan.epochs}") as bar:
        with run.placed():
            for clips, labels in islice(every, run.step, None):
                run.learn(clips, labels)
                bar.set_postfix(loss=run.loss / run.seen, accuracy=run.right / run.seen,
                                refresh=False)
                bar.update(len(labels))
                if interrupt.asked:
                    _stop(run, path)
        result = None if validation is None else evaluate(
            run.model, validation, run.engine, plan.batch, workers)
        run.check(result)
        run.close(result)
        bar.set_postfix({name: values[-1] for name, values in run.history.items()})
    if path:
        run.save(path)


def _stop(run, path):
    where = f"stopped in epoch {run.history.epochs + 1} after batch {run.step}"
    if path:
        run.save(path)
        where += f"; {path} holds the run, and resume goes on with it"
    raise KeyboardInterrupt(where)


given.check(globals(), {
    "model": kinds.MODEL, "train validation": kinds.DATA, "engine": kinds.ENGINE,
    "epochs batch seed patience": kinds.INTEGER,
    "lr weight_decay label_smoothing": kinds.REAL, "checkpoint": kinds.PATH,
    "about": kinds.DICT,
})
