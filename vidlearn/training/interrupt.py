"""Ctrl-C never stops a training in the middle of a step."""

import signal


class Interrupt:
    """Inside the block, the first Ctrl-C only sets `asked`; a second one stops at once.

    So the training loop can finish its step, save its state, and then stop.
    """

    def __init__(self):
        self.asked, self._before = False, None

    def __enter__(self):
        try:
            self._before = signal.signal(signal.SIGINT, self._ask)
        except ValueError:                      # only the main thread may set signal handlers
            self._before = None
        return self

    def __exit__(self, *exception):
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _ask(self, number, frame):
        self.asked = True
        signal.signal(signal.SIGINT, self._before)
