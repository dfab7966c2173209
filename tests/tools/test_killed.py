"""A training that is killed thirty times at random moments ends with the same bits."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(not hasattr(os, "fork"), reason="each process is a fork")
def test_thirty_kills_change_nothing():
    done = subprocess.run([sys.executable, "-m", "tools.killed", "15"], capture_output=True,
                          text=True, timeout=300, cwd=Path(__file__).parents[2])
    assert done.returncode == 0, done.stdout + done.stderr
    for name in ("scratch", "torch"):
        line = rf"^{name}: cut at 16, finished .*, killed 15, .*, faults 0$"
        assert re.search(line, done.stdout, re.M)
