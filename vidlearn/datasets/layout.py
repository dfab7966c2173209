"""What lies where in a folder of clips: classes, parts of a split, and what is left out and why.

    root/label/clip.mp4             classes, with folders inside them or not
    root/train/label/clip.mp4       a split that is given: train, val and test
    root/label/train/clip.mp4       the same inside each class
"""

import os
import re
from itertools import combinations
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize

from vidlearn.checks import ArgumentError

SUFFIXES = (".mp4", ".m4v", ".mov", ".qt", ".avi", ".divx", ".mkv", ".webm", ".ogv", ".ogm",
            ".mpg", ".mpeg", ".mpe", ".m1v", ".m2v", ".mpv", ".vob", ".mod", ".tod",
            ".ts", ".mts", ".m2ts", ".m2t", ".3gp", ".3g2", ".wmv", ".asf", ".flv",
            ".f4v", ".mxf", ".dv", ".rm", ".rmvb", ".y4m", ".gif")
PARTS = {"train": "train|training|trn", "val": "val|valid|validate|validation|dev",
         "test": "test|testing|tst"}
ENDING, HIDDEN = "with an ending that is no film's", "whose name begins with . or _"
BROKEN, CLOSED = "linked to what is not there", "that may not be read"
TWICE, NO_FILE = "a link to a folder that is taken already", "that is no file"
EMPTY = "without a clip in it"


class Found(NamedTuple):
    """A clip, the name of its class, and the part of a given split: "train", "val", "test", ""."""

    path: Path
    label: str
    part: str = ""


class Top(NamedTuple):
    """A folder in the root: the clips directly in it, and those of each folder in it by name."""

    path: Path
    clips: list
    folders: dict


class Tree:
    """The clips below a folder; linked folders are followed once.

    `left_out` holds what is not taken: (path, reason)
    """

    def __init__(self, root, suffixes):
        self.root, self.suffixes = Path(root), suffixes
        self.left_out, self._seen = [], {_identity(self.root)}

    def inside(self, folder):
        """The clips and the folders that lie directly in a folder, in order."""
        clips, folders = [], []
        try:
            paths = sorted(Path(folder).iterdir())
        except OSError:
            self.left_out.append((folder, CLOSED))
            return clips, folders
        for path in paths:
            if why := self._why_not(path):
                self.left_out.append((path, why))
            else:
                (folders if os.path.isdir(path) else clips).append(path)
        return clips, folders

    def below(self, folder):
        """All clips in a folder and in the folders in it, in order."""
        clips, folders = self.inside(folder)
        return sorted(clips + [path for inner in folders for path in self.below(inner)])

    def _why_not(self, path):
        """The reason why a file or a folder is not taken, or ""."""
        if os.path.isdir(path):
            if path.name[0] in "._":
                return HIDDEN
            if (key := _identity(path)) in self._seen:
                return TWICE
            self._seen.add(key)
            return ""
        if path.name[0] == ".":
            return HIDDEN
        if not os.path.exists(path):
            return BROKEN if path.is_symlink() else CLOSED
        if path.suffix.lower() not in self.suffixes:
            return ENDING
        return "" if os.path.isfile(path) else NO_FILE


def find(root, suffixes=SUFFIXES):
    """Look through a folder of class folders, or of train, val and test with classes inside.

    The parts of a split may also lie in the classes, if they do in all of them.

    Returns  a list of Found, and what is left out: (path, reason)
    Raises   ArgumentError if there is no class, a clip without a class or a class without a clip,
             or if folders are neither classes nor parts of a split: it names both
    """
    root, tree = Path(root), Tree(root, suffixes)
    stray, folders = tree.inside(root)
    if stray:
        raise ArgumentError(f"{root}: {len(stray)} clips have no class, the first is "
                            f"{stray[0].name}: put each in a folder named after its class")
    if not folders:
        raise ArgumentError(f"{root}: there is no class folder in it; clips are expected as "
                            "root/label/clip.mp4")
    listed = [(folder, *tree.inside(folder)) for folder in folders]
    tops = [Top(folder, clips, _by_name((inner, tree.below(inner)) for inner in inners))
            for folder, clips, inners in listed]
    empty = [top.path for top in tops if not top.clips and not top.folders]
    filled = [top for top in tops if top.path not in empty]
    if parts := _parts(filled):
        tree.left_out += [(path, EMPTY) for path in empty]
        found = [Found(path, label, part) for part, top in zip(parts, filled, strict=True)
                 for label, paths in top.folders.items() for path in paths]
        return found, tree.left_out
    if empty:
        raise ArgumentError(f"{empty[0]}: there is no clip of this class; clips end in "
                            f"{', '.join(suffixes)}")
    if _are_split_inside(filled):
        found = [Found(path, composed(top.path.name), part_of(part)) for top in filled
                 for part, paths in top.folders.items() for path in paths]
        return sorted(found, key=lambda clip: clip.label), tree.left_out
    classes = _by_name((top.path, sorted(sum(top.folders.values(), top.clips))) for top in filled)
    return [Found(path, label) for label, paths in classes.items() for path in paths], tree.left_out


def part_of(name):
    """The part of a split that a name stands for: "train", "val", "test", or ""."""
    return next((part for part, words in PARTS.items() if re.fullmatch(
        rf"(?i)({words})[ _-]?(set|data|split|clips|videos)?", name)), "")


def said(left_out, root):
    """One line: how many files and folders are left out, why, and the first of each kind."""
    reasons = {}
    for path, why in left_out:
        reasons.setdefault(why, []).append(Path(os.path.relpath(path, root)).as_posix())
    named = "; ".join(f"{len(names)} {why} ({', '.join(names[:3])}{', ...' * (len(names) > 3)})"
                      for why, names in reasons.items())
    return f"{root}: {len(left_out)} left out: {named}"


def composed(name):
    """A name in one spelling: é is one character on some systems, e and an accent on others."""
    return normalize("NFC", name)


def _parts(tops):
    """The part of a split that each folder stands for, or [] if all of them are classes."""
    parts = [part_of(top.path.name) for top in tops]
    known = set(parts) - {""}
    names = ", ".join(top.path.name for top in tops[:6])
    if known and "" not in parts and (len(known) > 1 or not any(top.clips for top in tops)):
        if loose := [top for top in tops if top.clips]:
            raise ArgumentError(
                f"{loose[0].path}: {names} are parts of a split, and {len(loose[0].clips)} clips "
                "of it have no class: they are expected as train/label/clip.mp4, or in a split "
                "list")
        return parts
    if len(known) > 1:
        raise ArgumentError(f"{tops[0].path.parent}: of {names}, some are parts of a split and "
                            "some are not: move the others away, or give one part alone")
    if _are_split_inside(tops):
        return []
    nested = [top for top in tops if not top.clips]
    for a, b in combinations(nested, 2):
        if len(same := sorted(set(a.folders) & set(b.folders))) > 1:
            raise ArgumentError(
                f"{a.path} and {b.path} are no classes: no clip lies directly in them, and both "
                f"hold folders of the same names ({', '.join(same[:3])}). Give one of the two, or "
                "name them train, val and test; if they are classes, put their clips directly in")
    return []


def _are_split_inside(tops):
    """Whether the clips of every class lie in folders of the parts of a split, two or three."""
    parts = [part_of(name) for top in tops for name in top.folders]
    return not any(top.clips for top in tops) and "" not in parts and len(set(parts)) > 1


def _by_name(pairs):
    """{name of the folder: its clips} of those that hold any; one name spelled twice is one."""
    found = {}
    for folder, clips in sorted(pairs, key=lambda pair: composed(pair[0].name)):
        if clips:
            found.setdefault(composed(folder.name), []).extend(clips)
    return found


def _identity(path):
    facts = os.stat(path)
    return facts.st_dev, facts.st_ino
