"""vidlearn train: what it writes, and what it refuses before it reads a clip."""

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest
from typer.testing import CliRunner

from tests.cli.command import TIMELINE, TRAIN, run, told
from vidlearn.cli import main
from vidlearn.files import atomic, safetensors
from vidlearn.training import loop


@pytest.mark.parametrize("words, says", [
    (["train", "clips/left/film0_0.mkv"], "film0_0.mkv: there is no such folder of clips"),
    (["train", "empty"], "empty: there is no class folder in it"),
    (["train", "clips/left"], "clips/left: 6 clips have no class"),
    (["train", "."], "empty: there is no clip of this class"),
    ([*TRAIN, "--lr", "nan"], "lr must be a finite number, more than 0, not nan"),
    ([*TRAIN, "--lr", "-1"], "lr must be a finite number, more than 0, not -1.0"),
    ([*TRAIN, "--lr", "inf"], "lr must be a finite number, more than 0, not inf"),
    ([*TRAIN, "--share", "-3"], "share must be a number between 0 and 1, not -3.0"),
    ([*TRAIN, "--share", "nan"], "share must be a number between 0 and 1, not nan"),
    ([*TRAIN, "--share", "0.01"], "a part gets none"),
    ([*TRAIN, "--source", "("], "source '(' is not a pattern: missing )"),
    ([*TRAIN, "--source", "(x)?film"], "source pattern '(x)?film' is not in its name"),
    ([*TRAIN, "--source", "film"], "this class has clips from only one source, film"),
    ([*TRAIN, "--blocks", "3"], "--source and --blocks both say"),
    ([*TRAIN, "--skip-damaged", "--allow-damaged"], "--skip-damaged leaves damaged clips out and "
     "--allow-damaged uses them: give only one of them"),
    ([*TRAIN, "--model", "GPT"], "there is no model 'GPT': choose one of frame_cnn"),
    ([*TRAIN, "--device", "cuda"], "the engine scratch runs on the cpu"),
    ([*TRAIN, "--frames", "1", "--motion"], "mean_frames cannot take clips of 1 frames of 16x16"),
    ([*TRAIN, "--resume"], "no interrupted run to resume: there is no file clips.checkpoint"),
    ([*TRAIN, "-o", "empty"], "Is a directory: empty"),
    ([*TRAIN, "-o", "notes.txt"], "notes.txt exists already and is not a classifier"),
    ([*TRAIN, "-o", "notes.txt/w"], "Not a directory: "),
    ([*TRAIN, "-o", "/proc/nowhere/w"], "No such file or directory: /proc/nowhere/w"),
    ([*TRAIN, "-o", "w" * 300], "File name too long: www"),
    (["train", "gone"], "gone: there is no such folder of clips"),
    ([*TRAIN, "--engine", "jax"], "there is no engine 'jax'"),
])
def test_a_mistake_is_one_line_and_exits_with_1(words, says, here):
    code, said = told(*words)
    assert code == 1 and says in said


def test_train_tells_the_result_and_leaves_one_file(here, tmp_path):
    out = tmp_path / "motion.safetensors"
    code, said = run(*TRAIN, "-o", out)
    assert code == 0
    assert "% of 4 clips right" in said and "motion.safetensors holds the classifier" in said
    assert "may be on both sides" not in said
    assert [path.name for path in out.parent.iterdir()] == ["motion.safetensors"]


def test_train_warns_where_films_are_not_known(clips, tmp_path):
    code, said = run("train", clips, "-o", tmp_path / "w.safetensors", "--engine", "scratch",
                     "--model", "mean_frames", "--epochs", 1, "--frames", 2, "--size", 16)
    assert code == 0 and "clips of one recording may be on both sides" in said


def test_a_damaged_clip_is_told_and_left_out_only_when_asked(clips, tmp_path):
    damaged = clips / "left" / "film9_torn.mkv"
    damaged.write_bytes(b"no video")
    asked = ["train", clips, "-o", tmp_path / "w.safetensors", "--engine", "scratch", "--model",
             "mean_frames", "--epochs", 1, "--frames", 2, "--size", 16, "--source", r"film\d"]
    try:
        code, said = run(*asked)
        assert code == 1 and "1 of 13 clips are damaged" in said and "film9_torn.mkv" in said
        code, said = run(*asked, "--skip-damaged")
        assert code == 0 and "left out: " in said
    finally:
        damaged.unlink()


def test_damaged_clips_are_used_as_far_as_they_go_when_asked(clips, tmp_path):
    mine = shutil.copytree(clips, tmp_path / "clips")
    cut = next((mine / "left").glob("*.mkv"))
    cut.write_bytes(cut.read_bytes()[:cut.stat().st_size * 7 // 10])
    (mine / "right" / "film9_torn.mkv").write_bytes(b"no video")
    asked = ["train", mine, "-o", tmp_path / "w.safetensors", *TRAIN[2:]]
    code, said = run(*asked)
    assert code == 1 and "2 of 13 clips are damaged" in said
    for damaged_again in (False, True):               # decoded, and from the cache
        code, said = run(*asked, "--allow-damaged", *["--overwrite"] * damaged_again)
        lines = [line for line in said.splitlines()
                 if "are damaged" in line or "film9_torn" in line]
        assert code == 0 and "% of 4 clips right" in said and len(lines) == 2
        assert f"1 of 13 clips are damaged, and used as far as they go: left/{cut.name} (" in said
        assert lines[1].startswith("left out: ") and "film9_torn.mkv: is not a video" in lines[1]
    code, said = run(*asked, "--overwrite")           # the cache has nothing for a strict run
    assert code == 1 and "2 of 13 clips are damaged" in said


def test_a_split_inside_the_classes_is_used_and_told(clips, tmp_path):
    for i, path in enumerate(sorted(clips.rglob("*.mkv"))):
        home = tmp_path / "clips" / path.parent.name / ("train", "val", "test")[i % 3]
        home.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, home)
    code, said = run("train", tmp_path / "clips", "-o", tmp_path / "w.safetensors", *TRAIN[2:10])
    assert code == 0 and "The split is given: train 4, val 4, test 4." in said
    assert "% of 4 clips right" in said and "on the test clips, which had no part" in said


def test_a_given_split_is_used_and_told(clips, tmp_path):
    for i, path in enumerate(sorted(clips.rglob("*.mkv"))):
        home = tmp_path / "clips" / ("train", "val", "test")[i % 3] / path.parent.name
        home.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, home)
    (tmp_path / "clips" / "train" / "left" / "notes.txt").touch()
    code, said = run("train", tmp_path / "clips", "-o", tmp_path / "w.safetensors", *TRAIN[2:10])
    assert code == 0 and "No --source" not in said and "UserWarning" not in said
    assert "The split is given: train 4, val 4, test 4. 4 clips to learn from, 4 to choose" in said
    assert "1 left out: 1 with an ending that is no film's (train/left/notes.txt)" in said
    assert "% of 4 clips right" in said and "on the test clips, which had no part" in said


def test_a_split_list_is_used(clips, tmp_path):
    for i, part in enumerate(("train", "test")):
        (tmp_path / f"{part}list01.txt").write_text("".join(
            f"{path.parent.name}/{path.name} 1\n" for path in sorted(clips.rglob("*.mkv"))[i::2]))
    code, said = run("train", clips, "-o", tmp_path / "w.safetensors", *TRAIN[2:10], "--share",
                     "0.5", "--split-list", tmp_path / "testlist01.txt")
    assert code == 0 and "The split is given: train 6, test 6. " in said
    assert "No --source" in said and "on the test clips" in said
    code, said = run("train", clips, "-o", tmp_path / "v", "--split-list", tmp_path / "gone.txt")
    assert code == 1 and "gone.txt: there is no such split list" in said


def test_advice_can_be_followed_at_the_command(here):
    code, said = told(*TRAIN, "--frames", "4096", "--size", "4096")
    assert code == 1 and "take fewer frames or a smaller size" in said


def test_an_interrupt_says_how_to_go_on(clips, tmp_path, monkeypatch):
    def stop(*_, checkpoint, **__):
        checkpoint.touch()
        raise KeyboardInterrupt
    monkeypatch.setattr("vidlearn.training.recipe.fit", stop)
    code, said = run("train", clips, "-o", tmp_path / "w.safetensors", "--model", "mean_frames",
                     "--size", 16)
    assert code == 130 and "with --resume goes on" in said


def test_an_interrupt_before_the_first_step_has_nothing_to_go_on_with(clips, tmp_path, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt
    monkeypatch.setattr("vidlearn.training.recipe.read_clips", stop)
    code, said = run("train", clips, "-o", tmp_path / "w.safetensors")
    assert (code, said) == (130, "\nStopped. Nothing had been learned yet.\n")


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
    assert told(*TIMELINE, "--out", "new/deep") == (1, f"vidlearn: Permission denied: {here}")


@pytest.mark.parametrize("content, says", [
    (b"", "clips.checkpoint is damaged, or not a safetensors file"),
    (b"half of a state", "clips.checkpoint is damaged, or not a safetensors file"),
    (None, "clips.checkpoint is a classifier of vidlearn's, not a checkpoint"),
])
def test_a_corrupt_checkpoint_is_named(content, says, here):
    state = here / "clips.checkpoint"
    state.write_bytes((here / "w.safetensors").read_bytes() if content is None else content)
    code, said = told(*TRAIN, "--resume")
    assert code == 1 and says in said
    state.unlink()


def test_a_checkpoint_of_another_run_is_named_setting_by_setting(here, monkeypatch):
    monkeypatch.setattr(loop, "step", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
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
        1, "vidlearn: w.safetensors already holds a classifier: --overwrite replaces it, "
           "--out keeps both")


def test_an_interrupted_run_is_not_replaced_unasked(here, unread):
    (here / "clips.checkpoint").touch()
    assert told(*TRAIN) == (
        1, "vidlearn: clips.checkpoint holds an interrupted run: --resume continues it, "
           "--overwrite starts a new one, --out keeps both")
    (here / "clips.checkpoint").unlink()


def test_a_run_that_is_over_is_not_resumed(here, unread):
    assert told(*TRAIN, "--resume", "-o", "w.safetensors") == (
        1, "vidlearn: no interrupted run to resume: there is no file w.checkpoint; "
           "w.safetensors belongs to a run that has finished")


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
    assert code == 1 and "clips.checkpoint is damaged, or not a safetensors file" in said
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
