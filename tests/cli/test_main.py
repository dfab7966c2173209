"""The vidlearn command as a whole: its help, its usage, its output."""

import os
import re
import subprocess
import sys

import pytest
import typer

from tests.cli.command import CLASSIFY, TIMELINE, TRAIN, run, told
from vidlearn.cli import main


def test_help_lists_every_command():
    code, said = run("--help")
    assert code == 0
    for name in ("lab", "doctor", "check", "compare", "train", "classify", "detect", "track",
                 "data"):
        assert re.search(rf"^  {name} ", said, re.M)


@pytest.mark.parametrize("name", ["lab", "check", "compare", "train", "classify", "detect", "track",
                                  "data get"])
def test_help_of_a_command_has_an_example(name):
    code, said = run(*name.split(), "--help")
    assert code == 0 and f"vidlearn {name} " in said.partition("Example")[2]


@pytest.mark.parametrize("words", [[], ["data"]])
def test_a_list_of_commands_cuts_no_line_off(words):
    assert "..." not in run(*words, "--help")[1].partition("Commands:")[2]


def test_every_argument_and_option_is_explained():
    commands = dict(typer.main.get_command(main.app).commands)
    commands |= commands["data"].commands
    silent = [(name, param.name) for name, command in commands.items()
              for param in command.params if not param.help]
    assert len(commands) == 11 and silent == []


def test_it_runs_as_a_program():
    done = subprocess.run([sys.executable, "-m", "vidlearn", "data", "list"],
                          capture_output=True, text=True)
    assert done.returncode == 0 and "walking" in done.stdout


@pytest.mark.parametrize("words, says", [
    (["--bogus"], "No such option: --bogus (vidlearn -h shows how)"),
    (["cook"], "No such command 'cook'"),
    (["data", "cook"], "No such command 'cook'. (vidlearn data -h shows how)"),
    (["train"], "Missing argument"), (["classify", "a.mp4"], "Missing option"),
    ([*TRAIN, "--epochs", "0"], "'--epochs'"), ([*TRAIN, "--epochs", "2.5"], "'--epochs'"),
    ([*TRAIN, "--batch", "-3"], "'--batch'"), ([*TRAIN, "--lr", "low"], "'--lr'"),
    ([*TRAIN, "--size", "4"], "'--size'"), ([*TRAIN, "--size", "100000"], "'--size'"),
    ([*TRAIN, "--frames", "-3"], "'--frames'"), ([*TRAIN, "--frames", "1000000"], "'--frames'"),
    ([*TRAIN, "--blocks", "0"], "'--blocks'"), ([*TRAIN, "--seed", "-3"], "'--seed'"),
    ([*CLASSIFY, "--top", "0"], "'--top'"), ([*TIMELINE, "--window", "long"], "'--window'"),
    (["compare", "relu", "--threads", "0"], "'--threads'"), (["compare", "relu", "-1"], "-1"),
])
def test_wrong_usage_is_one_line_and_exits_with_2(words, says, here):
    code, said = told(*words)
    assert code == 2 and says in said and "-h shows how)" in said


@pytest.mark.parametrize("words", ["data list", "compare relu 2,3 --no-race"])
@pytest.mark.parametrize("out, code, said", [
    ("/dev/full", 1, "vidlearn: [Errno 28] No space left on device\n"), (None, 0, "")])
def test_output_that_cannot_be_written_is_one_line_at_most(out, code, said, words):
    if out and not os.path.exists(out):
        pytest.skip(f"{out} is Linux's")
    shell = f"{sys.executable} -m vidlearn {words} " + (f"> {out}" if out else ">&-")
    done = subprocess.run(shell, shell=True, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (code, said)
