"""Learning rate schedulers.

A scheduler belongs to an optimizer. `step()` adds one to its step count and sets the learning rate
of each parameter group. The caller decides whether a step is a batch or an epoch.
"""

import math
from bisect import bisect_right

from vidlearn.checks import ArgumentError, kinds
from vidlearn.checks.words import said
from vidlearn.scratch.core.errors import UnsupportedOption
from vidlearn.scratch.core.tensor_kinds import ANY_NUMBER, NOT_NEGATIVE, RATES
from vidlearn.scratch.optim.optimizer import Optimizer

MILESTONES = kinds.row("a list of whole numbers, 0 or more", kinds.COUNT)


class LRScheduler:
    """The base class. A subclass implements `rate`.

    Twin     torch.optim.lr_scheduler.LRScheduler
    """

    def __init__(self, optimizer, last_epoch=-1):
        if last_epoch != -1:
            raise UnsupportedOption(f"last_epoch={last_epoch} is not implemented: "
                                    "use load_state_dict")
        _check_optimizer(type(self).__name__, optimizer)
        self.optimizer, self.last_epoch = optimizer, -1
        for group in optimizer.param_groups:
            group.setdefault("initial_lr", group["lr"])
        self.base_lrs = [group["initial_lr"] for group in optimizer.param_groups]
        self.step()

    def step(self):
        """Add one to the step count and set the learning rate of each group."""
        self.last_epoch += 1
        for group, base in zip(self.optimizer.param_groups, self.base_lrs, strict=True):
            group["lr"] = self.rate(base, self.last_epoch)

    def rate(self, base, t):
        """The learning rate after t steps of a group that started at `base`."""
        raise NotImplementedError(f"{type(self).__name__} does not implement rate()")

    def get_last_lr(self):
        """The current learning rate of each group."""
        return [group["lr"] for group in self.optimizer.param_groups]

    def state_dict(self):
        """All attributes but the optimizer."""
        return {name: value for name, value in vars(self).items() if name != "optimizer"}

    def load_state_dict(self, state_dict):
        """Continue from a `state_dict`; the current rate is part of the optimizer's state."""
        vars(self).update(state_dict)


class StepLR(LRScheduler):
    """Multiply the learning rate by `gamma` every `step_size` steps.

    Twin     torch.optim.lr_scheduler.StepLR
    """

    def __init__(self, optimizer, step_size, gamma=0.1, last_epoch=-1):
        self.step_size, self.gamma = step_size, gamma
        super().__init__(optimizer, last_epoch)

    def rate(self, base, t):
        return base * self.gamma ** (t // self.step_size)


class MultiStepLR(LRScheduler):
    """Multiply the learning rate by `gamma` at each of `milestones`, numbers of steps.

    Twin     torch.optim.lr_scheduler.MultiStepLR
    """

    def __init__(self, optimizer, milestones: MILESTONES, gamma=0.1, last_epoch=-1):
        self.milestones, self.gamma = sorted(milestones), gamma
        super().__init__(optimizer, last_epoch)

    def rate(self, base, t):
        return base * self.gamma ** bisect_right(self.milestones, t)


class ReduceLROnPlateau(LRScheduler):
    """Multiply the learning rate by `factor` when a metric has stopped to get better.

    `step(metric)` is called once an epoch. After more than `patience` epochs without a new best the
    rate is reduced, and then nothing is counted for `cooldown` epochs. A value is a new best if it
    is below best · (1 - threshold), or with `threshold_mode` "abs" below best - threshold; with
    `mode` "max", above best · (1 + threshold) or best + threshold.

    Twin     torch.optim.lr_scheduler.ReduceLROnPlateau
    """

    def __init__(self, optimizer, mode: kinds.choice("min", "max") = "min",
                 factor: NOT_NEGATIVE = 0.1,
                 patience: kinds.COUNT = 10, threshold: NOT_NEGATIVE = 1e-4,
                 threshold_mode: kinds.choice("rel", "abs") = "rel", cooldown: kinds.COUNT = 0,
                 min_lr: RATES = 0, eps: NOT_NEGATIVE = 1e-8):
        _check_optimizer("ReduceLROnPlateau", optimizer)
        if not factor < 1:
            raise ArgumentError(f"ReduceLROnPlateau: factor must be less than 1, not {factor}")
        groups = len(optimizer.param_groups)
        several = isinstance(min_lr, (list, tuple))
        if several and len(min_lr) != groups:
            raise ArgumentError("ReduceLROnPlateau: min_lr must be one number, or one for each of "
                                f"the {groups} groups, not {min_lr!r}")
        self.min_lrs = list(min_lr) if several else [min_lr] * groups
        self.optimizer, self.mode, self.factor, self.patience = optimizer, mode, factor, patience
        self.threshold, self.threshold_mode = threshold, threshold_mode
        self.cooldown, self.eps = cooldown, eps
        self.best = math.inf if mode == "min" else -math.inf
        self.num_bad_epochs = self.cooldown_counter = self.last_epoch = 0

    def step(self, metrics: ANY_NUMBER):
        """Look at the metric of one more epoch; reduce the rate if it is stuck."""
        metrics = float(metrics)
        self.last_epoch += 1
        self.num_bad_epochs += 1
        if self._is_better(metrics):
            self.best, self.num_bad_epochs = metrics, 0
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        if self.num_bad_epochs > self.patience:
            self._reduce()
            self.cooldown_counter, self.num_bad_epochs = self.cooldown, 0

    def _is_better(self, value):
        sign = 1 if self.mode == "max" else -1
        if self.threshold_mode == "abs":
            return sign * value > sign * (self.best + sign * self.threshold)
        return sign * value > sign * self.best * (1 + sign * self.threshold)

    def _reduce(self):
        for group, least in zip(self.optimizer.param_groups, self.min_lrs, strict=True):
            rate = max(group["lr"] * self.factor, least)
            if group["lr"] - rate > self.eps:
                group["lr"] = rate


class CosineAnnealingLR(LRScheduler):
    """Half a cosine wave from the initial rate down to `eta_min` in `T_max` steps, then up again.

    Source   Loshchilov and Hutter, arXiv:1608.03983, without the restarts
    Twin     torch.optim.lr_scheduler.CosineAnnealingLR
    """

    def __init__(self, optimizer, T_max, eta_min=0.0, last_epoch=-1):
        self.T_max, self.eta_min = T_max, eta_min
        super().__init__(optimizer, last_epoch)

    def rate(self, base, t):
        return _cosine(base, self.eta_min, t / self.T_max)


class OneCycleLR(LRScheduler):
    """One cycle: up from `max_lr` / `div_factor` to `max_lr`, then down to a small final rate.

    The final rate is the initial one / `final_div_factor`. The first phase takes the fraction
    `pct_start` of all steps. With `cycle_momentum`, momentum (Adam's first beta) goes the other
    way: from `max_momentum` down to `base_momentum` and up again.

    Raises   ArgumentError on a step after the last one
    Source   Smith and Topin, arXiv:1708.07120
    Twin     torch.optim.lr_scheduler.OneCycleLR
    """

    def __init__(self, optimizer, max_lr, total_steps=None, epochs=None, steps_per_epoch=None,
                 pct_start=0.3, anneal_strategy="cos", cycle_momentum=True, base_momentum=0.85,
                 max_momentum=0.95, div_factor=25.0, final_div_factor=1e4, three_phase=False,
                 last_epoch=-1):
        if three_phase:
            raise UnsupportedOption("OneCycleLR(three_phase=True) is not implemented")
        if total_steps is None and None in (epochs, steps_per_epoch):
            raise ArgumentError("OneCycleLR needs total_steps, or epochs and steps_per_epoch")
        if anneal_strategy not in ANNEALING:
            raise ArgumentError(f"OneCycleLR: anneal_strategy must be {' or '.join(ANNEALING)}, "
                                f"not {anneal_strategy!r}")
        if 0 in (div_factor, final_div_factor):
            raise ArgumentError("OneCycleLR: div_factor and final_div_factor must be more than 0, "
                                f"they are {div_factor} and {final_div_factor}")
        _check_optimizer("OneCycleLR", optimizer)
        steps = epochs * steps_per_epoch if total_steps is None else total_steps
        self.total_steps = steps
        self.peak = pct_start * self.total_steps - 1   # the step with the highest rate
        self.anneal_strategy, self.cycle_momentum = anneal_strategy, cycle_momentum
        self.base_momentum, self.max_momentum = base_momentum, max_momentum
        self.div_factor, self.final_div_factor = div_factor, final_div_factor
        rates = max_lr if isinstance(max_lr, (list, tuple)) else [max_lr]
        groups = len(optimizer.param_groups)
        rates = rates * groups if len(rates) == 1 else rates
        if len(rates) != groups:
            raise ArgumentError("OneCycleLR: max_lr must be one number, or one for each of the "
                                f"{groups} groups, not {max_lr!r}")
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["initial_lr"] = NOT_NEGATIVE.look(rate, "OneCycleLR: max_lr") / div_factor
        super().__init__(optimizer, last_epoch)

    def step(self):
        super().step()
        if self.last_epoch > self.total_steps:
            raise ArgumentError(f"OneCycleLR: the cycle has {self.total_steps} steps, and this is "
                                f"step {self.last_epoch}")
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
        anneal = ANNEALING[self.anneal_strategy]
        if t <= self.peak:
            return anneal(first, middle, t / self.peak)
        return anneal(middle, last, (t - self.peak) / (self.total_steps - 1 - self.peak))


def _check_optimizer(name, optimizer):
    if not isinstance(optimizer, Optimizer):
        raise ArgumentError(f"{name}: optimizer must be an Optimizer, not {said(optimizer)}")


def _cosine(start, stop, fraction):
    """From start to stop along half a cosine wave: slow, fast, slow."""
    return stop + (start - stop) * (1 + math.cos(math.pi * fraction)) / 2


def _linear(start, stop, fraction):
    """From start to stop along a line."""
    return start + (stop - start) * fraction


ANNEALING = {"cos": _cosine, "linear": _linear}
