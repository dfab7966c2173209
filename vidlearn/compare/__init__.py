"""Where the two sides meet: do they agree (`twins`), and how fast is each (`race`)?"""

import os
import sys

# As a yardstick PyTorch gets huge pages: without them it may spend longer on fetching memory for a
# large output than on computing it. It reads this once, so it must be said before `import torch`.
if "torch" not in sys.modules:
    os.environ.setdefault("THP_MEM_ALLOC_ENABLE", "1")

from vidlearn.compare.agreement import Disagreement, twins  # noqa: E402
from vidlearn.compare.racing import Race, race  # noqa: E402

__all__ = ["Disagreement", "Race", "race", "twins"]
