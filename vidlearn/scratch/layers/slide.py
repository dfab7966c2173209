"""Where a window stops as it slides over x: the geometry that convolution and pooling share.

    *S   the size of x along the axes the window moves on: (T), (H, W) or (T, H, W)
    *K   the kernel: how many taps the window has along each axis
    *S'  the places where the window stops

At place s, tap k of the window looks at position  s · stride + k · dilation - padding  of x.
"""

from operator import index
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from vidlearn.scratch.core.errors import ShapeError


class Slide(NamedTuple):
    """How a window goes over x: one number for each axis it moves along.

    Units    pixels along H and W, frames along T
    """

    size: tuple         # *S
    kernel: tuple       # *K
    stride: tuple
    padding: tuple      # positions added before x, and as many behind it
    dilation: tuple
    places: tuple       # *S'

    @property
    def room(self):
        """The size of x with its padding."""
        return tuple(s + 2 * p for s, p in zip(self.size, self.padding, strict=True))

    @property
    def inside(self):
        """Where x lies in its padding: one slice for each axis."""
        return tuple(slice(p, p + s) for s, p in zip(self.size, self.padding, strict=True))

    @property
    def apart(self):
        """Is no position seen by two windows?"""
        return all(step > spread * (taps - 1) for step, spread, taps in zip(
            self.stride, self.dilation, self.kernel, strict=True))

    def windows(self, padded, first):
        """What each tap sees at each place, without copying; `first` axes come before *S.

        Shapes   padded (*A, *room, *B)  ->  (*A, *S', *B, *K), for any axes A and B
        """
        span = tuple(q * (k - 1) + 1 for k, q in zip(self.kernel, self.dilation, strict=True))
        moving = tuple(range(first, first + len(span)))
        view = sliding_window_view(padded, span, moving, writeable=True)
        stops = (slice(0, step * (n - 1) + 1, step)
                 for step, n in zip(self.stride, self.places, strict=True))
        view = view[(*[slice(None)] * first, *stops)]
        return view[(..., *(slice(None, None, q) for q in self.dilation))]

    def taps(self):
        """For each tap that meets x at all: from which places, and what it sees there.

        Returns  pairs of indices (places, seen), such that y[places] and x[seen] fit each other
        """
        for tap in np.ndindex(*self.kernel):
            pairs = [self._meets(axis, k) for axis, k in enumerate(tap)]
            if all(pairs):
                places, seen = zip(*pairs, strict=True)
                yield (..., *places), (..., *seen)

    def _meets(self, axis, k):
        """The places from which tap `k` falls on x and not its padding, and the positions seen."""
        stride, start = self.stride[axis], k * self.dilation[axis] - self.padding[axis]
        low = max(0, -(start // stride))                              # rounded up
        high = min(self.places[axis], (self.size[axis] - 1 - start) // stride + 1)
        if low >= high:
            return None
        first, last = start + low * stride, start + (high - 1) * stride
        return slice(low, high), slice(first, last + 1, stride)


def slide_over(size, kernel, stride=1, padding=0, dilation=1, ceil_mode=False):
    """The Slide of a window over `size`; each option is one number, or one for each axis.

    With `ceil_mode` a last window may hang over the end, if it starts on x or its left padding.

    Raises   ShapeError if an option has the wrong count of numbers or the window does not fit
    """
    axes = len(size)
    kernel, stride = each_axis("kernel", kernel, axes, 1), each_axis("stride", stride, axes, 1)
    padding = each_axis("padding", padding, axes, 0)
    dilation = each_axis("dilation", dilation, axes, 1)
    stride = tuple(min(step, max(s + 2 * p, 1))       # as good as any that leads out of x
                   for step, s, p in zip(stride, size, padding, strict=True))
    places = tuple(_places(*numbers, ceil_mode)
                   for numbers in zip(size, kernel, stride, padding, dilation, strict=True))
    slide = Slide(tuple(size), kernel, stride, padding, dilation, places)
    if min(places) < 1:
        spread = f" with dilation {dilation}" if max(dilation) > 1 else ""
        raise ShapeError(f"kernel {kernel}{spread} does not fit in the padded input {slide.room}: "
                         "take a smaller kernel or more padding")
    return slide


def _places(size, kernel, stride, padding, dilation, ceil_mode):
    """S' = (S + 2 padding - dilation (K - 1) - 1) // stride + 1, along one axis."""
    way = size + 2 * padding - dilation * (kernel - 1) - 1            # how far the window can go
    if not ceil_mode:
        return way // stride + 1
    places = -(-way // stride) + 1
    return places - 1 if (places - 1) * stride >= size + padding else places


def each_axis(name, value, axes, least):
    """`value` as a tuple with one whole number for each axis: 3 -> (3, 3).

    Raises   ShapeError if there are neither one nor `axes` numbers, or one is below `least`
    """
    try:
        several = np.iterable(value) and not isinstance(value, (set, dict, bytes))
        numbers = tuple(map(index, value if several else [value]))
    except TypeError:                                 # 1.5, "same"
        numbers = ()
    numbers = numbers * axes if len(numbers) == 1 else numbers
    if len(numbers) != axes or min(numbers) < least:
        raise ShapeError(f"{name} must be one whole number or {axes} of them, at least {least}; "
                         f"it is {value!r:.60}")
    return numbers
