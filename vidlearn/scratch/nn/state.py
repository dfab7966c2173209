"""The names of everything a Module owns, and the way values get in and out under those names."""

from typing import NamedTuple

import numpy as np

from vidlearn.scratch.core import versions
from vidlearn.scratch.core.errors import StateError
from vidlearn.scratch.core.tensor import Tensor
from vidlearn.scratch.nn.parameter import Parameter


class Keys(NamedTuple):
    """What `load_state_dict` did not find, and what it could not place."""

    missing_keys: list
    unexpected_keys: list


def walk(module, path=""):
    """(path, module) for the module and all below, depth first, each with its full path."""
    yield path, module
    for name, child in module._items():
        yield from walk(child, _join(path, name))


def parameters(module, path="", recurse=True):
    """(path, Parameter) of the module and, with `recurse`, of all below."""
    for where, owner in walk(module, path) if recurse else [(path, module)]:
        for name, value in vars(owner).items():
            if isinstance(value, Parameter):
                yield _join(where, name), value


def buffers(module, path="", recurse=True):
    """(path, buffer) of the module and, with `recurse`, of all below."""
    for where, owner in walk(module, path) if recurse else [(path, module)]:
        for name in owner._buffer_names:
            if getattr(owner, name) is not None:
                yield _join(where, name), getattr(owner, name)


def everything(module):
    """(path, tensor) in torch's order: each module's parameters, then its buffers."""
    for path, owner in walk(module):
        yield from parameters(owner, path, recurse=False)
        yield from buffers(owner, path, recurse=False)


def once(named):
    """Leave out what came before under another name: a shared weight counts once."""
    seen = set()
    for name, x in named:
        if id(x) not in seen:
            seen.add(id(x))
            yield name, x


def load(module, state_dict, strict):
    """Copy the values of `state_dict` into the module; complain in torch's words."""
    own = dict(everything(module))
    missing = [key for key in own if key not in state_dict]
    unexpected = [key for key in state_dict if key not in own]
    arrays = {key: to_array(value) for key, value in state_dict.items() if key in own}
    errors = []
    if strict and missing:
        errors.append(f"Missing key(s) in state_dict: {_quoted(missing)}. ")
    if strict and unexpected:
        errors.append(f"Unexpected key(s) in state_dict: {_quoted(unexpected)}. ")
    errors += [f"size mismatch for {key}: copying a param with shape {array.shape} from "
               f"checkpoint, the shape in current model is {own[key].shape}."
               for key, array in arrays.items() if array.shape != own[key].shape]
    errors += [f"{key} holds {array.dtype}, which are not real numbers."
               for key, array in arrays.items() if array.dtype.kind not in "biuf"]
    if errors:
        raise StateError("\n\t".join([
            f"Error(s) in loading state_dict for {type(module).__name__}:", *errors]))
    for key, array in arrays.items():
        versions.note(own[key].data)
        own[key].data[...] = array
    return Keys(missing, unexpected)


def to_array(value):
    """An array of a Tensor, of an array, or of a tensor of torch's, wherever it lies."""
    if isinstance(value, Tensor):
        return value.data
    if hasattr(value, "detach"):                         # torch's; we do not import it to ask
        value = value.detach().cpu()
    return np.asarray(value)


def _join(path, name):
    return f"{path}.{name}" if path else name


def _quoted(names):
    return ", ".join(f'"{name}"' for name in names)
