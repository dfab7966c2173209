"""Ctrl-C during imports ends the program without a traceback."""

# What signal wraps: Ctrl-C could strike in signal's own imports, before this module can stop it.
import _signal as signal


class SilentInterrupt:
    """Inside the block, Ctrl-C ends the program without a word.

    For imports, where nothing has to be put in order first. Some packages turn Ctrl-C into another
    error, some print it, and some go on as if nothing had happened.
    """

    def __enter__(self):
        self._before = signal.getsignal(signal.SIGINT)
        # Somebody may have chosen another handler: nohup ignores Ctrl-C.
        self._ours = self._before is signal.default_int_handler
        if self._ours:
            try:
                signal.signal(signal.SIGINT, signal.SIG_DFL)
            except ValueError:                             # not the main thread
                self._ours = False

    def __exit__(self, *exception):
        if self._ours:
            signal.signal(signal.SIGINT, self._before)
