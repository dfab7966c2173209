"""The columns of a convolution in blocks, and clips that lie innermost in memory."""

from tests.scratch.layers.convolutions import twin
from tests.scratch.pair_agreement import agree, normal
from vidlearn.scratch.layers import im2col
from vidlearn.scratch.layers.conv import conv_backward, conv_forward


def test_a_clip_larger_than_the_columns():
    arrays = [normal(3, 4, 9, 21, 20), normal(5, 4, 3, 3, 3), normal(5)]
    rows, places = 4 * 27, 9 * 21 * 20 * 3
    assert rows * places * 8 > 2 * im2col.BLOCK_BYTES                      # three blocks at least
    agree(conv_forward, conv_backward, twin("conv", arrays), arrays, dict(padding=1))


def test_what_comes_out_lies_clips_innermost_and_is_not_copied_again():
    y, cache = conv_forward(normal(3, 2, 6, 5), normal(4, 2, 3, 3))
    assert im2col.clips_innermost(y).base is y.base
    dx, _, _ = conv_backward(y, cache)
    assert dx.strides[0] == dx.itemsize
