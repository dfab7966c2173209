"""The widget of all lessons: a function that draws, with a control for each of its arguments."""

import inspect
from base64 import b64encode

import cv2
import ipywidgets as W
import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.show import style
from vidlearn.show.pictures import PAGE

PNG = ".png", [cv2.IMWRITE_PNG_COMPRESSION, 1]
JPEG = ".jpg", [cv2.IMWRITE_JPEG_QUALITY, 90]


@checked
def live(draw: kinds.FUNCTION, /, *, film=False, columns=1, **controls):
    """Show the picture that `draw(**values)` returns, and draw it again when a control moves.

    `draw` returns an RGB picture (H, W, 3) uint8 and one line of text. Each control is made as by
    `ipywidgets.interact`: (0, 9) or (0, 9, 3) gives a slider, (0.0, 1.0) a slider of real numbers,
    a list or {name: value} a menu, True or False a checkbox. If the end of a slider depends on
    other controls, give a function of them that returns the tuple:
    `frame=lambda person: (0, len(films[person]) - 1)`. A control starts at the default of `draw`,
    or else at its first value. Make it the last line of a cell. Without a running kernel the first
    picture is shown.

    Units    `film` sends JPEG, for photographs; PNG, the default, keeps lines sharp.
             `columns` controls are side by side on a page of 800 pixels
    """
    return Live(draw, film, columns, controls)


class Live(W.VBox):
    """Controls, a line of text and a picture; `values` are the values of the controls."""

    def __init__(self, draw, film, columns, controls):
        self._draw, self._code = draw, JPEG if film else PNG
        self._ends = {name: spec for name, spec in controls.items() if callable(spec)}
        self.controls = {name: _control(draw, name, spec) for name, spec in controls.items()
                         if name not in self._ends}
        self.controls |= {name: _control(draw, name, self._range(name)) for name in self._ends}
        self.controls, self._moving = {name: self.controls[name] for name in controls}, False
        label = 8 * max(map(len, controls), default=0) + 12          # pixels
        for control in self.controls.values():
            control.style.description_width = f"{label}px"
            control.layout = W.Layout(width=f"{min(label + 360, PAGE // columns)}px",
                                      max_width="100%")
        ordered = list(self.controls.values())
        rows = [W.HBox(ordered[i:i + columns]) for i in range(0, len(ordered), columns)]
        self.line = W.Label(style={"font_family": "monospace", "font_size": "14px"})
        self.image = W.Image(format="jpeg" if film else "png",
                             layout=W.Layout(max_width="100%", object_fit="contain"))
        super().__init__([*rows, self.line, self.image],
                         layout=W.Layout(align_items="flex-start"))
        self._show(*self._drawn())
        for control in self.controls.values():
            control.observe(self._moved, "value")

    values = property(lambda self: {name: c.value for name, c in self.controls.items()})

    def _drawn(self):
        drawn = self._draw(**self.values)
        if not (isinstance(drawn, tuple) and len(drawn) == 2):
            raise ArgumentError(f"{self._name} must return (picture, line of text), "
                                f"not {type(drawn).__name__}")
        picture, line = np.asarray(drawn[0]), drawn[1]
        if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3:
            raise ArgumentError(f"{self._name} must return a picture (H, W, 3) of uint8, "
                                f"not {picture.shape} of {picture.dtype}")
        return picture, line

    def _range(self, name):
        """The ends of a slider that depend on other controls."""
        others = inspect.signature(self._ends[name]).parameters
        return self._ends[name](**{other: self.controls[other].value for other in others})

    def _moved(self, _):
        if self._moving:             # a new end moved its slider: drawn by the first call
            return
        self._moving = True
        try:
            for name in self._ends:
                self.controls[name].max = self._range(name)[1]
            self._show(*self._drawn())
        except Exception as error:   # Jupyter writes it to a log: the reader sees this line
            self.line.value = f"{type(error).__name__}: {error}"
            raise
        finally:
            self._moving = False

    def _show(self, picture, line):
        self.image.layout.width = f"{picture.shape[1]}px"
        suffix, options = self._code
        self.image.value = cv2.imencode(suffix, picture[..., ::-1], options)[1].tobytes()
        self.line.value, self._picture = line, picture

    @property
    def _name(self):
        return getattr(self._draw, "__name__", "draw")

    def _repr_mimebundle_(self, **kwargs):
        """The widget, and its picture and line for a page without a kernel."""
        kind, data = style.encoded(self._picture)
        chosen = ", ".join(f"{name}={value!r}" for name, value in self.values.items())
        return {**super()._repr_mimebundle_(**kwargs), kind: b64encode(data).decode(),
                "text/plain": f"<live {self._name}({chosen}): {self.line.value}>"}


def _control(draw, name, spec):
    """The slider, menu or checkbox that `interact` would make."""
    parameters = inspect.signature(draw).parameters
    if name not in parameters:
        raise ArgumentError(f"no control for {name}: the function takes {', '.join(parameters)}")
    default = parameters[name].default
    if default is inspect.Parameter.empty and isinstance(spec, tuple):
        default = spec[0]
    control = W.interactive.widget_from_abbrev(spec, default)
    if control is None:
        raise ArgumentError(f"no control for {name}={spec!r}; give a tuple (low, high), a list, "
                            "a dict or a bool")
    control.description = name.replace("_", " ")
    return control
