"""The geometry of a sliding window, which convolution and pooling share.

    *S   the size of x along the axes that the window moves along: (T), (H, W) or (T, H, W)
    *K   the size of the kernel: how many taps it has along each axis
    *S'  the number of places where the window stops, along each axis

A tap is one element of the kernel. At place s, tap k looks at position
s · stride + k · dilation - padding  of x.
"""

from operator import index
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from vidlearn.scratch.core.errors import ShapeError


class SlidingWindow(NamedTuple):
    """How a window moves over x: one number for each axis that it moves along.

    Units    pixels along H and W, frames along T
    """

    size: tuple         # *S
    kernel: tuple       # *K
    stride: tuple
    padding: tuple      # positions added before x, and as many after it
    dilation: tuple
    places: tuple       # *S'

    @property
    def padded_size(self):
        """The size of x with its padding."""
        return tuple(s + 2 * p for s, p in zip(self.size, self.padding, strict=True))

    @property
    def interior(self):
        """Where x lies in its padding: one slice for each axis."""
        return tuple(slice(p, p + s) for s, p in zip(self.size, self.padding, strict=True))

    @property
    def disjoint(self):
        """Whether no two windows overlap."""
        return all(stride > dilation * (taps - 1) for stride, dilation, taps in zip(
            self.stride, self.dilation, self.kernel, strict=True))

    def views(self, padded, first):
        """The window at each place, as a view; `first` is the number of axes before *S.

        Shapes   padded (*A, *padded_size, *B)  ->  (*A, *S', *B, *K), for any axes A and B
        """
        span = tuple(d * (k - 1) + 1 for k, d in zip(self.kernel, self.dilation, strict=True))
        moving = tuple(range(first, first + len(span)))
        view = sliding_window_view(padded, span, moving, writeable=True)
        stops = (slice(0, stride * (n - 1) + 1, stride)
                 for stride, n in zip(self.stride, self.places, strict=True))
        view = view[(*[slice(None)] * first, *stops)]
        return view[(..., *(slice(None, None, d) for d in self.dilation))]

    def taps(self):
        """For each tap that meets x at all: the places from which it does, and what it sees there.

        Returns  pairs of indices (places, seen): y[places] and x[seen] have the same shape
        """
        for tap in np.ndindex(*self.kernel):
            pairs = [self._meets(axis, k) for axis, k in enumerate(tap)]
            if all(pairs):
                places, seen = zip(*pairs, strict=True)
                yield (..., *places), (..., *seen)

    def _meets(self, axis, k):
        """The places from which tap `k` falls on x and not on its padding, and what it sees."""
        stride, start = self.stride[axis], k * self.dilation[axis] - self.padding[axis]
        low = max(0, -(start // stride))                              # rounded up
        high = min(self.places[axis], (self.size[axis] - 1 - start) // stride + 1)
        if low >= high:
            return None
        first, last = start + low * stride, start + (high - 1) * stride
        return slice(low, high), slice(first, last + 1, stride)


def sliding_window(size, kernel, stride=1, padding=0, dilation=1, ceil_mode=False):
    """The SlidingWindow over an input of `size`; each option is one number, or one for each axis.

    With `ceil_mode` the last window may reach beyond the end, but not start in the padding there.

    Raises   ShapeError if an option has the wrong count of numbers or the window does not fit
    """
    axes = len(size)
    kernel, stride = each_axis("kernel", kernel, axes, 1), each_axis("stride", stride, axes, 1)
    padding = each_axis("padding", padding, axes, 0)
    dilation = each_axis("dilation", dilation, axes, 1)
    # A longer stride leads out of x just as this one does, and is too long for a slice.
    stride = tuple(min(step, max(s + 2 * p, 1))
                   for step, s, p in zip(stride, size, padding, strict=True))
    places = tuple(_places(*numbers, ceil_mode)
                   for numbers in zip(size, kernel, stride, padding, dilation, strict=True))
    window = SlidingWindow(tuple(size), kernel, stride, padding, dilation, places)
    if min(places) < 1:
        dilated = f" with dilation {dilation}" if max(dilation) > 1 else ""
        raise ShapeError(f"kernel {kernel}{dilated} does not fit in the padded input "
                         f"{window.padded_size}: take a smaller kernel or more padding")
    return window


def _places(size, kernel, stride, padding, dilation, ceil_mode):
    """S' = (S + 2 padding - dilation (K - 1) - 1) // stride + 1, along one axis."""
    distance = size + 2 * padding - dilation * (kernel - 1) - 1       # how far the window can move
    if not ceil_mode:
        return distance // stride + 1
    places = -(-distance // stride) + 1
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
