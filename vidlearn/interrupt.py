"""Ctrl-C: it never cuts a step in half, and never shows in which import it struck."""

# What signal wraps: in its own imports Ctrl-C could strike, and here it is to be stopped from that.
import _signal as signal


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


class AtOnce:
    """Inside the block, Ctrl-C ends the program without a word.

    For imports, in which there is nothing to put in order: some make another error of Ctrl-C, some
    print it, some go on as if nothing had been.
    """

    def __enter__(self):
        self._before = signal.getsignal(signal.SIGINT)
        self._ours = self._before is signal.default_int_handler   # or somebody has decided else
        if self._ours:
            try:
                signal.signal(signal.SIGINT, signal.SIG_DFL)
            except ValueError:                             # not the main thread
                self._ours = False

    def __exit__(self, *exception):
        if self._ours:
            signal.signal(signal.SIGINT, self._before)
