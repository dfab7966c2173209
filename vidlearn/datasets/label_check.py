"""A dataset that names the clip whose label is missing or wrong, before an engine fails on it."""

import operator

from vidlearn.checks import ArgumentError


class LabelCheck:
    """The same dataset, with each label checked to be one of its classes.

    Raises   ArgumentError that names the clip, if its label is missing or none of the classes
    """

    def __init__(self, data):
        self.data, self.classes = data, data.classes
        if hasattr(data, "draw"):
            self.draw = self._draw

    def __len__(self):
        return len(self.data)

    def __getitem__(self, i):
        return self._labelled(i, self.data[i])

    def _draw(self, i, rng):
        return self._labelled(i, self.data.draw(i, rng))

    def _labelled(self, i, item):
        try:
            clip, label = item
            if 0 <= operator.index(label) < len(self.classes):
                return clip, label
            found = f"label {label}"
        except (TypeError, ValueError):               # not a pair, or a label that is not a number
            found = f"label {item[1]!r}" if isinstance(item, tuple) and item[1:] else "no label"
        names = getattr(self.data, "names", ())
        name = f"clip {i} ({names[i]})" if names else f"clip {i}"
        raise ArgumentError(f"{name} has {found}: it must be a number from 0 to "
                            f"{len(self.classes) - 1}, one of {len(self.classes)} classes")
