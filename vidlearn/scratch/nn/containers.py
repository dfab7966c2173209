"""Modules that hold other modules: in a row, in a list, under names."""

from vidlearn.scratch.nn.module import Module


class Sequential(Module):
    """Modules in a row: each takes what the one before gives. A slice is a Sequential again.

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

    def append(self, module):
        """Put one more at the end."""
        self.add_module(str(len(self)), module)
        return self

    def __len__(self):
        return len(self.children())

    def __iter__(self):
        return iter(self.children())

    def __getitem__(self, index):
        if isinstance(index, slice):
            return type(self)(dict(self.named_children()[index]))
        return self.children()[index]


class ModuleList(Module):
    """A list whose modules are found by `parameters()`; how they are called is up to its owner.

    Twin     torch.nn.ModuleList
    """

    def __init__(self, modules=()):
        super().__init__()
        self.extend(modules)

    def append(self, module):
        """Put one more at the end."""
        self.add_module(str(len(self)), module)
        return self

    def extend(self, modules):
        """Put several more at the end."""
        for module in modules:
            self.append(module)
        return self

    def __len__(self):
        return len(self.children())

    def __iter__(self):
        return iter(self.children())

    def __getitem__(self, index):
        if isinstance(index, slice):
            return type(self)(self.children()[index])
        return self.children()[index]


class ModuleDict(Module):
    """A dictionary whose modules are found by `parameters()`.

    Twin     torch.nn.ModuleDict
    """

    def __init__(self, modules=None):
        super().__init__()
        for name, module in (modules or {}).items():
            self[name] = module

    def keys(self):
        """The names."""
        return dict(self.named_children()).keys()

    def values(self):
        """The modules."""
        return self.children()

    def items(self):
        """(name, module)."""
        return self.named_children()

    def __setitem__(self, name, module):
        self.add_module(name, module)

    def __getitem__(self, name):
        return dict(self.named_children())[name]

    def __contains__(self, name):
        return name in self.keys()

    def __len__(self):
        return len(self.children())

    def __iter__(self):
        return iter(self.keys())
