"""Split lists: files that name the clips of each part, and their classes.

    UCF101      trainlist01.txt and testlist01.txt ("Archery/v_Archery_g01_c01.avi 3"), classInd.txt
    HMDB51      wave_test_split1.txt, one for each class ("clip.avi 1": 1 train, 2 test, 0 neither)
    Kinetics    train.csv and val.csv: a table with a column of names and one of labels

One file is enough: the others of its split, which lie beside it, are read, too.
"""

import csv
import re
from pathlib import Path
from typing import NamedTuple

from vidlearn.checks import ArgumentError
from vidlearn.datasets.layout import Found, Tree, composed, part_of

HMDB = re.compile(r"(.+)_test_split(\d+)\.txt")
PART = re.compile(r"(?i)(?<![a-z])(training|train|validation|validate|valid|val|testing|test)"
                  r"(?=list|set|[^a-z]|$)")
NAMES = ("name", "path", "video", "file", "filename", "clip", "video_name", "video_path",
         "clip_name", "file_name", "video_id", "youtube_id", "id")
LABELS = ("label", "class", "label_name", "class_name", "action", "tag")
SPLITS = ("split", "part", "subset", "set")
UNLISTED = "not in the split list"


class Line(NamedTuple):
    """What a list says of a clip: its name, its class and its part ("" if none is named)."""

    name: str
    label: str
    part: str


def find(root, lists, suffixes):
    """Find below a folder the clips that the lists name, wherever they lie.

    Returns  a list of Found, what is left out (path, reason), and the names that were not found
    Raises   ArgumentError if a list cannot be read as one, or names no clip of this folder
    """
    tree, places = Tree(root, suffixes), {}
    clips = tree.below(root)
    for path in clips:
        for key in _keys(path.relative_to(root).as_posix()):
            places.setdefault(key, []).append(path)
    lines = [line for path in _beside(lists) for line in read(path)]
    found, missing, labels = {}, [], {composed(line.label) for line in lines}
    for line in lines:
        path = _place(line, places)
        home = path and composed(path.parent.name)
        if path is None or home in labels - {composed(line.label)}:      # of another class
            missing.append(line.name)
            continue
        new = Found(path, composed(line.label), line.part)
        if (old := found.setdefault(path, new)) != new:
            raise ArgumentError(f"the split list names {line.name} twice: {old.label} {old.part} "
                                f"and {new.label} {new.part}")
    if not found:
        first = f", the first is {missing[0]}" if missing else ""
        raise ArgumentError(f"{root}: no clip of the split list is in it{first}")
    tree.left_out += [(path, UNLISTED) for path in clips if path not in found]
    return sorted(found.values(), key=lambda clip: (clip.label, clip.path)), tree.left_out, missing


def read(path):
    """The Lines of one list."""
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ArgumentError(f"{path}: this split list cannot be read: {error}") from error
    rows = [line for line in text.splitlines() if line.strip()]
    if named := HMDB.fullmatch(path.name):
        return _hmdb(path, rows, named[1])
    lines = _table(path, rows) if path.suffix.lower() in (".csv", ".tsv") else _ucf(path, rows)
    if not lines:
        raise ArgumentError(f"{path}: this split list names no clip")
    return lines


def _beside(lists):
    """The files given, and those of the same split beside each of them."""
    every = {}
    for path in map(Path, lists):
        if not path.is_file():
            why = "is a folder: give one of the lists in it" if path.is_dir() else \
                "there is no such split list"
            raise ArgumentError(f"{path}: {why}")
        pattern = _of_one_split(path.name)
        for other in sorted(path.parent.iterdir()):
            if other == path or pattern and _of_one_split(other.name) == pattern:
                every[other] = None
    return list(every)


def _of_one_split(name):
    """What the names of all lists of one split have in common, or None."""
    if named := HMDB.fullmatch(name):
        return f"HMDB51, split {named[2]}"
    return PART.sub("*", name, count=1) if PART.search(name) else None


def _part(path):
    found = PART.search(path.stem)
    return part_of(found[1]) if found else ""


def _hmdb(path, rows, label):
    lines, parts = [], {"0": None, "1": "train", "2": "test"}
    for row in rows:
        name, _, number = row.strip().rpartition(" ")
        if not name or number not in parts:
            raise ArgumentError(f"{path}: {row!r} must be a name and 0, 1 or 2")
        if parts[number]:
            lines.append(Line(name.strip(), label, parts[number]))
    return lines


def _ucf(path, rows):
    """Lines of a name and perhaps a number; the class is the folder, or the number's name."""
    pairs = [re.fullmatch(r"\s*(.+?)(?:[\s,]+(\d+))?\s*", row).groups() for row in rows]
    folders = {name: Path(name.replace("\\", "/")).parent.name for name, _ in pairs}
    if len(set(folders.values())) > 1 and all(folders.values()):
        return [Line(name, folders[name], _part(path)) for name, _ in pairs]
    names = _class_names(path.parent)
    if unnumbered := [name for name, number in pairs if number is None]:
        raise ArgumentError(f"{path}: {unnumbered[0]} has no class: lines are expected as "
                            "label/clip.avi, or clip.avi and the number of the class")
    return [Line(name, names.get(number, number), _part(path)) for name, number in pairs]


def _class_names(folder):
    """{number: class} of the classInd.txt in a folder, if there is one."""
    path = folder / "classInd.txt"
    if not path.is_file():
        return {}
    pairs = [row.split(maxsplit=1) for row in path.read_text(encoding="utf-8-sig").splitlines()]
    return {pair[0]: pair[1].strip() for pair in pairs if len(pair) == 2}


def _table(path, rows):
    """Lines of a table of names and labels, with a head or without one."""
    mark = next((mark for mark in ",\t;" if rows and mark in rows[0]), " ")
    table = [[cell.strip() for cell in row] for row in csv.reader(rows, delimiter=mark)]
    head = [cell.lower() for cell in table[0]] if table else []
    if not set(head) & {*NAMES, *LABELS}:
        head, table = ["name", "label"], [[], *table]
    name, label, split = (next((head.index(word) for word in words if word in head), None)
                          for words in (NAMES, LABELS, SPLITS))
    if name is None or label is None:
        raise ArgumentError(f"{path}: its columns {', '.join(head)} must name the clip "
                            f"({NAMES[0]}, ...) and its class ({LABELS[0]}, ...)")
    names, lines = _class_names(path.parent), []
    for row in table[1:]:
        if len(row) <= max(name, label):
            raise ArgumentError(f"{path}: {mark.join(row)!r} must have {len(head)} columns")
        part = part_of(row[split]) if split is not None and split < len(row) else _part(path)
        lines.append(Line(_full_name(row, head, name), names.get(row[label], row[label]), part))
    return lines


def _full_name(row, head, name):
    """The name of a clip: of Kinetics', cut from a film, the id with the seconds of the cut."""
    if {"time_start", "time_end"} <= set(head):
        times = [row[head.index(word)] for word in ("time_start", "time_end")]
        if all(re.fullmatch(r"\d+(\.\d+)?", time) for time in times):
            return row[name] + "".join(f"_{int(float(time)):06}" for time in times)
    return row[name]


def _keys(name):
    """What a clip may be called in a list, from its whole path to its bare name."""
    path = Path(composed(name.replace("\\", "/")))
    return dict.fromkeys([path.as_posix(), "/".join(path.parts[-2:]), path.name,
                          "/".join([*path.parts[-2:-1], path.stem]), path.stem])


def _place(line, places):
    """The path of a clip, or None; its whole name goes before its last part."""
    cut = re.sub(r"_\d{6}_\d{6}$", "", line.name)     # Kinetics, whose files may have the bare id
    for key in [*_keys(f"{line.label}/{line.name}"), *_keys(line.name), *_keys(cut)]:
        if found := places.get(key):
            if len(found) > 1:
                raise ArgumentError(f"the split list names {line.name}, and there are "
                                    f"{len(found)}: {found[0]} and {found[1]}")
            return found[0]
    return None
