"""The configuration of a training run, and how those of two runs differ."""

import json
import math
from dataclasses import asdict, dataclass, field
from reprlib import repr as brief

from vidlearn.checks import checked, kinds

OPTIMIZERS = {"sgd": ("SGD", {"momentum": 0.9}), "adam": ("Adam", {}), "adamw": ("AdamW", {})}
OPTIMIZER, SCHEDULE = kinds.choice(*OPTIMIZERS), kinds.choice("one_cycle", "cosine", "constant")
CLASSES = kinds.fitting("a tuple of words", lambda value: isinstance(value, tuple) and all(
    isinstance(name, str) for name in value))


@checked
@dataclass(frozen=True)
class Config:
    """The settings that decide the result of a run; a run resumes only under the same settings.

    Units    clips and validation: numbers of clips; about: what else decides the run, as words and
             numbers by name
    """

    epochs: kinds.POSITIVE_COUNT
    batch: kinds.POSITIVE_COUNT
    optimizer: OPTIMIZER
    lr: kinds.POSITIVE
    weight_decay: kinds.NOT_NEGATIVE
    schedule: SCHEDULE
    label_smoothing: kinds.FRACTION
    augment: kinds.FLAG
    seed: kinds.ONE_SEED
    clips: kinds.POSITIVE_COUNT
    engine: kinds.WORD
    classes: CLASSES = ()
    validation: kinds.COUNT = 0
    about: kinds.DICT = field(default_factory=dict)

    @property
    def steps(self):
        """The number of steps in the whole run."""
        return self.epochs * math.ceil(self.clips / self.batch)

    @property
    def facts(self):
        """All settings in one flat dict, as JSON keeps them."""
        facts = asdict(self)
        return json.loads(json.dumps(facts | facts.pop("about")))

    def differences(self, facts):
        """Say in one line how the facts of another run differ from these; "" if they do not."""
        mine = self.facts
        return "; ".join(f"{name} {_words(facts.get(name))}, not {_words(mine.get(name))}"
                         for name in mine | facts if facts.get(name) != mine.get(name))


def _words(value):
    return value if isinstance(value, str) else brief(value)
