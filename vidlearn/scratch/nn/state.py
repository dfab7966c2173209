"""The paths of the modules, parameters and buffers of a Module, and loading of a state_dict."""

from typing import NamedTuple

import numpy as np

from vidlearn.scratch.core import versions
from vidlearn.scratch.core.errors import StateError
from vidlearn.scratch.core.tensor import Tensor
from vidlearn.scratch.nn.parameter import Parameter


class Keys(NamedTuple):
    """The keys that a state_dict lacks, and those that the module does not have."""

    missing_keys: list
    unexpected_keys: list


def named_modules(module, path=""):
    """(path, module) for the module and all below it, depth first."""
    yield path, module
    for name, child in module._items():
        yield from named_modules(child, _join(path, name))


def named_parameters(module, path="", recurse=True):
    """(path, Parameter) for the module and, with `recurse`, for all below it."""
    for prefix, owner in named_modules(module, path) if recurse else [(path, module)]:
        for name, value in vars(owner).items():
            if isinstance(value, Parameter):
                yield _join(prefix, name), value


def named_buffers(module, path="", recurse=True):
    """(path, buffer) for the module and, with `recurse`, for all below it."""
    for prefix, owner in named_modules(module, path) if recurse else [(path, module)]:
        for name in owner._buffer_names:
            if getattr(owner, name) is not None:
                yield _join(prefix, name), getattr(owner, name)


def named_state(module):
    """(path, Tensor) in torch's order: each module's parameters, then its buffers."""
    for path, owner in named_modules(module):
        yield from named_parameters(owner, path, recurse=False)
        yield from _saved_buffers(owner, path)


def _saved_buffers(owner, path):
    for name, is_saved in owner._buffer_names.items():
        if is_saved and getattr(owner, name) is not None:
            yield _join(path, name), getattr(owner, name)


def unique(named):
    """Leave out what came before under another name, so that a shared weight counts once."""
    seen = set()
    for name, x in named:
        if id(x) not in seen:
            seen.add(id(x))
            yield name, x


def load(module, state_dict, strict):
    """Copy the values of `state_dict` into the module; error messages are torch's."""
    own = dict(named_state(module))
    missing = [key for key in own if key not in state_dict
               and not key.endswith("num_batches_tracked")]      # older files do not have it
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
    errors += [f"{key} must hold real numbers, not {array.dtype}."
               for key, array in arrays.items() if array.dtype.kind not in "biuf"]
    if errors:
        raise StateError("\n\t".join([
            f"Error(s) in loading state_dict for {type(module).__name__}:", *errors]))
    for key, array in arrays.items():
        versions.bump(own[key].data)
        own[key].data[...] = array
    return Keys(missing, unexpected)


def to_array(value):
    """The array of a Tensor, of an array, or of a torch tensor on any device."""
    if isinstance(value, Tensor):
        return value.data
    if hasattr(value, "detach"):                         # a torch tensor, without importing torch
        value = value.detach().cpu()
    return np.asarray(value)


def _join(path, name):
    return f"{path}.{name}" if path else name


def _quoted(names):
    return ", ".join(f'"{name}"' for name in names)
