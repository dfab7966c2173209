"""Can a dataset be sent to a worker process? Asked before the workers start.

A worker that is forked has everything already. One that is started anew (Windows, macOS, and Linux
from Python 3.14 on) gets a pickled dataset, in which functions and classes are only names: it must
be able to import them.
"""

import io
import multiprocessing
import pickle
import sys

from vidlearn.checks import ArgumentError


def check(data):
    """Refuse, where workers are started anew, a dataset that cannot be sent to them.

    Raises   ArgumentError that names the function or the class that cannot be sent
    """
    if multiprocessing.get_start_method() == "fork":
        return
    trial = _Trial(io.BytesIO(), pickle.HIGHEST_PROTOCOL)
    try:
        trial.dump(data)
    except Exception as error:                        # an object's own __reduce__ may raise any
        raise _refusal(str(error)) from error
    if trial.unknown and not hasattr(sys.modules["__main__"], "__file__"):
        raise _refusal(f"{trial.unknown} is defined in a notebook, or typed in")


def _refusal(why):
    return ArgumentError(f"data cannot be sent to a worker process: {why}. Take workers=0, or put "
                         "its functions and classes in a .py file and import them from there")


class _Trial(pickle.Pickler):
    """Pickles all but arrays, and notes the first function or class of the main program."""

    unknown = ""

    def persistent_id(self, thing):
        kind = type(thing)
        if kind.__module__.partition(".")[0] in ("numpy", "torch") and hasattr(thing, "dtype"):
            return True                               # an array: large, and it can be sent
        if getattr(thing, "__module__", None) == "__main__" and hasattr(thing, "__qualname__"):
            self.unknown = self.unknown or thing.__qualname__
        return None
