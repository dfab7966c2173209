"""One loop for both engines: it learns, repeats itself exactly, and says where it failed."""

import re

import numpy as np
import pytest

from tests.training.runs import ENGINES, QUICK, SIZE, CtrlC, equal, network
from vidlearn.datasets.motion import motion
from vidlearn.engine import Engine
from vidlearn.evaluation.result import evaluate
from vidlearn.training import checkpoint, loop
from vidlearn.training.loop import fit
from vidlearn.training.state import TrainingError


def located(error):
    """Whether a note says in which epoch and batch an error came up."""
    return any(re.match(r"in epoch 1, batch \d of the training$", note)
               for note in error.__notes__)


@ENGINES
def test_it_learns(name, clips):
    e = Engine(name)
    history = fit(network(e, dropout=0), clips, engine=e, **QUICK | dict(epochs=15, lr=0.03))
    assert history["loss"][0] > 1.5 and history["loss"][-1] < 0.5
    assert history["accuracy"][-1] > 0.8 and len(history["loss"]) == history.epochs == 15


@ENGINES
@pytest.mark.parametrize("optimizer, schedule", [("adamw", "cosine"), ("sgd", "one_cycle")])
def test_the_same_seed_gives_the_same_run(name, optimizer, schedule, clips):
    e = Engine(name)

    def run(seed):
        model = network(e)
        history = fit(model, clips, engine=e, **QUICK | dict(
            optimizer=optimizer, schedule=schedule, weight_decay=0.01, seed=seed))
        return history, e.state(model)

    (one, a), (two, b), (three, c) = run(3), run(3), run(4)
    assert one == two and one != three
    equal(a, b)
    assert any((a[k] != c[k]).any() for k in a)


@ENGINES
def test_the_best_epoch_is_kept(name, clips, others, monkeypatch):
    e, model, seen = Engine(name), None, []
    scores = iter([0.5, 0.75, 0.75, 0.25])

    class FakeResult:
        def __init__(self):
            self.accuracy, self.loss = next(scores), 1.0
            seen.append(e.state(model))

    monkeypatch.setattr(loop, "evaluate", lambda *_: FakeResult())
    model = network(e)
    history = fit(model, clips, others, engine=e, **QUICK | {"epochs": 4})
    assert history.best == 2
    equal(e.state(model), seen[1])


@pytest.mark.parametrize("accuracies, patience, epochs", [
    ([0.5, 0.4, 0.4, 0.4, 0.4], 2, 3), ([0.1, 0.2, 0.1, 0.3, 0.1], 2, 5), ([0.5] * 5, 9, 5),
])
def test_patience_ends_a_run(accuracies, patience, epochs, clips, others, monkeypatch):
    scores = iter(accuracies)

    class FakeResult:
        def __init__(self):
            self.accuracy, self.loss = next(scores), 1.0

    monkeypatch.setattr(loop, "evaluate", lambda *_: FakeResult())
    e = Engine("torch")
    history = fit(network(e), clips, others, engine=e, patience=patience, **QUICK | {"epochs": 5})
    assert history.epochs == epochs


@ENGINES
def test_a_loss_that_is_nan_stops_the_run_and_says_where(name, clips):
    e = Engine(name)
    model = network(e)
    state = e.state(model)
    state["0.weight"][0, 0] = np.nan
    e.load(model, state)
    with pytest.raises(TrainingError, match=r"nan in epoch 1, batch 1: 0\.weight is no longer"):
        fit(model, clips, engine=e, **QUICK)


@ENGINES
@pytest.mark.parametrize("value", [np.inf, -np.inf, 1e38])
def test_a_loss_that_overflows_stops_the_run_and_says_where(name, value, clips):
    e = Engine(name)
    model = network(e)
    state = e.state(model)
    state["6.weight"][0] = value
    e.load(model, state)
    with np.errstate(all="ignore"), \
            pytest.raises(TrainingError, match=r"(nan|inf) in epoch 1, batch 1: "):
        fit(model, clips, engine=e, **QUICK)


@ENGINES
def test_weights_that_the_last_step_of_an_epoch_breaks_are_seen(name, clips, tmp_path, monkeypatch):
    step = loop.step

    def breaking(run, *batch):
        step(run, *batch)
        if (run.history.epochs, run.step) == (1, 3):      # after the last loss of epoch 2
            state = e.state(model)
            state["1.running_var"][2] = np.inf
            e.load(model, state)
    monkeypatch.setattr(loop, "step", breaking)
    e, path = Engine(name), tmp_path / "run.st"
    model = network(e)
    with pytest.raises(TrainingError, match="end of epoch 2, 1.running_var is no longer finite"):
        fit(model, clips, engine=e, checkpoint=path, **QUICK | dict(epochs=2))
    assert len(checkpoint.load(path, e)["history"][1]) == 1   # the state is of the last good epoch


@ENGINES
def test_scores_that_overflow_on_the_validation_clips_only_are_seen(name, clips, others, recwarn):
    e = Engine(name)
    with pytest.raises(TrainingError, match="end of epoch 1, the loss on the validation clips is"):
        fit(network(e), clips, others, engine=e, **QUICK | dict(lr=1e30, batch=40))
    assert not [w for w in recwarn if w.category is RuntimeWarning]


@ENGINES
@pytest.mark.parametrize("label, says", [
    (8, "label 8"), (-1, "label -1"), (None, "label None"), (np.nan, "label nan"), ("up", "'up'"),
    (1.5, "label 1.5"), ([], "no label"),
])
def test_a_label_that_is_missing_names_its_clip(name, label, says, clips):
    class Unlabelled(CtrlC):
        names = tuple(f"left/{i}.mp4" for i in range(40))

        def __getitem__(self, i):
            clip, right = self.data[i]
            return ((clip,) if label == [] else (clip, label)) if i == 7 else (clip, right)

    e = Engine(name)
    with pytest.raises(ValueError, match=r"clip 7 \(left/7.mp4\) has .*"
                                         r"a number from 0 to 7, one of 8 classes") as caught:
        fit(network(e), Unlabelled(clips, 0), engine=e, **QUICK)
    assert says in str(caught.value) and located(caught.value)
    with pytest.raises(ValueError, match=r"^clip 7 \(left/7.mp4\) has "):
        evaluate(network(e), Unlabelled(clips, 0), e)


@ENGINES
def test_clips_of_different_lengths_say_where(name, clips):
    class Unlike(CtrlC):
        def __getitem__(self, i):
            clip, label = self.data[i]
            return (clip[:, :3] if i == 7 else clip), label

    e = Engine(name)
    with pytest.raises(ValueError, match=r"clips of one batch have shapes "
                                         r"\[\(3, 3, 8, 8\), \(3, 4, 8, 8\)\]: give") as caught:
        fit(network(e), Unlike(clips, 0), engine=e, **QUICK)
    assert located(caught.value)


@ENGINES
def test_a_clip_that_the_network_cannot_take_says_where(name, clips):
    e = Engine(name)
    model = e.nn.Sequential(e.nn.Flatten(), e.nn.Linear(7, 8))
    with pytest.raises((ValueError, RuntimeError), match="7") as caught:
        fit(model, clips, engine=e, **QUICK)
    assert located(caught.value)


def test_an_exercise_that_is_not_written_yet_is_not_reworded(clips):
    e = Engine("scratch")

    class Blank(e.nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = e.nn.Linear(1, 1)

        def forward(self, clip):
            raise NotImplementedError

    with pytest.raises(NotImplementedError):
        fit(Blank(), clips, engine=e, **QUICK)


def test_a_learning_rate_that_is_too_high_is_named(clips):
    e = Engine("torch")
    with np.errstate(all="ignore"), pytest.raises(TrainingError, match="learning rate below 1e"):
        fit(network(e), clips, engine=e, **QUICK | dict(lr=1e30, optimizer="sgd"))


def test_pixels_that_are_nan_are_named(clips):
    broken = motion(8, 1, **SIZE)

    class Broken(CtrlC):
        def __getitem__(self, i):
            clip, label = self.data[i]
            return clip * np.float32("nan" if i == 5 else 1), label

    e = Engine("torch")
    with pytest.raises(TrainingError, match="clips hold pixels outside 0..1"):
        fit(network(e), Broken(broken, 0), engine=e, **QUICK)


def test_both_engines_take_the_same_steps(clips, others):
    """The same initial weights and batches, in float64, give the same weights and curves."""
    ours, theirs = (Engine(name, dtype="float64") for name in ("scratch", "torch"))
    a, b = network(ours, dropout=0), network(theirs, dropout=0)
    ours.load(a, theirs.state(b))
    settings = QUICK | dict(optimizer="adamw", weight_decay=0.05, label_smoothing=0.1)
    one, two = (fit(m, clips, others, engine=e, **settings) for m, e in ((a, ours), (b, theirs)))
    equal(ours.state(a), theirs.state(b), atol=1e-9)
    for name in one:
        np.testing.assert_allclose(one[name], two[name], atol=1e-9)


def test_the_progress_bar_shows_loss_accuracy_and_speed(clips, capsys):
    e = Engine("torch")
    fit(network(e), clips, engine=e, **QUICK | dict(progress=True))
    shown = capsys.readouterr().err
    assert "epoch 3/3" in shown and "clips/s" in shown
    assert "loss=" in shown and "accuracy=" in shown
