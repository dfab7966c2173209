"""Optimizers and schedulers agree with torch.optim's, step by step."""

import itertools

import numpy as np
import pytest
import torch
from torch.testing._internal.common_optimizers import optim_db

from vidlearn.scratch import Tensor, UnsupportedOption, optim

SHAPES = [(3, 4), (5,), ()]
OPTIONS = {                 # every combination of these is tested
    "SGD": {"lr": [1e-3, 0.1], "momentum": [0, 0.9], "dampening": [0, 0.3],
            "weight_decay": [0, 0.1], "nesterov": [False, True]},
    "RMSprop": {"lr": [1e-2], "alpha": [0.99, 0.5], "eps": [1e-8, 1e-2], "momentum": [0, 0.9],
                "weight_decay": [0, 0.1], "centered": [False, True]},
    "Adam": {"lr": [1e-3, 0.1], "betas": [(0.9, 0.999), (0.5, 0.7)], "eps": [1e-8, 1e-2],
             "weight_decay": [0, 0.1]},
    "AdamW": {"lr": [1e-3, 0.1], "betas": [(0.9, 0.999), (0.5, 0.7)], "eps": [1e-8, 1e-2],
              "weight_decay": [0, 0.1]},
}
REFUSED = {"maximize", "amsgrad"}


def combinations(name):
    for values in itertools.product(*OPTIONS[name].values()):
        options = dict(zip(OPTIONS[name], values, strict=True))
        if not options.get("nesterov") or (options["momentum"] and not options["dampening"]):
            yield name, options


def twins(dtype=np.float64, seed=0):
    """The same parameters for us and for PyTorch."""
    rng = np.random.default_rng(seed)
    arrays = [rng.normal(size=shape).astype(dtype) for shape in SHAPES]
    return ([Tensor(a.copy(), requires_grad=True) for a in arrays],
            [torch.tensor(a, requires_grad=True) for a in arrays])


def walk(ours, theirs, mine, yours, steps=50, seed=1, after=lambda: None):
    """Random gradients; after each step the parameters must be equal."""
    rng = np.random.default_rng(seed)
    for _ in range(steps):
        for p, q in zip(ours, theirs, strict=True):
            g = rng.normal(size=p.shape).astype(p.dtype)
            p.grad, q.grad = Tensor(g.copy()), torch.tensor(g)
        mine.step()
        yours.step()
        after()
        for p, q in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(p.data, q.detach().numpy(), rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("name, options", [c for name in OPTIONS for c in combinations(name)],
                         ids=str)
def test_fifty_steps_equal_pytorch(name, options):
    ours, theirs = twins()
    walk(ours, theirs, getattr(optim, name)(ours, **options),
         getattr(torch.optim, name)(theirs, **options))


@pytest.mark.parametrize("info", [i for i in optim_db if i.optim_cls.__name__ in OPTIONS],
                         ids=lambda info: info.optim_cls.__name__)
def test_the_options_of_pytorchs_own_suite(info):
    for case in info.optim_inputs_func(device="cpu"):
        ours, theirs = twins()
        options = {key: Tensor(value.numpy()) if isinstance(value, torch.Tensor) else value
                   for key, value in case.kwargs.items()}
        make = getattr(optim, info.optim_cls.__name__)
        if refused := REFUSED & options.keys():
            with pytest.raises(UnsupportedOption, match="|".join(refused)):
                make(ours, **options)
        else:
            walk(ours, theirs, make(ours, **options), info.optim_cls(theirs, **case.kwargs))


@pytest.mark.parametrize("name", OPTIONS)
def test_groups_have_options_of_their_own(name):
    ours, theirs = twins()
    groups = [[{"params": p[:1], "lr": 0.1}, {"params": p[1:], "weight_decay": 0.5}]
              for p in (ours, theirs)]
    walk(ours, theirs, getattr(optim, name)(groups[0], lr=0.01),
         getattr(torch.optim, name)(groups[1], lr=0.01))


@pytest.mark.parametrize("name", OPTIONS)
@pytest.mark.parametrize("source", ["ours", "torch"])
def test_an_optimizer_continues_from_saved_state(name, source):
    momentum = {"momentum": 0.9} if "momentum" in OPTIONS[name] else {}
    ours, theirs = twins()
    mine = getattr(optim, name)(ours, lr=0.02, **momentum)
    yours = getattr(torch.optim, name)(theirs, lr=0.02, **momentum)
    walk(ours, theirs, mine, yours, steps=5)
    state = mine.state_dict() if source == "ours" else yours.state_dict()
    copies = [Tensor(p.data.copy(), requires_grad=True) for p in ours]
    mine.step()                                       # must not change what was saved
    resumed = getattr(optim, name)(copies, lr=0.5, **momentum)
    resumed.load_state_dict(state)
    walk(copies, theirs, resumed, yours, steps=5, seed=2)


def test_the_state_of_other_groups_is_refused():
    ours, _ = twins()
    state = optim.SGD(ours[:2]).state_dict()
    with pytest.raises(ValueError, match="whose groups of parameters have other sizes"):
        optim.SGD(ours).load_state_dict(state)


@pytest.mark.parametrize("name", OPTIONS)
def test_float32_stays_float32_and_the_array_is_the_same_one(name):
    ours, theirs = twins(np.float32)
    arrays = [p.data for p in ours]
    mine = getattr(optim, name)(ours, lr=0.1, weight_decay=0.1)
    for p in ours:
        p.grad = Tensor(np.ones_like(p.data))
    mine.step()
    for p, array, before in zip(ours, arrays, theirs, strict=True):
        assert p.data is array and p.dtype == np.float32
        assert np.all(p.data != before.detach().numpy())
        assert np.all(p.grad.data == 1), "update must leave the gradient as it is"


def test_a_parameter_without_a_gradient_stays():
    ours, _ = twins()
    before = ours[0].data.copy()
    optim.SGD(ours, lr=1, weight_decay=1).step()
    np.testing.assert_array_equal(ours[0].data, before)


def test_zero_grad_removes_or_zeroes():
    ours, _ = twins()
    for p in ours:
        p.grad = Tensor(np.ones_like(p.data))
    sgd = optim.SGD(ours)
    sgd.zero_grad(set_to_none=False)
    assert all(np.all(p.grad.data == 0) for p in ours)
    sgd.zero_grad()
    assert all(p.grad is None for p in ours)


def test_mistakes_are_refused():
    ours, _ = twins()
    with pytest.raises(ValueError, match="no parameters"):
        optim.SGD([])
    with pytest.raises(ValueError, match="two groups"):
        optim.SGD([{"params": ours}, {"params": ours[:1]}])
    with pytest.raises(ValueError, match="only leaves"):
        optim.SGD([ours[0] * 2])
    with pytest.raises(ValueError, match="nesterov needs"):
        optim.SGD(ours, nesterov=True)
    with pytest.raises(TypeError, match="no option 'momentm'"):
        optim.SGD(ours, momentm=0.9)


SCHEDULES = {
    "step": ("StepLR", {"step_size": 7, "gamma": 0.3}),
    "milestones": ("MultiStepLR", {"milestones": [30, 7, 12, 12], "gamma": 0.3}),
    "cosine": ("CosineAnnealingLR", {"T_max": 20}),
    "cosine past its end": ("CosineAnnealingLR", {"T_max": 13, "eta_min": 0.004}),
    "one cycle": ("OneCycleLR", {"max_lr": 0.3, "total_steps": 50}),
    "one cycle of epochs": ("OneCycleLR", {"max_lr": 0.3, "epochs": 3, "steps_per_epoch": 20,
                                           "pct_start": 0.4, "div_factor": 10.0,
                                           "final_div_factor": 50.0}),
    "straight": ("OneCycleLR", {"max_lr": 0.3, "total_steps": 60, "anneal_strategy": "linear",
                                "base_momentum": 0.7, "max_momentum": 0.9}),
    "fixed momentum": ("OneCycleLR", {"max_lr": [0.3, 0.1], "total_steps": 60,
                                      "cycle_momentum": False}),
}


@pytest.mark.parametrize("kind", ["SGD", "Adam"])
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_schedule_equals_pytorchs(kind, schedule):
    name, options = SCHEDULES[schedule]
    momentum = {"momentum": 0.9} if kind == "SGD" else {}
    ours, theirs = twins()
    mine, yours = (getattr(lib, kind)([{"params": p[:1]}, {"params": p[1:], "lr": 0.05}], lr=0.02,
                                      **momentum)
                   for lib, p in ((optim, ours), (torch.optim, theirs)))
    a = getattr(optim.lr_scheduler, name)(mine, **options)
    b = getattr(torch.optim.lr_scheduler, name)(yours, **options)

    def both_step():
        a.step()
        b.step()
        np.testing.assert_allclose(a.get_last_lr(), b.get_last_lr(), rtol=1e-10, atol=1e-14)
    walk(ours, theirs, mine, yours, after=both_step)


PLATEAUS = [
    {}, {"patience": 0}, {"patience": 2, "cooldown": 3, "factor": 0.5}, {"mode": "max"},
    {"threshold_mode": "abs", "threshold": 0.3, "patience": 1}, {"min_lr": 0.01, "patience": 1},
    {"mode": "max", "threshold_mode": "abs", "threshold": 0.2, "patience": 1},
    {"min_lr": [0.001, 0.02], "patience": 1}, {"eps": 0.005, "patience": 1}]


@pytest.mark.parametrize("options", PLATEAUS, ids=str)
@pytest.mark.parametrize("seed", range(3))
def test_a_rate_that_waits_for_a_plateau_equals_pytorchs(options, seed):
    rng = np.random.default_rng(seed)
    metrics = [*np.exp(-np.arange(20) / 5) + 0.05 * rng.normal(size=20), 0.0, 0.0, -1.0, np.nan,
               *0.1 * rng.normal(size=20)]
    ours, theirs = twins()
    a, b = (lib.lr_scheduler.ReduceLROnPlateau(lib.SGD(
        [{"params": p[:1]}, {"params": p[1:], "lr": 0.05}], lr=0.1), **options)
        for lib, p in ((optim, ours), (torch.optim, theirs)))
    for epoch, metric in enumerate(metrics):
        if epoch == 15:                               # goes on from what was saved
            again = optim.lr_scheduler.ReduceLROnPlateau(a.optimizer)
            again.load_state_dict(a.state_dict())
            a = again
        a.step(Tensor(metric))
        b.step(metric)
        assert a.get_last_lr() == b.get_last_lr(), epoch


def test_a_scheduler_continues_from_saved_state():
    ours, _ = twins()
    sgd = optim.SGD(ours, lr=0.1, momentum=0.9)
    schedule = optim.lr_scheduler.OneCycleLR(sgd, 0.3, total_steps=20)
    rates = []
    for step in range(15):
        if step == 5:
            saved = sgd.state_dict(), schedule.state_dict()
        schedule.step()
        rates += schedule.get_last_lr()
    again = optim.SGD(ours, lr=7, momentum=0.9)
    resumed = optim.lr_scheduler.OneCycleLR(again, 7, total_steps=9)
    again.load_state_dict(saved[0])
    resumed.load_state_dict(saved[1])
    for rate in rates[5:]:
        resumed.step()
        assert resumed.get_last_lr() == [rate]


def test_schedules_refuse_by_name():
    ours, _ = twins()
    sgd = optim.SGD(ours, momentum=0.9)
    with pytest.raises(UnsupportedOption, match="three_phase"):
        optim.lr_scheduler.OneCycleLR(sgd, 0.3, total_steps=20, three_phase=True)
    with pytest.raises(UnsupportedOption, match="last_epoch=3"):
        optim.lr_scheduler.StepLR(sgd, 5, last_epoch=3)
    with pytest.raises(ValueError, match="total_steps, or epochs"):
        optim.lr_scheduler.OneCycleLR(sgd, 0.3)
    with pytest.raises(ValueError, match="factor must be less than 1, not 1.0"):
        optim.lr_scheduler.ReduceLROnPlateau(sgd, factor=1.0)
    with pytest.raises(ValueError, match=r"min_lr must be one number, or one for each of the 1"):
        optim.lr_scheduler.ReduceLROnPlateau(sgd, min_lr=[0.1, 0.2])
    schedule = optim.lr_scheduler.OneCycleLR(sgd, 0.3, total_steps=2)
    schedule.step()
    schedule.step()                                   # as at the end of a loop over two batches
    with pytest.raises(ValueError, match="the cycle has 2 steps, and this is step 3"):
        schedule.step()
