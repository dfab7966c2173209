"""The vidlearn command. Heavy imports stay inside the commands, so that --help is fast."""

from vidlearn.interrupt import AtOnce

with AtOnce():
    import os
    import sys
    from pathlib import Path
    from typing import Annotated

    import typer

    from vidlearn import fetch
    from vidlearn import lab as labs
    from vidlearn.mistakes import Plain

HOME = Path("~/vidlearn-course")

Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]
Engine = Annotated[str, typer.Option(help="scratch (by hand) or torch.")]
Device = Annotated[str, typer.Option(help="cpu or cuda.")]

app = typer.Typer(cls=Plain, no_args_is_help=True, add_completion=False, rich_markup_mode=None,
                  pretty_exceptions_enable=False,
                  context_settings={"help_option_names": ["-h", "--help"]})


def main():
    """Run the command line."""
    for stream in filter(None, (sys.stdout, sys.stderr)):     # either may be closed
        stream.reconfigure(errors="replace")          # ✓ and 中 on a console of any code page
    with AtOnce():
        command = typer.main.get_command(app)
    command(prog_name="vidlearn")


@app.callback()
def start(debug: Debug = False):
    """Deep learning for video, written twice: by hand in NumPy and with PyTorch.

    Begin with:  vidlearn lab
    """


@app.command()
def lab(
    folder: Annotated[Path, typer.Argument(
        help="Where your copy of the course goes; a source checkout opens in place.")] = HOME,
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
):
    """Open the course in JupyterLab, in a copy of your own.

    A file that you changed is never overwritten: run this again after an update.

    \b
    Examples:
      vidlearn lab
      vidlearn lab my-course --no-browser
    """
    folder = folder.expanduser()
    if folder == HOME.expanduser() and not labs.BUNDLED.is_dir():
        raise typer.Exit(labs.start(labs.course(), browser))
    done = labs.copy(labs.course(), folder)
    typer.echo(f"{folder}: {len(done.new)} new files, {len(done.updated)} updated")
    for name in done.kept:
        typer.echo(f"  kept your {name}")
    raise typer.Exit(labs.start(folder, browser))


@app.command()
def doctor():
    """Examine this machine; exit code 1 if a lesson would fail."""
    with AtOnce():
        from vidlearn import doctor

    raise typer.Exit(doctor.report())


@app.command()
def check(notebooks: Annotated[list[str] | None, typer.Argument(
        metavar="[NOTEBOOK]...", help="Paths or numbers; all of the course if none.")] = None):
    """Run notebooks: does each cell say what is stored?

    \b
    Examples:
      vidlearn check 24
      vidlearn check my-course/notebooks/10_convolution.ipynb
    """
    with AtOnce():
        from vidlearn import verdict

    failed = False
    for path in verdict.find(notebooks):
        found = verdict.judge(path)
        failed |= bool(found.differ)
        typer.echo(f"{path.stem}: {found}")
    raise typer.Exit(int(failed))


@app.command()
def compare(
    name: Annotated[str, typer.Argument(help="A function (conv3d) or a layer (LSTM).")],
    shapes: Annotated[list[str] | None, typer.Argument(
        metavar="[SHAPE]...", help="The shapes of its arrays; ready-made ones if none.")] = None,
    settings: Annotated[list[str] | None, typer.Option(
        "--set", metavar="OPTION=VALUE", help="An option of the call, such as stride=2.")] = None,
    race: Annotated[bool, typer.Option(help="Time both sides, too.")] = True,
    threads: Annotated[int, typer.Option(min=1, help="Threads on each side.")] = 1,
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
        from vidlearn import compare, samples

    arrays, options = samples.sample(name, shapes or (), settings or ())
    try:
        compare.twins(name, *arrays, **options)
        if race:
            typer.echo(compare.race(name, *arrays, threads=threads, **options))
    except (AttributeError, TypeError, RuntimeError, IndexError) as error:
        raise ValueError(f"{name}: {error}") from error


@app.command()
def train(
    folder: Annotated[Path, typer.Argument(help="Holds a folder of clips for each class.")],
    out: Annotated[Path | None, typer.Option(
        "--out", "-o", help="The file of weights; FOLDER.safetensors if not given.")] = None,
    model: Annotated[str, typer.Option(help="Such as crnn, c3d, r2plus1d.")] = "r2plus1d",
    motion: Annotated[bool, typer.Option(
        "--motion", help="Show it what changes from frame to frame, not the scene.")] = False,
    engine: Engine = "torch",
    device: Device = "cpu",
    epochs: Annotated[int, typer.Option(min=1)] = 20,
    batch: Annotated[int, typer.Option(min=1, help="Clips a step.")] = 16,
    lr: Annotated[float, typer.Option(help="The highest learning rate.")] = 3e-3,
    frames: Annotated[int, typer.Option(min=1, max=4096, help="Frames a clip.")] = 16,
    size: Annotated[int, typer.Option(min=8, max=4096, help="Pixels high and wide.")] = 112,
    source: Annotated[str | None, typer.Option(
        help="A pattern in the files' names: clips that share it are of one film.")] = None,
    blocks: Annotated[int | None, typer.Option(
        min=1, help="Or: so many neighbouring numbers are of one film.")] = None,
    share: Annotated[float, typer.Option(help="Of the clips, for validation.")] = 0.2,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    skip_damaged: Annotated[bool, typer.Option("--skip-damaged")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on after an interrupt.")] = False,
    overwrite: Annotated[bool, typer.Option(
        "--overwrite", help="Begin anew, in place of what an earlier run has learned.")] = False,
):
    """Train a classifier on a folder of clips.

    It keeps its state beside the weights until it is through.

    \b
    Examples:
      vidlearn train clips
      vidlearn train clips --resume
      vidlearn train UCF101 --source "_(g\\d+)_" --model c3d --device cuda
      vidlearn train fights --blocks 18 --motion --size 64
    """
    with AtOnce():
        from vidlearn import checkpoint, recipe
        from vidlearn.datasets.split import number_blocks

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
    clip: Annotated[Path, typer.Argument(help="A video file.")],
    weights: Annotated[Path, typer.Option("--weights", "-w", help="What train has written.")],
    top: Annotated[int, typer.Option(min=1, help="How many classes to name.")] = 5,
    timeline: Annotated[bool, typer.Option(
        "--timeline", help="Slide over a long video; write a plot and a captioned copy.")] = False,
    window: Annotated[float | None, typer.Option(help="Seconds that a window holds.")] = None,
    out: Annotated[Path | None, typer.Option(
        help="Where the plot and the copy of a timeline go; here if not given.")] = None,
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
        from vidlearn import classify, whole
        from vidlearn import engine as engines
        from vidlearn import weights as files

        chosen = engines.get(engine, device)          # imports PyTorch
    classifier = files.load(weights, chosen)
    if not timeline and (window, out) != (None, None):
        raise ValueError("--window and --out are those of --timeline: give it too, or leave them")
    if not timeline:
        for name, probability in classify.classify(clip, classifier, top):
            typer.echo(f"{probability:6.1%}  {name}")
        return
    out = out or Path()
    plot, copy = (out / f"{clip.stem}.timeline{suffix}" for suffix in (".png", ".webm"))
    for path in (plot, copy):
        whole.check(path)
    found = classify.timeline(clip, classifier, window)
    for start, stop, name, probability in found.rows():
        typer.echo(f"{start:8.1f} s to {stop:6.1f} s  {probability:6.1%}  {name}")
    found.save_plot(plot, top)
    classify.caption(found, copy)
    typer.echo(f"{plot.name} and .webm in {out.resolve()}")


app.add_typer(fetch.data, name="data")
