"""A dataset that says which of its clips has no label, before an engine trips over it."""

import operator


class Checked:
    """The same dataset, each label of which is one of its classes.

    Raises   ValueError that names the clip, for a label that is missing or none of the classes
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
            said = f"label {label}"
        except (TypeError, ValueError):               # no pair, or a label that is no number
            said = f"label {item[1]!r}" if isinstance(item, tuple) and item[1:] else "no label"
        names = getattr(self.data, "names", ())
        name = f"clip {i} ({names[i]})" if names else f"clip {i}"
        raise ValueError(f"{name} has {said}: it must be a number from 0 to "
                         f"{len(self.classes) - 1}, one of {len(self.classes)} classes")
