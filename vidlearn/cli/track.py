"""vidlearn track: who walks through a film, crosses a line, stays in a zone?"""

import time
from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from vidlearn.checks import ArgumentError
from vidlearn.cli.errors import warnings_in_one_line
from vidlearn.cli.interrupt import SilentInterrupt
from vidlearn.cli.options import AllowDamaged

FAINT, SURE = 0.55, 0.7     # scores: what keeps a track alive, and what begins one
ROWS = 120                  # pixels: the height of a picture for which the tracker's units are made
SPEED, REACH = 0.9, 10.0    # pixels, of these: how far somebody unseen may have walked a frame
DETECTORS = ("fastestdet", "background")


def track(
    clip: Annotated[Path, Argument(metavar="CLIP", help="A video file.")],
    detector: Annotated[str, Option(
        metavar="NAME", help="fastestdet (people), or background (whatever moves before a camera "
                             "that stands still).")] = "fastestdet",
    count: Annotated[str | None, Option(
        metavar="X0,Y0,X1,Y1", help="Count who crosses this line, in pixels.")] = None,
    zone: Annotated[str | None, Option(
        metavar="X0,Y0,X1,Y1,...", help="Time who stays between these corners.")] = None,
    out: Annotated[Path | None, Option(
        "--out", "-o", metavar="FILE", help="Write the tracks, in MOT's text format.")] = None,
    report: Annotated[Path | None, Option(
        metavar="FILE", help="Write crossings and visits: .json or .csv.")] = None,
    film: Annotated[Path | None, Option(
        metavar="FILE", help="Write a film with boxes, numbers and trails: .mp4 or .webm.")] = None,
    allow_damaged: AllowDamaged = False,
    engine: Annotated[str, Option(
        metavar="LIBRARY", help="Of fastestdet: scratch (by hand), torch, or opencv (the fastest)."
    )] = "opencv",
):
    """Follow everybody in a film of a camera that stands still.

    A line is crossed to the left or to the right as seen by somebody who walks from its first point
    to its second. People stand where the lower edge of their box is.

    \b
    Examples:
      vidlearn track street.mp4 --film tracked.mp4
      vidlearn track street.mp4 --count 320,480,320,0 --report counts.json
      vidlearn track street.mp4 --zone 100,200,300,200,300,400,100,400 --out tracks.txt
    """
    if detector not in DETECTORS:
        raise ArgumentError(f"--detector {detector}: it is {' or '.join(DETECTORS)}")
    line = count and _numbers("--count", count, 4)
    sides = zone and _numbers("--zone", zone, 6)
    corners = zone and list(zip(sides[::2], sides[1::2], strict=True))
    with SilentInterrupt():
        from vidlearn.surveillance import record
        from vidlearn.surveillance import report as reports
        from vidlearn.surveillance.watch import Watch

    if report is not None:
        reports.check_suffix(report)
    with warnings_in_one_line():
        find = _detector(detector, clip, not allow_damaged, engine)
        watch = Watch(find, _tracker(clip), line, corners)
        start = time.perf_counter()
        found = record.record(clip, watch, out, film, strict=not allow_damaged)
        seconds = time.perf_counter() - start
    if report is not None:
        reports.save_report(found, report)
    _tell(found, watch)
    written = [str(path) for path in (out, report, film) if path is not None]
    typer.echo(f"{found.frames} frames, {found.frames / max(seconds, 1e-9):.0f} a second"
               + f"; written: {', '.join(written)}" * bool(written))


def _detector(name, clip, strict, engine):
    """A function that finds people, or whatever moves, in a frame of the clip."""
    with SilentInterrupt():
        from vidlearn.inference import detector
        from vidlearn.inference.detect import detect
        from vidlearn.surveillance import blobs, record

    if name == "background":
        return blobs.Blobs(record.scene_of(clip, strict)).detect
    people = detector.load(engine)
    return lambda frame: next(detect([frame], people, score=FAINT))


def _tracker(clip):
    """Two steps, and whoever was lost is known again by their colours."""
    with SilentInterrupt():
        from vidlearn import video
        from vidlearn.tracking.appearance import Reidentified
        from vidlearn.tracking.tracker import TwoStep

    scale = video.probe(clip).height / ROWS
    return Reidentified(TwoStep(low=FAINT, high=SURE), speed=SPEED * scale, reach=REACH * scale)


def _numbers(option, text, least):
    """The numbers of a line (exactly 4) or of a zone's corners (6 or more, two a corner)."""
    try:
        numbers = [float(word) for word in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != 4 if least == 4 else len(numbers) < least or len(numbers) % 2:
        wanted = "four numbers x0,y0,x1,y1" if least == 4 else \
            "three corners or more, x0,y0,x1,y1,x2,y2"
        raise ArgumentError(f"{option} {text}: it takes {wanted}, with commas and without spaces")
    return numbers


def _tell(found, watch):
    """Say in a few lines what happened."""
    if not found.detections:
        typer.echo(f"nobody was found in {found.frames} frames: another --detector may find more")
        return
    typer.echo(f"{found.people} people or things followed, at most {found.most} at once")
    if watch.counter:
        typer.echo("crossed the line: {left} to the left, {right} to the right".format(
            **watch.counter.counts))
    if watch.timer:
        stays = [seconds for _, _, seconds in found.visits]
        typer.echo(f"visits to the zone: {len(stays)}" + (
            f", {sum(stays) / len(stays):.1f} s on average, the longest {max(stays):.1f} s"
            if stays else ""))
