"""The one widget: a function that draws, behind a control for each of its arguments."""

import inspect
from base64 import b64encode

import cv2
import ipywidgets as W
import numpy as np

from vidlearn.checks import given, kinds
from vidlearn.show import style
from vidlearn.show.pictures import PAGE

PNG = ".png", [cv2.IMWRITE_PNG_COMPRESSION, 1]
JPEG = ".jpg", [cv2.IMWRITE_JPEG_QUALITY, 90]


def live(draw, /, *, film=False, columns=1, **controls):
    """Show what `draw(**values)` draws, again at every move of a control.

    `draw` is pure: it returns an RGB picture (H, W, 3) uint8 and one line of text. A control is
    made from what stands for its argument, as `ipywidgets.interact` makes it: (0, 9) or (0, 9, 3)
    a slider, (0.0, 1.0) one of fractions, [..] or {name: value} a menu, True or False a tick box.
    A slider whose end hangs on other controls is a function of them that gives the tuple:
    `frame=lambda person: (0, len(films[person]) - 1)`. A control starts at its argument's default
    in `draw`, else at its first value. Keep it the cell's last line. Where no kernel runs, the
    first picture shows.

    Units    `film` sends JPEG, for pictures of the world; PNG, the default, keeps lines sharp.
             A page is 800 pixels wide; `columns` controls stand side by side
    """
    return Live(draw, film, columns, controls)


class Live(W.VBox):
    """Controls, a line of text and a picture; `values` is where the controls stand."""

    def __init__(self, draw, film, columns, controls):
        self._draw, self._code = draw, JPEG if film else PNG
        self._ends = {name: given for name, given in controls.items() if callable(given)}
        self.controls = {name: _control(draw, name, given) for name, given in controls.items()
                         if name not in self._ends}
        self.controls |= {name: _control(draw, name, self._reach(name)) for name in self._ends}
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
        answer = self._draw(**self.values)
        if not (isinstance(answer, tuple) and len(answer) == 2):
            raise TypeError(f"{self._name} must return (picture, line of text), "
                            f"not {type(answer).__name__}")
        picture, line = answer
        kind = np.asarray(picture)
        if kind.dtype != np.uint8 or kind.ndim != 3 or kind.shape[2] != 3:
            raise TypeError(f"{self._name} must return a picture (H, W, 3) of uint8, "
                            f"not {kind.shape} of {kind.dtype}")
        return kind, line

    def _reach(self, name):
        """The ends of a slider, by where the controls stand that they hang on."""
        asked = inspect.signature(self._ends[name]).parameters
        return self._ends[name](**{other: self.controls[other].value for other in asked})

    def _moved(self, _):
        if self._moving:             # an end came nearer and took its slider along: drawn already
            return
        self._moving = True
        try:
            for name in self._ends:
                self.controls[name].max = self._reach(name)[1]
            self._show(*self._drawn())
        except Exception as error:   # the kernel would hide it in a log: tell the reader here
            self.line.value = f"{type(error).__name__}: {error}"
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
        """The widget, and its first picture and line for where no kernel runs."""
        kind, data = style.encoded(self._picture)
        chosen = ", ".join(f"{name}={value!r}" for name, value in self.values.items())
        return {**super()._repr_mimebundle_(**kwargs), kind: b64encode(data).decode(),
                "text/plain": f"<live {self._name}({chosen}): {self.line.value}>"}


def _control(draw, name, given):
    """A slider, menu or tick box, where `interact` would put it for what is given."""
    parameters = inspect.signature(draw).parameters
    if name not in parameters:
        raise TypeError(f"no control for {name}: what is drawn takes {', '.join(parameters)}")
    default = parameters[name].default
    if default is inspect.Parameter.empty and isinstance(given, tuple):
        default = given[0]
    control = W.interactive.widget_from_abbrev(given, default)
    if control is None:
        raise TypeError(f"no control for {name}={given!r}; give a tuple (low, high), a list, "
                        "a dict or a bool")
    control.description = name.replace("_", " ")
    return control


given.check(globals(), {"live.draw": kinds.FUNCTION})
