"""Every notebook keeps the law; and a stored number that is altered is noticed."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests import guard

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_keeps_the_law(path):
    assert guard.faults(path) == []


def test_the_numbers_are_in_order_and_unique():
    numbers = [path.name.split("_")[0] for path in NOTEBOOKS]
    assert len(set(numbers)) == len(numbers)
    assert all(number.isdigit() and len(number) == 2 for number in numbers)


def validate(path):
    """Strict nbval on one notebook: its exit code and what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-q", "--color=no",
         "-p", "no:cacheprovider", "-c", "/dev/null", f"--rootdir={path.parent}", path],
        capture_output=True, text=True)
    return done.returncode, done.stdout


def test_a_stored_number_that_is_altered_fails(recorded):
    path, _ = recorded("print(6 * 7)", "[1.5, 2.5]", ("raise ValueError('no')", "raises-exception"))
    text = path.read_text()
    assert validate(path)[0] == 0
    for right, wrong in [("42", "43"), ("2.5]", "2.6]"), ('"evalue": "no"', '"evalue": "yes"')]:
        assert right in text
        path.write_text(text.replace(right, wrong, 1))
        code, said = validate(path)
        assert code == 1 and "Cell outputs differ" in said
