"""The exercises, a module a notebook: `exercises.convolution.SLIDE.check(slide)`."""

from importlib import import_module
from pkgutil import iter_modules

__all__ = sorted(module.name for module in iter_modules(__path__))


def __getattr__(name):
    if name in __all__:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"there are no exercises {name!r}; there are {', '.join(__all__)}")
