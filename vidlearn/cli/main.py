"""The vidlearn command. Heavy imports stay inside the commands, so that --help is fast."""

from vidlearn.cli.interrupt import AtOnce

with AtOnce():
    import os
    import re
    import sys
    from contextlib import suppress
    from pathlib import Path
    from typing import Annotated

    import typer
    from typer import Argument, Option

    from vidlearn import models
    from vidlearn.cli import data
    from vidlearn.cli.errors import Plain, UsageError
    from vidlearn.course import lab as labs

HOME = Path("~/vidlearn-course")
Engine = Annotated[str, Option(metavar="LIBRARY", help="scratch (by hand) or torch.")]
Device = Annotated[str, Option(metavar="DEVICE", help="cpu or cuda.")]
COUNT = {"min": 1, "metavar": "N"}


class Named(Plain):
    """Takes no empty word: as a path it would be the folder that one stands in."""

    def parse_args(self, ctx, args):
        if empty := [word for word in args if not word.strip() or re.match("-.*=$", word)]:
            raise UsageError(f"{empty[0]!r} names nothing; is a variable empty? This folder is .")
        return super().parse_args(ctx, args)


app = typer.Typer(cls=Named, no_args_is_help=True, add_completion=False, rich_markup_mode=None,
                  pretty_exceptions_enable=False,
                  context_settings={"help_option_names": ["-h", "--help"]})


def main():
    """Run the command line."""
    for stream in filter(None, (sys.stdout, sys.stderr)):     # either may be closed
        stream.reconfigure(errors="replace", line_buffering=True)     # ✓ on any code page
    with AtOnce():
        command = typer.main.get_command(app)
    try:
        command(prog_name="vidlearn")
    finally:
        with suppress(OSError, AttributeError):       # a full disk was told of; not again at exit
            sys.stdout.close()


@app.callback()
def start(debug: Annotated[bool, Option("--debug", help="Show an error's traceback.")] = False):
    """Deep learning for video, written twice: by hand in NumPy and with PyTorch.

    Begin with:  vidlearn lab
    """


@app.command()
def lab(
    folder: Annotated[Path, Argument(
        metavar="FOLDER", help="Where your copy goes; a checkout opens in place if none.")] = HOME,
    browser: Annotated[bool, Option(help="Open it in a browser window.")] = True,
):
    """Open the course in JupyterLab, in a copy of your own.

    Ctrl-C ends it. Run it again after an update: no file that you changed is overwritten.

    \b
    Examples:
      vidlearn lab
      vidlearn lab my-course --no-browser
    """
    folder = folder.expanduser()
    if folder == HOME.expanduser() and not labs.BUNDLED.is_dir():
        raise typer.Exit(labs.start(labs.course(), browser))
    typer.echo(f"{folder}: {labs.copy(labs.course(), folder)}")
    raise typer.Exit(labs.start(folder, browser))


@app.command()
def doctor():
    """Is this machine ready, and what mends it?

    Exit code 1 if a lesson would fail.
    """
    with AtOnce():
        from vidlearn import doctor

    raise typer.Exit(doctor.report())


@app.command()
def check(notebooks: Annotated[list[str] | None, Argument(
        metavar="NOTEBOOK", help="Paths or numbers; all of the course if none.")] = None):
    """Run notebooks: does each cell still say what is stored in it?

    \b
    Examples:
      vidlearn check 24
      vidlearn check my-course/notebooks/10_convolution.ipynb
    """
    with AtOnce():
        from vidlearn.course import replay

    failed = False
    for path in replay.find(notebooks):
        found = replay.judge(path)
        failed |= bool(found.differ)
        typer.echo(f"{path.stem}: {found}")
    raise typer.Exit(int(failed))


@app.command()
def compare(
    name: Annotated[str, Argument(metavar="NAME", help="A function (conv3d), or a layer (LSTM).")],
    shapes: Annotated[list[str] | None, Argument(
        metavar="SHAPE", help="Those of its arrays; ready-made ones if none.")] = None,
    settings: Annotated[list[str] | None, Option(
        "--set", metavar="OPTION=VALUE", help="Such as stride=2; give it again for more.")] = None,
    race: Annotated[bool, Option(help="Time both sides, too.")] = True,
    threads: Annotated[int, Option(**COUNT, help="Threads on each side.")] = 1,
):
    """Call by hand and PyTorch: do they agree, and how fast is each?

    \b
    Examples:
      vidlearn compare conv3d
      vidlearn compare conv2d 8,3,32,32 16,3,5,5 --set stride=2 --no-race
    """
    if not name.isidentifier():
        raise ValueError(f"{name!r} is no name of a function or a layer: take conv3d, or LSTM")
    with AtOnce():
        from vidlearn import compare
        from vidlearn.compare import example_calls

    arrays, options = example_calls.sample(name, shapes or (), settings or ())
    try:
        compare.twins(name, *arrays, **options)
        if race:
            typer.echo(compare.race(name, *arrays, threads=threads, **options))
    except (AttributeError, TypeError, RuntimeError, IndexError) as error:
        raise ValueError(f"{name}: {error}") from error


@app.command()
def train(
    folder: Annotated[Path, Argument(metavar="FOLDER", help="Holds a folder for each class.")],
    out: Annotated[Path | None, Option(
        "--out", "-o", metavar="FILE", help="The weights; FOLDER.safetensors if none.")] = None,
    model: Annotated[str, Option(metavar="MODEL", help=", ".join(models.NAMES))] = "r2plus1d",
    motion: Annotated[bool, Option("--motion", help="Show it only what changes.")] = False,
    engine: Engine = "torch",
    device: Device = "cpu",
    epochs: Annotated[int, Option(**COUNT, help="Times through all clips.")] = 20,
    batch: Annotated[int, Option(**COUNT, help="Clips a step.")] = 16,
    lr: Annotated[float, Option(metavar="RATE", help="The highest learning rate.")] = 3e-3,
    frames: Annotated[int, Option(**COUNT, max=4096, help="Frames taken from each.")] = 16,
    size: Annotated[int, Option(min=8, max=4096, metavar="N", help="Pixels high and wide.")] = 112,
    source: Annotated[str | None, Option(
        metavar="PATTERN", help="Clips whose names share what it finds are of one film.")] = None,
    blocks: Annotated[int | None, Option(
        **COUNT, help="Or: N clips in a row, by the numbers in their names, are.")] = None,
    share: Annotated[float, Option(metavar="SHARE", help="Of the clips, for validation.")] = 0.2,
    seed: Annotated[int, Option(min=0, metavar="N", help="The same seed, the same run.")] = 0,
    skip_damaged: Annotated[bool, Option("--skip-damaged", help="Leave those clips out.")] = False,
    resume: Annotated[bool, Option("--resume", help="Go on with an interrupted run.")] = False,
    overwrite: Annotated[bool, Option("--overwrite", help="Replace an earlier run.")] = False,
):
    """Train a classifier on clips, a folder of them for each class.

    \b
    Examples:
      vidlearn train clips
      vidlearn train UCF101 --source "_(g\\d+)_" --model c3d --device cuda
      vidlearn train fights --blocks 18 --motion --size 64
    """
    with AtOnce():
        from vidlearn.datasets.split import number_blocks
        from vidlearn.training import checkpoint, recipe

        out = out or Path(f"{Path(os.path.abspath(folder)).name}.safetensors")
        recipe.check(out, model, engine, device)      # and imports PyTorch
    if blocks and source:
        raise ValueError("--source and --blocks both say which clips are of one film: give one")
    checkpoint.check_start(out, recipe.state_of(out), resume, overwrite)
    try:
        found, damaged = recipe.read_clips(
            folder, frames=frames, size=size, skip_damaged=skip_damaged,
            source=number_blocks(blocks) if blocks else source)
        for error in damaged:
            typer.echo(f"left out: {error}", err=True)
        if found.source is None:
            typer.echo("No --source and no --blocks: clips of one film may be on both sides, and "
                       "the result too good.", err=True)
        training, validation = recipe.split(found, share, seed)
        result = recipe.learn(training, validation, out, model=model, motion=motion, engine=engine,
                              device=device, seed=seed, epochs=epochs, batch=batch, lr=lr,
                              resume=resume)
    except KeyboardInterrupt:
        kept = recipe.state_of(out).exists()
        typer.echo("\nStopped. " + (f"The same command with --resume goes on with {out}." if kept
                                    else "Nothing had been learned yet."), err=True)
        raise typer.Exit(130) from None
    typer.echo(f"{result}, on the clips that also chose the epoch\n{out} holds the classifier")


@app.command()
def classify(
    clip: Annotated[Path, Argument(metavar="CLIP", help="A video file.")],
    weights: Annotated[Path, Option("--weights", "-w", metavar="FILE", help="What train wrote.")],
    top: Annotated[int, Option(**COUNT, help="So many classes at most.")] = 5,
    timeline: Annotated[bool, Option("--timeline", help="Plot and caption a long video.")] = False,
    window: Annotated[float | None, Option(metavar="SECONDS", help="To judge at once.")] = None,
    out: Annotated[Path | None, Option(metavar="FOLDER", help="Where its files go.")] = None,
    engine: Engine = "torch",
    device: Device = "cpu",
):
    """Say what a clip shows, the most probable first.

    \b
    Examples:
      vidlearn classify clip.mp4 --weights fights.safetensors
      vidlearn classify match.mp4 --weights fights.safetensors --timeline --out results
    """
    with AtOnce():
        from vidlearn import engine as engines
        from vidlearn.files import atomic
        from vidlearn.inference import classify
        from vidlearn.inference import weights as files
        if timeline:                                  # only who looks pays for the plots
            from vidlearn.show import timelines

        classifier = files.load(weights, engines.get(engine, device))     # imports PyTorch
    if not timeline and (window, out) != (None, None):
        raise ValueError("--window and --out are those of --timeline: give it too, or leave them")
    if not timeline:
        for name, probability in classify.classify(clip, classifier, top):
            typer.echo(f"{probability:6.1%}  {name}")
        return
    plot, copy = ((out or Path()) / f"{clip.stem}.timeline{suffix}" for suffix in (".png", ".webm"))
    for path in (plot, copy):
        atomic.check(path)
    found = classify.timeline(clip, classifier, window)
    for start, stop, name, probability in found.rows():
        typer.echo(f"{start:8.1f} s to {stop:6.1f} s  {probability:6.1%}  {name}")
    timelines.save_timeline(found, plot, top)
    timelines.caption_video(found, copy)
    typer.echo(f"{plot.name} and .webm in {plot.parent.resolve()}")


app.add_typer(data.data, name="data")
