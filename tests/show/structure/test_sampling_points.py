"""The points that are drawn are those that RoIAlign reads."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.show.structure.layout import words
from vidlearn.scratch.layers.roi_align import roi_align_forward
from vidlearn.show import read_points, sampling_points
from vidlearn.show.structure.sheet import BLUE, OCHRE, RED


@given(st.floats(0.6, 2), st.floats(0.6, 2), st.floats(2.5, 4.4), st.floats(2.5, 5.4),
       st.tuples(st.integers(1, 3), st.integers(1, 3)), st.integers(1, 3))
def test_the_shares_make_roi_align(x0, y0, x1, y1, output_size, points):
    x = np.random.default_rng(0).normal(size=(6, 5))
    region = (x0, y0, x1, y1)
    y, _ = roi_align_forward(x[None, None], [[0, *region]], output_size, 1.0, points, True)
    for cell in np.ndindex(*output_size):
        read = read_points(region, output_size, points, cell)
        values = [sum(share * x[place] for place, share in zip(one.pixels, one.shares, strict=True))
                  for one in read]
        assert len(read) == points ** 2
        assert np.mean(values) == pytest.approx(y[0, 0][cell])


@pytest.mark.parametrize("options", [
    {}, dict(size=(4, 5), region=(0.8, 0.9, 4.2, 3.3), output_size=(1, 2), points=1, cell=(0, 0)),
    dict(size=(7, 9), region=(1.0, 2, 8, 6.5), output_size=(3, 3), points=3, cell=(2, 2))])
def test_each_point_is_a_dot_and_one_shows_its_four_pixels(drawn, options):
    sheet = drawn(sampling_points, **options)
    dots = [patch for patch in sheet.chart.axes[0].patches if type(patch).__name__ == "Circle"]
    colours = [patch.get_facecolor()[:3] for patch in dots]
    points, size = options.get("points", 2), options.get("output_size", (2, 3))
    assert colours.count(RED) == points ** 2
    assert colours.count(OCHRE) == points ** 2 * (size[0] * size[1] - 1)
    near = np.array([dot.center for dot in dots if dot.get_facecolor()[:3] == BLUE])
    red = np.array([dot.center for dot in dots if dot.get_facecolor()[:3] == RED])[0]
    assert len(near) == 4
    assert (near.min(0) <= red + 1e-9).all() and (red <= near.max(0) + 1e-9).all()
    row, column = options.get("cell", (0, 1))
    assert f"$y_{{{row},{column}}}$" in words(sheet)


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match=r"cell \(2, 0\) is not in a result of \(2, 3\)"):
        sampling_points(cell=(2, 0))
    for region in ((4, 1, 2, 3), (-2, 1, 4, 3), (1, 1, 12, 3)):
        with pytest.raises(ValueError, match=r"must lie in a map of \(6, 8\)"):
            sampling_points(region=region, cell=(0, 2))
