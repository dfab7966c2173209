"""A number that differs a little from machine to machine, and the verdict on it.

    accuracy ≈0.943 (at least 0.90 ✓)

The number is for the reader, the verdict for the test: nbval.cfg keeps what stands behind ≈ out of
the comparison. A ✓ is printed only where the number was compared with its bounds.
"""

import math
from numbers import Integral

from vidlearn.checks import ArgumentError, checked, kinds


class Missed(AssertionError):
    """A number is not where a lesson says it is. A notebook shows its message and no traceback."""

    def _render_traceback_(self):                     # IPython asks for this by name
        return [f"✗ {self}"]


@checked
def measured(name: kinds.WORD, value: kinds.REAL, *, at_least: kinds.NUMBER = None,
             at_most: kinds.NUMBER = None, near: kinds.NUMBER = None,
             within: kinds.NOT_NEGATIVE = None, unit=""):
    """Print a number and the verdict on it: `accuracy ≈0.943 (at least 0.90 ✓)`.

    Give `at_least`, `at_most`, both of them, or `near` and `within`: near 0.5 within 0.1 is from
    0.4 to 0.6.

    Raises   Missed if the number is outside; ArgumentError without bounds
    """
    print(judged(f"{name} ", value, at_least, at_most, near, within, unit))


def judged(before, value, at_least=None, at_most=None, near=None, within=None, unit=""):
    """The line that `measured` prints; `before` is how it begins."""
    unit = f" {unit}" if unit else ""
    low, high, words = _bounds(at_least, at_most, near, within, unit)
    line = f"{before}≈{written(value)}{unit} ({words}"
    if not low <= value <= high:                      # nor is NaN between any bounds
        raise Missed(f"{line})")
    return f"{line} ✓)"


def written(value):
    """A number, or a word, as a lesson prints it: 4, 112,318, 0.943, 1.2e-05, right."""
    if isinstance(value, str):
        return value
    if isinstance(value, Integral):
        return f"{value:,}"
    value = float(value)
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e15 else f"{value:.3g}"


def _bounds(at_least, at_most, near, within, unit):
    """The lowest and the highest right number, and both in words."""
    is_band = near is not None and within is not None
    is_range = at_least is not None or at_most is not None
    if is_band == is_range or (near is None) != (within is None):
        raise ArgumentError("the verdict needs at_least, at_most or both, or else near and within")
    if is_band:
        return near - within, near + within, f"{_bound(near)} ± {_bound(within)}{unit}"
    low, high = (-math.inf if at_least is None else at_least,
                 math.inf if at_most is None else at_most)
    if low > high:
        raise ArgumentError(f"at_least {low:g} is more than at_most {high:g}")
    if at_most is None:
        return low, high, f"at least {_bound(low)}{unit}"
    if at_least is None:
        return low, high, f"at most {_bound(high)}{unit}"
    return low, high, f"{_bound(low)} to {_bound(high)}{unit}"


def _bound(value):
    """A bound as people write it: 0.90, 3, 0.025."""
    return f"{value:.2f}" if 0 < abs(value) < 1 and round(value, 2) == value else f"{value:,g}"
