"""The place that a turned pixel comes from is the one that the transform reads."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.show.structure.layout import words
from vidlearn.show import turned_from, turned_pixel
from vidlearn.show.structure.sheet import BLUE, ORANGE
from vidlearn.video import transform


@given(st.integers(-90, 90), st.integers(1, 4), st.integers(1, 5))
def test_the_four_and_their_shares_make_the_pixel_of_the_transform(degrees, i, j):
    picture = np.random.default_rng(3).random((6, 7))
    frames = picture[None, :, :, None]
    value = transform.rotate(frames, degrees)[0, i, j, 0]
    from_ = turned_from((i, j), degrees, picture.shape)
    padded = np.pad(picture, 9)
    four = padded[from_.p + 9:from_.p + 11, from_.q + 9:from_.q + 11]
    a, b = from_.a, from_.b
    assert 0 <= a < 1 and 0 <= b < 1
    assert np.allclose(np.array([1 - a, a]) @ four @ np.array([1 - b, b]), value, atol=1e-9)


@pytest.mark.parametrize("given", [((4, 5), 20, (2, 3)), ((5, 4), -35, (2, 2)),
                                   ((6, 6), 45, (2, 3)), ((4, 6), 0, (1, 2))])
def test_the_arrow_ends_between_the_four_pixels(drawn, given):
    size, degrees, pixel = given
    sheet = drawn(turned_pixel, size, degrees, pixel)
    (start, end), = sheet.lines
    near = [patch.center for patch in sheet.chart.axes[0].patches
            if type(patch).__name__ == "Circle" and patch.get_facecolor()[:3] == BLUE][:4]
    (x0, y0), (x1, y1) = near[0], near[3]
    origin = turned_from(pixel, degrees, size)
    assert np.allclose(((end[1] - y0) / (y1 - y0), (end[0] - x0) / (x1 - x0)),
                       (origin.a, origin.b), atol=1e-9)
    assert [word for word in words(sheet) if word.startswith("$p_")] == [
        "$p_{00}$", "$p_{01}$", "$p_{10}$", "$p_{11}$"]
    assert f"$a$ = {origin.a:.2f},  $b$ = {origin.b:.2f}" in words(sheet)[-2]
    assert any(patch.get_edgecolor()[:3] == ORANGE and np.allclose(
        (patch.get_x() + patch.get_width() / 2, patch.get_y() + patch.get_height() / 2), start)
        for patch in sheet.chart.axes[0].patches if type(patch).__name__ == "Rectangle")


def test_a_pixel_from_outside_is_refused():
    with pytest.raises(ValueError, match="take one nearer to the middle"):
        turned_pixel((4, 5), 20, (0, 0))
    with pytest.raises(ValueError, match="take one nearer to the middle"):
        turned_pixel((4, 5), 0, (1, 7))
