"""The three products of a convolution as matrix products: im2col, in blocks.

`conv_plain_forward` lays all windows out at once: K times the memory of x. Here the windows of only
a few places are laid out at a time, as columns, and a matrix product does the work:

    columns  (C·K, places)    a row for each channel and tap, a column for each place
    weight   (O, C·K)         y = weight @ columns
    dy       (O, places)      dweight = dy @ columnsᵀ          dcolumns = weightᵀ @ dy

Four things make it fast:

  - The clips of a batch lie innermost in memory, (C, *S, N). One product serves them all, and a row
    of columns is copied in long runs. With a stride, the positions that one tap meets are put side
    by side first.
  - A block of columns fills 2 MB at most, so that the product finds it in the processor's cache.
  - Rows of columns and of y never lie a power of two apart: they would evict each other from the
    cache.
  - Several threads share the places of y, or the channels of dx.

With G groups, each product is G products of C/G channels and O/G outputs.
"""

from functools import reduce
from itertools import pairwise
from math import gcd, prod

import numpy as np

from vidlearn.scratch.core import threads

BLOCK_BYTES = 2 * 2**20     # of columns; with 1 MB it is slower, with 4 MB a few percent faster


def clips_innermost(x):
    """x with the clips innermost in memory; no copy if they are, as in all that this module makes.

    Shapes   x (N, C, *S)  ->  (N, C, *S)
    """
    return x if lie_innermost(x) else np.moveaxis(
        np.ascontiguousarray(np.moveaxis(x, 0, -1)), -1, 0)


def lie_innermost(x):
    """Whether the clips of x (N, C, *S) lie innermost in memory, and each channel is contiguous."""
    return np.moveaxis(x, 0, -1)[:1].flags.c_contiguous


def correlate(x, weight, window, groups=1, bias=None):
    """y[o, s] = bias[o] + Σ over c, k of weight[o, c, k] · x_windows[c, k, s].

    x_windows[c, k, s] is what tap k of the window at place s sees in channel c.

    Shapes   x (N, C, *S), weight (O, C/G, *K), bias (O,)  ->  y (N, O, *S')
    """
    rows = weight.reshape(groups, len(weight) // groups, -1)          # (G, O/G, C/G·K)
    taps, places = (x.shape[1], *window.kernel), (*window.places, len(x))
    windows = list(_windows(_padded(x, window), window))
    y = _rows(len(weight), places, np.result_type(x, weight))

    def fill(blocks):
        for block, columns, matrix in _columns(taps, blocks, groups, y.dtype):
            _im2col(windows, block, columns)
            outputs = np.matmul(rows, matrix, out=_flat(y, block, groups))
            if bias is not None:                      # while the block is in the cache
                outputs += bias.reshape(groups, -1, 1)
    threads.parallel_map(fill, _blocks(taps, places, y.dtype))
    return np.moveaxis(y, -1, 0)


def weight_gradient(x, dy, window, groups=1):
    """dweight[o, c, k] = Σ over clips and s of dy[o, s] · x_windows[c, k, s]; see `correlate`.

    Shapes   x (N, C, *S), dy (N, O, *S')  ->  dweight (O, C/G, *K)
    """
    dy, dtype = np.moveaxis(dy, 0, -1), np.result_type(x, dy)         # (O, *S', N)
    taps, windows = (x.shape[1], *window.kernel), list(_windows(_padded(x, window), window))

    def gather(blocks):
        total = np.zeros((groups, prod(taps) // groups, len(dy) // groups), dtype)
        for block, columns, matrix in _columns(taps, blocks, groups, dtype):
            _im2col(windows, block, columns)
            total += matrix @ _flat(dy, block, groups).swapaxes(1, 2)   # the other order is slower
        return total
    dweight = reduce(np.add, threads.parallel_map(gather, _blocks(taps, dy.shape[1:], dtype)))
    return dweight.swapaxes(1, 2).reshape(len(dy), -1, *window.kernel)


def input_gradient(dy, weight, window, groups=1):
    """dx_windows[c, k, s] += Σ over o of weight[o, c, k] · dy[o, s]; see `correlate`.

    Shapes   dy (N, O, *S'), weight (O, C/G, *K)  ->  dx (N, C, *S)
    """
    dy, dtype = np.moveaxis(dy, 0, -1), np.result_type(dy, weight)    # (O, *S', N)
    rows = weight.reshape(groups, len(weight) // groups, -1).swapaxes(1, 2)
    channels, each = groups * weight.shape[1], prod(window.kernel)
    padded = _zeros(channels, window, dy.shape[-1], dtype)

    def scatter(parts):
        for part in parts:                            # no two threads add to the same channel
            windows = list(_windows(padded[part], window))
            some = rows[:, each * part.start:each * part.stop]
            taps = part.stop - part.start, *window.kernel
            blocks = _blocks(taps, dy.shape[1:], dtype)
            for block, columns, matrix in _columns(taps, blocks, groups, dtype):
                np.matmul(some, _flat(dy, block, groups), out=matrix)
                _col2im(windows, block, columns)
    threads.parallel_map(scatter, _channels(channels, groups))
    return _unpadded(padded, window)


def _zeros(channels, window, clips, dtype):
    """Zeros for a padded x. Every stride-th position of the last axis lies side by side.

    What the windows see at one tap is then contiguous, whatever their stride. Positions with the
    same remainder after division by the stride have the same *phase*.

    Shapes   (C, ..., stride, L, N), with ... the padded axes before the last
    """
    *others, last = window.padded_size
    stride = window.stride[-1]
    return np.zeros((channels, *others, stride, -(-last // stride), clips), dtype)


def _interior(padded, window):
    """Where x (C, *S, N) lies in its padded form: pairs of a view and an index of x."""
    *others, last = window.interior
    stride = window.stride[-1]
    for phase in range(stride):
        first = (phase - last.start) % stride         # of the positions of x on this phase
        start, count = (first + last.start) // stride, len(range(first, window.size[-1], stride))
        here = (slice(None), *others, phase, slice(start, start + count))
        yield padded[here], (..., slice(first, None, stride), slice(None))


def _padded(x, window):
    """x (N, C, *S) in the padded form of `_zeros`."""
    padded = _zeros(x.shape[1], window, len(x), x.dtype)
    for part, positions in _interior(padded, window):
        part[...] = np.moveaxis(x, 0, -1)[positions]
    return padded


def _unpadded(padded, window):
    """The inverse of `_padded`; a view if the last stride is 1."""
    parts = list(_interior(padded, window))
    if len(parts) == 1:
        return np.moveaxis(parts[0][0], -1, 0)
    x = np.empty((len(padded), *window.size, padded.shape[-1]), padded.dtype)
    for part, positions in parts:
        x[positions] = part
    return np.moveaxis(x, -1, 0)


def _windows(padded, window):
    """What each tap sees at each place, as views; the last axis of places is contiguous.

    With a stride, those taps of the last axis that fall on the same phase make one view.

    Returns  pairs of a slice of the taps of the last axis, and a view (C, *K, *S', N)
    """
    *_, count = window.kernel
    *_, (stride, dilation, places) = zip(window.stride, window.dilation, window.places, strict=True)
    period = stride // gcd(stride, dilation)          # every period-th tap falls on the same phase
    axes = len(window.kernel)
    for first in range(min(period, count)):
        taps = slice(first, None, period)
        number, jump = len(range(count)[taps]), dilation * period // stride
        start, phase = divmod(first * dilation, stride)
        seen = padded[..., phase, start:start + jump * (number - 1) + places, :]
        on_phase = window._replace(
            kernel=(*window.kernel[:-1], number), stride=(*window.stride[:-1], 1),
            dilation=(*window.dilation[:-1], jump))
        yield taps, np.moveaxis(on_phase.views(seen, 1), range(-axes, 0), range(1, 1 + axes))


def _im2col(windows, block, columns):
    """Fill the columns of a block of places."""
    for taps, seen in windows:
        columns[_at(taps, columns, block)] = seen[(..., *block)]


def _col2im(windows, block, columns):
    """Add the columns of a block to the windows that they belong to, tap by tap.

    Windows overlap, but one tap of them does not.
    """
    for taps, seen in windows:
        part = columns[_at(taps, columns, block)]
        for tap in np.ndindex(*part.shape[1:part.ndim - len(block)]):
            seen[(slice(None), *tap, *block)] += part[(slice(None), *tap)]


def _at(taps, columns, block):
    """The index of these taps of the last axis of K, in columns (C, *K, *block)."""
    return *[slice(None)] * (columns.ndim - len(block) - 1), taps


def _columns(taps, blocks, groups, dtype):
    """Go over `blocks` of places with one buffer for the columns of a block.

    Returns  a block, slices of (*S', N), and its part of the buffer in two shapes: columns
             (C, *K, *block) and a matrix (G, C/G·K, places)
    """
    shapes = [[part.stop - part.start for part in block] for block in blocks]
    most, rows = max(map(prod, shapes), default=0), prod(taps)
    buffer = _rows(rows, (most,), dtype)
    for block, shape in zip(blocks, shapes, strict=True):
        matrix = buffer[:, :prod(shape)]
        yield block, matrix.reshape(*taps, *shape), matrix.reshape(groups, rows // groups, -1)


def _blocks(taps, places, dtype):
    """Cut `places` (*S', N) into blocks whose columns, a row for each tap, fill BLOCK_BYTES.

    Each block is a contiguous run of places: slices of (*S', N).
    """
    most = BLOCK_BYTES // (prod(taps) * dtype.itemsize)
    sides = [max(1, min(s, most // max(1, prod(places[axis + 1:]))))
             for axis, s in enumerate(places)]
    corners = np.ndindex(*(-(-s // side) for s, side in zip(places, sides, strict=True)))
    return [tuple(slice(i * side, min((i + 1) * side, s))
                  for i, side, s in zip(corner, sides, places, strict=True)) for corner in corners]


def _channels(count, groups):
    """Divide the channels among the threads, as slices; groups stay together."""
    parts = 1 if groups > 1 else min(threads.get_num_threads(), count)
    edges = [count * k // parts for k in range(parts + 1)]
    return [slice(*pair) for pair in pairwise(edges)]


def _rows(count, shape, dtype):
    """An empty array of `count` rows of `shape`, with a gap between them.

    Without it, rows a power of two apart would evict each other from the cache.
    """
    return np.empty((count, prod(shape) + 16), dtype)[:, :prod(shape)].reshape(count, *shape)


def _flat(y, block, groups):
    """One block of y (O, *S', N) as (G, O/G, places): a view if y has this order in memory."""
    return y[(slice(None), *block)].reshape(groups, len(y) // groups, -1)
