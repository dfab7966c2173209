"""How the learning rate changes from step to step.

A scheduler takes hold of an optimizer: `step()` counts one on and sets the rate of each group. How
long a step is, a batch or an epoch, is up to whoever calls it.
"""

import math

from vidlearn.checks import ArgumentError
from vidlearn.checks.words import said
from vidlearn.scratch.core.errors import UnsupportedOption
from vidlearn.scratch.core.tensor_kinds import NOT_NEGATIVE
from vidlearn.scratch.optim.optimizer import Optimizer


class LRScheduler:
    """A kind of scheduler says in `rate` what becomes of a group's first rate after t steps.

    Twin     torch.optim.lr_scheduler.LRScheduler
    """

    def __init__(self, optimizer, last_epoch=-1):
        if last_epoch != -1:
            raise UnsupportedOption(f"last_epoch={last_epoch} is left out: use load_state_dict")
        _is_optimizer(type(self).__name__, optimizer)
        self.optimizer, self.last_epoch = optimizer, -1
        for group in optimizer.param_groups:
            group.setdefault("initial_lr", group["lr"])
        self.base_lrs = [group["initial_lr"] for group in optimizer.param_groups]
        self.step()

    def step(self):
        """Count one step on and set the rates that belong there."""
        self.last_epoch += 1
        for group, base in zip(self.optimizer.param_groups, self.base_lrs, strict=True):
            group["lr"] = self.rate(base, self.last_epoch)

    def rate(self, base, t):
        """The rate after t steps of a group that started at `base`."""
        raise NotImplementedError(f"{type(self).__name__} does not say its rate")

    def get_last_lr(self):
        """The rate of each group now."""
        return [group["lr"] for group in self.optimizer.param_groups]

    def state_dict(self):
        """All but the optimizer."""
        return {name: value for name, value in vars(self).items() if name != "optimizer"}

    def load_state_dict(self, state_dict):
        """Go on from there; the optimizer's own state holds the rate of the moment."""
        vars(self).update(state_dict)


class StepLR(LRScheduler):
    """Every `step_size` steps the rate is multiplied by `gamma`.

    Twin     torch.optim.lr_scheduler.StepLR
    """

    def __init__(self, optimizer, step_size, gamma=0.1, last_epoch=-1):
        self.step_size, self.gamma = step_size, gamma
        super().__init__(optimizer, last_epoch)

    def rate(self, base, t):
        return base * self.gamma ** (t // self.step_size)


class CosineAnnealingLR(LRScheduler):
    """Half a wave down, from the first rate to `eta_min` in `T_max` steps; then up again.

    Source   Loshchilov and Hutter, arXiv:1608.03983, without the restarts
    Twin     torch.optim.lr_scheduler.CosineAnnealingLR
    """

    def __init__(self, optimizer, T_max, eta_min=0.0, last_epoch=-1):
        self.T_max, self.eta_min = T_max, eta_min
        super().__init__(optimizer, last_epoch)

    def rate(self, base, t):
        return _cosine(base, self.eta_min, t / self.T_max)


class OneCycleLR(LRScheduler):
    """Up from max_lr / div_factor to `max_lr`, then down to that / final_div_factor, once.

    The way up takes the share `pct_start` of all steps. With `cycle_momentum`, momentum (Adam's
    first beta) goes the other way: from `max_momentum` down to `base_momentum` and up again.

    Raises   ValueError if steps go on after the last
    Source   Smith and Topin, arXiv:1708.07120
    Twin     torch.optim.lr_scheduler.OneCycleLR
    """

    def __init__(self, optimizer, max_lr, total_steps=None, epochs=None, steps_per_epoch=None,
                 pct_start=0.3, anneal_strategy="cos", cycle_momentum=True, base_momentum=0.85,
                 max_momentum=0.95, div_factor=25.0, final_div_factor=1e4, three_phase=False,
                 last_epoch=-1):
        if three_phase:
            raise UnsupportedOption("OneCycleLR(three_phase=True) is left out")
        if total_steps is None and None in (epochs, steps_per_epoch):
            raise ArgumentError("OneCycleLR needs total_steps, or epochs and steps_per_epoch")
        if anneal_strategy not in BETWEEN:
            raise ArgumentError(f"OneCycleLR: anneal_strategy is {' or '.join(BETWEEN)}, not "
                                f"{anneal_strategy!r}")
        if 0 in (div_factor, final_div_factor):
            raise ArgumentError("OneCycleLR: div_factor and final_div_factor must be more than 0, "
                                f"they are {div_factor} and {final_div_factor}")
        _is_optimizer("OneCycleLR", optimizer)
        steps = epochs * steps_per_epoch if total_steps is None else total_steps
        self.total_steps = steps
        self.top = pct_start * self.total_steps - 1    # the step at which the rate is highest
        self.anneal_strategy, self.cycle_momentum = anneal_strategy, cycle_momentum
        self.base_momentum, self.max_momentum = base_momentum, max_momentum
        self.div_factor, self.final_div_factor = div_factor, final_div_factor
        rates = max_lr if isinstance(max_lr, (list, tuple)) else [max_lr]
        groups = len(optimizer.param_groups)
        rates = rates * groups if len(rates) == 1 else rates
        if len(rates) != groups:
            raise ArgumentError(f"OneCycleLR: max_lr must be one rate, or {groups}, one for each "
                                f"group; it is {max_lr!r}")
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["initial_lr"] = NOT_NEGATIVE.look(rate, "OneCycleLR: max_lr") / div_factor
        super().__init__(optimizer, last_epoch)

    def step(self):
        super().step()
        if self.last_epoch > self.total_steps:
            raise ArgumentError(f"step {self.last_epoch} of a cycle of {self.total_steps} steps")
        if self.cycle_momentum:
            momentum = self._cycle(self.max_momentum, self.base_momentum, self.max_momentum,
                                   self.last_epoch)
            for group in self.optimizer.param_groups:
                if "betas" in group:
                    group["betas"] = (momentum, group["betas"][1])
                else:
                    group["momentum"] = momentum

    def rate(self, base, t):
        return self._cycle(base, base * self.div_factor, base / self.final_div_factor, t)

    def _cycle(self, first, middle, last, t):
        between = BETWEEN[self.anneal_strategy]
        if t <= self.top:
            return between(first, middle, t / self.top)
        return between(middle, last, (t - self.top) / (self.total_steps - 1 - self.top))


def _is_optimizer(name, optimizer):
    if not isinstance(optimizer, Optimizer):
        raise ArgumentError(f"{name}: optimizer must be an Optimizer, not {said(optimizer)}")


def _cosine(start, stop, share):
    """From start to stop along half a wave: slow, fast, slow."""
    return stop + (start - stop) * (1 + math.cos(math.pi * share)) / 2


def _linear(start, stop, share):
    """From start to stop along a line."""
    return start + (stop - start) * share


BETWEEN = {"cos": _cosine, "linear": _linear}
