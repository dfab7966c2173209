"""vidlearn detect: which objects does each frame of a film show, and where?"""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from vidlearn.checks import ArgumentError
from vidlearn.cli.errors import warnings_in_one_line
from vidlearn.cli.interrupt import SilentInterrupt
from vidlearn.cli.options import AllowDamaged, Device

ALL = "all"


def detect(
    clip: Annotated[Path, Argument(metavar="CLIP", help="A video file.")],
    labels: Annotated[str, Option(
        metavar="NAMES", help="What to look for, of COCO's 80 classes: person,car; or all.")
    ] = "person",
    score: Annotated[float, Option(
        min=0, max=1, metavar="SCORE", help="Leave out what is less certain.")] = 0.65,
    tiles: Annotated[int, Option(
        min=1, max=8, metavar="N", help="Search NxN parts of each frame, too: finds small objects, "
        "slower. Take --score 0.75 with 2.")] = 1,
    out: Annotated[Path | None, Option(
        metavar="FILE", help="Write the boxes to this .csv or .jsonl file.")] = None,
    film: Annotated[Path | None, Option(
        metavar="FILE", help="Write a film with the boxes drawn: .mp4 or .webm.")] = None,
    allow_damaged: AllowDamaged = False,
    engine: Annotated[str, Option(
        metavar="LIBRARY", help="scratch (by hand), torch, or opencv (the fastest).")] = "torch",
    device: Device = "cpu",
):
    """Find people, or objects of 80 classes, in each frame of a film.

    Without --out and --film, the boxes are printed as CSV.

    \b
    Examples:
      vidlearn detect street.mp4 --out street.csv --film boxes.mp4
      vidlearn detect street.mp4 --labels person,car --tiles 2 --score 0.75 --out street.jsonl
    """
    with SilentInterrupt():
        from tqdm import tqdm

        from vidlearn import video
        from vidlearn.inference import detector as detectors
        from vidlearn.inference import found as files
        from vidlearn.inference.detect import detect_in_film
        from vidlearn.show.detections import film_detections, frame_rate

        _check(out, film, files, video)
        detector = detectors.load(engine, device)                     # imports PyTorch
    wanted = None if labels.strip() == ALL else [name.strip() for name in labels.split(",")]
    rows, count = [], Counter()
    with warnings_in_one_line():
        pairs = detect_in_film(clip, detector, wanted, score, tiles, allow_damaged=allow_damaged)
        rate = film and frame_rate(clip, strict=not allow_damaged)
        pairs = tqdm(pairs, unit=" frames", disable=None, leave=False)       # only on a screen
        pairs = _noted(pairs, rows, count, detector.classes, files)
        if film:
            film_detections(film, pairs, detector.classes, rate)
        else:
            for _ in pairs:
                pass
    if out:
        files.save(out, rows)
    elif not film:
        typer.echo(files.as_csv(rows), nl=False)
    typer.echo(_summary(rows, count["frames"], wanted, score), err=True)
    for path in filter(None, (out, film)):
        typer.echo(path.resolve(), err=True)


def _check(out, film, files, video):
    """Refuse, before long work, what cannot be written."""
    if out:
        files.check(out)
    if film:
        if film.suffix.lower() not in (".mp4", ".webm", ".mkv"):
            raise ArgumentError(f"{film} must end in .mp4, .webm or .mkv")
        if film.exists():
            raise ArgumentError(f"{film} exists already: choose another name, or remove it")
        if not film.parent.is_dir():
            raise ArgumentError(f"{film}: there is no folder {film.parent}")


def _noted(pairs, rows, count, classes, files):
    """Pass on what was found in each frame, and note it in `rows`."""
    for number, (second, frame, found) in enumerate(pairs):
        rows += files.listed(number, second, found, classes)
        count["frames"] = number + 1
        yield second, frame, found


def _summary(rows, frames, wanted, score):
    if not rows:
        what = "object" if wanted is None else " or ".join(wanted)
        return (f"no {what} in {frames} frames with a score of {score:g} or more: a lower --score, "
                "or --tiles 2 for small ones, may find more")
    names = ", ".join(f"{name} {count}" for name, count in Counter(
        row.label for row in rows).most_common())
    return f"{len(rows)} boxes in {frames} frames: {names}"
