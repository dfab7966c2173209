"""Every notebook keeps the law; and a stored number that is altered is noticed."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools import guard
from vidlearn.course import replay

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_keeps_the_law(path):
    assert guard.faults(path) == []


def test_the_numbers_are_in_order_and_unique():
    numbers = [path.name.split("_")[0] for path in NOTEBOOKS]
    assert len(set(numbers)) == len(numbers)
    assert all(number.isdigit() and len(number) == 2 for number in numbers)


def failures(folder):
    """The cells that strict nbval, set up as for `make test`, refuses in a folder's notebooks."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", "-q", "-rf", "--color=no",
         "-p", "no:cacheprovider", "-c", ROOT / "pyproject.toml", f"--rootdir={folder}", folder],
        cwd=ROOT, capture_output=True, text=True)
    assert "Cell outputs differ" in done.stdout
    return re.findall(r"^FAILED .*?(\w+\.ipynb::Cell \d+)", done.stdout, re.M)


def test_a_stored_number_that_is_altered_fails(recorded):
    path, _ = recorded("print(6 * 7)", "[1.5, 2.5]", ("raise ValueError('no')", "raises-exception"))
    text = path.read_text()
    altered = {"printed": ("42", "43"), "shown": ("2.5]", "2.6]"),
               "raised": ('"evalue": "no"', '"evalue": "yes"')}
    for name, (right, wrong) in altered.items():
        assert text.count(right) >= 1
        (path.parent / f"{name}.ipynb").write_text(wrong.join(text.rsplit(right, 1)))
    assert sorted(failures(path.parent)) == [
        "printed.ipynb::Cell 0", "raised.ipynb::Cell 2", "shown.ipynb::Cell 1"]


def test_the_bytes_of_a_video_may_change_and_its_words_may_not(recorded):
    path, _ = recorded("import numpy as np\nfrom vidlearn import show\n"
                       "show.player(np.zeros((4, 32, 32, 3), np.uint8))")
    text = path.read_text()
    for name, right, wrong in [("bytes", "webm;base64,GkXf", "webm;base64,AAAA"),
                               ("words", "player: 4 frames", "player: 5 frames")]:
        assert text.count(right) == 1
        (path.parent / f"{name}.ipynb").write_text(text.replace(right, wrong))
    assert failures(path.parent) == ["words.ipynb::Cell 0"]
    assert replay.judge(path.with_name("bytes.ipynb")).differ == {}
