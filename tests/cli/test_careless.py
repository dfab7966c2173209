"""The command under careless use: one line that says what is wrong, and nothing half-written."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from typer.testing import CliRunner

from vidlearn import video
from vidlearn.cli import main
from vidlearn.course import lab
from vidlearn.datasets.motion import motion
from vidlearn.engine import Engine
from vidlearn.files import atomic, safetensors
from vidlearn.inference import weights
from vidlearn.inference.weights import Header
from vidlearn.training import loop

TRAIN = ["train", "clips", "--engine", "scratch", "--model", "mean_frames", "--epochs", "1",
         "--frames", "2", "--size", "16", "--source", r"film\d", "--share", "0.34"]
ASK = ["classify", "clips/left/film0_0.mkv", "-w", "w.safetensors"]
LINE = [*ASK, "--timeline"]
CONV = ["compare", "conv2d", "--no-race", "--set"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with clips of two classes, three films of two clips each, and a classifier."""
    folder = tmp_path_factory.mktemp("careless")
    drawn = motion(12, seed=1, frames=6, size=16, labels=np.arange(12) % 2)
    for i, frames in enumerate(drawn.clips):
        home = folder / "clips" / ("left", "right")[i % 2]
        home.mkdir(parents=True, exist_ok=True)
        video.write(home / f"film{i // 4}_{i}.mkv", frames, 8)
    header, engine = Header("mean_frames", ("left", "right"), 2, (16, 16)), Engine("scratch")
    weights.save(folder / "w.safetensors", header.build(engine.nn), header, engine)
    (folder / "notes.txt").write_text("mine")
    (folder / "empty").mkdir()
    return folder


@pytest.fixture
def here(folder, monkeypatch):
    """Stand in that folder; afterwards it must be as it was."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr(lab, "start", lambda *_: 0)
    before = contents(folder)
    yield folder
    assert contents(folder) == before


def contents(folder):
    return {path: path.is_file() and path.read_bytes() for path in folder.rglob("*")}


def told(*words):
    """Run the command; its exit code and the one line that it says."""
    done = CliRunner().invoke(main.app, [str(word) for word in words], prog_name="vidlearn")
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    said = [line for line in done.stderr.split("\n")
            if line.strip() and not line.startswith(("\repoch ", "No --source"))]
    assert len(said) == 1 and said[0].startswith("vidlearn: "), done.stderr
    return done.exit_code, said[0]


@pytest.mark.parametrize("words, says", [
    (["train", "clips/left/film0_0.mkv"], "film0_0.mkv: there is no such folder of clips"),
    (["train", "empty"], "empty: there is no class folder in it"),
    (["train", "clips/left"], "clips/left: 6 clips have no class"),
    (["train", "."], "empty: there is no clip of this class"),
    ([*TRAIN, "--lr", "nan"], "lr nan must be more than 0"),
    ([*TRAIN, "--lr", "-1"], "lr -1.0 must be more than 0"),
    ([*TRAIN, "--lr", "inf"], "lr inf must be more than 0"),
    ([*TRAIN, "--share", "-3"], "share -3.0 of the clips, for validation, must be between 0 and 1"),
    ([*TRAIN, "--share", "nan"], "share nan of the clips"),
    ([*TRAIN, "--share", "0.01"], "a part gets none"),
    ([*TRAIN, "--source", "("], "source '(' is no pattern: missing )"),
    ([*TRAIN, "--source", "(x)?film"], "source pattern '(x)?film' is not in its name"),
    ([*TRAIN, "--source", "film"], "this class has clips of one source only, film"),
    ([*TRAIN, "--blocks", "3"], "--source and --blocks both say"),
    ([*TRAIN, "--model", "GPT"], "there is no model 'GPT': choose one of frame_cnn"),
    ([*TRAIN, "--device", "cuda"], "the engine by hand runs on the cpu"),
    ([*TRAIN, "--frames", "1", "--motion"], "mean_frames cannot take clips of 1 frames of 16x16"),
    ([*TRAIN, "--resume"], "no interrupted run to go on with, no file clips.checkpoint"),
    ([*TRAIN, "-o", "empty"], "Is a directory: empty"),
    ([*TRAIN, "-o", "notes.txt"], "notes.txt exists already and is no classifier"),
    ([*TRAIN, "-o", "notes.txt/w"], "Not a directory: "),
    ([*TRAIN, "-o", "/proc/nowhere/w"], "No such file or directory: /proc/nowhere/w"),
    ([*TRAIN, "-o", "w" * 300], "File name too long: www"),
    (["classify", "clips", "-w", "w.safetensors"], "clips is a folder, not a video"),
    (["classify", "notes.txt", "-w", "w.safetensors"], "notes.txt: is not a video"),
    (["classify", "w.safetensors", "-w", "w.safetensors"], "w.safetensors: is not a video"),
    ([*ASK[:-1], "clips"], "clips is a folder, no file of weights"),
    ([*ASK[:-1], "notes.txt"], "notes.txt is damaged, or no safetensors file"),
    ([*ASK[:-1], "/dev/null"], "there is no file /dev/null"),
    ([*ASK, "--engine", "x"], "there is no engine 'x'"),
    ([*ASK, "--window", "2"], "--window and --out are those of --timeline"),
    ([*ASK, "--out", "new"], "--window and --out are those of --timeline"),
    ([*LINE, "--window", "-1"], "window -1.0 and stride -0.5 must be seconds"),
    ([*LINE, "--window", "0"], "window 0.0 and stride 0.0 must be seconds"),
    ([*LINE, "--window", "nan"], "window nan and stride nan must be seconds"),
    ([*LINE, "--window", "1e-9"], "window 1e-09 and stride 5e-10 must be seconds"),
    ([*LINE, "--out", "notes.txt"], "Not a directory: "),
    (["compare", "relu", "1000000,1000000"], "Unable to allocate 7.28 TiB"),
    (["compare", "relu", "1" * 300], "Maximum allowed dimension exceeded"),
    ([*CONV, "stride=0"], "stride"), ([*CONV, "stride=-1"], "stride"), ([*CONV, "stride=["], "["),
    ([*CONV, "=2"], "unexpected keyword argument"),
    (["data", "get", "../x"], "there is no real data named '../x'"),
    (["compare", "nn.Conv3d"], "'nn.Conv3d' is no name of a function"),
    (["check", "clips"], "clips is a folder, and no notebook is in it"),
    (["check", "."], " is a folder, and no notebook"),
    (["check", "999"], "there is no notebook 999"),
    (["lab", "notes.txt"], "File exists: notes.txt"),
    (["lab", "notes.txt/x"], "Not a directory: notes.txt/x"),
])
def test_a_mistake_is_one_line_and_exits_with_1(words, says, here):
    code, said = told(*words)
    assert code == 1 and says in said


@pytest.mark.parametrize("words, says", [
    (["--bogus"], "No such option: --bogus (vidlearn -h shows how)"),
    (["cook"], "No such command 'cook'"),
    (["data", "cook"], "No such command 'cook'. (vidlearn data -h shows how)"),
    (["train"], "Missing argument"), (["classify", "a.mp4"], "Missing option"),
    ([*TRAIN, "--epochs", "0"], "'--epochs'"), ([*TRAIN, "--epochs", "2.5"], "'--epochs'"),
    ([*TRAIN, "--batch", "-3"], "'--batch'"), ([*TRAIN, "--lr", "low"], "'--lr'"),
    ([*TRAIN, "--size", "4"], "'--size'"), ([*TRAIN, "--size", "100000"], "'--size'"),
    ([*TRAIN, "--frames", "-3"], "'--frames'"), ([*TRAIN, "--frames", "1000000"], "'--frames'"),
    ([*TRAIN, "--blocks", "0"], "'--blocks'"), ([*TRAIN, "--seed", "-3"], "'--seed'"),
    ([*ASK, "--top", "0"], "'--top'"), ([*LINE, "--window", "long"], "'--window'"),
    (["compare", "relu", "--threads", "0"], "'--threads'"), (["compare", "relu", "-1"], "-1"),
])
def test_wrong_usage_is_one_line_and_exits_with_2(words, says, here):
    code, said = told(*words)
    assert code == 2 and says in said and "-h shows how)" in said


@pytest.mark.parametrize("words", [
    ["lab", ""], ["check", ""], ["check", "00", ""], ["compare", ""], ["compare", "relu", ""],
    ["data", "get", ""], ["train", ""], [*TRAIN, "-o", ""], [*TRAIN, "--out="],
    [*TRAIN, "--source", ""], ["classify", "", *ASK[2:]], [*ASK[:-1], ""], [*LINE, "--out", "  "],
    [""],
])
def test_an_empty_word_names_nothing(words, here):
    """And never the folder that one stands in."""
    [word] = [word for word in words if not word.strip() or word == "--out="]
    assert told(*words) == (2, f"vidlearn: {word!r} names nothing; is a variable empty? "
                               "This folder is . (vidlearn -h shows how)")


def test_a_value_that_is_empty_is_left_to_its_option(here):
    assert "stride" in told(*CONV, "stride=")[1]


def test_a_learning_rate_that_breaks_the_network_leaves_the_state_only(here):
    said = told(*TRAIN, "--lr", "1e30")
    assert said == (1, "vidlearn: at the end of epoch 1, the loss on the validation clips is no "
                       "longer finite. Try a learning rate below 1e+30")
    (here / "clips.checkpoint").unlink()


@pytest.mark.parametrize("full_at", [1, 2, 3])            # the first state, the second, the weights
def test_a_full_disk_names_the_file_and_leaves_no_half_one(full_at, here, monkeypatch):
    count = 0

    def fill(file):
        nonlocal count
        count += 1
        if count == full_at:
            raise OSError(28, "No space left on device")
    monkeypatch.setattr(atomic.os, "fsync", fill)
    name = "clips.safetensors" if full_at == 3 else "clips.checkpoint"
    assert told(*TRAIN) == (1, f"vidlearn: No space left on device: {name}")
    monkeypatch.undo()
    monkeypatch.chdir(here)
    left = {path.name for path in here.iterdir()} - {"clips", "w.safetensors", "notes.txt", "empty"}
    assert left == (set() if full_at == 1 else {"clips.checkpoint"})
    if left:                                              # free some room, and go on
        assert CliRunner().invoke(main.app, [*TRAIN, "--resume"]).exit_code == 0
        assert not (here / "clips.checkpoint").exists()
        (here / "clips.safetensors").unlink()


def test_a_folder_that_is_read_only_is_named_before_any_clip_is_read(here, monkeypatch):
    monkeypatch.setattr(atomic.os, "access", lambda _, how, **__: how == os.R_OK)
    monkeypatch.setattr("vidlearn.training.recipe.read_clips",
                        lambda *_, **__: pytest.fail("too late"))
    assert told(*TRAIN) == (1, f"vidlearn: Permission denied: {here}")
    assert told(*LINE, "--out", "new/deep") == (1, f"vidlearn: Permission denied: {here}")


@pytest.mark.parametrize("content, says", [
    (b"", "clips.checkpoint is damaged, or no safetensors file"),
    (b"half of a state", "clips.checkpoint is damaged, or no safetensors file"),
    (None, "clips.checkpoint is a classifier of vidlearn's, not a checkpoint"),
])
def test_a_corrupt_checkpoint_is_named(content, says, here):
    state = here / "clips.checkpoint"
    state.write_bytes((here / "w.safetensors").read_bytes() if content is None else content)
    code, said = told(*TRAIN, "--resume")
    assert code == 1 and says in said
    state.unlink()


def test_a_checkpoint_of_another_run_is_named_setting_by_setting(here, monkeypatch):
    monkeypatch.setattr(loop.Run, "learn", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    assert CliRunner().invoke(main.app, TRAIN).exit_code == 130
    monkeypatch.undo()
    monkeypatch.chdir(here)
    (here / "clips" / "left").rename(here / "clips" / "links")
    code, said = told(*TRAIN, "--resume", "--model", "frame_cnn", "--engine", "torch")
    (here / "clips" / "links").rename(here / "clips" / "left")
    assert code == 1
    for part in ("engine scratch float32, not torch float32", "model mean_frames, not frame_cnn",
                 "classes ['left', 'right'], not ['links', 'right']", "give the same settings"):
        assert part in said
    (here / "clips.checkpoint").unlink()


@pytest.fixture
def unread(monkeypatch):
    """Whoever reads a clip fails: what is asked is to be refused before."""
    monkeypatch.setattr("vidlearn.training.recipe.read_clips",
                        lambda *_, **__: pytest.fail("too late"))


def test_a_classifier_is_not_replaced_unasked(here, unread):
    assert told(*TRAIN, "-o", "w.safetensors") == (
        1, "vidlearn: w.safetensors holds a classifier already: --overwrite replaces it, "
           "--out keeps both")


def test_an_interrupted_run_is_not_replaced_unasked(here, unread):
    (here / "clips.checkpoint").touch()
    assert told(*TRAIN) == (
        1, "vidlearn: clips.checkpoint holds a run that was interrupted: --resume goes on with it, "
           "--overwrite begins anew, --out keeps both")
    (here / "clips.checkpoint").unlink()


def test_a_run_that_is_over_is_not_resumed(here, unread):
    assert told(*TRAIN, "--resume", "-o", "w.safetensors") == (
        1, "vidlearn: there is no interrupted run to go on with, no file w.checkpoint: "
           "w.safetensors is of a run that is over")


def test_what_is_to_be_overwritten_is(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(folder)
    out, state = tmp_path / "w.safetensors", tmp_path / "w.checkpoint"
    out.write_bytes((folder / "w.safetensors").read_bytes())
    state.write_text("an interrupted run")
    done = CliRunner().invoke(main.app, [*TRAIN, "-o", str(out), "--overwrite"])
    assert done.exit_code == 0 and not state.exists()
    assert out.read_bytes() != (folder / "w.safetensors").read_bytes()


def test_resume_goes_before_overwrite(here):
    """The command of an interrupted run that began anew, with --resume behind it."""
    (here / "clips.checkpoint").write_text("an interrupted run")
    code, said = told(*TRAIN, "--overwrite", "--resume")
    assert code == 1 and "clips.checkpoint is damaged, or no safetensors file" in said
    (here / "clips.checkpoint").unlink()


def test_a_folder_that_is_a_loop_of_links_is_no_folder(here):
    (here / "loop").symlink_to("loop")
    assert told("train", "loop") == (1, "vidlearn: loop: there is no such folder of clips")
    (here / "loop").unlink()


def test_ctrl_c_is_one_line_and_keeps_the_state(folder, tmp_path):
    out, state = tmp_path / "w.safetensors", tmp_path / "w.checkpoint"
    running = subprocess.Popen(
        [sys.executable, "-m", "vidlearn", *TRAIN, "-o", str(out), "--epochs", "100000"],
        cwd=folder, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
    while not state.exists() and running.poll() is None:
        time.sleep(0.02)
    os.kill(running.pid, signal.SIGINT)
    said = running.communicate()[1]
    assert running.returncode == 130 and "Traceback" not in said
    assert said.splitlines()[-1] == (
        f"Stopped. The same command with --resume goes on with {out}.")
    assert safetensors.read(state)[1]["kind"] == "checkpoint" and not out.exists()


def test_ctrl_c_elsewhere_is_one_line(monkeypatch):
    def stop():
        raise KeyboardInterrupt
    monkeypatch.setattr("vidlearn.datasets.real.available", stop)
    done = CliRunner().invoke(main.app, ["data", "list"])
    assert (done.exit_code, done.stderr) == (130, "\nvidlearn: stopped\n")


@pytest.mark.parametrize("wrong, said", [
    (ValueError("a fault\n\tof two lines\n"), "a fault of two lines "),
    (ImportError("no\n  library"), "no library: vidlearn doctor says what mends it"),
    (OSError(28, "No space left", "a\nb"), "No space left: a b"),
    (MemoryError(), "MemoryError"), (NotImplementedError(), "NotImplementedError"),
])
def test_whatever_is_told_is_told_in_one_line(wrong, said, monkeypatch):
    monkeypatch.setattr("vidlearn.datasets.real.available", lambda: (_ for _ in ()).throw(wrong))
    assert told("data", "list") == (1, f"vidlearn: {said}")


@pytest.mark.parametrize("words", ["data list", "compare relu 2,3 --no-race"])
@pytest.mark.parametrize("out, code, said", [
    ("/dev/full", 1, "vidlearn: [Errno 28] No space left on device\n"), (None, 0, "")])
def test_output_that_cannot_be_written_is_one_line_at_most(out, code, said, words):
    if out and not os.path.exists(out):
        pytest.skip(f"{out} is Linux's")
    shell = f"{sys.executable} -m vidlearn {words} " + (f"> {out}" if out else ">&-")
    done = subprocess.run(shell, shell=True, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (code, said)
