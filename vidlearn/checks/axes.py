"""Do the arrays of a call fit each other, axis by axis?"""

import re

from vidlearn.checks.errors import ArgumentError

AXIS = re.compile(r"(\d*)([A-Z])(?:/(\w+))?")                         # N; 4U; C/groups


def fit(where, wanted, arguments):
    """Refuse arrays whose axes of one letter differ in length, or that have more or fewer axes.

    `wanted` maps names of arguments to their axes, ("N", "C", "*S"); `arguments` holds the values.

    Raises   ArgumentError with all their shapes
    """
    lengths, fits = {}, True
    named = {name: axes for name, axes in wanted.items() if arguments.get(name) is not None}
    for name, axes in named.items():
        shape, plain = arguments[name].shape, [axis for axis in axes if axis[0] != "*"]
        extra = len(shape) - len(plain)
        fits &= extra >= 0 and extra == (lengths.setdefault("*", extra) if plain != [*axes] else 0)
        for axis, length in zip(plain, shape):                                   # noqa: B905
            times, letter, over = AXIS.fullmatch(axis).groups()
            one = length * arguments.get(over, 1) / int(times or 1)
            fits &= lengths.setdefault(letter, one) == one
    if not fits:
        came = ", ".join(f"{name} {arguments[name].shape}" for name in named)
        need = ", ".join(f"{name} ({', '.join(axes)})" for name, axes in named.items())
        raise ArgumentError(f"{where}: {came} must be {need}")
