"""Histograms of oriented gradients: in which directions do the edges of each small cell run?

A person's outline is nearly the same in any coat. Each pixel votes for the direction of its
gradient, cells of 8x8 pixels count the votes, and blocks of 2x2 cells divide by their own strength,
so that light and shadow matter little.
"""

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds

EPSILON = 1e-5                             # no block divides by 0
CLIP = 0.2                                 # no direction counts for more in a block: the "Hys"
HALF_TURN = 180.0                          # an edge from dark to light is one from light to dark
IMAGE = kinds.array("a picture (H, W), or (H, W, C) with C channels", 2, 3)
MATRIX = kinds.MATRIX
CELL = kinds.row("(height, width) of a cell in whole pixels", kinds.POSITIVE_COUNT, 2)
BLOCK = kinds.row("(rows, columns) of a block in whole cells", kinds.POSITIVE_COUNT, 2)
CELLS = kinds.array("histograms (rows, columns, orientations)", 3)


@checked
def gradient(image: IMAGE):
    """How much each pixel's neighbours differ, and in which direction it gets lighter or darker.

    A pixel of the border has no neighbour outside, so that part of its gradient is 0. Of several
    channels, each pixel takes the one in which it changes most.

    Shapes   image (H, W) or (H, W, C)  ->  magnitude (H, W), angle (H, W)
    Units    magnitude: the difference of the two neighbours, in the image's own units; angle in
             degrees from 0 to 180, 0 where the image changes from left to right
    Raises   ArgumentError if a pixel is NaN or infinite
    """
    channels = np.atleast_3d(image).astype(float)
    if not np.isfinite(channels).all():
        raise ArgumentError("image has pixels that are NaN or infinite: they have no gradient")
    down, right = np.zeros_like(channels), np.zeros_like(channels)
    down[1:-1] = channels[2:] - channels[:-2]
    right[:, 1:-1] = channels[:, 2:] - channels[:, :-2]
    if channels.shape[2] > 1:
        strongest = (right ** 2 + down ** 2).argmax(2)[..., None]
        down, right = (np.take_along_axis(each, strongest, 2) for each in (down, right))
    down, right = down[..., 0], right[..., 0]
    return np.hypot(right, down), np.rad2deg(np.arctan2(down, right)) % HALF_TURN


@checked
def cell_histograms(magnitude: MATRIX, angle: MATRIX, orientations: kinds.POSITIVE_COUNT = 9,
                    pixels_per_cell: CELL = (8, 8)):
    """In each cell, add up the magnitudes of each range of directions, and divide by its pixels.

    Pixels beyond the last whole cell are left out.

    Shapes   magnitude, angle (H, W)  ->  (H // height, W // width, orientations)
    Raises   ArgumentError if the two differ in shape, or no whole cell fits
    """
    if magnitude.shape != angle.shape:
        raise ArgumentError(f"magnitude is {magnitude.shape} and angle {angle.shape}: they belong "
                            "to the same pixels")
    height, width = pixels_per_cell
    rows, columns = magnitude.shape[0] // height, magnitude.shape[1] // width
    if not rows or not columns:
        raise ArgumentError(f"no cell of {height}x{width} pixels fits into {magnitude.shape}")
    inside = np.s_[:rows * height, :columns * width]
    bins = np.minimum((angle[inside] * (orientations / HALF_TURN)).astype(int), orientations - 1)
    cells = (np.arange(rows * height)[:, None] // height * columns
             + np.arange(columns * width) // width)
    votes = np.bincount((cells * orientations + bins).ravel(), magnitude[inside].ravel(),
                        rows * columns * orientations)
    return votes.reshape(rows, columns, orientations) / (height * width)


@checked
def normalised_blocks(cells: CELLS, cells_per_block: BLOCK = (2, 2)):
    """Divide each block by its length, clip at 0.2, and divide by the length again: L2-Hys.

    Neighbouring blocks overlap, so most cells appear in several, each time divided otherwise.

    Shapes   cells (rows, columns, orientations)  ->  (rows - BH + 1, columns - BW + 1, BH, BW,
             orientations)
    Raises   ArgumentError if no block fits
    """
    if any(n > m for n, m in zip(cells_per_block, cells.shape, strict=False)):
        raise ArgumentError(f"no block of {cells_per_block} cells fits into {cells.shape[:2]}")
    blocks = np.lib.stride_tricks.sliding_window_view(cells, cells_per_block, (0, 1))
    blocks = blocks.transpose(0, 1, 3, 4, 2)
    return _unit(np.minimum(_unit(blocks), CLIP))


@checked
def hog(image: IMAGE, orientations: kinds.POSITIVE_COUNT = 9, pixels_per_cell: CELL = (8, 8),
        cells_per_block: BLOCK = (2, 2)):
    """Describe a picture by the directions of its edges, block after block.

    Shapes   image (H, W) or (H, W, C)  ->  (block rows, block columns, BH, BW, orientations)
    Raises   ArgumentError if the image is smaller than a block, or a pixel is NaN or infinite
    Source   Dalal and Triggs, Histograms of oriented gradients for human detection, 2005
    Twin     skimage.feature.hog(image, orientations, pixels_per_cell, cells_per_block, "L2-Hys",
             feature_vector=False), and with channel_axis=-1 for (H, W, C)

    >>> hog(np.zeros((128, 64))).shape
    (15, 7, 2, 2, 9)
    """
    cells = cell_histograms(*gradient(image), orientations, pixels_per_cell)
    return normalised_blocks(cells, cells_per_block)


def _unit(blocks):
    squares = (blocks ** 2).sum((2, 3, 4), keepdims=True)
    return blocks / np.sqrt(squares + EPSILON ** 2)
