"""Kinds of arguments for `vidlearn.scratch`: Tensors, and names with one meaning everywhere.

A public function checks its arguments first, by the kinds in its signature and else by these
tables: `keepdim` is True or False, `weight` is a Tensor. A function that computes checks sizes and
axes itself. A layer only stores them, so that they are checked here.
"""

from functools import partial
from inspect import isclass, isfunction
from numbers import Number, Real

import numpy as np

from vidlearn.checks import checked, kinds
from vidlearn.checks.kinds import ANYTHING, Kind
from vidlearn.scratch.core.tensor import Tensor


def as_tensor(value, dtypes="biuf", hint=""):
    """The value as a Tensor whose dtype is one of NumPy's kinds `dtypes`."""
    if not isinstance(value, Tensor):
        if type(value).__module__.partition(".")[0] == "torch":      # its gradient would be lost
            raise TypeError("convert it with scratch.tensor(x.detach().numpy())")
        if not isinstance(value, (np.ndarray, np.generic, Number, list, tuple)):
            raise TypeError
        value = Tensor(value)
    if value.dtype.kind not in dtypes:
        raise TypeError(hint)
    return value


def as_number(value, nan=True):
    """A real number, also one in an array or Tensor without axes."""
    value = value.item() if isinstance(value, (Tensor, np.ndarray)) and not value.ndim else value
    if not isinstance(value, (Real, np.bool_)) or not nan and value != value:
        raise TypeError
    return value


def each(take, value):
    """Check `value` with `take`, or each of its items if it is a list; returns `value`."""
    for one in value if isinstance(value, (list, tuple)) else [value]:
        take(one)
    return value


def sizes(least, *words):
    """A whole number of at least `least`, or a list of them; None in a list keeps an axis."""
    one = kinds.whole(least)

    def take(value):
        if isinstance(value, str) and value in words:
            return value
        several = isinstance(value, (list, tuple)) or isinstance(value, np.ndarray) and value.ndim
        each(one.take, [size for size in value if size is not None] if several else value)
        return value
    also = f", or {' or '.join(map(repr, words))}" if words else ""
    return Kind(f"{one.words}, or several{also}", take, right=one.right)


def is_tensor(value):
    """True for a Tensor or a Parameter."""
    return isinstance(value, Tensor)


TENSOR = Kind("a Tensor", as_tensor, Tensor, right=is_tensor, placed=True)
REAL = Kind("a Tensor of real numbers",
            partial(as_tensor, dtypes="f", hint="convert it with .float() first"),
            right=lambda value: is_tensor(value) and value.data.dtype.kind == "f", placed=True)
OPERAND = Kind("a Tensor or a number", lambda value: value if isinstance(value, (Real, np.bool_))
               else as_tensor(value), Tensor, int, float, right=is_tensor, placed=True)
MASK = Kind("a Tensor of True and False", partial(as_tensor, dtypes="b"), placed=True)
TENSOR_ONLY = kinds.fitting("a Tensor", is_tensor, Tensor)    # not an array: changes would be lost
TENSOR_ONLY.right = is_tensor
LIST = kinds.fitting("a list", lambda value: isinstance(value, (list, tuple)))
TENSORS = Kind("a list of Tensors", lambda value: [
    TENSOR.look(x, f"tensors[{i}]") for i, x in enumerate(LIST.take(value))])
PARAMETERS = kinds.either("a Tensor or a list of Tensors", TENSOR_ONLY, Kind("", lambda value: [
    TENSOR_ONLY.take(x) for x in kinds.LIST.take(value)]))
ANY_NUMBER = Kind("a number", as_number, int, float)
NUMBER = Kind("a number", partial(as_number, nan=False), int,
              right=lambda value: type(value) is float and value == value)
NOT_NEGATIVE = kinds.fitting("a number, 0 or more", lambda value: as_number(value, nan=False) >= 0)
RATES = Kind("a number, 0 or more, or several", partial(each, NOT_NEGATIVE.take))
PAIR = kinds.fitting("a function, or two in a tuple", lambda value: callable(value) or isinstance(
    value, tuple) and all(map(callable, value)))
INTEGER = kinds.whole(-kinds.LARGEST_SEED, kinds.LARGEST_SEED)
REDUCTION = kinds.choice("mean", "sum", "none")


def _columns(words, count, dtypes="f"):
    """A Tensor (N, count), or (N,) if there is no count."""
    def take(value):
        value = as_tensor(value, dtypes)
        if value.ndim != 1 + (count > 0) or value.shape[1:] != (count,) * (count > 0):
            raise ValueError
        return value
    return Kind(words, take, placed=True)


BOXES = _columns("a Tensor (N, 4) of real numbers", 4)
SCORES, GROUPS = _columns("a Tensor (N,) of real numbers", 0), _columns(
    "a Tensor (N,) of whole numbers", 0, "iu")
ROWS = _columns("", 5)
REGIONS = Kind("a Tensor (R, 5) of real numbers, or a list of Tensors (r, 4), one an image",
               lambda value: [BOXES.take(x) for x in value] if isinstance(value, (list, tuple))
               else ROWS.take(value), placed=True)


def _all(kind, names):
    return dict.fromkeys(names.split(), kind)


FUNCTIONS = {
    bool: kinds.FLAG, str: kinds.WORD, int: NUMBER, float: NUMBER,
    **_all(TENSOR, "anchor bias gradient input input1 input2 negative pos_weight positive target "
                   "tensor weight x x1 x2"),
    **_all(TENSOR.or_none(), "running_mean running_var"), **_all(MASK, "condition mask"),
    **_all(OPERAND, "a b max min other value"), "tensors": TENSORS, "parameters": PARAMETERS,
    **_all(ANY_NUMBER, "alpha fill_value val"), "correction": ANY_NUMBER.or_none(),
    "momentum": NUMBER.or_none(), **_all(NUMBER, "end param start"),
    **_all(NOT_NEGATIVE, "atol base_momentum clip_value div_factor final_div_factor max_momentum "
                         "max_norm norm_type rtol"),
    **_all(RATES, "max_lr scale_factor betas"),
    **_all(INTEGER, "decimals divisor_override ignore_index"), "groups": kinds.POSITIVE_COUNT,
    **_all(kinds.FLAG, "align_corners recompute_scale_factor unbiased"),
    "label_smoothing": kinds.FRACTION,
    **_all(kinds.WORD, "name nonlinearity prefix rounding_mode"), "reduction": REDUCTION,
    **_all(kinds.FUNCTION, "backward fn forward hook"), "function": PAIR,
    **_all(kinds.DICT, "defaults state_dict torch_only"),
    "approximate": kinds.choice("none", "tanh"), "seed": kinds.ONE_SEED.or_none(),
    **_all(ANYTHING, "chunks dilation dim dtype end_dim indices kernel_size normalized_shape "
                     "num_classes output_padding output_size padding padding_idx size start_dim "
                     "stride unflattened_size"),
}
FUNCTIONAL = FUNCTIONS | _all(REAL, "anchor input input1 input2 negative positive x1 x2")
INITIALIZERS = FUNCTIONS | {"tensor": TENSOR_ONLY, **_all(NUMBER, "a b")}
LAYERS = FUNCTIONS | {
    **_all(kinds.POSITIVE_COUNT, "T_max downscale_factor epochs hidden_size in_channels "
                                 "num_channels num_groups num_layers out_channels step_size "
                                 "steps_per_epoch total_steps upscale_factor"),
    **_all(kinds.COUNT, "embedding_dim in_features input_size num_embeddings num_features "
                        "out_features proj_size"),
    **_all(INTEGER, "dim end_dim last_epoch padding_idx start_dim"),
    **_all(sizes(0), "normalized_shape output_padding padding size"),
    "output_size": sizes(1).or_none(), **_all(sizes(1), "dilation kernel_size stride"),
    "unflattened_size": sizes(-1), **_all(kinds.FRACTION, "dropout pct_start"),
}


def check_public(package, table):
    """Make the public functions and the constructors of a package check their arguments.

    `package` is its `vars`; `table` maps names of arguments, and types of defaults, to kinds.
    """
    for name, thing in list(package.items()):
        own = (getattr(thing, "__module__", None) or "").startswith(package["__name__"])
        if isfunction(thing) and own and not name.startswith("_"):
            package[name] = checked(thing, table)
        elif isclass(thing) and own and not issubclass(thing, Exception) and thing is not Tensor:
            check_methods(thing, "__init__", table)


def check_methods(kind, names, table=FUNCTIONS):
    """Make some methods of a class check their arguments."""
    for name in names.split():
        if isfunction(getattr(kind, name)):
            setattr(kind, name, checked(getattr(kind, name), table))
