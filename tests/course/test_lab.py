"""The course is copied to the reader's folder, and never over what the reader changed."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from vidlearn.course import lab

ROOT = Path(__file__).parents[2]


@pytest.fixture
def course(tmp_path):
    source = tmp_path / "course"
    for name, text in {"notebooks/00_start.ipynb": "start", "notebooks/10_conv.ipynb": "conv",
                       "data/a.webm": "clip", "data/.ipynb_checkpoints/b": "junk",
                       "data/__pycache__/make.pyc": "junk"}.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(text)
    return source


def test_all_of_it_is_copied(course, tmp_path):
    done = lab.copy(course, tmp_path / "mine" / "deep")
    assert done.new == ["data/a.webm", "notebooks/00_start.ipynb", "notebooks/10_conv.ipynb"]
    assert (tmp_path / "mine/deep/notebooks/10_conv.ipynb").read_text() == "conv"


def test_a_second_copy_changes_nothing(course, tmp_path):
    mine = tmp_path / "mine"
    lab.copy(course, mine)
    assert lab.copy(course, mine) == lab.Copied()


def test_what_the_reader_changed_is_kept_and_the_rest_is_updated(course, tmp_path):
    mine = tmp_path / "mine"
    lab.copy(course, mine)
    (mine / "notebooks/10_conv.ipynb").write_text("my attempt")
    (mine / "notebooks/99_mine.ipynb").write_text("my notebook")
    for name in ("10_conv", "00_start"):
        (course / f"notebooks/{name}.ipynb").write_text("better")
    for _ in range(2):                                # kept at every later copy, too
        done = lab.copy(course, mine)
        assert done.kept == ["notebooks/10_conv.ipynb"]
    assert (mine / "notebooks/10_conv.ipynb").read_text() == "my attempt"
    assert (mine / "notebooks/00_start.ipynb").read_text() == "better"
    assert (mine / "notebooks/99_mine.ipynb").read_text() == "my notebook"


def test_a_file_that_was_there_before_is_kept(course, tmp_path):
    mine = tmp_path / "mine"
    (mine / "data").mkdir(parents=True)
    (mine / "data/a.webm").write_text("my clip")
    assert lab.copy(course, mine).kept == ["data/a.webm"]
    assert (mine / "data/a.webm").read_text() == "my clip"


def test_an_interrupted_copy_leaves_no_half_file(course, tmp_path, monkeypatch):
    mine = tmp_path / "mine"
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        lab.copy(course, mine)
    monkeypatch.undo()
    assert not (mine / "data/a.webm").exists()
    assert len(lab.copy(course, mine).new) == 3


def test_the_course_of_this_checkout_has_notebooks_and_data():
    assert (lab.course() / "notebooks").is_dir() and (lab.course() / "data").is_dir()


def test_a_wheel_holds_the_course_and_nothing_that_jupyter_or_a_fetch_has_left(course, tmp_path):
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, course)
    (course / "vidlearn").mkdir()
    for name in ("vidlearn/__init__.py", "data/.ipynb_checkpoints/c.webm",
                 "notebooks/.ipynb_checkpoints/00_start.ipynb", "data/clip.webm.part"):
        (course / name).parent.mkdir(exist_ok=True)
        (course / name).touch()
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
                   cwd=course, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    held = {name for name in zipfile.ZipFile(wheel).namelist() if "dist-info" not in name}
    assert held == {"vidlearn/__init__.py", "vidlearn/course/material/data/a.webm",
                    "vidlearn/course/material/notebooks/00_start.ipynb",
                    "vidlearn/course/material/notebooks/10_conv.ipynb"}


class Server:
    """Stands in for JupyterLab: hears one Ctrl-C, then closes with 3."""

    def __init__(self, command, cwd, env):
        self.command, self.folder, self.env = command, cwd, env
        self.ends = [KeyboardInterrupt, 3]
        first = Path(env["JUPYTER_PATH"].split(os.pathsep)[0])
        self.kernel = json.loads((first / "kernels/python3/kernel.json").read_text())["argv"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def wait(self):
        end = self.ends.pop(0)
        if end is KeyboardInterrupt:
            raise end
        return end


@pytest.mark.parametrize("user, flags", [(1000, []), (0, ["--allow-root"])])
def test_jupyterlab_runs_on_the_first_lesson_until_it_closes_itself(
        user, flags, tmp_path, monkeypatch):
    started = []
    monkeypatch.setattr("os.geteuid", lambda: user, raising=False)
    monkeypatch.setattr(lab.blas, "speeds", lambda rounds: {"": 9, "Haswell": 9, "SkylakeX": 20})
    monkeypatch.delenv("OPENBLAS_CORETYPE", raising=False)
    monkeypatch.setenv("OMP_NUM_THREADS", "7")        # what the reader set stays
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    monkeypatch.setattr("subprocess.Popen",
                        lambda *a, **k: started.append(Server(*a, **k)) or started[0])
    assert lab.start(tmp_path, browser=False) == 3
    assert started[0].folder == tmp_path
    assert started[0].command[1:] == [
        "-m", "jupyterlab", f"--ServerApp.root_dir={tmp_path}",
        "--LabApp.default_url=/lab/tree/notebooks/00_start.ipynb", "--no-browser", *flags]
    assert {name: started[0].env[name] for name in (
        "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OPENBLAS_CORETYPE")} == {
        "OMP_NUM_THREADS": "7", "OPENBLAS_NUM_THREADS": "1", "OPENBLAS_CORETYPE": "SkylakeX"}
    assert started[0].kernel[0] == sys.executable
    assert "--IPKernelApp.extra_extensions=vidlearn.course.lesson" in started[0].kernel


def test_a_kernel_that_the_reader_chose_is_not_measured_against(monkeypatch):
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    monkeypatch.setattr(lab.blas, "speeds", None)     # to call it would fail
    assert "OPENBLAS_CORETYPE" not in lab._settings()


def test_jupyter_keeps_its_things_in_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(lab.Path, "home", lambda: tmp_path)
    assert lab._places("elsewhere") == {}


def test_where_the_home_folder_cannot_be_written_jupyter_keeps_them_elsewhere(
        tmp_path, monkeypatch):
    monkeypatch.setattr(lab.Path, "home", lambda: tmp_path / "none")
    places = lab._places(tmp_path)
    assert {Path(place).parent for place in places.values()} == {tmp_path}
    assert "JUPYTER_DATA_DIR" in places
