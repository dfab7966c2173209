"""What make runs."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.skipif(not shutil.which("make"), reason="there is no make")
@pytest.mark.parametrize("target, runs", [("test", "pytest"), ("record", "tools.record"),
                                          ("test-browser", "tools.browser.drive")])
def test_what_make_runs_takes_another_list_of_fonts_than_that_of_the_home(target, runs):
    said = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True).stdout
    lines = [line for line in said.splitlines() if f" -m {runs} " in f"{line} "]
    assert lines and all(f"MPLCONFIGDIR='{ROOT / 'build/matplotlib'}' " in line for line in lines)
