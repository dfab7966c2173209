"""Ctrl-C during imports ends the program without a traceback."""

# What signal wraps: in its own imports Ctrl-C could strike, and here it is to be stopped from that.
import _signal as signal


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
