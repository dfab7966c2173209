"""What the README says is so: its code runs, its files are there, its commands exist."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from vidlearn.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_code_runs_and_both_sides_say_the_same():
    code, = re.findall(r"```python\n(.*?)```", README, re.S)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    numbers = [float(n) for n in re.findall(r"-?\d+\.\d+(?:e-?\d+)?", done.stdout)]
    assert len(numbers) == 16
    assert numbers[:8] == pytest.approx(numbers[8:], abs=2e-4)         # printed with four digits


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_file_that_is_linked_is_there(name):
    links = re.findall(r"\]\((?!https?:|#)([^)]+)\)", (ROOT / name).read_text(encoding="utf-8"))
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_command_exists():
    known = {command.name or command.callback.__name__
             for command in main.app.registered_commands} | {"data"}
    assert set(re.findall(r"^ +vidlearn (\w+)", README, re.M)) == known


def test_every_target_of_make_that_is_named_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for name in ("README.md", "CONTRIBUTING.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for target in re.findall(r"\bmake ([a-z-]+)\b", re.sub(r"without make,.*", "", text)):
            assert re.search(rf"^{target}:", makefile, re.M), target
