"""The weights of a convolution: filters as pictures, space-time kernels as films."""

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.show import draw, pictures, style
from vidlearn.show.player import player


def _detached(weight):
    return kinds.VALUES.take(weight.detach() if hasattr(weight, "detach") else weight)


WEIGHT = kinds.Kind("an array or a Tensor of weights", _detached)


@checked
def filters(weight: WEIGHT, caption="", columns: kinds.POSITIVE_COUNT = None):
    """Show 2-D filters: in colour if they have 3 channels, else as a row of channels per filter.

    Red weights are positive, blue ones negative, white ones zero. In a filter in colour, grey is
    zero, and each filter has its own scale.

    Shapes   weight (O, C, KH, KW)
    """
    weight = _array(weight, 4)
    if weight.shape[1] == 3:
        tiles, across = [_coloured(w) for w in weight], columns or min(len(weight), 12)
    else:
        tiles = [_signed(plane, weight) for w in weight for plane in w]
        across = columns or weight.shape[1]
    words = f"{len(weight)} filters of {weight.shape[2]} x {weight.shape[3]}"
    times = max(1, min(48, pictures.PAGE // across - pictures.GAP) // weight.shape[3])
    style.picture(pictures.grid(tiles, columns=across, scale=times), caption or words)


@checked
def kernels(weight: WEIGHT, caption="", fps: kinds.POSITIVE = 3, channel: kinds.COUNT = None):
    """Show space-time kernels as films side by side, and below them their frames in a row.

    Kernels with 3 channels are shown in colour, where grey is zero. Of others, or if `channel` is
    given, one channel is shown: red is positive, blue negative, white zero.

    Shapes   weight (O, C, KT, KH, KW)
    """
    weight = _array(weight, 5)
    films = [_film(w, weight, channel) for w in weight]              # O of (KT, KH, KW, 3)
    across = min(len(films), 8)
    times = max(1, min(96, (pictures.PAGE - 8 * across) // across) // films[0].shape[2])
    frames = [pictures.grid([f[t] for f in films], columns=across, scale=times)
              for t in range(len(films[0]))]
    words = f"{len(films)} kernels of {' x '.join(map(str, weight.shape[2:]))}"
    player(np.stack(frames), fps=fps, scale=1, caption=caption or words, stills=0, autoplay=True)
    style.picture(_strips(films), words=f"{words}, frame by frame")


def _strips(films):
    """The frames of each kernel in a row, with as many kernels side by side as fit."""
    times = max(1, 48 // films[0].shape[2])
    strips = [draw.titled(draw.beside(*(draw.enlarge(f, times) for f in film), gap=8),
                          f"kernel {k}", 12) for k, film in enumerate(films)]
    columns = max(1, pictures.PAGE // (strips[0].shape[1] + 20))
    rows = [draw.beside(*strips[i:i + columns], gap=20) for i in range(0, len(strips), columns)]
    return draw.below(*rows)


def _film(kernel, weight, channel):
    if channel is None and kernel.shape[0] == 3:
        return _coloured(kernel)
    planes = kernel[channel or 0]
    return np.stack([_signed(plane, weight) for plane in planes])


def _coloured(kernel):
    """A filter (3, *K) in RGB, with grey for zero: (*K, 3) uint8."""
    reach = max(np.abs(kernel).max(), 1e-12)
    return np.rint(127.5 + 127.5 * np.moveaxis(kernel, 0, -1) / reach).astype(np.uint8)


def _signed(plane, weight):
    reach = max(np.abs(weight).max(), 1e-12)
    return draw.heat(plane, 1, "diverging", -reach, reach)


def _array(weight, axes):
    weight = np.asarray(weight, float)
    if weight.ndim != axes:
        raise ArgumentError(f"weight must have {axes} axes, not shape {weight.shape}")
    return weight
