"""Where the two sides meet: do they agree (`twins`), and how fast is each (`race`)?"""

import os

# As a yardstick PyTorch gets huge pages: without them it may spend longer on fetching memory for a
# large output than on computing it. And its idle threads sleep: they would wait on the cores that
# the other side's threads want. Both are read once, when PyTorch is imported or soon after.
os.environ.setdefault("THP_MEM_ALLOC_ENABLE", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from vidlearn.compare.agreement import Disagreement, twins  # noqa: E402
from vidlearn.compare.racing import Race, race  # noqa: E402

__all__ = ["Disagreement", "Race", "race", "twins"]
