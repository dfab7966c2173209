"""Clips in class folders: root/label/clip.avi, or root/train/label/clip.avi with its split.

The split may be inside as well: root/label/train/clip.avi.
"""

import copy
import re
import warnings
from pathlib import Path
from typing import NamedTuple

import numpy as np

from vidlearn import video
from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.datasets import layout, split_list
from vidlearn.datasets.cache import Cache
from vidlearn.datasets.layout import SUFFIXES
from vidlearn.datasets.twins import twins
from vidlearn.video import sample, transform

NAMED = 10                   # clips, at most, in a line of a warning
LARGEST = 10_000             # frames per clip, pixels per side: more is a typing error
MOST = 2**30                 # bytes of the frames that a clip gives
SIZE = kinds.either("a length or (height, width) in whole pixels", kinds.INTEGER,
                    kinds.row("", kinds.INTEGER))
AUGMENT = kinds.fitting("a function of frames and rng, or None",
                        lambda value: value is None or callable(value))
SOURCE = kinds.fitting("a pattern or a function",
                       lambda value: isinstance(value, str) or callable(value))
ERRORS = kinds.fitting("a list of VideoErrors, as scan returns it", lambda errors: isinstance(
    errors, (list, tuple)) and all(hasattr(error, "path") for error in errors))
LISTS = kinds.either("the path of a split list, or a list of them", kinds.row("", kinds.PATH),
                     kinds.PATH)
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
    changes them by `augment(frames, rng)`. Decoded clips are kept in a cache. Folders train, val
    and test with the classes inside, or inside each class, or a `split_list` (UCF101's, HMDB51's, a
    table of names and labels), say which clips `parts` has. A warning names what is left out:
    `left_out`. With `allow_damaged`, damaged clips are used as far as they can be decoded: `scan`
    names them.

    Units    size: (height, width) pixels, or one number for both; clips are stretched to it
    Raises   ArgumentError if there is no class folder, a class without clips, a clip without class,
             folders that are neither classes nor parts, or `source` is not a regular expression
    """

    def __init__(self, root: kinds.PATH, *, frames: kinds.INTEGER = 16, size: SIZE = 112,
                 augment: AUGMENT = default_augment, suffixes: kinds.WORDS = SUFFIXES,
                 source: SOURCE = None, cache: kinds.having("a Cache", "frames") = None,
                 split_list: LISTS = None, allow_damaged=False):
        self.root = Path(root)
        self.frames = frames
        self.size = (size, size) if np.ndim(size) == 0 else tuple(size)
        if len(self.size) != 2 or not all(1 <= n <= LARGEST for n in (frames, *self.size)):
            raise ArgumentError(f"{frames} frames of size {size}: each must be 1 to {LARGEST}")
        if frames * self.size[0] * self.size[1] * 3 > MOST:
            raise ArgumentError(f"{frames} frames of size {size} take more than "
                                f"{MOST / 2**30:.0f} GiB a clip: take fewer frames or a smaller "
                                "size")
        self.augment, self.source, self.allow_damaged = augment, source, allow_damaged
        _check_pattern(source)
        self.cache = Cache() if cache is None else cache
        self.suffixes = tuple(suffix.lower() for suffix in suffixes)
        self._find(split_list)

    def __len__(self):
        return len(self.items)

    def __repr__(self):
        counts = np.bincount(self.labels, minlength=len(self.classes))
        each = ", ".join(f"{name} {n}" for name, n in zip(self.classes, counts, strict=True))
        out = f"; {len(self.left_out)} left out" if self.left_out else ""
        return f"Folder({self.root.name}: {len(self)} clips; {each}{out})"

    def __getitem__(self, i):
        """Clip `i` as a network takes it, without randomness, and its label.

        Shapes   (3, T, H, W) float32 in 0..1, int
        """
        path, label = self.items[i]
        frames = self._decoded(path, self.allow_damaged)
        return video.to_tensor(frames[sample.uniform(len(frames), self.frames)]), label

    def draw(self, i: kinds.INTEGER, rng):
        """Clip `i` for training: random frames, augmented, and its label."""
        path, label = self.items[i]
        frames = self._decoded(path, self.allow_damaged)
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

    @property
    def parts(self):
        """The parts of the split that the folder or the list gives, as datasets by name.

        Returns  {"train": ..., "val": ..., "test": ...}, those that there are; {} without a split
        """
        of = [self._part[path] for path, _ in self.items]
        return {name: self.subset([i for i, part in enumerate(of) if part == name])
                for name in ("train", "val", "test") if name in of}

    def subset(self, numbers: NUMBERS):
        """The same dataset with these clips only; it keeps all classes."""
        part = copy.copy(self)
        part.items = [self.items[int(i)] for i in numbers]
        return part

    def scan(self):
        """Decode every clip (and keep it in the cache).

        With `allow_damaged`, a warning counts and names the damaged clips of which a part is used.

        Returns  a list with the VideoError of each damaged clip, with its path and reason; with
                 `allow_damaged`, of each clip that gives no frame
        """
        damaged, in_part = [], []
        for path, _ in self.items:
            try:
                self._decoded(path)
            except video.VideoError as error:
                (in_part if self._gives_frames(path) else damaged).append(error)
        if in_part:
            warnings.warn(f"{self.root}: {len(in_part)} of {len(self)} clips are damaged, and used "
                          f"as far as they go: {self._named(in_part)}", stacklevel=3)
        return damaged

    def without(self, damaged: ERRORS):
        """The same dataset without the clips that `scan` found damaged."""
        paths = {Path(error.path) for error in damaged}
        return self.subset([i for i, item in enumerate(self.items) if item.path not in paths])

    def _decoded(self, path, allow_damaged=False):
        return self.cache.frames(path, self.size, self.frames, allow_damaged)

    def _gives_frames(self, path):
        """Whether a damaged clip may be used, and has something to use."""
        try:
            return self.allow_damaged and len(self._decoded(path, True)) > 0
        except video.VideoError:
            return False

    def _named(self, errors):
        """The clips of VideoErrors, with how much of each can be decoded."""
        names = [f"{Path(error.path).relative_to(self.root).as_posix()}"
                 + (f" ({error.decoded} of {error.declared} frames)" if error.declared else "")
                 for error in errors[:NAMED]]
        return ", ".join(names) + ", ..." * (len(errors) > NAMED)

    def _group(self, path):
        if callable(self.source):
            return str(self.source(path))
        found = re.search(self.source, path.name)
        group = found and found[min(found.re.groups, 1)]
        if not group:
            raise ArgumentError(f"{path}: source pattern {self.source!r} is not in its name")
        return group

    def _find(self, lists):
        if not self.root.is_dir():
            raise ArgumentError(f"{self.root}: there is no such folder of clips")
        missing = ()
        if lists is None:
            found, self.left_out = layout.find(self.root, self.suffixes)
        else:
            lists = lists if isinstance(lists, tuple) else (lists,)
            found, self.left_out, missing = split_list.find(self.root, lists, self.suffixes)
        self.classes = tuple(sorted({clip.label for clip in found}))
        numbers = {name: label for label, name in enumerate(self.classes)}
        self.items = [Item(clip.path, numbers[clip.label]) for clip in found]
        self._part = {clip.path: clip.part for clip in found}
        for line in self._remarks(missing, twins(found)):
            warnings.warn(line, stacklevel=4)

    def _remarks(self, missing, same):
        """What somebody should know of this folder, in one line each."""
        if self.left_out:
            yield layout.said(self.left_out, self.root)
        if missing:
            yield (f"{self.root}: {len(missing)} clips of the split list are not in it, the first "
                   f"is {missing[0]}")
        if same:
            a, b = (path.relative_to(self.root).as_posix() for path in same[0])
            yield (f"{self.root}: {len(same)} clips are in two classes or parts, byte for byte; "
                   f"the first: {a} and {b}")


def _check_pattern(source):
    try:
        re.compile(source if isinstance(source, str) else "")
    except re.error as error:
        raise ArgumentError(f"source {source!r} is not a pattern: {error}") from error
