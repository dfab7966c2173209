"""Our engine beside PyTorch: do the two agree (`twins`), and how fast is each (`race`)?"""

import os

# PyTorch is the yardstick, so it gets huge pages: without them it may spend longer on fetching
# memory for a large output than on computing it. And its idle threads sleep: otherwise they would
# take the cores that our threads need. PyTorch reads both when it is imported, or soon after.
os.environ.setdefault("THP_MEM_ALLOC_ENABLE", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from vidlearn.compare.agreement import MismatchError, twins  # noqa: E402
from vidlearn.compare.speed import Race, race  # noqa: E402

__all__ = ["MismatchError", "Race", "race", "twins"]
