"""Ctrl-C never cuts a step of a training in half."""

import signal


class Interrupt:
    """Inside the block, Ctrl-C waits to be asked for; a second Ctrl-C does not wait.

    So that a step is never cut in half: `asked` turns true, and the loop ends at a good place.
    """

    def __init__(self):
        self.asked, self._before = False, None

    def __enter__(self):
        try:
            self._before = signal.signal(signal.SIGINT, self._ask)
        except ValueError:                                 # not the main thread: no signals here
            self._before = None
        return self

    def __exit__(self, *exception):
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _ask(self, number, frame):
        self.asked = True
        signal.signal(signal.SIGINT, self._before)
