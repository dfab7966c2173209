"""Watch a film once, and write tracks and a painted film as it goes."""

from collections import deque
from contextlib import nullcontext
from itertools import islice
from pathlib import Path

from vidlearn import video
from vidlearn.checks import ArgumentError, checked
from vidlearn.files import atomic
from vidlearn.surveillance.blobs import ROWS, empty_scene
from vidlearn.surveillance.film import WATCH, Painter

SCENE_FRAMES, SCENE_STEP = 60, 10               # from which the empty scene is taken


@checked
def record(path, watch: WATCH, tracks=None, film=None, strict=True):
    """Watch a film from its first to its last frame, with memory for those in view.

    Units    tracks: a text file to write in MOT's format, lines of frame, id, left, top, width,
             height, 1, -1, -1, -1, where frames and pixels begin with 1; film: a new file with
             boxes, numbers and trails; both are there whole or not at all
    Returns  the Report of the watch
    Raises   VideoError if the film cannot be read, or is damaged and `strict` is on; ArgumentError
             if a file to write is the film itself, or the new film exists; OSError that names the
             file
    """
    for target in filter(None, (tracks, film)):
        if Path(target).resolve() == Path(path).resolve():
            raise ArgumentError(f"{target} is the film itself: give another name for what is "
                                "written")
        atomic.check(target)
    if film and Path(film).exists():
        raise ArgumentError(f"{film} exists already: choose another name, or remove it")
    rate = video.probe(path).fps
    with atomic.writing(tracks) if tracks else nullcontext() as file:
        moments = _noted(watch.moments(video.frames(path, strict=strict)), file)
        if film is None:
            deque(moments, maxlen=0)
        else:
            video.write(film, map(Painter(watch).paint, moments), rate)
    return watch.report


@checked
def scene_of(path, strict=True):
    """The empty scene of a film, from some of its first frames, 240 rows high at most.

    Shapes   ->  (H, W, 3) uint8
    Raises   VideoError if the film cannot be read
    """
    facts = video.probe(path)
    scale = max(facts.height / ROWS, 1)
    size = tuple(max(round(side / scale), 1) for side in (facts.height, facts.width))
    frames = video.frames(path, step=SCENE_STEP, size=size, strict=strict)
    return empty_scene([frame for _, frame in islice(frames, SCENE_FRAMES)])


def _noted(moments, file):
    """The same moments, each with its lines in the file."""
    for moment in moments:
        if file:
            file.writelines(_line(moment.number, name, box).encode() for name, box in zip(
                moment.ids, moment.boxes, strict=True))
        yield moment


def _line(number, name, box):
    x0, y0, x1, y1 = box
    return (f"{number + 1},{name},{x0 + 1:.2f},{y0 + 1:.2f},{x1 - x0:.2f},{y1 - y0:.2f},"
            "1,-1,-1,-1\n")
