"""The reader guesses before a cell runs: `guess = lesson.predict("How many?", 1, 2, 4)`.

The next cell sets the guess beside the result: `guess.beside(4)` prints `you said 2; it is 4`, and
without a guess `it is 4`. A guess is never called wrong.
"""

import math
import re
from html import escape

import ipywidgets as W
from IPython.display import display

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.course.measured import judged, written

GUESSES = {}                         # {question: guess}: a cell that runs again forgets none
THOUSANDS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:,\d{3})+(?![\d,])")


@checked
def predict(question: kinds.WORD, *choices: kinds.LABEL, unit="", guess: kinds.LABEL = None):
    """Ask for a guess, and return it for the next cell: `guess.beside(result)`.

    The answer is one of the `choices`, or a number if there are none. It is clicked or typed in the
    form below the cell, or given in the code: `lesson.predict("How many?", 1, 2, 4, guess=2)`.

    Raises   ArgumentError if `guess` is not one of the choices, or not a number
    """
    if len(choices) == 1 or len(set(choices)) < len(choices):
        raise ArgumentError(f"{question!r} needs two choices or more, each one once, or none")
    if guess is not None and not _fits(guess, choices):
        allowed = ", ".join(map(written, choices)) or "a number"
        raise ArgumentError(f"guess must be {allowed}, not {guess!r}")
    if guess is None and _fits(GUESSES.get(question), choices):
        guess = GUESSES[question]
    made = Guess(question, choices, unit, guess)
    display(made.form)
    return made


class Guess:
    """What the reader guessed: `value`, or None as long as nothing is chosen."""

    def __init__(self, question, choices, unit, value):
        self.choices, self.unit, self.value = choices, unit, value
        self.form = Form(question, choices, unit, value, self._note)

    def __repr__(self):
        return f"<guess: {'none yet' if self.value is None else self._in_words(self.value)}>"

    @checked
    def beside(self, value: kinds.LABEL, *, at_least: kinds.NUMBER = None,
               at_most: kinds.NUMBER = None, near: kinds.NUMBER = None,
               within: kinds.NOT_NEGATIVE = None):
        """Print the guess beside the result: `you said 8; it is 4`.

        With bounds, as `measured` takes them, the number is printed with its verdict and differs
        from machine to machine: `it is ≈0.943 (at least 0.90 ✓)`.

        Raises   Missed if the result is outside of its bounds
        """
        bounds = at_least, at_most, near, within
        is_right = bool(self.choices and self.value == value)
        said = "" if self.value is None else (
            f"{'✓ ' * is_right}you said {self._in_words(self.value)}; ")
        if any(bound is not None for bound in bounds):
            print(judged(f"{said}it is ", value, *bounds, self.unit))
        else:
            print(f"{said}it is {self._in_words(value)}")

    def _in_words(self, value):
        return " ".join(filter(None, [written(value), self.unit]))

    def _note(self, question, value):
        self.value = GUESSES[question] = value


class Form(W.VBox):
    """The question, and buttons for the choices or a field for a number; blank at first."""

    def __init__(self, question, choices, unit, value, note):
        self._question, self._choices, self._unit, self._note = question, choices, unit, note
        self.line = W.Label(_noted(value, unit))
        if choices:
            self.control = W.ToggleButtons(
                options=[(written(choice), choice) for choice in choices], value=value,
                tooltips=[question] * len(choices), style={"button_width": "auto"})
        else:
            self.control = W.Text("" if value is None else written(value), placeholder="a number")
        self.control.description, self.control.tooltip = "Your guess", question
        self.control.observe(self._moved, "value")
        super().__init__([W.HTMLMath(f"<b>{escape(question)}</b>"), self.control, self.line])

    def _moved(self, change):
        value, line = change["new"], None
        if not self._choices:
            try:
                value = number(value, self._unit)
            except ValueError as error:
                value, line = None, str(error)
        self._note(self._question, value)
        self.line.value = line or _noted(value, self._unit)

    def _repr_mimebundle_(self, **kwargs):
        """The widget, and for a page without a kernel the form as on paper."""
        blanks = "  ".join(f"○ {written(choice)}" for choice in self._choices) or "____"
        words = "  ".join(filter(None, [self._question, blanks, self._unit]))
        return {**super()._repr_mimebundle_(**kwargs), "text/plain": words}


def number(text, unit=""):
    """The number that a reader typed, also as 0,5 or 50 % or 1,000; None if nothing is typed.

    Raises   ValueError in words for the reader
    """
    plain = text.replace("\u2212", "-").strip().removesuffix(unit or " ").rstrip(" %").lstrip("≈~ ")
    plain = THOUSANDS.sub(lambda found: found[0].replace(",", ""), plain).replace(",", ".")
    if not plain:
        return None
    try:
        value = float(plain)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"{text!r} is not a number")
    return value


def _fits(guess, choices):
    return guess in choices if choices else kinds.is_real(guess)


def _noted(value, unit):
    return "" if value is None else f"noted: {written(value)} {unit}".rstrip()
