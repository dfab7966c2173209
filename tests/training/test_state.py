"""A run that is saved and resumed ends with the same bits; a state that does not fit is refused."""

import errno
import os
import signal

import numpy as np
import pytest

from tests.training.runs import ENGINES, QUICK, CtrlC, equal, network
from vidlearn.engine import Engine
from vidlearn.files import atomic
from vidlearn.inference import weights
from vidlearn.training import checkpoint, loop
from vidlearn.training.loop import fit
from vidlearn.training.state import TrainingError


class Everywhere(CtrlC):
    """The same in a terminal: Ctrl-C reaches the worker and the process with the id `at`."""

    def __getitem__(self, i):
        if i == 7 and os.getpid() != self.at:
            os.kill(self.at, signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)
        return self.data[i]


@ENGINES
@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
@pytest.mark.parametrize("at", [1, 20, 40, 70])           # first batch, middle, last, next epoch
def test_an_interrupted_run_ends_with_the_same_bits(name, optimizer, at, clips, others, tmp_path):
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


def test_a_finished_run_stays_finished(clips, tmp_path):
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


def test_other_settings_do_not_resume_a_run(clips, tmp_path):
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
def test_another_engine_does_not_resume_a_run(name, clips, tmp_path):
    one, two = (Engine(n) for n in (name, {"torch": "scratch", "scratch": "torch"}[name]))
    fit(network(one), clips, engine=one, checkpoint=tmp_path / "run.st", **QUICK)
    with pytest.raises(TrainingError, match=f"to a run with engine {name} float32, not {two.name}"):
        fit(network(two), clips, engine=two, checkpoint=tmp_path / "run.st", resume=True, **QUICK)


def test_other_classes_or_other_facts_do_not_resume_a_run(clips, others, tmp_path):
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


def test_a_run_that_cannot_resume_leaves_the_network_as_it_was(clips, tmp_path):
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


def test_a_run_can_resume_from_before_its_first_step(clips, tmp_path, monkeypatch):
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
    if left:                                              # free some space, and resume
        assert checkpoint.load(path, e)["history"][0]["loss"] and path.exists()
        assert fit(network(e), clips, engine=e, checkpoint=path, resume=True,
                   **QUICK) == fit(network(e), clips, engine=e, **QUICK)


def test_a_state_that_cannot_be_written_is_known_before_the_first_step(clips, tmp_path):
    (tmp_path / "file").touch()
    e, asked = Engine("torch"), CtrlC(clips, 0)
    with pytest.raises(NotADirectoryError, match="file"):
        fit(network(e), asked, engine=e, checkpoint=tmp_path / "file" / "run.st", **QUICK)
    assert asked.asked == 0


def test_a_classifier_is_not_a_checkpoint(clips, tmp_path):
    weights.write(tmp_path / "w.st", {"x": np.zeros(1)}, {"kind": "classifier"})
    e = Engine("torch")
    with pytest.raises(weights.WeightsError, match="is a classifier of vidlearn's, not a check"):
        fit(network(e), clips, engine=e, checkpoint=tmp_path / "w.st", resume=True, **QUICK)
