"""RoIAlign: read a region of a feature map on a grid of fixed size, between its pixels, too.

Along one axis, each cell of the grid is a weighted mean of a few pixels. With one matrix of such
weights for the rows and one for the columns, a region is two products:

    y = rows @ x @ columnsᵀ            dx = rowsᵀ @ dy @ columns
"""

import numpy as np

from vidlearn.checks import checked, kinds
from vidlearn.checks.kinds import Kind
from vidlearn.scratch.core.errors import ShapeError
from vidlearn.scratch.layers.arguments import array


def _regions(value):
    regions = kinds.array("", 2, last=(5,), empty=True).take(value)
    wrong = ~np.isfinite(regions).all(1)
    if wrong.any():
        raise ValueError(f"region {wrong.argmax()} is {regions[wrong.argmax()].tolist()}: every "
                         "number must be finite")
    return regions


REGIONS = Kind("regions (R, 5): the number of the image, then left, top, right, bottom", _regions)


@checked
def roi_align_forward(x: array("N, C, H, W"), boxes: REGIONS, output_size: kinds.SIDES,
                      spatial_scale: kinds.POSITIVE = 1.0, sampling_ratio: kinds.INTEGER = -1,
                      aligned=False):
    """Cut regions out of the maps of N images, each into output_size cells.

    A cell is the mean of sampling_ratio x sampling_ratio points, which are read bilinearly; at 0 or
    less, there is about one point a pixel. With `aligned`, the centre of a pixel is at a half;
    without, a region is at least one pixel wide and high. Points more than a pixel outside are 0.

    Shapes   x (N, C, H, W), boxes (R, 5)  ->  y (R, C, *output_size)
    Units    boxes in pixels of the picture; spatial_scale is the map's size / the picture's
    Raises   ShapeError for a region of an image that is not there
    Source   He et al., arXiv:1703.06870, section 3
    Twin     torchvision.ops.roi_align
    """
    images = boxes[:, 0].astype(int)
    if len(images) and not 0 <= images.min() <= images.max() < len(x):
        raise ShapeError(f"boxes: images {images.min()} to {images.max()}, but x has {len(x)}")
    height, width = np.broadcast_to(output_size, 2)
    corners = boxes[:, 1:] * spatial_scale - 0.5 * aligned
    columns, rows = (_weights(corners[:, axis], corners[:, axis + 2], cells, pixels,
                              sampling_ratio, aligned).astype(x.dtype)
                     for axis, cells, pixels in ((0, width, x.shape[3]), (1, height, x.shape[2])))
    channels_last = np.ascontiguousarray(np.moveaxis(x, 1, -1))
    regions = [(image, *_used(row), *_used(column))
               for image, row, column in zip(images, rows, columns, strict=True)]
    y = np.zeros((len(boxes), height, width, x.shape[1]), x.dtype)
    for out, (image, down, row, across, column) in zip(y, regions, strict=True):
        block = channels_last[image, down, across]
        out[:] = column @ _rows(row, block)
    return np.ascontiguousarray(np.moveaxis(y, -1, 1)), (x.shape, regions)


def roi_align_backward(dy, cache):
    """The gradient of x: each pixel gets what its weights took of it."""
    (n, channels, height, width), regions = cache
    dx = np.zeros((n, height, width, channels), dy.dtype)
    channels_last = np.ascontiguousarray(np.moveaxis(dy, 1, -1))
    for dout, (image, down, row, across, column) in zip(channels_last, regions, strict=True):
        dx[image, down, across] += _rows(row.T, column.T @ dout)
    return np.ascontiguousarray(np.moveaxis(dx, -1, 1))


def _rows(weights, block):
    """The product of (cells, rows) with a block (rows, width, C), as one product of matrices."""
    height, width, channels = block.shape
    y = weights @ block.reshape(height, width * channels)
    return y.reshape(len(weights), width, channels)


def _used(weights):
    """The pixels along an axis of which a region takes anything, and their weights."""
    used = np.flatnonzero(weights.any(0))
    pixels = slice(used[0], used[-1] + 1) if len(used) else slice(0)
    return pixels, weights[:, pixels]


def _weights(start, stop, cells, pixels, ratio, aligned):
    """The weight of each pixel in each cell along one axis: (R, cells, pixels)."""
    length = stop - start if aligned else np.maximum(stop - start, 1)
    weights = np.zeros((len(start), cells, pixels))
    points = np.full(len(start), ratio) if ratio > 0 else np.ceil(length / cells).astype(int)
    for count in np.unique(points[points > 0]):
        group = np.flatnonzero(points == count)
        within = np.arange(cells)[:, None] + (np.arange(count) + 0.5) / count
        place = start[group, None, None] + within * (length[group, None, None] / cells)
        _add_bilinear(weights, group, place, pixels, count)
    return weights


def _add_bilinear(weights, group, place, pixels, count):
    """Give each point's two neighbouring pixels their share of 1 / count."""
    inside = (place >= -1) & (place <= pixels)
    place = np.clip(place, 0, pixels - 1)
    low = place.astype(int)
    high = np.minimum(low + 1, pixels - 1)
    share = place - low
    where = group[:, None, None], np.arange(weights.shape[1])[:, None]
    np.add.at(weights, (*where, low), (1 - share) * inside / count)
    np.add.at(weights, (*where, high), share * inside / count)
