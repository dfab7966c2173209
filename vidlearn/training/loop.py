"""One training loop for both engines: `fit` runs epochs, `epoch` runs steps, `step` learns.

Everything random (the order of the clips, their augmentation, dropout) depends on the seed, the
epoch and the step alone. So the same seed gives the same run, and an interrupted run continues
exactly where it stopped.
"""

from itertools import islice

import numpy as np
from tqdm import tqdm

from vidlearn import engine as engines
from vidlearn.checks import checked, kinds
from vidlearn.datasets.label_check import LabelCheck
from vidlearn.datasets.load import batches
from vidlearn.evaluation.result import evaluate
from vidlearn.training.config import OPTIMIZER, SCHEDULE, Config
from vidlearn.training.interrupt import Interrupt
from vidlearn.training.state import Run, check_resume, check_validation


@checked
def fit(model: kinds.MODEL, train: kinds.DATA, validation: kinds.DATA = None, *,
        engine: kinds.ENGINE = "torch", epochs=10, batch=32, optimizer: OPTIMIZER = "adam",
        lr: kinds.POSITIVE = 3e-3, weight_decay: kinds.NOT_NEGATIVE = 0.0,
        schedule: SCHEDULE = "one_cycle", label_smoothing: kinds.FRACTION = 0.0, augment=False,
        seed: kinds.ONE_SEED = 0, patience: kinds.POSITIVE_COUNT = None, workers=0, progress=True,
        checkpoint: kinds.PATH = None, resume=False, about: kinds.DICT = None):
    """Train a model on a dataset; with validation clips, keep the weights of the best epoch.

    The state of the run is written to `checkpoint` before the first step, after every epoch and at
    Ctrl-C. With `resume` the run continues from there and ends with the same weights as an
    uninterrupted run (on CUDA, up to rounding), if its settings and `about` are the same: a dict of
    what else decides the run, such as the name of the network.

    Units    lr: the highest learning rate; patience: stop after so many epochs without a better one
    Returns  History
    Raises   TrainingError if the loss or a weight becomes infinite or NaN, or if the checkpoint is
             that of another run; WeightsError if the checkpoint is damaged; KeyboardInterrupt after
             Ctrl-C, once the state is written
    """
    check_validation(validation, patience)
    check_resume(checkpoint, resume)
    engine = engines.get(engine)
    config = Config(epochs, batch, optimizer, lr, weight_decay, schedule, label_smoothing, augment,
                    seed, len(train), f"{engine.name} {engine.dtype}",
                    tuple(map(str, train.classes)),
                    0 if validation is None else len(validation), about or {})
    run = Run(model, engine, config, checkpoint)
    with Interrupt() as interrupt, np.errstate(all="ignore"):     # run.check_loss finds overflows
        run.start(resume)
        while not run.is_over(patience):
            epoch(run, train, validation, interrupt, workers, progress)
    if run.best is not None:
        engine.load(model, run.best)
    return run.history


def epoch(run, train, validation, interrupt, workers=0, progress=True):
    """Train on the clips once, from where the run is; then evaluate on the validation clips."""
    number, config = run.history.epochs, run.config
    every = batches(LabelCheck(train), config.batch, shuffle=True, augment=config.augment,
                    seed=config.seed, epoch=number, workers=workers)
    run.model.train()
    with tqdm(total=config.clips, initial=run.seen, unit=" clips", disable=not progress,
              desc=f"epoch {number + 1}/{config.epochs}") as bar:
        with run.errors_located():
            for clips, labels in islice(every, run.step, None):
                step(run, clips, labels)
                bar.set_postfix(run.means, refresh=False)
                bar.update(len(labels))
                if interrupt.asked:
                    run.stop()
        result = None if validation is None else evaluate(
            run.model, validation, run.engine, config.batch, workers)
        run.end_epoch(result)
        bar.set_postfix({name: values[-1] for name, values in run.history.items()})
    run.save()


def step(run, clips, labels):
    """Learn from one batch: forward, loss, backward, update."""
    engine, config = run.engine, run.config
    run.start_step()
    scores = run.model(engine.tensor(clips))
    loss = engine.functional.cross_entropy(
        scores, engine.tensor(labels), label_smoothing=config.label_smoothing)
    run.check_loss(loss.item(), clips)
    run.optimizer.zero_grad()
    loss.backward()
    run.optimizer.step()
    if run.schedule:
        run.schedule.step()
    run.end_step(loss.item(), engine.numpy(scores), labels)
