"""Containers of modules: Sequential, ModuleList, ModuleDict."""

import numpy as np

from vidlearn.checks import ArgumentError
from vidlearn.scratch.nn.module import Module


class _ListOfModules(Module):
    """The methods of a Python list that Sequential and ModuleList share."""

    def append(self, module):
        """Add a module at the end."""
        self.add_module(str(len(self)), module)
        return self

    def __len__(self):
        return len(self._items())

    def __iter__(self):
        return (module for _, module in self._items())

    def __getitem__(self, index):
        return self._items()[index][1]

    def __setitem__(self, index, module):
        setattr(self, self._items()[index][0], module)


class Sequential(_ListOfModules):
    """Modules in a row: the output of each is the input of the next. A slice is a Sequential.

    Twin     torch.nn.Sequential
    """

    def __init__(self, *modules):
        super().__init__()
        named = modules[0].items() if len(modules) == 1 and isinstance(modules[0], dict) \
            else enumerate(modules)
        for name, module in named:
            self.add_module(str(name), module)

    def forward(self, input):
        for module in self:
            input = module(input)
        return input

    def __getitem__(self, index):
        if isinstance(index, slice):                     # modules keep their names, as in torch
            return type(self)(dict(self._items()[index]))
        return super().__getitem__(index)


class ModuleList(_ListOfModules):
    """A list of modules whose parameters belong to the network; it has no forward of its own.

    Twin     torch.nn.ModuleList
    """

    def __init__(self, modules=()):
        super().__init__()
        self.extend(modules)

    def extend(self, modules):
        """Add several modules at the end."""
        if isinstance(modules, (str, dict)) or not np.iterable(modules):
            raise ArgumentError("ModuleList: modules must be a list of Modules, not "
                                f"{modules!r:.60}")
        for module in modules:
            self.append(module)
        return self

    def __getitem__(self, index):
        if isinstance(index, slice):
            return type(self)(module for _, module in self._items()[index])
        return super().__getitem__(index)


class ModuleDict(Module):
    """A dictionary of modules whose parameters belong to the network.

    Twin     torch.nn.ModuleDict
    """

    def __init__(self, modules=None):
        super().__init__()
        if modules is not None and not hasattr(modules, "items"):
            raise ArgumentError(f"ModuleDict: modules must be a dict, not {modules!r:.60}")
        for name, module in (modules or {}).items():
            self[name] = module

    def keys(self):
        """The names."""
        return dict(self._items()).keys()

    def values(self):
        """The modules."""
        return dict(self._items()).values()

    def items(self):
        """The pairs (name, module)."""
        return dict(self._items()).items()

    def __setitem__(self, name, module):
        self.add_module(name, module)

    def __getitem__(self, name):
        return dict(self._items())[name]

    def __contains__(self, name):
        return name in self.keys()

    def __len__(self):
        return len(self.keys())

    def __iter__(self):
        return iter(self.keys())
