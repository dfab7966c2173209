"""How a notebook shows an error: what this package refuses in short, anything else in full.

A refusal says what is wrong in its message, so the reader sees that and the line of his own that
led to it. The error itself and its traceback are left as they are: `lesson.traceback()` prints all
of it. Below an error stands what helps if the cells did not run in their order.
"""

import os
import sysconfig
from pathlib import Path
from types import TracebackType

from vidlearn.checks import is_refusal
from vidlearn.course.cell_order import CellOrder

PACKAGE = Path(__file__).parents[1]
STANDARD_LIBRARY = sysconfig.get_path("stdlib")
INSTALLED = {"site-packages", "dist-packages"}
WHOLE = "lesson.traceback() shows where it was raised."


class ShownErrors:
    """Shows the errors of a shell; `notebook` is a function that gives the notebook's path."""

    def __init__(self, shell, notebook):
        self.order, self.was_told = CellOrder(shell, notebook), False

    def show(self, shell, etype, error, trace, tb_offset=None):
        """Show an error, as IPython asks its handlers to."""
        own = own_frames(trace, shell.user_global_ns)
        if hasattr(error, "_render_traceback_"):      # its class says itself how it looks
            shown = error._render_traceback_()
        elif is_refusal(error) and own:
            shown = [*_short(shell, error, own), *[WHOLE] * (not self.was_told)]
            self.was_told = True
        else:
            shown = shell.InteractiveTB.structured_traceback(etype, error, trace, tb_offset)
        hint = "" if _is_from_inside(error, trace) else self.order.hint(error)
        error._render_traceback_ = lambda: [*shown, *filter(None, [hint])]
        try:
            shell.showtraceback((etype, error, trace), tb_offset=tb_offset,
                                running_compiled_code=True)
        finally:
            del error._render_traceback_


def install(shell, notebook):
    """Show the errors of a shell in this way from now on; asked again, it keeps what it knows."""
    if not hasattr(shell, "vidlearn"):
        shell.vidlearn = ShownErrors(shell, notebook)
    shell.vidlearn.order.notebook = notebook
    shell.set_custom_exc((Exception,), shell.vidlearn.show)


def own_frames(trace, namespace):
    """A copy of a traceback with the reader's own frames alone; None if there are none.

    Own are the frames of cells, whose globals are `namespace`, and of files that lie neither in
    this package nor in another that is installed.
    """
    steps, copied = [], None
    while trace:
        steps.append(trace)
        trace = trace.tb_next
    for step in reversed(steps):
        if _is_own(step.tb_frame, namespace):
            copied = TracebackType(copied, step.tb_frame, step.tb_lasti, step.tb_lineno)
    return copied


def _is_own(frame, namespace):
    file = Path(frame.f_code.co_filename)
    if frame.f_globals is namespace:
        return True
    return not (file.is_relative_to(PACKAGE) or file.is_relative_to(STANDARD_LIBRARY)
                or INSTALLED & set(file.parts)) and os.path.isfile(file)


def _is_from_inside(error, trace):
    """Whether a NameError is a fault of this package: no cell defines that name."""
    while trace.tb_next:
        trace = trace.tb_next
    return isinstance(error, NameError) and (
        Path(trace.tb_frame.f_code.co_filename).is_relative_to(PACKAGE))


def _short(shell, error, own):
    """The reader's frames and the message, without notes and without the errors it came from."""
    plain = Exception(str(error))
    return shell.InteractiveTB.structured_traceback(type(error), plain, own, 0)
