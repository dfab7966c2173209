"""vidlearn train: from a folder of clips to a classifier in one file."""

import os
from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from vidlearn import models
from vidlearn.checks import ArgumentError
from vidlearn.cli.errors import in_one_line, warnings_in_one_line
from vidlearn.cli.interrupt import SilentInterrupt
from vidlearn.cli.options import COUNT, AllowDamaged, Device, Engine


def train(
    folder: Annotated[Path, Argument(
        metavar="FOLDER", help="Holds a folder for each class, or train, val and test.")],
    out: Annotated[Path | None, Option(
        "--out", "-o", metavar="FILE", help="The weights; without it, FOLDER.safetensors.")] = None,
    model: Annotated[str, Option(metavar="MODEL", help=", ".join(models.NAMES))] = "r2plus1d",
    motion: Annotated[bool, Option("--motion", help="Show the model only what changes.")] = False,
    engine: Engine = "torch",
    device: Device = "cpu",
    epochs: Annotated[int, Option(**COUNT, help="Passes over all clips.")] = 20,
    batch: Annotated[int, Option(**COUNT, help="Clips in a batch.")] = 16,
    lr: Annotated[float, Option(metavar="RATE", help="The highest learning rate.")] = 3e-3,
    frames: Annotated[int, Option(**COUNT, max=4096, help="Frames taken from each clip.")] = 16,
    size: Annotated[int, Option(min=8, max=4096, metavar="N", help="Pixels a side.")] = 112,
    source: Annotated[str | None, Option(
        metavar="PATTERN",
        help="Clips whose names have the same match of this pattern are one recording.")] = None,
    blocks: Annotated[int | None, Option(
        **COUNT, help="Treat every N consecutively numbered clips as one recording.")] = None,
    split_list: Annotated[list[Path] | None, Option(
        metavar="FILE", help="Names the clips of each part: UCF101's, HMDB51's, a CSV.")] = None,
    share: Annotated[float, Option(metavar="SHARE", help="Share of clips for validation.")] = 0.2,
    seed: Annotated[int, Option(min=0, metavar="N", help="The same seed, the same run.")] = 0,
    skip_damaged: Annotated[bool, Option("--skip-damaged", help="Leave damaged ones out.")] = False,
    allow_damaged: AllowDamaged = False,
    resume: Annotated[bool, Option("--resume", help="Continue an interrupted run.")] = False,
    overwrite: Annotated[bool, Option("--overwrite", help="Replace an earlier run.")] = False,
):
    """Train a classifier on clips, a folder of them for each class.

    \b
    Examples:
      vidlearn train clips
      vidlearn train UCF101 --source "_(g\\d+)_" --model c3d --device cuda
      vidlearn train UCF101 --split-list ucfTrainTestlist/trainlist01.txt
      vidlearn train fights --blocks 18 --motion --size 64
    """
    with SilentInterrupt():
        from vidlearn.datasets.split import number_blocks
        from vidlearn.training import recipe

        out = out or Path(f"{Path(os.path.abspath(folder)).name}.safetensors")
        recipe.check(out, model, engine, device)      # and imports PyTorch
    if blocks and source:
        raise ArgumentError("--source and --blocks both say which clips are of one recording: "
                            "give only one of them")
    if skip_damaged and allow_damaged:
        raise ArgumentError("--skip-damaged leaves damaged clips out and --allow-damaged uses them:"
                            " give only one of them")
    recipe.check_start(out, resume, overwrite)
    try:
        with warnings_in_one_line():
            found, damaged = recipe.read_clips(
                folder, frames=frames, size=size, skip_damaged=skip_damaged,
                allow_damaged=allow_damaged,
                source=number_blocks(blocks) if blocks else source, split_list=split_list or None)
            for error in damaged:
                typer.echo(f"left out: {in_one_line(error)}", err=True)
            training, validation = recipe.split(found, share, seed)
            _tell_split(found, training, validation)
        result = recipe.learn(training, validation, out, model=model, motion=motion, engine=engine,
                              device=device, seed=seed, epochs=epochs, batch=batch, lr=lr,
                              resume=resume)
    except KeyboardInterrupt:
        kept = recipe.state_of(out).exists()
        typer.echo("\nStopped. " + (f"The same command with --resume goes on with {out}." if kept
                                    else "Nothing had been learned yet."), err=True)
        raise typer.Exit(130) from None
    typer.echo(f"{result}, on the clips that also chose the epoch")
    if test := found.parts.get("test"):
        score = recipe.score(out, test, engine, device)
        typer.echo(f"{score}, on the test clips, which had no part in the training")
    typer.echo(f"{out} holds the classifier")


def _tell_split(found, training, validation):
    if parts := found.parts:
        given = ", ".join(f"{name} {len(part)}" for name, part in parts.items())
        typer.echo(f"The split is given: {given}. {len(training)} clips to learn from, "
                   f"{len(validation)} to choose the epoch", err=True)
    if found.source is None and "val" not in parts:
        typer.echo("No --source and no --blocks: clips of one recording may be on both sides, "
                   "and the result too good.", err=True)
