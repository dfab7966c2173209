"""One training loop for both engines.

Whatever is drawn by chance (the order of clips, their augmentation, dropout) depends on the seed,
the epoch and the step alone. So the same seed gives the same run, and a run that was interrupted
goes on exactly where it was.
"""

import math
import time
from dataclasses import asdict, dataclass
from itertools import islice

from tqdm import tqdm

from vidlearn import checkpoint as checkpoints
from vidlearn import engine as engines
from vidlearn.datasets.load import batches
from vidlearn.evaluate import evaluate
from vidlearn.history import History

OPTIMIZERS = {"sgd": ("SGD", {"momentum": 0.9}), "adam": ("Adam", {}), "adamw": ("AdamW", {})}
SCHEDULES = ("one_cycle", "cosine", "constant")


class TrainingError(ValueError):
    """A training run cannot go on: what happened, where, and what to try."""


@dataclass(frozen=True)
class Plan:
    """The settings that decide a run; an interrupted run goes on under the same ones only."""

    epochs: int
    batch: int
    optimizer: str
    lr: float
    weight_decay: float
    schedule: str
    label_smoothing: float
    augment: bool
    seed: int
    clips: int
    engine: str

    def __post_init__(self):
        for what, name, names in (("optimizer", self.optimizer, OPTIMIZERS),
                                  ("schedule", self.schedule, SCHEDULES)):
            if name not in names:
                raise ValueError(f"there is no {what} {name!r}: choose one of {', '.join(names)}")
        if self.epochs < 1 or self.batch < 1 or self.clips < 1:
            raise ValueError(f"{self.epochs} epochs of {self.clips} clips in batches of "
                             f"{self.batch}: each must be 1 or more")

    @property
    def steps(self):
        """Steps of the whole run."""
        return self.epochs * math.ceil(self.clips / self.batch)


def fit(model, train, validation=None, *, engine="torch", epochs=10, batch=32, optimizer="adam",
        lr=3e-3, weight_decay=0.0, schedule="one_cycle", label_smoothing=0.0, augment=False,
        seed=0, patience=None, workers=0, progress=True, checkpoint=None, resume=False):
    """Train a model on a dataset; with validation clips, keep the weights of its best epoch.

    With a path as `checkpoint`, the state of the run is written there after every epoch and at
    Ctrl-C; `resume` goes on from there, and ends with the same weights as a run in one go (on CUDA,
    to rounding).

    Units    patience: epochs without a better one, after which the run stops; lr: the highest one
    Returns  History
    Raises   TrainingError if the loss is no longer a number, or the checkpoint is another run's;
             KeyboardInterrupt after Ctrl-C, once the state is written
    """
    if patience is not None and validation is None:
        raise ValueError("patience waits for a better epoch: it needs validation clips")
    if resume and checkpoint is None:
        raise ValueError("resume goes on from a file: give its path as checkpoint")
    engine = engines.get(engine)
    plan = Plan(epochs, batch, optimizer, lr, weight_decay, schedule, label_smoothing, augment,
                seed, len(train), f"{engine.name} {engine.dtype}")
    run = Run(engine.to(model), engine, plan)
    if resume:
        run.restore(checkpoint)
    with checkpoints.Interrupt() as interrupt:
        while not run.done(patience):
            _epoch(run, train, validation, workers, progress, interrupt, checkpoint)
    if run.best is not None:
        engine.load(model, run.best)
    return run.history


class Run:
    """All that changes while a model learns: what an interrupt must not lose."""

    def __init__(self, model, engine, plan):
        self.model, self.engine, self.plan = model, engine, plan
        self.history, self.best = History(), None
        self.step, self.loss, self.right, self.seen, self.seconds = 0, 0.0, 0, 0, 0.0
        name, options = OPTIMIZERS[plan.optimizer]
        self.optimizer = getattr(engine.optim, name)(
            model.parameters(), lr=plan.lr, weight_decay=plan.weight_decay, **options)
        self.schedule = _schedule(self.optimizer, engine.optim.lr_scheduler, plan)

    def learn(self, clips, labels):
        """Take one step: look, compare, walk back, change the weights."""
        began = time.perf_counter()
        self.engine.seed(self.plan.seed, self.history.epochs, self.step)           # for dropout
        scores = self.model(self.engine.tensor(clips))
        loss = self.engine.functional.cross_entropy(
            scores, self.engine.tensor(labels), label_smoothing=self.plan.label_smoothing)
        value = loss.item()
        if not math.isfinite(value):
            raise TrainingError(self._failure(value, clips))
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        if self.schedule:
            self.schedule.step()
        self.step += 1
        self.loss += value * len(labels)
        self.right += int((self.engine.numpy(scores).argmax(1) == labels).sum())
        self.seen += len(labels)
        self.seconds += time.perf_counter() - began

    def close(self, result):
        """End an epoch: note what was measured, and keep the weights if they are the best."""
        measured = {"loss": self.loss / self.seen, "accuracy": self.right / self.seen}
        if result is not None:
            measured |= {"validation_loss": result.loss, "validation_accuracy": result.accuracy}
        self.history.add(self.seconds, self.seen, **measured)
        if result is not None and self.history.best == self.history.epochs:
            self.best = self.engine.state(self.model)
        self.step, self.loss, self.right, self.seen, self.seconds = 0, 0.0, 0, 0, 0.0

    def done(self, patience):
        """True after the last epoch, or `patience` epochs after the best one."""
        epochs = self.history.epochs
        stale = patience is not None and epochs - self.history.best >= patience
        return epochs >= self.plan.epochs or stale

    def save(self, path):
        """Write the state of the run."""
        checkpoints.save(path, self.engine, {
            "plan": asdict(self.plan), "model": dict(self.model.state_dict()), "best": self.best,
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule and self.schedule.state_dict(),
            "history": [dict(self.history), self.history.seconds, self.history.rates],
            "epoch": [self.step, self.loss, self.right, self.seen, self.seconds]})

    def restore(self, path):
        """Go on from a state that `save` wrote.

        Raises   TrainingError if it was written under other settings, or of another network
        """
        state = checkpoints.load(path, self.engine)
        differ = [f"{name} {state['plan'].get(name)}, not {value}"
                  for name, value in asdict(self.plan).items() if state["plan"].get(name) != value]
        if differ:
            raise TrainingError(f"{path} is of a run with {'; '.join(differ)}: "
                                "give the same settings, or begin anew without resume")
        try:
            self.model.load_state_dict(state["model"])
        except RuntimeError as wrong:
            raise TrainingError(f"{path} is of another network: {wrong}") from None
        self.optimizer.load_state_dict(state["optimizer"])
        if self.schedule:
            self.schedule.load_state_dict(state["schedule"])
        columns, self.history.seconds, self.history.rates = state["history"]
        self.history.update(columns)
        self.best = state["best"] and {k: self.engine.numpy(v) for k, v in state["best"].items()}
        self.step, self.loss, self.right, self.seen, self.seconds = state["epoch"]

    def _failure(self, value, clips):
        where = f"epoch {self.history.epochs + 1}, batch {self.step + 1}"
        if abs(clips).max() <= 1e3:                   # false for nan as well
            bad = next((name for name, array in self.engine.state(self.model).items()
                        if not math.isfinite(abs(array).max())), None)
            cause = f"{bad} is no longer finite" if bad else "the scores have overflowed"
            return (f"the loss became {value} in {where}: {cause}. "
                    f"Try a learning rate below {self.plan.lr:g}")
        return f"the loss became {value} in {where}: its clips hold pixels that are not in 0..1"


def _epoch(run, train, validation, workers, progress, interrupt, path):
    """Go once through the training clips, from where the run is, then look at the validation."""
    number, plan = run.history.epochs, run.plan
    todo = islice(batches(train, plan.batch, shuffle=True, augment=plan.augment, seed=plan.seed,
                          epoch=number, workers=workers), run.step, None)
    run.model.train()
    with tqdm(total=plan.clips, initial=run.seen, unit=" clips", disable=not progress,
              desc=f"epoch {number + 1}/{plan.epochs}") as bar:
        for clips, labels in todo:
            run.learn(clips, labels)
            bar.set_postfix(loss=run.loss / run.seen, accuracy=run.right / run.seen, refresh=False)
            bar.update(len(labels))
            if interrupt.asked:
                _stop(run, path)
        run.close(None if validation is None else
                  evaluate(run.model, validation, run.engine, plan.batch, workers))
        bar.set_postfix({name: values[-1] for name, values in run.history.items()})
    if path:
        run.save(path)


def _stop(run, path):
    where = f"stopped in epoch {run.history.epochs + 1} after batch {run.step}"
    if path:
        run.save(path)
        where += f"; {path} holds the run, and resume goes on with it"
    raise KeyboardInterrupt(where)


def _schedule(optimizer, schedulers, plan):
    """How the learning rate goes from step to step.

    It had better come down: at a constant rate c3d's score on 400 clips of moving shapes went up
    and down by as much as 11 points between two of the last epochs; with one cycle, by less than 1.
    """
    if plan.schedule == "one_cycle":
        return schedulers.OneCycleLR(optimizer, max_lr=plan.lr, total_steps=plan.steps)
    if plan.schedule == "cosine":
        return schedulers.CosineAnnealingLR(optimizer, plan.steps)
    return None
