"""The widget: controls by the kind of argument, a new picture at each move, a still without one."""

from base64 import b64decode

import cv2
import ipywidgets as W
import numpy as np
import pytest

from vidlearn.show import draw, live


def shade(level=3, dark=False, name="red"):
    colour = draw.RED if name == "red" else draw.BLUE
    return draw.canvas(20, 30, [c * level // (18 if dark else 9) for c in colour]), f"level {level}"


def decoded(widget):
    return cv2.imdecode(np.frombuffer(widget.image.value, np.uint8), cv2.IMREAD_COLOR)[..., ::-1]


@pytest.mark.parametrize("given, kind", [
    ((0, 9), W.IntSlider), ((0.0, 1.0), W.FloatSlider), ((0, 9, 3), W.IntSlider),
    (["a", "b"], W.Dropdown), ({"one": 1}, W.Dropdown), (True, W.Checkbox)])
def test_the_kind_of_argument_chooses_the_control(given, kind):
    widget = live(lambda x: (draw.canvas(4, 4), "line"), x=given)
    assert type(widget.controls["x"]) is kind


def test_a_control_starts_at_the_default_of_draw_or_at_its_first_value():
    assert live(shade, level=(0, 9)).values == {"level": 3}
    assert live(lambda x: (draw.canvas(4, 4), ""), x=(2, 9)).values == {"x": 2}
    assert live(shade, name=["blue", "red"]).values == {"name": "red"}


def test_a_move_shows_a_new_picture_and_line():
    widget = live(shade, level=(0, 9), dark=False)
    assert (decoded(widget) == shade(3)[0]).all()
    widget.controls["level"].value = 9
    widget.controls["dark"].value = True
    assert (decoded(widget) == shade(9, dark=True)[0]).all()
    assert widget.line.value == "level 9"


def test_the_picture_is_never_wider_than_it_is_or_than_the_page():
    layout = live(shade, level=(0, 9)).image.layout
    assert (layout.width, layout.max_width) == ("30px", "100%")


def test_a_still_and_a_line_stand_where_no_kernel_runs():
    bundle = live(shade, level=(0, 9))._repr_mimebundle_()
    still = cv2.imdecode(np.frombuffer(b64decode(bundle["image/png"]), np.uint8), cv2.IMREAD_COLOR)
    assert np.abs(still[..., ::-1].astype(int) - shade(3)[0]).max() <= 2
    assert bundle["text/plain"] == "<live shade(level=3): level 3>"
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_controls_stand_in_columns_and_share_the_page():
    def many(a=0, b=0, c=0, d=0, e=0):
        return draw.canvas(4, 4), "line"

    widget = live(many, columns=3, **dict.fromkeys("abcde", (0, 9)))
    rows = [[control.description for control in row.children]
            for row in widget.children if isinstance(row, W.HBox)]
    assert rows == [["a", "b", "c"], ["d", "e"]]
    assert {control.layout.width for control in widget.controls.values()} == {f"{800 // 3}px"}
    assert len(live(many, **dict.fromkeys("abcde", (0, 9))).children) == 5 + 2


def test_a_film_travels_as_jpeg():
    widget = live(shade, film=True, level=(0, 9))
    assert bytes(widget.image.value).startswith(b"\xff\xd8") and widget.image.format == "jpeg"


def clipped(person=0, frame=1):
    return draw.canvas(4, 4, (frame, 0, 0)), f"{person}: {frame}"


def test_the_end_of_a_slider_may_hang_on_another_control():
    widget = live(clipped, frame=lambda person: (0, (9, 4)[person]), person=(0, 1))
    person, frame = widget.controls["person"], widget.controls["frame"]
    assert list(widget.controls) == ["frame", "person"] and (frame.min, frame.max) == (0, 9)
    frame.value, person.value = 7, 1
    assert frame.max == frame.value == 4 and widget.line.value == "1: 4"
    person.value = 0
    assert frame.max == 9 and widget.line.value == "0: 4"


def test_a_slider_whose_end_comes_nearer_is_drawn_once():
    drawn = []
    widget = live(lambda person=0, frame=1: drawn.append(frame) or clipped(person, frame),
                  person=(0, 1), frame=lambda person: (0, (9, 4)[person]))
    widget.controls["frame"].value = 7
    drawn.clear()
    widget.controls["person"].value = 1
    assert drawn == [4]


def test_a_draw_that_fails_says_so_under_the_controls():
    def fails(x=0):
        if x:
            raise ZeroDivisionError("no such step")
        return draw.canvas(4, 4), "fine"

    widget = live(fails, x=(0, 1))
    with pytest.raises(ZeroDivisionError):               # the traceback goes on, to Jupyter's log
        widget.controls["x"].value = 1
    assert widget.line.value == "ZeroDivisionError: no such step"


@pytest.mark.parametrize("answer, words", [
    (draw.canvas(4, 4), "must return"), ((np.zeros((4, 4)), "line"), "float64")])
def test_what_draw_must_return_is_said(answer, words):
    with pytest.raises(TypeError, match=words):
        live(lambda: answer)


def test_an_argument_no_control_fits_is_named():
    with pytest.raises(TypeError, match="x=None"):
        live(lambda x: (draw.canvas(4, 4), ""), x=None)
