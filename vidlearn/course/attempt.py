"""Call a function that the reader wrote: it may raise, never end, or change its arguments."""

import ctypes
import linecache
import threading
import traceback
from copy import deepcopy
from dataclasses import dataclass

import numpy as np

from vidlearn.course.difference import difference


class NeverEnds(Exception):
    """A call took longer than it may."""


@dataclass
class Outcome:
    """What came of a call: a value or an error, and which argument it changed."""

    value: object = None
    error: BaseException | None = None
    changed: int | None = None
    line: str = ""                    # the line of the function that the error came through

    @property
    def blank(self):
        """Whether nothing is written yet: `raise NotImplementedError`, `pass`, `return ...`."""
        if self.error is not None:            # subclasses mean that an option is not supported
            return type(self.error) is NotImplementedError
        return is_blank(self.value)

    @property
    def failure(self):
        """What the error says, and the reader's line that it came from."""
        if isinstance(self.error, NeverEnds):
            return str(self.error)
        said = _words(self.error)
        return f"it raised {type(self.error).__name__}{said and f': {said}'}{self.line}"


def is_blank(value):
    """None or `...`: what a reader has not filled in."""
    return value is None or value is Ellipsis


def run(function, arguments, seconds=None):
    """Call `function` with a copy of `arguments`, and stop waiting when its time is up.

    Units    seconds that the call may take; None waits for ever
    Returns  an Outcome
    """
    given, results = deepcopy(arguments), []
    worker = threading.Thread(target=_work, args=(function, given, results), daemon=True)
    worker.start()
    try:
        worker.join(seconds)
        done = list(results)                  # before _stop makes the thread add an error
    finally:
        _stop(worker)
    if not done:
        return Outcome(error=NeverEnds(f"not done after {seconds:g} s: does a loop never end?"))
    changed = (i for i, (before, after) in enumerate(zip(arguments, given, strict=True))
               if _changed(before, after))
    value, error = done[0]
    return Outcome(value, error, next(changed, None), _line(error, function))


def _work(function, given, results):
    try:
        results.append((function(*given), None))
    except BaseException as error:            # an attempt that calls exit() has failed, too
        results.append((None, error))


def _stop(worker):
    """Make a thread raise SystemExit at its next line; one that sleeps or catches it runs on."""
    if worker.is_alive():
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(worker.ident), ctypes.py_object(SystemExit))


def _changed(before, after):
    watched = isinstance(before, (np.ndarray, list, dict)) or hasattr(before, "detach")
    return watched and difference(after, before, 0) is not None


def _words(error):
    try:
        return str(error)
    except Exception:                         # an error class of the reader's own
        return ""


def _line(error, function):
    """The last line of the function's own file that an error came through."""
    home = getattr(getattr(function, "__code__", None), "co_filename", None)
    frames = traceback.extract_tb(error.__traceback__) if error else []
    inside = [frame.lineno for frame in frames if frame.filename == home]
    if not inside:
        return ""
    return f"\n  in line {inside[-1]}: {linecache.getline(home, inside[-1]).strip()}"
