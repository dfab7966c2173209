"""The lines to type that change what is installed, on each system."""

import os
import subprocess
import sys
from importlib import metadata
from types import SimpleNamespace

import pytest

from vidlearn.doctor import installed

SPOIL = "import matplotlib; matplotlib.get_data_path = lambda: '/deleted'; "
LIST = "import matplotlib.font_manager"
ASK = ("from vidlearn.doctor import installed; print(installed.incomplete_font_list()); "
       "import matplotlib.pyplot as plt; plt.semilogy([1, 10]); plt.gcf().canvas.draw()")


def test_a_module_goes_by_another_name_than_its_package(broken):
    broken.versions(pyzmq="9.8")
    assert installed.reinstall("zmq").endswith("--no-deps pyzmq==9.8")


def test_a_list_of_fonts_that_lacks_matplotlibs_own_is_damaged_until_it_is_deleted(tmp_path):
    def run(source):
        return subprocess.run([sys.executable, "-c", source], capture_output=True, text=True,
                              env=os.environ | {"MPLCONFIGDIR": str(tmp_path), "MPLBACKEND": "agg"})
    run(SPOIL + LIST)
    [listed] = tmp_path.glob("fontlist-*.json")
    spoilt = run(ASK)
    assert spoilt.stdout == f"{listed}\n" and "findfont" in spoilt.stderr
    subprocess.run(installed.delete(listed), shell=True, check=True)
    mended = run(ASK)
    assert (mended.stdout, mended.stderr) == ("None\n", "")


@pytest.mark.parametrize("system, word", [("posix", "rm"), ("nt", "del")])
def test_a_file_is_deleted_by_the_systems_own_word(system, word, monkeypatch):
    monkeypatch.setattr(installed, "os", SimpleNamespace(name=system))
    assert installed.delete("a b") == f'{word} "a b"'


@pytest.mark.parametrize("word, program, typed", [
    ("/venv/bin/python", "/venv/bin/python3", "python"),
    ("/usr/bin/python", "/venv/bin/python", "/venv/bin/python"),
    (None, "/my venv/bin/python", '"/my venv/bin/python"'),
    (None, os.path.join(os.getcwd(), ".venv", "bin", "python"),
     os.path.join(".venv", "bin", "python"))])
def test_a_line_to_type_calls_this_python(word, program, typed, monkeypatch):
    monkeypatch.setattr(installed.shutil, "which", lambda name: word)
    monkeypatch.setattr(sys, "executable", program)
    assert installed.pip("list") == f"{typed} -m pip list"


@pytest.mark.parametrize("system, line", [("posix", "export A=b"), ("nt", "setx A b")])
def test_a_setting_is_typed_as_the_system_wants_it(system, line, monkeypatch):
    monkeypatch.setattr(installed, "os", SimpleNamespace(name=system))
    assert installed.export("A", "b") == line


def test_our_own_name_is_known_where_no_package_list_names_it(monkeypatch):
    monkeypatch.setattr(metadata, "packages_distributions", lambda: {"numpy": ["numpy"]})
    assert installed.module_names() == {"vidlearn", "numpy"}


def test_windows_renames_by_its_own_word(monkeypatch, tmp_path):
    monkeypatch.setattr(installed, "os", SimpleNamespace(name="nt"))
    assert installed.rename([tmp_path / "cv2.py"]) == f'ren "{tmp_path / "cv2.py"}" "my_cv2.py"'
