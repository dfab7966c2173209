"""torch.optim's names in NumPy: ways to walk downhill.

    optimizer.py       what all of them share: parameters, groups, state
    descent.py         SGD: the slope, then momentum, then Nesterov's look ahead
    adaptive.py        RMSprop, Adam, AdamW: each number gets a step of its own size
    lr_scheduler.py    StepLR, CosineAnnealingLR, OneCycleLR: how the step shrinks
"""

from vidlearn.scratch.core.tensor_kinds import LAYERS, check_methods, check_public
from vidlearn.scratch.optim import lr_scheduler
from vidlearn.scratch.optim.adaptive import Adam, AdamW, RMSprop
from vidlearn.scratch.optim.descent import SGD
from vidlearn.scratch.optim.optimizer import Optimizer

__all__ = ["SGD", "Adam", "AdamW", "Optimizer", "RMSprop", "lr_scheduler"]

for _package in (globals(), vars(lr_scheduler)):         # each looks first at what it got
    check_public(_package, LAYERS)
check_methods(Optimizer, "zero_grad load_state_dict")
