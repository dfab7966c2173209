"""Where the two sides meet: do they agree (`twins`), and how fast is each (`race`)?"""

import os

from vidlearn.compare.agreement import Disagreement, twins
from vidlearn.compare.racing import Race, race

# As a yardstick PyTorch gets huge pages: without them it may spend longer on fetching memory for a
# large output than on computing it. It reads this once, when it makes its first tensor.
os.environ.setdefault("THP_MEM_ALLOC_ENABLE", "1")

__all__ = ["Disagreement", "Race", "race", "twins"]
