"""An exercise knows its answer, its cases, its hints, and the mistakes that people make.

    ○  not written yet          a blank: nothing is wrong so far
    ✓  right in all 12 cases
    ✗  WrongAnswer: which case, the first wrong number, what it should be, and the mistake's name
"""

import inspect
from dataclasses import dataclass, field

import numpy as np

from vidlearn.course.attempt import NeverEnds, is_blank, run
from vidlearn.course.difference import array, difference


class WrongAnswer(AssertionError):
    """An attempt that is not right. A notebook shows its message and no traceback."""

    def _render_traceback_(self):                     # IPython asks for this by name
        return [f"✗ {self}"]


@dataclass
class Exercise:
    """A function to be written by the reader, and how an attempt is judged.

    Each case is a tuple of arguments, or a function of a random generator that makes one: the
    generator is seeded with the number of the case, so everybody gets the same numbers.
    `mistakes` maps what to tell the reader to a wrong attempt; `returns` names the parts of a
    result that is a tuple; `raises` are the errors that the answer raises on purpose; a call may
    take `seconds`.
    """

    answer: object
    cases: list
    hints: list = field(default_factory=list)
    mistakes: dict = field(default_factory=dict)
    returns: tuple = ()
    raises: tuple = ()
    is_choice: bool = False           # a wrong result is not set beside the right one
    tolerance: float = 1e-6
    seconds: float = 10
    hints_given: int = field(default=0, init=False)

    @property
    def name(self):
        """The name of the function that the reader writes."""
        return self.answer.__name__

    def check(self, attempt):
        """Try `attempt` on every case, and print ○ or ✓.

        Raises   WrongAnswer with the first case that is not right
        """
        if is_blank(attempt):
            return print(f"○ {self.name}: not written yet")
        self._must_be_callable(attempt)
        for number in range(len(self.cases)):
            arguments = self._arguments(number)
            got = run(attempt, arguments, self.seconds)
            if got.blank and number == 0:                 # later, a None is a wrong answer
                returned = "" if got.error else f": it returns {got.value}"
                return print(f"○ {self.name}: not written yet{returned}")
            wrong = self._wrong(got, self._expected(arguments))
            if wrong:
                raise WrongAnswer(self._report(attempt, number, got, wrong)) from got.error
        print(f"✓ {self.name}: right in all {len(self.cases)} cases")

    def hint(self):
        """Print the next hint."""
        if self.hints_given == len(self.hints):
            return print(f"{self.name}: no more hints; .show() shows the answer")
        self.hints_given += 1
        print(f"hint {self.hints_given} of {len(self.hints)}: {self.hints[self.hints_given - 1]}")

    def show(self):
        """Print the answer."""
        print(inspect.getsource(self.answer).rstrip())

    def _arguments(self, number):
        case = self.cases[number]
        return tuple(case(np.random.default_rng(number)) if callable(case) else case)

    def _names(self, count):
        """The names of the arguments, as the answer has them."""
        named = list(inspect.signature(self.answer).parameters)
        return [named[i] if i < len(named) else f"argument {i}" for i in range(count)]

    def _must_be_callable(self, attempt):
        if not callable(attempt):
            raise WrongAnswer(f"{self.name}: check() takes the function itself, not a "
                              f"{type(attempt).__name__}: check({self.name})")
        try:
            signature = inspect.signature(attempt)
        except (TypeError, ValueError):   # some functions written in C have none
            return
        try:
            signature.bind(*self._arguments(0))
        except TypeError:
            raise WrongAnswer(f"{self.name}{signature} should be "
                              f"{self.name}{inspect.signature(self.answer)}") from None

    def _expected(self, arguments):
        """What comes of the answer; an error that is not one of `raises` goes on."""
        want = run(self.answer, arguments)
        if want.error is not None and not isinstance(want.error, self.raises):
            raise want.error
        return want

    def _wrong(self, got, want):
        """What is wrong with an outcome, in words; None where it is right."""
        if got.changed is not None and want.changed is None:
            return f"it changed its input {self._names(got.changed + 1)[-1]}: work on a copy"
        if type(got.error) is type(want.error):
            wrong = difference(got.value, want.value, self.tolerance, self.returns)
            return "not all of it fits" if wrong and self.is_choice else wrong
        if want.error is None:
            return got.failure
        return f"it should raise {type(want.error).__name__}"

    def _report(self, attempt, number, got, wrong):
        arguments = self._arguments(number)
        called = ", ".join(f"{name} {_short(value)}" for name, value
                           in zip(self._names(len(arguments)), arguments, strict=True))
        lines = [f"{self.name}: wrong in case {number + 1} of {len(self.cases)}",
                 *[f"called with {called}"] * bool(called), wrong]
        mistake = None if isinstance(got.error, NeverEnds) else self._mistake(attempt)
        return "\n  ".join(lines + [f"a known mistake: {mistake}"] * (mistake is not None))

    def _mistake(self, attempt):
        """The name of the one mistake that does what `attempt` does in every case."""
        left = list(self.mistakes)
        for number in range(len(self.cases) if left else 0):
            arguments = self._arguments(number)
            got = run(attempt, arguments, self.seconds)
            if isinstance(got.error, NeverEnds):          # do not wait for the next case, too
                return None
            left = [name for name in left
                    if self._wrong(got, run(self.mistakes[name], arguments)) is None]
            if not left:
                return None
        return left[0] if len(left) == 1 else None       # two that no case tells apart: neither


def _short(value):
    """An argument in a few characters: a small one in full, a large one by its shape or length."""
    if isinstance(value, np.ndarray) or hasattr(value, "detach"):
        value = array(value)
        if value.size > 6:
            return str(value.shape)
        return np.array2string(value, precision=4, separator=", ").replace("\n", "")
    text = repr(value)
    if len(text) <= 60 and " at 0x" not in text:          # an address says nothing
        return text
    return f"a {type(value).__name__}" + (f" of {len(value)}" if hasattr(value, "__len__") else "")
