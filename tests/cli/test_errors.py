"""Which errors the command shows in one line, and which with their traceback."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from tests.cli.command import CLASSIFY, CONV, TIMELINE, TRAIN, run, told
from vidlearn.checks import ArgumentError
from vidlearn.cli import main
from vidlearn.compare import example_calls
from vidlearn.datasets import real
from vidlearn.scratch.core.errors import UnsupportedOption
from vidlearn.video import VideoError

FOLDER = " Use . for the current folder."


@pytest.mark.parametrize("words, says", [
    (["lab", ""], f"FOLDER is empty.{FOLDER}"), (["train", ""], f"FOLDER is empty.{FOLDER}"),
    ([*TIMELINE, "--out", "  "], f"--out is empty.{FOLDER}"),
    (["check", ""], "NOTEBOOK is empty."), (["check", "00", ""], "NOTEBOOK is empty."),
    (["compare", ""], "NAME is empty."), (["compare", "relu", ""], "SHAPE is empty."),
    (["data", "get", ""], "NAME is empty."), ([*TRAIN, "-o", ""], "--out is empty."),
    ([*TRAIN, "--out="], "--out is empty."), ([*TRAIN, "--source", ""], "--source is empty."),
    (["classify", "", *CLASSIFY[2:]], "CLIP is empty."),
    ([*CLASSIFY[:-1], ""], "--weights is empty."),
])
def test_an_empty_word_is_not_the_current_folder(words, says, here):
    command = "data get" if words[0] == "data" else words[0]
    assert told(*words) == (2, f"vidlearn: {says} (vidlearn {command} -h shows how)")


@pytest.mark.parametrize("words, name, why", [
    (["classify", "-wave.mp4", *CLASSIFY[2:]], "-wave.mp4", "Missing argument 'CLIP'"),
    (["classify", "-0aB.mp4", *CLASSIFY[2:]], "-0aB.mp4", "No such option: -0"),
    (["train", "-clips"], "-clips", "No such option: -c"),
    (["train", "--two"], "--two", "No such option: --two"),
    (["check", "-x.ipynb"], "-x.ipynb", "No such option: -x"),
])
def test_a_name_that_begins_with_a_dash_gets_a_hint(words, name, why, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for there in ("-wave.mp4", "-0aB.mp4", "--two"):
        (tmp_path / there).touch()
    code, said = told(*words)
    assert code == 2 and why in said and (
        f"A name that begins with - goes behind --, after the options: vidlearn {words[0]} "
        f"... -- {name} (vidlearn") in said


@pytest.mark.parametrize("words", [["train", "--twoo"], ["train"], ["train", "c", "-x"],
                                   ["train", "c", "--epochs", "-1"],
                                   ["train", "c", "--", "-d", "e"]])
def test_other_misuse_gets_none(words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, said = told(*words)
    assert code == 2 and "begins with -" not in said


def test_a_name_behind_two_dashes_is_one(here):
    assert "-0aB.mp4: there is no such file" in told("classify", *CLASSIFY[2:], "--", "-0aB.mp4")[1]


def test_an_empty_command_is_none(here):
    code, said = told("")
    assert code == 2 and "No such command" in said


def test_a_value_that_is_empty_is_left_to_its_option(here):
    assert "stride" in told(*CONV, "stride=")[1]


def test_ctrl_c_elsewhere_is_one_line(monkeypatch):
    def stop():
        raise KeyboardInterrupt
    monkeypatch.setattr("vidlearn.datasets.real.available", stop)
    done = CliRunner().invoke(main.app, ["data", "list"])
    assert (done.exit_code, done.stderr) == (130, "\nvidlearn: stopped\n")


@pytest.mark.parametrize("wrong, said", [
    (ArgumentError("a fault\n\tof two lines\n"), "a fault of two lines "),
    (VideoError("a.mp4: is not a video"), "a.mp4: is not a video"),
    (ImportError("no\n  library"), "no library: vidlearn doctor says what mends it"),
    (OSError(28, "No space left", "a\nb"), "No space left: a b"),
    (OSError(28, "No space left on device"), "[Errno 28] No space left on device"),
    (MemoryError(), "MemoryError"), (UnsupportedOption(), "UnsupportedOption"),
])
def test_what_is_for_the_user_is_one_line(wrong, said, monkeypatch):
    monkeypatch.setattr("vidlearn.datasets.real.available", lambda: (_ for _ in ()).throw(wrong))
    assert told("data", "list") == (1, f"vidlearn: {said}")


@pytest.mark.parametrize("fault", [
    KeyError("a"), ValueError("a"), TypeError("a"), AttributeError("a"), NotImplementedError(),
    RuntimeError("a"), OSError("a"), ImportError("a", name="vidlearn.video"),
])
def test_a_fault_of_ours_keeps_its_traceback(fault, monkeypatch):
    def stumble():
        raise fault
    monkeypatch.setattr(real, "available", stumble)
    with pytest.raises(type(fault)) as caught:
        run("data", "list")
    assert caught.value is fault and caught.traceback[-1].name == "stumble"


def test_a_program_prints_the_whole_traceback_of_a_fault():
    program = ("import vidlearn.datasets.real as real; real.available = lambda: [].mean(); "
               "from vidlearn.cli.main import main; main()")
    done = subprocess.run([sys.executable, "-c", program, "data", "list"], capture_output=True,
                          text=True)
    assert done.returncode == 1 and "cli/data.py" in done.stderr.replace("\\", "/")
    assert "AttributeError: 'list' object has no attribute 'mean'" in done.stderr


def test_debug_shows_where_it_came_from():
    with pytest.raises(example_calls.ExampleError, match="cook"):
        run("--debug", "compare", "cook")


def test_a_missing_library_points_to_the_doctor(monkeypatch):
    def broken():
        raise ImportError("libGL.so.1: cannot open shared object file")
    monkeypatch.setattr(real, "available", broken)
    code, said = run("data", "list")
    assert code == 1 and "libGL.so.1" in said and "vidlearn doctor says what mends it" in said


def test_a_missing_file_is_named(monkeypatch):
    def gone(*_):
        raise FileNotFoundError(2, "No such file or directory", "a.webm")
    monkeypatch.setattr(real, "get", gone)
    assert run("data", "get", "walking") == (
        1, "vidlearn: No such file or directory: a.webm\n")
