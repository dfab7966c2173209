"""The vidlearn command: what it says, and the code that it exits with."""

import re
import subprocess
import sys

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from vidlearn import doctor, video
from vidlearn.cli import main
from vidlearn.compare import example_calls
from vidlearn.course import lab, replay
from vidlearn.datasets import real
from vidlearn.datasets.motion import motion


def run(*words):
    """Run the command; its exit code and all that it says."""
    done = CliRunner().invoke(main.app, [str(word) for word in words])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    """A folder of tiny clips, two classes, three films of two clips each."""
    root = tmp_path_factory.mktemp("clips")
    drawn = motion(12, seed=1, frames=6, size=16, labels=np.arange(12) % 2)
    for i, frames in enumerate(drawn.clips):
        name = ("left", "right")[i % 2]
        (root / name).mkdir(exist_ok=True)
        video.write(root / name / f"film{i // 4}_{i}.mkv", frames, 8)
    return root


@pytest.fixture(scope="module")
def weights(clips, tmp_path_factory):
    """What `train` writes, and what it said."""
    out = tmp_path_factory.mktemp("out") / "motion.safetensors"
    code, said = run("train", clips, "-o", out, "--engine", "scratch", "--model", "mean_frames",
                     "--epochs", 1, "--frames", 4, "--size", 16, "--source", r"film\d", "--share",
                     0.34)
    assert code == 0, said
    return out, said


def test_help_lists_every_command():
    code, said = run("--help")
    assert code == 0
    for name in ("lab", "doctor", "check", "compare", "train", "classify", "data"):
        assert re.search(rf"^  {name} ", said, re.M)


@pytest.mark.parametrize("name", ["lab", "check", "compare", "train", "classify", "data get"])
def test_help_of_a_command_has_an_example(name):
    code, said = run(*name.split(), "--help")
    assert code == 0 and f"vidlearn {name} " in said.partition("Example")[2]


@pytest.mark.parametrize("words", [[], ["data"]])
def test_a_list_of_commands_cuts_no_line_off(words):
    assert "..." not in run(*words, "--help")[1].partition("Commands:")[2]


def test_every_argument_and_option_is_explained():
    commands = dict(typer.main.get_command(main.app).commands)
    commands |= commands["data"].commands
    silent = [(name, param.name) for name, command in commands.items()
              for param in command.params if not param.help]
    assert len(commands) == 9 and silent == []


@pytest.mark.parametrize("words", [
    ["cook"], ["train"], ["classify", "a.mp4"], ["train", "x", "--epochs", "many"],
    ["train", "x", "--epochs", "0"], ["lab", "--colour"],
])
def test_wrong_usage_exits_with_2(words):
    assert run(*words)[0] == 2


def test_it_runs_as_a_program():
    done = subprocess.run([sys.executable, "-m", "vidlearn", "data", "list"],
                          capture_output=True, text=True)
    assert done.returncode == 0 and "walking" in done.stdout


def test_train_tells_the_result_and_leaves_one_file(weights):
    out, said = weights
    assert "% of 4 clips right" in said and "motion.safetensors holds the classifier" in said
    assert "may be on both sides" not in said
    assert [path.name for path in out.parent.iterdir()] == ["motion.safetensors"]


def test_train_warns_where_films_are_not_known(clips, tmp_path):
    code, said = run("train", clips, "-o", tmp_path / "w.safetensors", "--engine", "scratch",
                     "--model", "mean_frames", "--epochs", 1, "--frames", 2, "--size", 16)
    assert code == 0 and "clips of one film may be on both sides" in said


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


def test_classify_names_the_classes_with_their_probabilities(clips, weights):
    code, said = run("classify", next((clips / "left").iterdir()), "-w", weights[0], "--engine",
                     "scratch")
    assert code == 0
    shares = re.findall(r"^ *([\d.]+)%  (left|right)$", said, re.M)
    assert len(shares) == 2 and sum(float(share) for share, _ in shares) == pytest.approx(100, 1e-3)


def test_both_engines_classify_alike(clips, weights):
    clip = next((clips / "right").iterdir())
    said = [run("classify", clip, "-w", weights[0], "--engine", name)[1]
            for name in ("scratch", "torch")]
    assert said[0] == said[1]


def test_a_timeline_writes_a_plot_and_a_captioned_copy(clips, weights, tmp_path):
    clip = clips / "left" / "film0_0.mkv"
    code, said = run("classify", clip, "-w", weights[0], "--timeline", "--window", 0.5, "--out",
                     tmp_path / "out")
    assert code == 0 and re.search(r"0.0 s to +0.5 s +[\d.]+%  (left|right)", said)
    assert (tmp_path / "out/film0_0.timeline.png").read_bytes().startswith(b"\x89PNG")
    assert len(video.read(tmp_path / "out/film0_0.timeline.webm")) == 6


@pytest.mark.parametrize("words, says", [
    (["classify", "gone.mp4", "-w", "{weights}"], "there is no such file"),
    (["classify", "{clip}", "-w", "gone.safetensors"], "there is no file gone.safetensors"),
    (["classify", "{clip}", "-w", "{clip}"], "no safetensors file"),
    (["train", "gone"], "gone: there is no such folder of clips"),
    (["train", "{clips}", "--model", "gpt", "--size", "16"], "there is no model 'gpt'"),
    (["train", "{clips}", "--engine", "jax", "--size", "16"], "there is no engine 'jax'"),
    (["train", "{clips}", "--source", "tape", "--size", "16"], "'tape' is not in its name"),
    (["compare", "cook"], "there is no sample of 'cook'"),
    (["compare", "cook", "2,3"], "has no 'cook'"),
    (["compare", "conv2d", "1,2,8,8", "1,3,3,3", "--no-race"], "x (1, 2, 8, 8) and weight"),
    (["compare", "relu", "two"], "'two' is no shape: write 8,3,32,32"),
    (["compare", "relu", "--set", "two"], "'two' is no option"),
    (["compare", "relu", "--set", "two=2", "--no-race"], "unexpected keyword argument 'two'"),
    (["data", "get", "moon"], "no real data named 'moon'"),
    (["check", "gone.ipynb"], "there is no notebook gone.ipynb"),
])
def test_a_users_mistake_is_one_line_and_no_traceback(words, says, clips, weights, tmp_path,
                                                     monkeypatch):
    clip = clips / "left" / "film0_0.mkv"
    monkeypatch.chdir(tmp_path)
    code, said = run(*(w.format(clip=clip, clips=clips, weights=weights[0]) for w in words))
    assert code == 1 and "Traceback" not in said
    assert says in said and "vidlearn: " in said


def test_debug_shows_where_it_came_from():
    with pytest.raises(example_calls.SampleError, match="cook"):
        run("--debug", "compare", "cook")


def test_a_bug_of_ours_is_not_hidden(monkeypatch):
    def bug():
        raise KeyError("bug")
    monkeypatch.setattr(real, "available", bug)
    with pytest.raises(KeyError, match="bug"):
        run("data", "list")


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


def test_data_list_names_size_and_licence():
    code, said = run("data", "list")
    for source in real.available():
        assert source.name in said and source.licence in said
    assert code == 0 and "9.1 MB" in said


def test_data_get_prints_the_paths(monkeypatch, tmp_path):
    monkeypatch.setattr(real, "get", lambda name: [tmp_path / name])
    assert run("data", "get", "walking") == (0, f"{tmp_path / 'walking'}\n")


def test_compare_agrees_and_races():
    code, said = run("compare", "conv1d", "2,3,16", "4,3,3", "--set", "padding=1")
    assert code == 0 and said.startswith("✓ conv1d: output and 2 gradients agree")
    assert "PyTorch CPU" in said


@pytest.mark.parametrize("name", example_calls.SAMPLES)
def test_every_ready_made_call_agrees(name):
    code, said = run("compare", name, "--no-race")
    assert code == 0 and said.startswith(f"✓ {name}: ")


@pytest.mark.parametrize("code", [0, 1])
def test_doctor_exits_with_its_verdict(code, monkeypatch):
    monkeypatch.setattr(doctor, "report", lambda: code)
    assert run("doctor")[0] == code


def test_check_exits_with_1_where_a_cell_differs(monkeypatch, tmp_path):
    found = {"good": replay.Verdict(3, {}), "bad": replay.Verdict(3, {2: "Cell outputs differ"})}
    monkeypatch.setattr(replay, "judge", lambda path: found[path.stem])
    assert run("check", "good.ipynb") == (0, "good: ✓ 3 cells say what is stored\n")
    code, said = run("check", "good.ipynb", "bad.ipynb")
    assert code == 1 and "bad: ✗ 1 of 3 cells differ" in said and "In [2]" in said


@pytest.fixture
def opened(monkeypatch):
    """Where JupyterLab would have been started."""
    folders = []
    monkeypatch.setattr(lab, "start", lambda folder, browser: folders.append(folder) or 0)
    return folders


def test_lab_opens_a_checkout_in_place(opened):
    assert run("lab") == (0, "")
    assert opened == [lab.course()]


def test_lab_copies_to_the_folder_that_is_named(opened, tmp_path, monkeypatch):
    (tmp_path / "course/notebooks").mkdir(parents=True)
    (tmp_path / "course/notebooks/00_start.ipynb").write_text("start")
    monkeypatch.setattr(lab, "course", lambda: tmp_path / "course")
    mine = tmp_path / "mine"
    code, said = run("lab", mine)
    assert code == 0 and "1 new files, 0 updated" in said and opened == [mine]
    (mine / "notebooks/00_start.ipynb").write_text("my notes")
    assert "kept your notebooks/00_start.ipynb" in run("lab", mine)[1]


def test_lab_into_a_file_is_a_users_mistake(opened, tmp_path):
    (tmp_path / "file").touch()
    code, said = run("lab", tmp_path / "file")
    assert code == 1 and "File exists" in said
