"""One loop for both engines: it learns, repeats itself exactly, stops and goes on without loss."""

import errno
import os
import re
import signal

import numpy as np
import pytest

from vidlearn.datasets.motion import motion
from vidlearn.engine import Engine
from vidlearn.evaluation.result import evaluate
from vidlearn.files import atomic
from vidlearn.inference import weights
from vidlearn.training import checkpoint, loop
from vidlearn.training.history import History
from vidlearn.training.interrupt import Interrupt
from vidlearn.training.loop import fit
from vidlearn.training.state import TrainingError

ENGINES = pytest.mark.parametrize("name", ["torch", "scratch"])
SIZE = dict(frames=4, size=8)
QUICK = dict(epochs=3, batch=16, lr=0.01, seed=3, progress=False)


@pytest.fixture(scope="module")
def clips():
    """Forty clips that go left or up: 2.5 batches."""
    return motion(40, 1, labels=[0, 2] * 20, noise=0, **SIZE)


@pytest.fixture(scope="module")
def others():
    return motion(16, 2, labels=[0, 2] * 8, noise=0, **SIZE)


def network(engine, dropout=0.2):
    """A small network that draws lots: its dropout shows whether chance is repeated."""
    nn = engine.nn
    engine.seed(5)
    return engine.to(nn.Sequential(
        nn.Conv3d(3, 4, 3, padding=1, bias=False), nn.BatchNorm3d(4), nn.ReLU(),
        nn.AdaptiveAvgPool3d(2), nn.Flatten(), nn.Dropout(dropout), nn.Linear(32, 8)))


def equal(a, b, atol=0.0):
    assert set(a) == set(b)
    for name in a:
        np.testing.assert_allclose(a[name], b[name], atol=atol, rtol=0, err_msg=name)


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


class CtrlC:
    """A dataset at whose clip number `at` somebody presses Ctrl-C."""

    def __init__(self, data, at):
        self.data, self.at, self.classes, self.asked = data, at, data.classes, 0

    def __len__(self):
        return len(self.data)

    def __getitem__(self, i):
        self.asked += 1
        if self.asked == self.at:
            os.kill(os.getpid(), signal.SIGINT)
        return self.data[i]


class Everywhere(CtrlC):
    """The same in a terminal, for a worker: Ctrl-C goes to it and to process number `at`."""

    def __getitem__(self, i):
        if i == 7 and os.getpid() != self.at:
            os.kill(self.at, signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)
        return self.data[i]


@ENGINES
@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
@pytest.mark.parametrize("at", [1, 20, 40, 70])           # first batch, middle, last, next epoch
def test_an_interrupted_run_ends_as_one_in_one_go(name, optimizer, at, clips, others, tmp_path):
    e = Engine(name)
    plan = QUICK | dict(engine=e, optimizer=optimizer)
    whole = network(e)
    expected = fit(whole, clips, others, **plan)

    first = network(e)
    with pytest.raises(KeyboardInterrupt, match="resume continues it"):
        fit(first, CtrlC(clips, at), others, **plan, checkpoint=tmp_path / "run.st")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler

    second = e.to(network(e))                             # a new process would begin like this
    history = fit(second, clips, others, **plan, checkpoint=tmp_path / "run.st", resume=True)
    assert history == expected and history.epochs == 3
    equal(e.state(whole), e.state(second))


def test_ctrl_c_in_a_terminal_reaches_the_workers_too(clips, tmp_path):
    e, path = Engine("torch"), tmp_path / "run.st"
    whole, parts = network(e), network(e)
    expected = fit(whole, clips, engine=e, **QUICK)
    with pytest.raises(KeyboardInterrupt, match="resume continues it"):
        fit(parts, Everywhere(clips, os.getpid()), engine=e, checkpoint=path, workers=1, **QUICK)
    assert fit(parts, clips, engine=e, checkpoint=path, resume=True, **QUICK) == expected
    equal(e.state(whole), e.state(parts))


def test_a_run_that_is_over_is_over(clips, tmp_path):
    e, path = Engine("torch"), tmp_path / "run.st"
    model = network(e)
    done = fit(model, clips, engine=e, checkpoint=path, **QUICK)
    again = network(e)
    assert fit(again, clips, engine=e, checkpoint=path, resume=True, **QUICK) == done
    equal(e.state(model), e.state(again))


def test_without_a_checkpoint_ctrl_c_still_finishes_its_step(clips):
    e = Engine("torch")
    with pytest.raises(KeyboardInterrupt, match="stopped in epoch 1 after batch 2$"):
        fit(network(e), CtrlC(clips, 20), engine=e, **QUICK)


def test_a_second_ctrl_c_does_not_wait():
    with pytest.raises(KeyboardInterrupt), Interrupt() as interrupt:
        os.kill(os.getpid(), signal.SIGINT)
        assert interrupt.asked
        os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_other_settings_do_not_go_on_with_a_run(clips, tmp_path):
    e, path = Engine("torch"), tmp_path / "run.st"
    fit(network(e), clips, engine=e, checkpoint=path, **QUICK)
    with pytest.raises(TrainingError, match=r"run with epochs 3, not 4; lr 0.01, not 0.1: give"):
        fit(network(e), clips, engine=e, checkpoint=path, resume=True,
            **QUICK | dict(epochs=4, lr=0.1))
    with pytest.raises(TrainingError, match="engine torch float32, not torch float64"):
        fit(network(e), clips, engine=Engine("torch", dtype="float64"), checkpoint=path,
            resume=True, **QUICK)
    with pytest.raises(TrainingError, match=r"run.st belongs to another network: .* is missing;"):
        fit(e.nn.Sequential(e.nn.Conv3d(3, 4, 1)), clips, engine=e, checkpoint=path, resume=True,
            **QUICK)
    with pytest.raises(weights.WeightsError, match="no file"):
        fit(network(e), clips, engine=e, checkpoint=tmp_path / "no.st", resume=True, **QUICK)


@ENGINES
def test_another_engine_does_not_go_on_with_a_run(name, clips, tmp_path):
    one, two = (Engine(n) for n in (name, {"torch": "scratch", "scratch": "torch"}[name]))
    fit(network(one), clips, engine=one, checkpoint=tmp_path / "run.st", **QUICK)
    with pytest.raises(TrainingError, match=f"to a run with engine {name} float32, not {two.name}"):
        fit(network(two), clips, engine=two, checkpoint=tmp_path / "run.st", resume=True, **QUICK)


def test_other_classes_or_other_facts_do_not_go_on_with_a_run(clips, others, tmp_path):
    e, path = Engine("torch"), tmp_path / "run.st"
    again = QUICK | dict(engine=e, checkpoint=path, about={"size": (8, 8), "motion": True})
    fit(network(e), clips, others, **again)
    renamed = CtrlC(clips, 0)
    renamed.classes = ("east", *clips.classes[1:])
    with pytest.raises(TrainingError, match=r"run with classes \['.*, not \['east', "):
        fit(network(e), renamed, others, **again, resume=True)
    with pytest.raises(TrainingError, match=r"run with size \[8, 8\], not \[9, 8\]; motion True, "):
        fit(network(e), clips, others, **again | dict(about={"size": (9, 8)}), resume=True)
    with pytest.raises(TrainingError, match="run with validation 16, not 0"):
        fit(network(e), clips, **again, resume=True)
    assert fit(network(e), clips, others, **again, resume=True).epochs == 3


def test_what_cannot_go_on_leaves_the_network_as_it_was(clips, tmp_path):
    e, path = Engine("torch"), tmp_path / "run.st"
    fit(network(e), clips, engine=e, checkpoint=path, **QUICK)
    nn = e.nn                                             # the same but for its last layer
    other = nn.Sequential(*network(e)[:-1], nn.Linear(32, 9))
    before = e.state(other)
    with pytest.raises(TrainingError, match=r"another network: 6.weight is \(8, 32\), not \(9,"):
        fit(other, clips, engine=e, checkpoint=path, resume=True, **QUICK)
    equal(before, e.state(other))


@pytest.mark.parametrize("spoil", [
    lambda state: {}, lambda state: [], lambda state: state | {"plan": 3},
    lambda state: state | {"optimizer": {}}, lambda state: state | {"history": []},
    lambda state: state | {"epoch": [0]}, lambda state: state | {"model": None},
    lambda state: state | {"best": {"x": 1}},
])
@ENGINES
def test_a_state_that_fit_did_not_write_is_refused(name, spoil, clips, tmp_path):
    e, path = Engine(name), tmp_path / "run.st"
    fit(network(e), clips, engine=e, checkpoint=path, **QUICK | dict(epochs=1))
    checkpoint.save(path, e, spoil(checkpoint.load(path, e)))
    with pytest.raises(TrainingError, match="run.st does not hold a state that fit wrote"):
        fit(network(e), clips, engine=e, checkpoint=path, resume=True, **QUICK | dict(epochs=1))


def test_a_run_can_go_on_from_before_its_first_step(clips, tmp_path, monkeypatch):
    e, path = Engine("torch"), tmp_path / "run.st"
    expected = fit(network(e), clips, engine=e, **QUICK)

    def die(*_):
        raise SystemExit
    monkeypatch.setattr(loop, "step", die)
    with pytest.raises(SystemExit):
        fit(network(e), clips, engine=e, checkpoint=path, **QUICK)
    monkeypatch.undo()
    assert fit(network(e), clips, engine=e, checkpoint=path, resume=True, **QUICK) == expected


@pytest.mark.parametrize("at, left", [(1, 0), (3, 2)])
def test_a_disk_that_is_full_names_the_file_and_leaves_the_last_state(at, left, clips, tmp_path,
                                                                     monkeypatch):
    e, path, written = Engine("torch"), tmp_path / "run.st", []

    def fill(file):
        written.append(file)
        if len(written) == at:
            raise OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(atomic.os, "fsync", fill)
    with pytest.raises(OSError, match="No space left on device: .*run.st"):
        fit(network(e), clips, engine=e, checkpoint=path, **QUICK)
    assert len(list(tmp_path.iterdir())) == (left > 0)
    if left:                                              # free some room, and go on
        assert checkpoint.load(path, e)["history"][0]["loss"] and path.exists()
        assert fit(network(e), clips, engine=e, checkpoint=path, resume=True,
                   **QUICK) == fit(network(e), clips, engine=e, **QUICK)


def test_a_state_that_cannot_be_written_is_known_before_the_first_step(clips, tmp_path):
    (tmp_path / "file").touch()
    e, asked = Engine("torch"), CtrlC(clips, 0)
    with pytest.raises(NotADirectoryError, match="file"):
        fit(network(e), asked, engine=e, checkpoint=tmp_path / "file" / "run.st", **QUICK)
    assert asked.asked == 0


def test_a_classifier_is_no_checkpoint(clips, tmp_path):
    weights.write(tmp_path / "w.st", {"x": np.zeros(1)}, {"kind": "classifier"})
    e = Engine("torch")
    with pytest.raises(weights.WeightsError, match="is a classifier of vidlearn's, not a check"):
        fit(network(e), clips, engine=e, checkpoint=tmp_path / "w.st", resume=True, **QUICK)


@ENGINES
def test_the_best_epoch_is_kept(name, clips, others, monkeypatch):
    e, model, seen = Engine(name), None, []
    scores = iter([0.5, 0.75, 0.75, 0.25])

    class Verdict:
        def __init__(self):
            self.accuracy, self.loss = next(scores), 1.0
            seen.append(e.state(model))

    monkeypatch.setattr(loop, "evaluate", lambda *_: Verdict())
    model = network(e)
    history = fit(model, clips, others, engine=e, **QUICK | {"epochs": 4})
    assert history.best == 2
    equal(e.state(model), seen[1])


@pytest.mark.parametrize("accuracies, patience, epochs", [
    ([0.5, 0.4, 0.4, 0.4, 0.4], 2, 3), ([0.1, 0.2, 0.1, 0.3, 0.1], 2, 5), ([0.5] * 5, 9, 5),
])
def test_it_stops_when_it_gets_no_better(accuracies, patience, epochs, clips, others, monkeypatch):
    scores = iter(accuracies)

    class Verdict:
        def __init__(self):
            self.accuracy, self.loss = next(scores), 1.0

    monkeypatch.setattr(loop, "evaluate", lambda *_: Verdict())
    e = Engine("torch")
    history = fit(network(e), clips, others, engine=e, patience=patience, **QUICK | {"epochs": 5})
    assert history.epochs == epochs


def test_among_equal_epochs_the_one_of_least_loss_is_best():
    history = History(validation_accuracy=[0.5, 0.9, 0.9], validation_loss=[1.0, 0.4, 0.3])
    assert history.best == 3


@ENGINES
def test_a_loss_that_is_no_number_stops_the_run_and_says_where(name, clips):
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
def test_clips_of_unlike_length_say_where(name, clips):
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


def test_an_exercise_that_is_not_written_yet_stays_one(clips):
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


def test_pixels_that_are_no_numbers_are_found_out(clips):
    broken = motion(8, 1, **SIZE)

    class Broken(CtrlC):
        def __getitem__(self, i):
            clip, label = self.data[i]
            return clip * np.float32("nan" if i == 5 else 1), label

    e = Engine("torch")
    with pytest.raises(TrainingError, match="clips hold pixels outside 0..1"):
        fit(network(e), Broken(broken, 0), engine=e, **QUICK)


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


def test_no_clips_are_no_data(clips, others):
    e, none = Engine("torch"), clips.subset([])
    with pytest.raises(ValueError, match="clips must be a whole number, 1 or more, not 0"):
        fit(network(e), none, engine=e, **QUICK)
    with pytest.raises(ValueError, match="validation must have one clip or more, not 0"):
        fit(network(e), clips, none, engine=e, **QUICK)
    with pytest.raises(ValueError, match="patience must be a whole number, 1 or more, not 0"):
        fit(network(e), clips, others, engine=e, patience=0, **QUICK)


def test_both_engines_take_the_same_way(clips, others):
    """The same start and the same batches, in float64: the same weights and curves."""
    ours, theirs = (Engine(name, dtype="float64") for name in ("scratch", "torch"))
    a, b = network(ours, dropout=0), network(theirs, dropout=0)
    ours.load(a, theirs.state(b))
    settings = QUICK | dict(optimizer="adamw", weight_decay=0.05, label_smoothing=0.1)
    one, two = (fit(m, clips, others, engine=e, **settings) for m, e in ((a, ours), (b, theirs)))
    equal(ours.state(a), theirs.state(b), atol=1e-9)
    for name in one:
        np.testing.assert_allclose(one[name], two[name], atol=1e-9)


def test_the_progress_bar_tells_loss_accuracy_and_speed(clips, capsys):
    e = Engine("torch")
    fit(network(e), clips, engine=e, **QUICK | dict(progress=True))
    shown = capsys.readouterr().err
    assert "epoch 3/3" in shown and "clips/s" in shown
    assert "loss=" in shown and "accuracy=" in shown
