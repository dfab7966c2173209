"""When is each frame shown? Seconds that rise, from time stamps that may be missing or wrong."""

from collections import deque
from statistics import median

GAPS = 9                 # between good stamps, of which the median is taken
LONGEST = 1e6            # seconds from one frame to the next: more is an absurd stamp
EARLIEST = 1e9           # seconds before or after zero: more is absurd, too


class Clock:
    """Seconds since the first frame. A good stamp is believed, whatever came before it.

    A stamp is good if it is later than the last second, and no leap ahead from which those that
    follow come back. Any other frame is shown one step after the one before it, or halfway to the
    next stamp where that is sooner. A step is the median of the last gaps between good stamps, or
    `step`, by the declared rate, where there are none.
    """

    def __init__(self, step):
        self.step, self.zero, self.now = step, None, None
        self.gaps = deque(maxlen=GAPS)

    def tick(self, stamp, following=()):
        """The seconds of the next frame.

        Units    stamp in seconds, or None; following: the stamps of some later frames, in any order
        """
        later = [at for at in following if at is not None and abs(at) < EARLIEST]
        if stamp is not None and not self._is_plausible(stamp, later):
            stamp = None
        if self.now is None:
            self.now = 0.0
            if stamp is None:
                stamp = min(later, default=self.step) - self.step
            self.zero = stamp
        elif stamp is not None and self.now < stamp - self.zero < self.now + LONGEST:
            self.gaps.append(stamp - self.zero - self.now)
            self.now = stamp - self.zero
        else:
            step = median(self.gaps) if self.gaps else self.step
            left = [at - self.zero - self.now for at in later if at - self.zero > self.now]
            self.now += min(step, min(left, default=2 * step) / 2)
        return self.now

    def _is_plausible(self, stamp, later):
        """Whether it is finite, and no leap ahead, from which the next ones come back."""
        last = -EARLIEST if self.now is None else self.zero + self.now
        back = sum(last < at < stamp for at in later)
        return abs(stamp) < EARLIEST and back <= sum(at >= stamp for at in later)
