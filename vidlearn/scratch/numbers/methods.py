"""The operators and methods of a Tensor: the functions of this folder under torch's names."""

from numbers import Number

import numpy as np

from vidlearn.checks import checked
from vidlearn.scratch.core.tensor import Tensor
from vidlearn.scratch.core.tensor_kinds import FUNCTIONS, check_methods
from vidlearn.scratch.numbers import (
    arithmetic,
    choose,
    convert,
    create,
    cumulative,
    elementwise,
    gather,
    inplace,
    join,
    matrix,
    order,
    reduce,
    shape,
    statistics,
)
from vidlearn.scratch.numbers.index import getitem

METHODS = {
    arithmetic: "add sub mul div floor_divide remainder pow eq ne lt le gt ge",
    choose: "clamp maximum minimum masked_fill",
    convert: "item tolist size dim numel to double long contiguous cpu",
    create: "new_zeros new_ones new_full",
    cumulative: "cumsum cumprod prod",
    elementwise: "exp log sqrt square abs sin cos neg sign floor ceil round isnan isfinite "
                 "allclose clone",
    gather: "gather index_select take_along_dim",
    matrix: "matmul bmm mm mv dot outer tril triu",
    order: "sort argsort topk",
    inplace: "zero_ fill_ copy_ add_ sub_ mul_ div_ clamp_",
    join: "split chunk unbind",
    reduce: "sum mean amax amin max min argmax argmin any all",
    shape: "reshape view flatten unflatten squeeze unsqueeze permute transpose t movedim expand "
           "expand_as flip",
    statistics: "var std norm logsumexp",
}
BINARY_OPERATORS = {                # a + b calls a.__add__; array + b calls b.__radd__
    "add": arithmetic.add, "sub": arithmetic.sub, "mul": arithmetic.mul, "matmul": matrix.matmul,
    "truediv": arithmetic.div, "floordiv": arithmetic.floor_divide, "mod": arithmetic.remainder,
    "pow": arithmetic.pow, "and": arithmetic.bitwise_and, "or": arithmetic.bitwise_or,
    "xor": arithmetic.bitwise_xor,
}
COMPARISONS = {name: getattr(arithmetic, name) for name in ("eq", "ne", "lt", "le", "gt", "ge")}
IN_PLACE = {"add": inplace.add_, "sub": inplace.sub_, "mul": inplace.mul_, "truediv": inplace.div_}


def where(x, condition, other):
    """x where the condition is True, `other` elsewhere."""
    return choose.where(condition, x, other)


SPECIAL = {
    "float": convert.float_, "int": convert.int_, "bool": convert.bool_,
    "where": checked(where, FUNCTIONS),
    "T": property(lambda x: shape.permute(x, *reversed(range(x.ndim)))),
    "mT": property(lambda x: shape.transpose(x, -2, -1)),
    "device": property(lambda x: "cpu"),
    "__neg__": elementwise.neg, "__abs__": elementwise.abs,
    "__invert__": arithmetic.bitwise_not,
    "__getitem__": getitem, "__setitem__": checked(inplace.setitem, FUNCTIONS),
    "__len__": convert.length, "__iter__": convert.iterate, "__bool__": convert.to_bool,
    "__float__": lambda x: float(x.item()), "__int__": lambda x: int(x.item()),
    "__index__": convert.to_index, "__repr__": convert.to_text, "__format__": convert.formatted,
    "__hash__": object.__hash__,    # by identity, because == compares elementwise
}


def operator(function, reflected=False):
    """A method for `function`; it leaves an operand that is not a number to Python."""
    def method(self, other):
        if not isinstance(other, (Tensor, np.ndarray, np.generic, Number)):
            return NotImplemented
        return function(other, self) if reflected else function(self, other)
    return method


def attach():
    """Attach all operators and methods to Tensor."""
    for module, names in METHODS.items():
        for name in names.split():
            setattr(Tensor, name, checked(getattr(module, name), FUNCTIONS))
    for name, function in BINARY_OPERATORS.items():
        setattr(Tensor, f"__{name}__", operator(function))
        setattr(Tensor, f"__r{name}__", operator(function, reflected=True))
    for name, function in COMPARISONS.items():
        setattr(Tensor, f"__{name}__", operator(function))
    for name, change in IN_PLACE.items():
        setattr(Tensor, f"__i{name}__",
                inplace.augmented_assignment(change, BINARY_OPERATORS[name]))
    for name, method in SPECIAL.items():
        setattr(Tensor, name, method)
    check_methods(Tensor, "backward register_hook")
