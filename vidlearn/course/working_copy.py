"""The reader's copy of the course: handed out without outputs, and never over the reader's work.

A recorded notebook holds its answers, so the copy begins without them. Beside the copy a file notes
what was handed out, as a hash of each file. A notebook counts as changed where its cells are: to
run it leaves the cells as they were.
"""

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from vidlearn.files import atomic

STATE = ".vidlearn.json"                              # {name: the hash of what was handed out}


class CourseError(ValueError):
    """The course does not have what was asked for."""


@dataclass
class HandedOut:
    """What `hand_out` did: names of files, as below the folder."""

    new: list = field(default_factory=list)
    updated: list = field(default_factory=list)
    kept: list = field(default_factory=list)          # the reader's, where the course has changed
    aside: list = field(default_factory=list)
    removed: list = field(default_factory=list)       # no part of the course any more

    def __str__(self):
        lines = [f"{len(self.new)} new, {len(self.updated)} updated"]
        lines += [f"put your copy aside: {name}" for name in self.aside]
        lines += [f"removed {name}, which the course has no more" for name in self.removed]
        for name in self.kept:
            number = _number(name)
            hint = f"; --fresh {number} gets it and puts yours aside" if number else ""
            lines.append(f"kept your {name}: the course has a newer one{hint}")
        return "\n  ".join(lines)


def hand_out(files, folder, fresh=()):
    """Bring the copy in `folder` up to date with `files`, a dict {name below the folder: path}.

    A file that the reader changed stays as it is. `fresh` lists numbers of lessons, such as "10",
    that are handed out anew: a changed copy gets a new name, 10_convolution.mine.ipynb.

    Returns  HandedOut
    Raises   CourseError if there is no such lesson, or no course
             OSError if the folder cannot be written; it can be run again
    """
    _must_exist(files, fresh)
    folder, done = Path(folder), HandedOut()
    folder.mkdir(parents=True, exist_ok=True)
    before = _read(folder / STATE)
    state = {name: before[name] for name in files if name in before}
    for name, path in sorted(files.items()):
        there, ours = digest(folder / name), digest(path)
        if _number(name) in fresh and there is not None:
            if there not in (ours, before.get(name)):
                done.aside.append(_put_aside(folder, name))
            there = None
        if there == ours:
            state[name] = ours
        elif there in (None, before.get(name)):
            (done.new if there is None else done.updated).append(name)
            atomic.write(folder / name, _blank(path))
            state[name] = ours
        elif before.get(name) != ours:
            done.kept.append(name)
    _remove(folder, {name: known for name, known in before.items() if name not in files}, done)
    if state != before or not (folder / STATE).exists():
        atomic.write(folder / STATE, json.dumps(state, indent=1, sort_keys=True).encode())
    return done


def digest(path):
    """The hash of what a reader may change in a file, or None where there is no file.

    Of a notebook these are its cells without outputs and counts: the code, the text and the tags.
    JupyterLab adds an empty cell when the last one is run; it does not count.
    """
    if not path.is_file():
        return None
    content = path.read_bytes()
    if path.suffix == ".ipynb":
        with suppress(ValueError, KeyError, TypeError, AttributeError):       # no notebook
            content = json.dumps(_cells(json.loads(content))).encode()
    return hashlib.sha256(content).hexdigest()


def _cells(notebook):
    cells = [(cell["cell_type"], "".join(cell["source"]),
              sorted(cell["metadata"].get("tags", []))) for cell in notebook["cells"]]
    return [cell for cell in cells if cell[1].strip()]


def _blank(path):
    """What is handed out of a file: a notebook without outputs, any other as it is."""
    content = path.read_bytes()
    if path.suffix != ".ipynb":
        return content
    notebook = json.loads(content)
    for cell in notebook["cells"]:
        cell["metadata"] = {key: cell["metadata"][key] for key in ("tags",)
                            if key in cell["metadata"]}
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


def _must_exist(files, fresh):
    numbers = sorted({_number(name) for name in files} - {""})
    if not numbers:
        raise CourseError("the course has no notebooks: is vidlearn installed completely?")
    for asked in fresh:
        if asked not in numbers:
            raise CourseError(f"there is no lesson {asked}; there are {', '.join(numbers)}")


def _number(name):
    """The number of a lesson, such as "10"; "" for any other file."""
    stem = Path(name).stem
    return stem[:2] if name.endswith(".ipynb") and stem[:2].isdigit() and stem[2:3] == "_" else ""


def _put_aside(folder, name):
    """Rename the reader's copy to a name that is free; return that."""
    for number in count(1):
        end = ".mine.ipynb" if number == 1 else f".mine-{number}.ipynb"
        free = name.removesuffix(".ipynb") + end
        if not os.path.lexists(folder / free):
            os.replace(folder / name, folder / free)
            return free


def _remove(folder, left, done):
    """Remove what the course has no more, where the reader has not changed it."""
    for name, known in left.items():
        if digest(folder / name) == known:
            (folder / name).unlink()
            done.removed.append(name)


def _read(path):
    """The state; empty if it is damaged, and then every file that differs counts as changed."""
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}
