"""The settings that decide a training run, and how those of two runs differ."""

import json
import math
from dataclasses import asdict, dataclass, field
from reprlib import repr as brief

from vidlearn.checks import given, kinds

OPTIMIZERS = {"sgd": ("SGD", {"momentum": 0.9}), "adam": ("Adam", {}), "adamw": ("AdamW", {})}
SCHEDULES = ("one_cycle", "cosine", "constant")


@dataclass(frozen=True)
class Plan:
    """The settings that decide a run; an interrupted run goes on under the same ones only.

    Units    clips and validation count clips; about: what else decides it, as words and numbers
    Raises   ValueError for settings under which nothing can be learned
    """

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
    classes: tuple = ()
    validation: int = 0
    about: dict = field(default_factory=dict)

    def __post_init__(self):
        for what, name, names in (("optimizer", self.optimizer, OPTIMIZERS),
                                  ("schedule", self.schedule, SCHEDULES)):
            if name not in names:
                raise ValueError(f"there is no {what} {name!r}: choose one of {', '.join(names)}")
        if self.epochs < 1 or self.batch < 1 or self.clips < 1:
            raise ValueError(f"{self.epochs} epochs of {self.clips} clips in batches of "
                             f"{self.batch}: each must be 1 or more")
        for name, right, wish in (
                ("lr", 0 < self.lr < math.inf, "more than 0, and a number"),
                ("weight_decay", 0 <= self.weight_decay < math.inf, "0 or more"),
                ("label_smoothing", 0 <= self.label_smoothing <= 1, "0 to 1"),
                ("seed", self.seed >= 0, "0 or more")):
            if not right:
                raise ValueError(f"{name} {getattr(self, name)} must be {wish}")

    @property
    def steps(self):
        """Steps of the whole run."""
        return self.epochs * math.ceil(self.clips / self.batch)

    @property
    def facts(self):
        """All of it as JSON keeps it, name by name, without depth."""
        facts = asdict(self)
        return json.loads(json.dumps(facts | facts.pop("about")))

    def unlike(self, facts):
        """In one line, how the facts of another run differ from these; "" if they do not."""
        mine = self.facts
        return "; ".join(f"{name} {_said(facts.get(name))}, not {_said(mine.get(name))}"
                         for name in mine | facts if facts.get(name) != mine.get(name))


def _said(value):
    return value if isinstance(value, str) else brief(value)


given.check(globals(), {
    "epochs batch seed clips": kinds.INTEGER, "validation": kinds.whole(), "augment": kinds.FLAG,
    "optimizer schedule engine": kinds.WORD, "classes": kinds.fitting(
        "a tuple of words", lambda it: isinstance(it, tuple) and all(map(kinds.WORD.take, it))),
    "about": kinds.DICT,
    "lr weight_decay label_smoothing": kinds.REAL,
})
