"""The exercises, one module for each notebook.

>>> from vidlearn import exercises
>>> exercises.start.SECONDS_OF.check(lambda frame, rate: frame / rate)
✓ seconds_of: right in all 6 cases
"""

from importlib import import_module
from pkgutil import iter_modules

__all__ = sorted(module.name for module in iter_modules(__path__))


def __getattr__(name):
    if name in __all__:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"there are no exercises {name!r}; there are {', '.join(__all__)}")
