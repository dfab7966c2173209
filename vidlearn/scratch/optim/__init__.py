"""Optimizers and learning rate schedulers in NumPy, under torch.optim's names.

    optimizer.py       the base class: parameters, groups, state
    descent.py         SGD: gradient descent, with momentum, with Nesterov's momentum
    adaptive.py        RMSprop, Adam, AdamW: each number has its own step size
    lr_scheduler.py    StepLR, MultiStepLR, ReduceLROnPlateau, CosineAnnealingLR, OneCycleLR
"""

from vidlearn.scratch.core import missing, tensor_kinds
from vidlearn.scratch.optim import lr_scheduler
from vidlearn.scratch.optim.adaptive import Adam, AdamW, RMSprop
from vidlearn.scratch.optim.descent import SGD
from vidlearn.scratch.optim.optimizer import Optimizer

__all__ = ["SGD", "Adam", "AdamW", "Optimizer", "RMSprop", "lr_scheduler"]

for _package in (globals(), vars(lr_scheduler)):         # each checks its arguments
    tensor_kinds.check_public(_package, tensor_kinds.LAYERS)
tensor_kinds.check_methods(Optimizer, "zero_grad load_state_dict")
__getattr__ = missing.attribute(globals())
lr_scheduler.__getattr__ = missing.attribute(vars(lr_scheduler))
