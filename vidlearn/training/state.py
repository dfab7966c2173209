"""The state of a training run: what a step changes, how it is checked, saved and restored."""

import math
import time
from contextlib import contextmanager

from vidlearn.checks import ArgumentError
from vidlearn.files.safetensors import misfits
from vidlearn.training import checkpoint as checkpoints
from vidlearn.training.config import OPTIMIZERS
from vidlearn.training.history import History


class TrainingError(ValueError):
    """A training run cannot start or continue: the message says what happened and what to try."""


class Run:
    """Everything that changes during a training run, and that an interrupt must not lose."""

    def __init__(self, model, engine, config, path=None):
        self.model, self.engine, self.config, self.path = model, engine, config, path
        self.history, self.best = History(), None
        self.step, self.loss, self.right, self.seen, self.seconds = 0, 0.0, 0, 0, 0.0
        name, options = OPTIMIZERS[config.optimizer]
        self.optimizer = getattr(engine.optim, name)(
            model.parameters(), lr=config.lr, weight_decay=config.weight_decay, **options)
        self.schedule = _schedule(self.optimizer, engine.optim.lr_scheduler, config)

    def start(self, resume=False):
        """Continue from the checkpoint, or write the first one."""
        if resume:
            self.restore()
        else:
            self.save()

    def start_step(self):
        """Seed the dropout of the next step, and start the clock."""
        self._began = time.perf_counter()
        self.engine.seed(self.config.seed, self.history.epochs, self.step)

    def end_step(self, loss, scores, labels):
        """Count what a step measured on its batch."""
        self.step += 1
        self.loss += loss * len(labels)
        self.right += int((scores.argmax(1) == labels).sum())
        self.seen += len(labels)
        self.seconds += time.perf_counter() - self._began

    @property
    def means(self):
        """Loss and accuracy over the clips that this epoch has seen."""
        return {"loss": self.loss / self.seen, "accuracy": self.right / self.seen}

    @property
    def place(self):
        """The step that comes next, in words."""
        return f"epoch {self.history.epochs + 1}, batch {self.step + 1}"

    @contextmanager
    def errors_located(self):
        """Add a note to every error from the block: in which epoch and batch it came up."""
        try:
            yield
        except Exception as error:
            error.add_note(f"in {self.place} of the training")
            raise

    def check_loss(self, loss, clips):
        """Stop the run if the loss of a batch is not finite.

        Raises   TrainingError that names the probable cause
        """
        if math.isfinite(loss):
            return
        if abs(clips).max() <= 1e3:                   # false for NaN, too
            bad = self._not_finite()
            cause = f"{bad} is no longer finite" if bad else "the scores have overflowed"
            cause += f". Try a learning rate below {self.config.lr:g}"
        else:
            cause = "its clips hold pixels outside 0..1"
        raise TrainingError(f"the loss became {loss} in {self.place}: {cause}")

    def end_epoch(self, result=None):
        """Note what the epoch measured, and keep its weights if they are the best so far.

        Raises   TrainingError if a weight or the validation loss is not finite: the last step of an
                 epoch has no loss after it that would show this
        """
        bad = self._not_finite() or (None if result is None or math.isfinite(result.loss) else
                                     "the loss on the validation clips")
        if bad:
            raise TrainingError(f"at the end of epoch {self.history.epochs + 1}, {bad} is no longer"
                                f" finite. Try a learning rate below {self.config.lr:g}")
        measured = self.means
        if result is not None:
            measured |= {"validation_loss": result.loss, "validation_accuracy": result.accuracy}
        self.history.add(self.seconds, self.seen, **measured)
        if result is not None and self.history.best == self.history.epochs:
            self.best = self.engine.state(self.model)
        self.step, self.loss, self.right, self.seen, self.seconds = 0, 0.0, 0, 0, 0.0

    def is_over(self, patience=None):
        """True after the last epoch, or `patience` epochs after the best one."""
        epochs = self.history.epochs
        stale = patience is not None and epochs - self.history.best >= patience
        return epochs >= self.config.epochs or stale

    def stop(self):
        """Save the state, and raise KeyboardInterrupt that says where the run stopped."""
        where = f"stopped in epoch {self.history.epochs + 1} after batch {self.step}"
        if self.path:
            self.save()
            where += f"; {self.path} holds the run, and resume continues it"
        raise KeyboardInterrupt(where)

    def save(self):
        """Write the state to the checkpoint, if the run has one."""
        if not self.path:
            return
        checkpoints.save(self.path, self.engine, {    # "plan": its name since the first version
            "plan": self.config.facts, "model": dict(self.model.state_dict()), "best": self.best,
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule and self.schedule.state_dict(),
            "history": [dict(self.history), self.history.seconds, self.history.rates],
            "epoch": [self.step, self.loss, self.right, self.seen, self.seconds]})

    def restore(self):
        """Read the state that `save` wrote.

        Raises   TrainingError if it belongs to a run with other settings, or to another network
        """
        state = checkpoints.load(self.path, self.engine)
        try:
            self._take(state)
        except TrainingError:
            raise
        except (KeyError, IndexError, TypeError, AttributeError, ValueError) as error:
            raise TrainingError(
                f"{self.path} does not hold a state that fit wrote: {error!r}") from error

    def _take(self, state):
        if differ := self.config.differences(state["plan"]):
            raise TrainingError(f"{self.path} belongs to a run with {differ}: "
                                "give the same settings, or start again without resume")
        found = {name: self.engine.numpy(value) for name, value in state["model"].items()}
        if differ := misfits(self.engine.state(self.model), found):
            raise TrainingError(f"{self.path} belongs to another network: {differ}")
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        if self.schedule:
            self.schedule.load_state_dict(state["schedule"])
        columns, self.history.seconds, self.history.rates = state["history"]
        self.history.update(columns)
        self.best = state["best"] and {k: self.engine.numpy(v) for k, v in state["best"].items()}
        self.step, self.loss, self.right, self.seen, self.seconds = state["epoch"]

    def _not_finite(self):
        """The name of the first weight that is not finite, or None."""
        return next((name for name, array in self.engine.state(self.model).items()
                     if not math.isfinite(abs(array).max(initial=0))), None)


def check_validation(validation, patience):
    """Refuse an empty validation set, and patience without a validation set."""
    if validation is not None and not len(validation):
        raise ArgumentError("fit: validation must have one clip or more, not 0")
    if patience is not None and validation is None:
        raise ArgumentError("fit: patience waits for a better epoch, so it needs validation clips")


def check_resume(checkpoint, resume):
    """Refuse to resume from no file."""
    if resume and checkpoint is None:
        raise ArgumentError("fit: resume continues from a file, so it needs the path checkpoint")


def _schedule(optimizer, schedulers, config):
    """The learning rate of each step.

    It should come down towards the end. At a constant rate the accuracy of c3d on 400 clips of
    Motion changed by up to 11 points between two of the last epochs; with one cycle by less than 1.
    """
    if config.schedule == "one_cycle":
        return schedulers.OneCycleLR(optimizer, max_lr=config.lr, total_steps=config.steps)
    if config.schedule == "cosine":
        return schedulers.CosineAnnealingLR(optimizer, config.steps)
    return None
