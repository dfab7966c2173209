"""`vidlearn check`: what a notebook says against what is stored in it."""

import os
from pathlib import Path

import pytest
from nbval.kernel import RunningKernel

from vidlearn.course import replay


def test_a_notebook_that_says_what_is_stored(recorded):
    path, _ = recorded("6 * 7", ("1 / 0", "raises-exception"))
    assert str(replay.judge(path)) == "✓ 2 cells say what is stored"


def test_a_cell_that_differs_is_shown_with_both_texts(recorded):
    path, _ = recorded("x = 1", "print(x + 41)", "[x, 2]", "weight = 1\nweight / (x - 1 + 1)")
    text = path.read_text()
    for stored, altered in [('"42\\n"', '"43\\n"'), ('"weight / (x - 1 + 1)"', '"1 / 0"')]:
        assert stored in text
        text = text.replace(stored, altered)
    path.write_text(text)
    said = str(replay.judge(path))
    assert said.startswith("✗ 2 of 4 cells differ from what is stored\n  In [2]  Cell outputs")
    assert "now     42" in said and "stored  43" in said
    assert "In [4]  Cell execution caused an exception\n    ZeroDivisionError: division by" in said
    assert "\x1b" not in said and "Traceback" not in said


def test_a_kernel_that_dies_is_noticed_where_it_died_and_not_by_waiting(recorded):
    path, _ = recorded("x = 1", "x + 1", "x + 2", "x + 3")
    text = path.read_text()
    assert text.count('"x + 2"') == 1
    path.write_text(text.replace('"x + 2"', '"__import__(\'os\')._exit(3)"'))
    assert str(replay.judge(path)) == (
        "✗ 1 of 4 cells differ from what is stored\n"
        "  In [3]  The kernel died; did it run out of memory?\n"
        "  not run after that: 1")


def test_every_pytest_in_a_checkout_notices_that_and_only_if_it_runs_notebooks(pytestconfig):
    assert pytestconfig.pluginmanager.hasplugin("vidlearn.course.replay")
    looks = RunningKernel.get_message.__qualname__.startswith("_while_alive")
    assert looks == pytestconfig.getoption("nbval")


def test_a_home_that_cannot_be_written_changes_no_cell(recorded, monkeypatch):
    path, _ = recorded("import matplotlib.pyplot as plt\nfrom pathlib import Path\n"
                       "plt.figure().canvas.draw()\nPath.home().name")
    text = path.read_text()
    path.write_text(text.replace(f'"\'{Path.home().name}\'"', '"\'nobody\'"'))
    assert path.read_text() != text                   # or the home would not have been another
    monkeypatch.setenv("HOME", f"{os.devnull}/nobody")
    for name in ("MPLCONFIGDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    assert str(replay.judge(path)) == "✓ 1 cells say what is stored"


@pytest.mark.parametrize("name, content, words", [
    ("gone.ipynb", None, "there is no notebook gone.ipynb in"),
    ("notes.txt", "text", "there is no notebook notes.txt in"),
    ("torn.ipynb", '{"cells": [', "torn.ipynb is not a notebook: "),
    ("other.ipynb", "{}", "other.ipynb is not a notebook: "),
])
def test_what_is_not_a_notebook_is_refused(name, content, words, tmp_path):
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(replay.NotebookError, match=words):
        replay.judge(tmp_path / name)


def test_a_notebook_without_code_cannot_be_judged(notebook):
    with pytest.raises(replay.NotebookError, match="cannot be run: .*no tests ran"):
        replay.judge(notebook())


def test_notebooks_are_found_by_number_or_by_path(tmp_path, monkeypatch):
    for name in ("course/24_conv3d", "course/00_start", "mine/24_conv3d"):
        path = tmp_path / name.replace("/", "/notebooks/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".ipynb").touch()
    monkeypatch.setattr("vidlearn.course.lab.course", lambda: tmp_path / "course")
    monkeypatch.chdir(tmp_path)
    assert [p.stem for p in replay.find([])] == ["00_start", "24_conv3d"]
    assert [p.stem for p in replay.find(["24", "other/x.ipynb"])] == ["24_conv3d", "x"]
    monkeypatch.chdir(tmp_path / "mine")              # a copy goes before the course
    assert replay.find([]) == [tmp_path / "mine/notebooks/24_conv3d.ipynb"]
