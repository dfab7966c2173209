"""vidlearn classify: what does a clip show?"""

from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from vidlearn.checks import ArgumentError
from vidlearn.cli.errors import warnings_in_one_line
from vidlearn.cli.interrupt import SilentInterrupt
from vidlearn.cli.options import COUNT, AllowDamaged, Device, Engine


def classify(
    clip: Annotated[Path, Argument(metavar="CLIP", help="A video file.")],
    weights: Annotated[Path, Option(
        "--weights", "-w", metavar="FILE", help="The file that train wrote.")],
    top: Annotated[int, Option(**COUNT, help="At most this many classes.")] = 5,
    timeline: Annotated[bool, Option("--timeline", help="Plot and caption a long video.")] = False,
    window: Annotated[float | None, Option(
        metavar="SECONDS", help="How much of the video to classify at a time.")] = None,
    out: Annotated[Path | None, Option(
        metavar="FOLDER", help="Where to write the plot and the video.")] = None,
    allow_damaged: AllowDamaged = False,
    engine: Engine = "torch",
    device: Device = "cpu",
):
    """Say what a clip shows, the most probable class first.

    \b
    Examples:
      vidlearn classify clip.mp4 --weights fights.safetensors
      vidlearn classify match.mp4 --weights fights.safetensors --timeline --out results
    """
    with SilentInterrupt():
        from vidlearn import engine as engines
        from vidlearn.inference import classify
        from vidlearn.inference import weights as files

        classifier = files.load(weights, engines.get(engine, device))     # imports PyTorch
    if timeline:
        return _timeline(clip, classifier, window, out or Path(), top, allow_damaged)
    if (window, out) != (None, None):
        raise ArgumentError("--window and --out need --timeline: add it, or leave them out")
    with warnings_in_one_line():
        found = classify.classify(clip, classifier, top, allow_damaged)
    for name, probability in found:
        typer.echo(f"{probability:6.1%}  {name}")


def _timeline(clip, classifier, window, folder, top, allow_damaged):
    with SilentInterrupt():
        from vidlearn.files import atomic
        from vidlearn.inference.timeline import timeline
        from vidlearn.show import timelines

    plot, copy = (folder / f"{clip.stem}.timeline{suffix}" for suffix in (".png", ".webm"))
    for path in (plot, copy):
        atomic.check(path)
    with warnings_in_one_line():
        found = timeline(clip, classifier, window, allow_damaged=allow_damaged)
    for start, stop, name, probability in found.rows():
        typer.echo(f"{start:8.1f} s to {stop:6.1f} s  {probability:6.1%}  {name}")
    timelines.save_timeline(found, plot, top)
    timelines.caption_video(found, copy)
    typer.echo(f"{plot.name} and .webm in {plot.parent.resolve()}")
