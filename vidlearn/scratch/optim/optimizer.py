"""The base class of all optimizers: parameters in groups, and a state for each parameter."""

import numpy as np

from vidlearn.checks import ArgumentError, kinds
from vidlearn.scratch.core import versions
from vidlearn.scratch.core.errors import UnsupportedOption
from vidlearn.scratch.core.tensor import Tensor
from vidlearn.scratch.core.tensor_kinds import NOT_NEGATIVE

TORCH_ONLY = ("amsgrad", "capturable", "decoupled_weight_decay", "differentiable", "foreach",
              "fused", "maximize")
LIMITS = {**dict.fromkeys(("lr", "momentum", "weight_decay", "eps", "alpha"), NOT_NEGATIVE),
          "betas": kinds.number(0, 0.9999999)}


class Optimizer:
    """Changes parameters in place by their `grad`. A subclass implements `update`.

    `params` are Tensors, or groups: dicts {"params": Tensors, "lr": 0.1, ...} whose options
    replace the common ones.

    Twin     torch.optim.Optimizer
    """

    def __init__(self, params, defaults, torch_only):
        for name, value in torch_only.items():
            if name not in TORCH_ONLY:
                raise ArgumentError(f"{type(self).__name__} has no option {name!r}")
            if value:
                raise UnsupportedOption(f"{type(self).__name__}({name}={value}) is not implemented")
        self.defaults = {name: _as_number(value) for name, value in defaults.items()}
        self.param_groups, self.state = [], {}         # state: parameter -> dict
        if isinstance(params, (Tensor, str, dict)) or not np.iterable(params):
            raise ArgumentError(f"{type(self).__name__}: params must be a list of Tensors, or of "
                                f"groups, not {type(params).__name__}")
        params = list(params)
        if not params:
            raise ArgumentError(f"{type(self).__name__} got no parameters")
        groups = params if isinstance(params[0], dict) else [{"params": params}]
        for group in groups:
            self.add_param_group(group)

    def add_param_group(self, group):
        """Add a group of parameters with its own options.

        Raises   ArgumentError if one is in another group already or is not a leaf
        """
        if not isinstance(group, dict) or "params" not in group:
            raise ArgumentError(f"{type(self).__name__}: a group must be a dict with 'params', not "
                                f"{group!r:.60}")
        group = {**self.defaults, **{name: _as_number(value) for name, value in group.items()}}
        for name in LIMITS.keys() & group.keys():
            for value in np.atleast_1d(group[name]).tolist():
                LIMITS[name].look(value, f"{type(self).__name__}: {name}")
        params = group["params"]
        group["params"] = [params] if isinstance(params, Tensor) else list(params)
        known = {id(p) for other in self.param_groups for p in other["params"]}
        for p in group["params"]:
            if not isinstance(p, Tensor):
                raise ArgumentError(f"{type(self).__name__}: a parameter must be a Tensor, not "
                                    f"{type(p).__name__}: {p!r:.60}")
            if id(p) in known or not p.is_leaf:
                raise ArgumentError(
                    f"a parameter of shape {p.shape} is in two groups" if id(p) in known else
                    f"a Tensor of shape {p.shape} is not a leaf: only leaves can be optimized")
            known.add(id(p))
        self.param_groups.append(group)

    def zero_grad(self, set_to_none=True):
        """Clear all gradients, so that the next ones are not added to them."""
        for group in self.param_groups:
            for p in group["params"]:
                if set_to_none:
                    p.grad = None
                elif p.grad is not None:
                    p.grad.data[...] = 0

    def step(self):
        """Change each parameter that has a gradient."""
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    state = self.state.setdefault(p, {})
                    versions.bump(p.data)
                    self.update(p.data, p.grad.data, state, group)

    def update(self, p, g, state, group):
        """Change the array `p` in place by its gradient `g`, which stays as it is."""
        raise NotImplementedError(f"{type(self).__name__} does not implement update()")

    def state_array(self, state, name, p):
        """The array of p's shape that `state` keeps under `name`; zeros at first."""
        if name not in state:
            state[name] = np.zeros_like(p)
        return state[name]

    def state_dict(self):
        """All that is needed to continue later, in torch's layout: parameters are numbered."""
        number = self._numbers()
        return {
            "state": {number[p]: {name: np.copy(value) if isinstance(value, np.ndarray) else value
                                  for name, value in state.items()}
                      for p, state in self.state.items()},
            "param_groups": [{**group, "params": [number[p] for p in group["params"]]}
                             for group in self.param_groups],
        }

    def load_state_dict(self, state_dict):
        """Continue from a `state_dict` of this package or of torch.

        Raises   ArgumentError if its groups have other sizes
        """
        if missing := {"param_groups", "state"} - {*state_dict}:
            raise ArgumentError(f"load_state_dict: state_dict has no {' and no '.join(missing)}; "
                                f"it has {[*state_dict]!r:.60}")
        saved = state_dict["param_groups"]
        if [len(g["params"]) for g in saved] != [len(g["params"]) for g in self.param_groups]:
            raise ArgumentError("load_state_dict: the state_dict belongs to an optimizer whose "
                                "groups of parameters have other sizes")
        for group, options in zip(self.param_groups, saved, strict=True):
            group.update({name: value for name, value in options.items()
                          if name in group and name != "params"})
        self.state = {p: {name: _restored(name, value, p)
                          for name, value in state_dict["state"][n].items()}
                      for p, n in self._numbers().items() if n in state_dict["state"]}

    def _numbers(self):
        params = [p for group in self.param_groups for p in group["params"]]
        return {p: n for n, p in enumerate(params)}


def _as_number(value):
    """A number for a Tensor without axes: a learning rate may be one."""
    return value.item() if isinstance(value, Tensor) and not value.ndim else value


def _restored(name, value, p):
    """A saved value: a step count, or an array in the dtype of its parameter."""
    return int(value) if name == "step" else np.asarray(value).astype(p.dtype)
