"""The three products of a convolution, for a few places of the window at a time.

`conv_plain_forward` lays all windows out at once: K times the memory of x. Here only a few places
are laid out, as columns, and a matrix product does the work:

    columns  (C·K, places)    a row for each channel and tap, a column for each place
    weight   (O, C·K)         y = weight @ columns
    dy       (O, places)      dweight = dy @ columnsᵀ          dcolumns = weightᵀ @ dy

Two things make it fast. The clips of a batch lie innermost in memory, (C, *S, N): one product
serves them all, and a row of columns is copied in long runs. And the columns fill 4 MB at most: the
product finds them in the processor's cache.

With G groups, each product is G products of C/G channels and O/G outputs.
"""

from functools import reduce
from itertools import pairwise
from math import prod

import numpy as np

from vidlearn.scratch import threads

BYTES = 4 * 2**20       # of columns at a time; measured: 1 and 8 MB are slower


def clips_innermost(x):
    """x with the clips innermost in memory; no copy where they are, as in all that comes from here.

    Shapes   x (N, C, *S)  ->  (N, C, *S)
    """
    return np.moveaxis(np.ascontiguousarray(np.moveaxis(x, 0, -1)), -1, 0)


def correlate(x, weight, slide, groups=1):
    """y[o, s] = Σ over channels c and taps k of weight[o, c, k] · window of x at s [c, k].

    Shapes   x (N, C, *S), weight (O, C/G, *K)  ->  y (N, O, *S')
    """
    windows = _windows(_padded(x, slide), slide)
    rows = weight.reshape(groups, len(weight) // groups, -1)          # (G, O/G, C/G·K)
    y = np.empty((len(weight), *slide.places, len(x)), np.result_type(x, weight))

    def fill(blocks):
        for block, columns, matrix in _columns(windows, blocks, groups, y.dtype):
            columns[...] = windows[(..., *block)]
            np.matmul(rows, matrix, out=_flat(y, block, groups))
    threads.share(fill, _blocks(windows, y.dtype))
    return np.moveaxis(y, -1, 0)


def weight_gradient(x, dy, slide, groups=1):
    """dweight[o, c, k] = Σ over clips and places s of dy[o, s] · window of x at s [c, k].

    Shapes   x (N, C, *S), dy (N, O, *S')  ->  dweight (O, C/G, *K)
    """
    windows, dy = _windows(_padded(x, slide), slide), np.moveaxis(dy, 0, -1)
    rows, dtype = prod(windows.shape[:len(slide.kernel) + 1]) // groups, np.result_type(x, dy)

    def gather(blocks):
        total = np.zeros((groups, rows, len(dy) // groups), dtype)
        for block, columns, matrix in _columns(windows, blocks, groups, dtype):
            columns[...] = windows[(..., *block)]
            total += matrix @ _flat(dy, block, groups).swapaxes(1, 2)   # the other order is slower
        return total
    dweight = reduce(np.add, threads.share(gather, _blocks(windows, dtype)))
    return dweight.swapaxes(1, 2).reshape(len(dy), -1, *slide.kernel)


def input_gradient(dy, weight, slide, groups=1):
    """The window of dx at s [c, k] += Σ over outputs o of weight[o, c, k] · dy[o, s].

    Shapes   dy (N, O, *S'), weight (O, C/G, *K)  ->  dx (N, C, *S)
    """
    dy = np.moveaxis(dy, 0, -1)                                       # (O, *S', N)
    rows = weight.reshape(groups, len(weight) // groups, -1).swapaxes(1, 2)
    taps, room = prod(slide.kernel), (groups * weight.shape[1], *slide.room, dy.shape[-1])
    dx = np.zeros(room, np.result_type(dy, weight))

    def scatter(parts):
        for part in parts:                            # no two threads add to the same channel
            windows, some = _windows(dx[part], slide), rows[:, taps * part.start:taps * part.stop]
            for block, columns, matrix in _columns(windows, _blocks(windows, dx.dtype), groups,
                                                   dx.dtype):
                np.matmul(some, _flat(dy, block, groups), out=matrix)
                for tap in np.ndindex(*slide.kernel):     # windows overlap, one tap does not
                    windows[(slice(None), *tap, *block)] += columns[(slice(None), *tap)]
    threads.share(scatter, _channels(len(dx), groups))
    return np.moveaxis(dx[(slice(None), *slide.inside)], -1, 0)


def _padded(x, slide):
    """x in its padding of zeros: (N, C, *S) -> (C, *room, N)."""
    padded = np.zeros((x.shape[1], *slide.room, len(x)), x.dtype)
    padded[(slice(None), *slide.inside)] = np.moveaxis(x, 0, -1)
    return padded


def _windows(padded, slide):
    """What each tap sees at each place, as a view: (C, *K, *S', N)."""
    axes = len(slide.kernel)
    return np.moveaxis(slide.windows(padded, 1), range(-axes, 0), range(1, 1 + axes))


def _columns(windows, blocks, groups, dtype):
    """Go over `blocks` of the places of `windows`, with room for the columns of one block.

    Returns  block: slices of (*S', N); and the same memory twice: as columns (C, *K, *block) and
             as matrix (G, C/G·K, places)
    """
    taps = windows.shape[:windows.ndim // 2]                          # (C, *K)
    shapes = [[part.stop - part.start for part in block] for block in blocks]
    most, rows = max(map(prod, shapes), default=0), prod(taps)
    buffer = np.empty((rows, most + 16), dtype)       # 16 too wide: rows that are a power of two
    for block, shape in zip(blocks, shapes, strict=True):             # apart share cache lines
        matrix = buffer[:, :prod(shape)]
        yield block, matrix.reshape(*taps, *shape), matrix.reshape(groups, rows // groups, -1)


def _blocks(windows, dtype):
    """Cut the places of `windows` (C, *K, *S', N) into blocks whose columns take BYTES or less.

    Each is an unbroken run of places: slices of (*S', N).
    """
    taps, size = windows.shape[:windows.ndim // 2], windows.shape[windows.ndim // 2:]
    most = BYTES // (prod(taps) * dtype.itemsize)
    sides = [max(1, min(s, most // max(1, prod(size[axis + 1:])))) for axis, s in enumerate(size)]
    corners = np.ndindex(*(-(-s // side) for s, side in zip(size, sides, strict=True)))
    return [tuple(slice(i * side, min((i + 1) * side, s))
                  for i, side, s in zip(corner, sides, size, strict=True)) for corner in corners]


def _channels(count, groups):
    """Deal the channels out to the threads: slices. Groups stay together."""
    parts = 1 if groups > 1 else min(threads.get_num_threads(), count)
    edges = [count * k // parts for k in range(parts + 1)]
    return [slice(*pair) for pair in pairwise(edges)]


def _flat(y, block, groups):
    """One block of y (O, *S', N) as (G, O/G, places): a view where y has this order in memory."""
    return y[(slice(None), *block)].reshape(groups, len(y) // groups, -1)
