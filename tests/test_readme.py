"""What the README and the pages of docs/ say is so: files, commands, lessons and pictures exist.

The lessons' files are looked for, too.
"""

import json
import re
from pathlib import Path

import pytest
from PIL import Image

from vidlearn.cli import main

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
README = PAGES[0].read_text(encoding="utf-8")

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


@each_page
def test_every_file_that_is_linked_is_there(page):
    links = re.findall(r"\]\((?!https?:|#)([^)]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", [*PAGES, *NOTEBOOKS], ids=lambda page: page.name)
def test_every_program_that_is_named_is_there(page):
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"\b(?:benchmarks|tools|tests|docs|vidlearn)/[\w/]*\w\w\.py\b", text)
    named += [name.replace(".", "/")
              for name in re.findall(r"-m ((?:tools|benchmarks)[.\w]+)", text)]
    assert [name for name in named if not (ROOT / name).with_suffix(".py").exists()
            and not (ROOT / name / "__main__.py").exists()] == []


@each_page
def test_every_target_of_make_that_is_named_exists(page):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    named = re.findall(r"(?:^ +|`)make ([a-z-]+)\b", page.read_text(encoding="utf-8"), re.M)
    assert set(named) <= targets


def test_every_command_is_told():
    known = {command.name or command.callback.__name__
             for command in main.app.registered_commands} | {"data"}
    assert set(re.findall(r"^ +vidlearn (\w+)", README, re.M)) == known


def test_the_table_of_lessons_is_that_of_the_notebooks():
    told = re.findall(r"^\| (\d\d) \| \[(.+?)\]\((.+?)\) \|", README, re.M)
    assert told == [(path.name[:2], title(path), f"notebooks/{path.name}") for path in NOTEBOOKS]


def test_the_pictures_move_and_are_small():
    pictures = [ROOT / name for name in re.findall(r"!\[.+\]\((.+?)\)", README)]
    assert all(Image.open(path).n_frames > 1 for path in pictures)
    assert sum(path.stat().st_size for path in pictures) < 1_000_000


def title(path):
    first = json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"][0]
    return first.partition(" · ")[2].strip()
