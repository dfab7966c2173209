"""What the tests of doctor share: an environment that can be broken, and a folder of lessons."""

from types import SimpleNamespace

import pytest

from vidlearn.doctor import installed, machine, software

INSTALLED = installed.version


@pytest.fixture
def broken(monkeypatch):
    """Tools that break an environment."""
    def modules(**replaced):
        real = software.import_module
        for place in (software, machine):
            monkeypatch.setattr(place, "import_module", lambda name: _or_raise(
                replaced.get(name.replace(".", "_")) or real(name)))

    def versions(**replaced):
        monkeypatch.setattr(installed, "version",
                            lambda name: replaced.get(name.replace("-", "_"), INSTALLED(name)))
    monkeypatch.setattr(installed, "python_command", lambda: "python")
    return SimpleNamespace(modules=modules, versions=versions, patch=monkeypatch.setattr)



def _or_raise(found):
    if isinstance(found, Exception):
        raise found
    return found


@pytest.fixture
def lessons(tmp_path, monkeypatch):
    """A folder with notebooks/, as a user's copy of the course, in which doctor is called."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks/00_start.ipynb").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path
