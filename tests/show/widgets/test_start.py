"""The widget of lesson 00: the same pixel in both orders of the axes."""

import numpy as np

from vidlearn.show import pixel


def test_a_pixel_is_read_in_both_orders():
    frames = np.random.default_rng(2).integers(0, 256, (4, 10, 20, 3), dtype=np.uint8)
    picture, line = pixel(frames)(t=3, y=2, x=15)
    r, g, b = frames[3, 2, 15].tolist()
    assert line == (f"frames[3, 2, 15] = [{r}, {g}, {b}] · "
                    f"batch[0, :, 3, 2, 15] = [{r / 255:.2f}, {g / 255:.2f}, {b / 255:.2f}]")
    assert (picture == (r, g, b)).all(2).sum() >= 72 * 72      # the pixel, large
    for colour in frames[:, 2, 15]:                            # and over time
        assert (picture == colour).all(2).sum() > 500
    assert pixel(frames)()[1].startswith("frames[0, 5, 10] = ")
