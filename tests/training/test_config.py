"""Settings that cannot be right are refused by name."""

import pytest

from tests.training.runs import QUICK, network
from vidlearn.engine import Engine
from vidlearn.training.loop import fit


@pytest.mark.parametrize("wrong, message", [
    (dict(optimizer="lion"), "optimizer must be 'sgd', 'adam' or 'adamw', not 'lion'"),
    (dict(schedule="steps"), "schedule must be 'one_cycle', 'cosine' or 'constant', not"),
    (dict(epochs=0), "epochs must be a whole number, 1 or more, not 0"),
    (dict(lr=0), "fit: lr must be a finite number, more than 0, not 0"),
    (dict(lr=-0.1), "lr must .* not -0.1"), (dict(lr=float("nan")), "lr must .* not nan"),
    (dict(lr=float("inf")), "lr must .* not inf"),
    (dict(seed=-1), "seed must be a whole number, 0 or more, not -1"),
    (dict(weight_decay=-1), "weight_decay must be a finite number, 0 or more, not -1"),
    (dict(label_smoothing=1.5), "label_smoothing must be a finite number from 0 to 1, not 1.5"),
    (dict(resume=True), "resume continues from a file, so it needs the path checkpoint"),
    (dict(patience=2), "patience waits for a better epoch, so it needs validation clips"),
])
def test_settings_that_cannot_be_are_refused(wrong, message, clips):
    e = Engine("torch")
    with pytest.raises(ValueError, match=message):
        fit(network(e), clips, engine=e, **QUICK | wrong)


def test_no_clips_are_refused(clips, others):
    e, none = Engine("torch"), clips.subset([])
    with pytest.raises(ValueError, match="clips must be a whole number, 1 or more, not 0"):
        fit(network(e), none, engine=e, **QUICK)
    with pytest.raises(ValueError, match="validation must have one clip or more, not 0"):
        fit(network(e), clips, none, engine=e, **QUICK)
    with pytest.raises(ValueError, match="patience must be a whole number, 1 or more, not 0"):
        fit(network(e), clips, others, engine=e, patience=0, **QUICK)
