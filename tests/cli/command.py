"""Run the vidlearn command inside a test."""

from typer.testing import CliRunner

from vidlearn.cli import main

TRAIN = ["train", "clips", "--engine", "scratch", "--model", "mean_frames", "--epochs", "1",
         "--frames", "2", "--size", "16", "--source", r"film\d", "--share", "0.34"]
CLASSIFY = ["classify", "clips/left/film0_0.mkv", "-w", "w.safetensors"]
TIMELINE = [*CLASSIFY, "--timeline"]
CONV = ["compare", "conv2d", "--no-race", "--set"]


def run(*words):
    """Run the command; its exit code and all that it says."""
    done = CliRunner().invoke(main.app, [str(word) for word in words])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def told(*words):
    """Run the command; its exit code and the one line that it says."""
    done = CliRunner().invoke(main.app, [str(word) for word in words], prog_name="vidlearn")
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    said = [line for line in done.stderr.split("\n")
            if line.strip() and not line.startswith(("\repoch ", "No --source"))]
    assert len(said) == 1 and said[0].startswith("vidlearn: "), done.stderr
    return done.exit_code, said[0]
