"""Clips in class folders: root/label/clip.avi, the layout of UCF101, HMDB51 and KTH."""

import copy
import re
from pathlib import Path
from typing import NamedTuple

import numpy as np

from vidlearn import video
from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.datasets.cache import Cache
from vidlearn.video import sample, transform

SUFFIXES = (".mp4", ".avi", ".mkv", ".webm", ".mov", ".m4v", ".mpg", ".mpeg", ".wmv", ".flv",
            ".gif", ".ts")
LARGEST = 10_000             # frames per clip, pixels per side: more is a typing error
SIZE = kinds.either("a length or (height, width) in whole pixels", kinds.INTEGER,
                    kinds.row("", kinds.INTEGER))
AUGMENT = kinds.fitting("a function of frames and rng, or None",
                        lambda value: value is None or callable(value))
SOURCE = kinds.fitting("a pattern or a function",
                       lambda value: isinstance(value, str) or callable(value))
ERRORS = kinds.fitting("a list of VideoErrors, as scan returns it", lambda errors: isinstance(
    errors, (list, tuple)) and all(hasattr(error, "path") for error in errors))
NUMBERS = kinds.array("a list of clip numbers", 1, dtypes="iu", empty=True)


class Item(NamedTuple):
    """A clip and the number of its class."""

    path: Path
    label: int


@checked
def default_augment(frames: kinds.COLOURS, rng):
    """The default augmentation of Folder: a random crop and colour jitter, one for all frames."""
    cropped = transform.random_resized_crop(frames, frames.shape[1:3], rng, scale=(0.6, 1.0))
    return transform.color_jitter(cropped, rng)


@checked
class Folder:
    """A dataset of clips in class folders; the classes are the folders' names, sorted.

    Every clip gives `frames` evenly spaced frames at `size`; `draw` takes random frames instead and
    changes them by `augment(frames, rng)`. Decoded clips are kept in a cache.

    Units    size: (height, width) pixels, or one number for both; clips are stretched to it
    Raises   ArgumentError if there is no class folder, a class without clips, a clip without class,
             or `source` is not a regular expression
    """

    def __init__(self, root: kinds.PATH, *, frames: kinds.INTEGER = 16, size: SIZE = 112,
                 augment: AUGMENT = default_augment, suffixes: kinds.WORDS = SUFFIXES,
                 source: SOURCE = None, cache: kinds.having("a Cache", "frames") = None):
        self.root = Path(root)
        self.frames = frames
        self.size = (size, size) if np.ndim(size) == 0 else tuple(size)
        if len(self.size) != 2 or not all(1 <= n <= LARGEST for n in (frames, *self.size)):
            raise ArgumentError(f"{frames} frames of size {size}: each must be 1 to {LARGEST}")
        self.augment, self.source = augment, source
        _check_pattern(source)
        self.cache = Cache() if cache is None else cache
        self.suffixes = tuple(suffix.lower() for suffix in suffixes)
        self.classes, self.items = self._find()

    def __len__(self):
        return len(self.items)

    def __repr__(self):
        counts = np.bincount(self.labels, minlength=len(self.classes))
        each = ", ".join(f"{name} {n}" for name, n in zip(self.classes, counts, strict=True))
        return f"Folder({self.root.name}: {len(self)} clips; {each})"

    def __getitem__(self, i):
        """Clip `i` as a network takes it, without randomness, and its label.

        Shapes   (3, T, H, W) float32 in 0..1, int
        """
        path, label = self.items[i]
        frames = self.cache.frames(path, self.size)
        return video.to_tensor(frames[sample.uniform(len(frames), self.frames)]), label

    def draw(self, i: kinds.INTEGER, rng):
        """Clip `i` for training: random frames, augmented, and its label."""
        path, label = self.items[i]
        frames = self.cache.frames(path, self.size)
        frames = frames[sample.segments(len(frames), self.frames, rng)]
        if self.augment is not None:
            frames = self.augment(frames, rng)
        return video.to_tensor(frames), label

    @property
    def labels(self):
        """The label of every clip, (N,) int64."""
        return np.array([label for _, label in self.items], np.int64)

    @property
    def names(self):
        """The path of every clip, relative to the root."""
        return tuple(path.relative_to(self.root).as_posix() for path, _ in self.items)

    @property
    def groups(self):
        """The source of every clip, by `source`: a function of the path, or a pattern for its name.

        Raises   ArgumentError if no `source` was given, or the pattern is not in a name
        """
        if self.source is None:
            raise ArgumentError("the source of each clip is not known: give Folder a source=, such "
                                "as r'_(g\\d+)_' for UCF101's names or number_blocks(18)")
        return np.array([self._group(path) for path, _ in self.items])

    def subset(self, numbers: NUMBERS):
        """The same dataset with these clips only; it keeps all classes."""
        part = copy.copy(self)
        part.items = [self.items[int(i)] for i in numbers]
        return part

    def scan(self):
        """Decode every clip (and keep it in the cache).

        Returns  a list with the VideoError of each damaged clip, with its path and reason
        """
        damaged = []
        for path, _ in self.items:
            try:
                self.cache.frames(path, self.size)
            except video.VideoError as error:
                damaged.append(error)
        return damaged

    def without(self, damaged: ERRORS):
        """The same dataset without the clips that `scan` found damaged."""
        paths = {Path(error.path) for error in damaged}
        return self.subset([i for i, item in enumerate(self.items) if item.path not in paths])

    def _group(self, path):
        if callable(self.source):
            return str(self.source(path))
        found = re.search(self.source, path.name)
        group = found and found[min(found.re.groups, 1)]
        if not group:
            raise ArgumentError(f"{path}: source pattern {self.source!r} is not in its name")
        return group

    def _find(self):
        if not self.root.is_dir():
            raise ArgumentError(f"{self.root}: there is no such folder of clips")
        folders = sorted(f for f in self.root.iterdir() if f.is_dir() and f.name[0] not in "._")
        stray = [p.name for p in sorted(self.root.iterdir()) if self._is_clip(p)]
        if stray:
            raise ArgumentError(f"{self.root}: {len(stray)} clips have no class, the first is "
                                f"{stray[0]}: put each in a folder named after its class")
        if not folders:
            raise ArgumentError(f"{self.root}: there is no class folder in it; clips are expected "
                                "as root/label/clip.mp4")
        items = [Item(path, label) for label, folder in enumerate(folders)
                 for path in self._clips(folder)]
        return tuple(folder.name for folder in folders), items

    def _clips(self, folder):
        clips = sorted(path for path in folder.rglob("*") if self._is_clip(path))
        if not clips:
            raise ArgumentError(f"{folder}: there is no clip of this class; clips end "
                                f"in {', '.join(self.suffixes)}")
        return clips

    def _is_clip(self, path):
        return path.suffix.lower() in self.suffixes and path.name[0] != "." and path.is_file()


def _check_pattern(source):
    try:
        re.compile(source if isinstance(source, str) else "")
    except re.error as error:
        raise ArgumentError(f"source {source!r} is not a pattern: {error}") from error
