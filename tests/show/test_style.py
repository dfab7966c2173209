"""One look: sizes, captions, and bytes that do not change between two runs."""

import io

import numpy as np
import pytest
from PIL import Image

from tests.show.pixels import opened
from vidlearn.show import axes, draw, figure, style


def test_a_figure_is_one_png_of_the_size_asked_for(page):
    chart, ax = axes(width=6, height=2)
    ax.plot([1, 2, 4])
    figure(chart)
    assert set(page[0]) == {"image/png", "text/plain"}
    assert opened(page[0]).shape == (200, 600, 3)


def test_two_runs_give_the_same_bytes(page):
    for _ in range(2):
        chart, ax = axes()
        ax.plot([1, 2, 4], label="line")
        ax.legend()
        figure(chart, "A line")
    assert page[0] == page[1]
    assert page[0]["text/plain"] == "<A line>"


def test_a_figure_wider_than_the_page_is_refused():
    with pytest.raises(ValueError, match="at most 8 x 5"):
        axes(width=12)


def test_several_axes_come_as_an_array():
    assert axes(2, 3)[1].shape == (2, 3)


def test_a_long_caption_is_broken_and_stays_on_the_page():
    short, long = (style.captioned(draw.canvas(50, 300), "word " * n) for n in (3, 60))
    assert long.shape[1] <= 800 < draw.text_width("word " * 60, 14, bold=True)
    assert long.shape[0] > short.shape[0] > 50
    assert (long[-50:, :300] == 255).all()


def test_photographs_are_jpeg_and_drawings_png():
    noise = np.random.default_rng(0).integers(0, 256, (200, 200, 3), dtype=np.uint8)
    assert style.encoded(noise)[0] == "image/jpeg"
    kind, data = style.encoded(draw.cells(np.arange(16).reshape(4, 4)))
    assert kind == "image/png" and data.startswith(b"\x89PNG")


def test_a_png_of_few_colours_keeps_them():
    picture = draw.heat(np.arange(64).reshape(8, 8), 4, "diverging")
    back = np.asarray(Image.open(io.BytesIO(style.encoded(picture)[1])).convert("RGB"))
    assert np.abs(back.astype(int) - picture).max() <= 2


def test_without_a_page_only_the_words_are_printed(capsys):
    style.picture(draw.canvas(4, 4), words="a white square")
    assert capsys.readouterr().out == "<a white square>\n"
