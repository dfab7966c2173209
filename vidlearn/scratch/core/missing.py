"""What is said of a name that this library does not have: whether torch has it, and near names."""

import sys
from difflib import get_close_matches

NEAREST = 3


def attribute(package):
    """Make the `__getattr__` of a package; `package` is its `vars`.

    Raises   AttributeError, as for any name that is missing, so that hasattr() and import work
    """
    own = package["__name__"]

    def __getattr__(name):
        if name.startswith("_"):                      # asked by Python itself, or by a tool
            raise AttributeError(f"module {own!r} has no attribute {name!r}")
        raise AttributeError(words(own.removeprefix("vidlearn."), name, package))
    return __getattr__


def words(own, name, known):
    """The line about a missing name: it is misspelled, or not written here."""
    public = {k.lower(): k for k in known if not k.startswith("_")}
    near = [public[k] for k in get_close_matches(name.lower(), public, NEAREST, cutoff=0.75)]
    line = f"{own} has no {name}" + ", but torch has" * _torch_has(own, name)
    return f"{line}; near it: {', '.join(near)}" if near else f"{line}; dir({own}) lists its names"


def _torch_has(own, name):
    """Whether torch (for ops, torchvision) has the name; only if it is imported: that is slow."""
    place = sys.modules.get("torchvision" if own.endswith(".ops") else "torch")
    for part in own.split(".")[1:]:
        place = getattr(place, part, None)
    return hasattr(place, name)
