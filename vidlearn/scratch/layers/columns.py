"""The three products of a convolution, for a few places of the window at a time.

`conv_plain_forward` lays all windows out at once: K times the memory of x. Here only a few places
are laid out, as columns, and a matrix product does the work:

    columns  (C·K, places)    a row for each channel and tap, a column for each place
    weight   (O, C·K)         y = weight @ columns
    dy       (O, places)      dweight = dy @ columnsᵀ          dcolumns = weightᵀ @ dy

Four things make it fast. The clips of a batch lie innermost in memory, (C, *S, N): one product
serves them all, and a row of columns is copied in long runs; with a stride, the positions that one
tap meets are put side by side first. The columns fill 2 MB at most: the product finds them in the
processor's cache. Rows of columns and of y never lie a power of two apart, or they would push each
other out of it. And several threads share the places of y, or the channels of dx.

With G groups, each product is G products of C/G channels and O/G outputs.
"""

from functools import reduce
from itertools import pairwise
from math import gcd, prod

import numpy as np

from vidlearn.scratch.core import threads

BYTES = 2 * 2**20       # of columns at a time; 1 MB is slower, 4 are faster by a few hundredths


def clips_innermost(x):
    """x with the clips innermost in memory; no copy where they are, as in all that comes from here.

    Shapes   x (N, C, *S)  ->  (N, C, *S)
    """
    return x if lie_innermost(x) else np.moveaxis(
        np.ascontiguousarray(np.moveaxis(x, 0, -1)), -1, 0)


def lie_innermost(x):
    """Do the clips of x (N, C, *S) lie innermost in memory? A channel is one run; see _rows."""
    return np.moveaxis(x, 0, -1)[:1].flags.c_contiguous


def correlate(x, weight, slide, groups=1, bias=None):
    """y[o, s] = bias[o] + Σ over channels c, taps k of weight[o, c, k] · window of x at s [c, k].

    Shapes   x (N, C, *S), weight (O, C/G, *K), bias (O,)  ->  y (N, O, *S')
    """
    rows = weight.reshape(groups, len(weight) // groups, -1)          # (G, O/G, C/G·K)
    taps, places = (x.shape[1], *slide.kernel), (*slide.places, len(x))
    windows = list(_windows(_padded(x, slide), slide))
    y = _rows(len(weight), places, np.result_type(x, weight))

    def fill(blocks):
        for block, columns, matrix in _columns(taps, blocks, groups, y.dtype):
            _lay_out(windows, block, columns)
            answers = np.matmul(rows, matrix, out=_flat(y, block, groups))
            if bias is not None:                      # while the block is in the cache
                answers += bias.reshape(groups, -1, 1)
    threads.share(fill, _blocks(taps, places, y.dtype))
    return np.moveaxis(y, -1, 0)


def weight_gradient(x, dy, slide, groups=1):
    """dweight[o, c, k] = Σ over clips and places s of dy[o, s] · window of x at s [c, k].

    Shapes   x (N, C, *S), dy (N, O, *S')  ->  dweight (O, C/G, *K)
    """
    dy, dtype = np.moveaxis(dy, 0, -1), np.result_type(x, dy)         # (O, *S', N)
    taps, windows = (x.shape[1], *slide.kernel), list(_windows(_padded(x, slide), slide))

    def gather(blocks):
        total = np.zeros((groups, prod(taps) // groups, len(dy) // groups), dtype)
        for block, columns, matrix in _columns(taps, blocks, groups, dtype):
            _lay_out(windows, block, columns)
            total += matrix @ _flat(dy, block, groups).swapaxes(1, 2)   # the other order is slower
        return total
    dweight = reduce(np.add, threads.share(gather, _blocks(taps, dy.shape[1:], dtype)))
    return dweight.swapaxes(1, 2).reshape(len(dy), -1, *slide.kernel)


def input_gradient(dy, weight, slide, groups=1):
    """The window of dx at s [c, k] += Σ over outputs o of weight[o, c, k] · dy[o, s].

    Shapes   dy (N, O, *S'), weight (O, C/G, *K)  ->  dx (N, C, *S)
    """
    dy, dtype = np.moveaxis(dy, 0, -1), np.result_type(dy, weight)    # (O, *S', N)
    rows = weight.reshape(groups, len(weight) // groups, -1).swapaxes(1, 2)
    channels, each = groups * weight.shape[1], prod(slide.kernel)
    room = _room(channels, slide, dy.shape[-1], dtype)

    def scatter(parts):
        for part in parts:                            # no two threads add to the same channel
            windows = list(_windows(room[part], slide))
            some = rows[:, each * part.start:each * part.stop]
            taps = part.stop - part.start, *slide.kernel
            blocks = _blocks(taps, dy.shape[1:], dtype)
            for block, columns, matrix in _columns(taps, blocks, groups, dtype):
                np.matmul(some, _flat(dy, block, groups), out=matrix)
                _add_up(windows, block, columns)
    threads.share(scatter, _channels(channels, groups))
    return _unpadded(room, slide)


def _room(channels, slide, clips, dtype):
    """Zeros for x in its padding, every `step`-th position of the last axis side by side.

    What a window meets at one tap then lies in unbroken runs, whatever its stride, the step.

    Shapes   (C, ..., step, L, N), with ... the room along the axes before the last
    """
    *others, last = slide.room
    step = slide.stride[-1]
    return np.zeros((channels, *others, step, -(-last // step), clips), dtype)


def _inside(room, slide):
    """Where x (C, *S, N) lies in its room: pairs of views and the part of x that belongs there."""
    *others, last = slide.inside
    step = slide.stride[-1]
    for phase in range(step):
        first = (phase - last.start) % step           # of the positions of x on this phase
        start, count = (first + last.start) // step, len(range(first, slide.size[-1], step))
        here = (slice(None), *others, phase, slice(start, start + count))
        yield room[here], (..., slice(first, None, step), slice(None))


def _padded(x, slide):
    """x (N, C, *S) in its room."""
    room = _room(x.shape[1], slide, len(x), x.dtype)
    for part, positions in _inside(room, slide):
        part[...] = np.moveaxis(x, 0, -1)[positions]
    return room


def _unpadded(room, slide):
    """The way back from `_padded`; a view where the stride is 1."""
    parts = list(_inside(room, slide))
    if len(parts) == 1:
        return np.moveaxis(parts[0][0], -1, 0)
    x = np.empty((len(room), *slide.size, room.shape[-1]), room.dtype)
    for part, positions in parts:
        x[positions] = part
    return np.moveaxis(x, -1, 0)


def _windows(room, slide):
    """What the taps see at each place, without copying; the last axis of places is unbroken.

    With a stride, the taps of the last axis that fall on the same phase of it make one view.

    Returns  pairs: which taps of the last axis, a slice, and a view (C, *K, *S', N)
    """
    *_, count = slide.kernel
    *_, (step, spread, places) = zip(slide.stride, slide.dilation, slide.places, strict=True)
    apart_by = step // gcd(step, spread)              # taps from one of a phase to its next
    for first in range(min(apart_by, count)):
        taps = slice(first, None, apart_by)
        number, jump = len(range(count)[taps]), spread * apart_by // step
        start, phase = divmod(first * spread, step)
        seen = room[..., phase, start:start + jump * (number - 1) + places, :]
        alone = slide._replace(kernel=(*slide.kernel[:-1], number), stride=(*slide.stride[:-1], 1),
                               dilation=(*slide.dilation[:-1], jump))
        axes = len(slide.kernel)
        yield taps, np.moveaxis(alone.windows(seen, 1), range(-axes, 0), range(1, 1 + axes))


def _lay_out(windows, block, columns):
    """Fill the columns of a block of places."""
    for taps, seen in windows:
        columns[_at(taps, columns, block)] = seen[(..., *block)]


def _add_up(windows, block, columns):
    """Add the columns of a block to what they are laid out from: one tap does not overlap."""
    for taps, seen in windows:
        part = columns[_at(taps, columns, block)]
        for tap in np.ndindex(*part.shape[1:part.ndim - len(block)]):
            seen[(slice(None), *tap, *block)] += part[(slice(None), *tap)]


def _at(taps, columns, block):
    """Taps of the last axis of K, in columns (C, *K, *block)."""
    return *[slice(None)] * (columns.ndim - len(block) - 1), taps


def _columns(taps, blocks, groups, dtype):
    """Go over `blocks` of places, with room for the columns of one block.

    Returns  block: slices of (*S', N); and the same memory twice: as columns (C, *K, *block) and
             as matrix (G, C/G·K, places)
    """
    shapes = [[part.stop - part.start for part in block] for block in blocks]
    most, rows = max(map(prod, shapes), default=0), prod(taps)
    buffer = _rows(rows, (most,), dtype)
    for block, shape in zip(blocks, shapes, strict=True):
        matrix = buffer[:, :prod(shape)]
        yield block, matrix.reshape(*taps, *shape), matrix.reshape(groups, rows // groups, -1)


def _blocks(taps, places, dtype):
    """Cut `places` (*S', N) into blocks: their columns, a row for each of `taps`, fill BYTES.

    Each is an unbroken run of places: slices of (*S', N).
    """
    most = BYTES // (prod(taps) * dtype.itemsize)
    sides = [max(1, min(s, most // max(1, prod(places[axis + 1:]))))
             for axis, s in enumerate(places)]
    corners = np.ndindex(*(-(-s // side) for s, side in zip(places, sides, strict=True)))
    return [tuple(slice(i * side, min((i + 1) * side, s))
                  for i, side, s in zip(corner, sides, places, strict=True)) for corner in corners]


def _channels(count, groups):
    """Deal the channels out to the threads: slices. Groups stay together."""
    parts = 1 if groups > 1 else min(threads.get_num_threads(), count)
    edges = [count * k // parts for k in range(parts + 1)]
    return [slice(*pair) for pair in pairwise(edges)]


def _rows(count, shape, dtype):
    """Room for `count` rows of `shape`, a little apart: power-of-two strides share cache lines."""
    return np.empty((count, prod(shape) + 16), dtype)[:, :prod(shape)].reshape(count, *shape)


def _flat(y, block, groups):
    """One block of y (O, *S', N) as (G, O/G, places): a view where y has this order in memory."""
    return y[(slice(None), *block)].reshape(groups, len(y) // groups, -1)
