"""Where the reader's copy of the course is, and JupyterLab on it."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from vidlearn.course import lab, lesson
from vidlearn.course.working_copy import HandedOut

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


def notebook(*sources):
    cells = [{"cell_type": "code", "source": [source], "metadata": {}, "execution_count": 1,
              "outputs": [{"output_type": "stream", "name": "stdout", "text": ["42"]}]}
             for source in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def checkout(course, monkeypatch):
    monkeypatch.setattr(lab, "course", lambda: course)
    for name in ("00_start", "10_conv"):
        (course / f"notebooks/{name}.ipynb").write_text(notebook(name))
    return course


def test_a_checkout_has_the_copy_beside_its_data(checkout):
    assert lab.home() == checkout / "course"
    done = lab.hand_out(lab.home())
    assert done.new == ["00_start.ipynb", "10_conv.ipynb"]
    assert "42" not in (checkout / "course/10_conv.ipynb").read_text()
    assert "42" in (checkout / "notebooks/10_conv.ipynb").read_text()


def test_any_other_folder_gets_the_data_too(checkout, tmp_path):
    mine = tmp_path / "mine" / "deep"
    assert lab.hand_out(mine).new == [
        "data/a.webm", "notebooks/00_start.ipynb", "notebooks/10_conv.ipynb"]
    assert (mine / "data/a.webm").read_text() == "clip"
    assert lab.hand_out(mine, ["10"]).new == ["notebooks/10_conv.ipynb"]


def test_the_recorded_lessons_themselves_are_left_as_they_are(checkout):
    before = {path: path.read_bytes() for path in checkout.rglob("*") if path.is_file()}
    assert lab.hand_out(checkout, ["10"]) == HandedOut()
    assert {path: path.read_bytes() for path in checkout.rglob("*") if path.is_file()} == before


def test_without_a_checkout_to_write_in_the_copy_is_in_the_home_folder(checkout, monkeypatch):
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.setenv("USERPROFILE", "/home/ada")
    monkeypatch.setattr("os.access", lambda path, mode: False)
    assert lab.home() == Path("/home/ada/vidlearn-course")
    monkeypatch.undo()
    monkeypatch.setattr(lab, "course", lambda: lab.BUNDLED)       # an installed wheel
    assert lab.home().name == "vidlearn-course"


def test_the_copy_of_this_checkout_holds_every_lesson_and_its_data_are_found(
        tmp_path, monkeypatch):
    (tmp_path / "data").symlink_to(ROOT / "data")
    (tmp_path / "notebooks").symlink_to(ROOT / "notebooks")
    monkeypatch.setattr(lab, "course", lambda: tmp_path)
    lab.hand_out(lab.home())
    recorded = {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert {path.name for path in (tmp_path / "course").glob("*.ipynb")} == recorded
    for path in (tmp_path / "course").glob("*.ipynb"):
        assert '"output_type"' not in path.read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path / "course")
    assert lesson.data("left.webm") == tmp_path / "data/left.webm"


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


def test_in_a_checkout_it_runs_in_the_copy_where_no_answer_is_to_be_seen(checkout, monkeypatch):
    started = []
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")            # it need not be measured
    monkeypatch.setattr("subprocess.Popen",
                        lambda *a, **k: started.append(Server(*a, **k)) or started[0])
    lab.start(checkout / "course")
    assert f"--ServerApp.root_dir={checkout / 'course'}" in started[0].command
    assert "--LabApp.default_url=/lab/tree/00_start.ipynb" in started[0].command


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
