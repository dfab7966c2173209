"""Seconds rise, and keep to the file's own stamps, whatever some of the stamps are."""

import numpy as np
import pytest

from vidlearn.video.clock import Clock
from vidlearn.video.decoder import AHEAD


def seconds(stamps, step=0.1, ahead=AHEAD):
    """The seconds of frames with these stamps, of which the next `ahead` are known."""
    clock = Clock(step)
    return [clock.tick(stamp, stamps[n + 1:n + 1 + ahead]) for n, stamp in enumerate(stamps)]


@pytest.mark.parametrize("stamps, expected", [
    ([0, .04, .08], [0, .04, .08]),
    ([10, 10.04, 10.12], [0, .04, .12]),                         # a start other than zero
    ([-1, -.9, -.8], [0, .1, .2]),
    ([.08, .12, .16, 0], [0, .04, .08, .12]),                    # the last one has none
    ([None] * 4, [0, .1, .2, .3]),                               # no time stamps at all
    ([0, 0, 0, 0], [0, .1, .2, .3]),
    ([0, .2, .1, .4], [0, .2, .3, .4]),                          # one that goes back
    ([0, .1, 9, .3, .4, .5], [0, .1, .2, .3, .4, .5]),           # one that runs ahead
    ([0, .1, .1, .2], [0, .1, .15, .2]),                         # one that comes twice
    ([0, .1, .1, .1, .4], [0, .1, .2, .3, .4]),
    ([0, .1, None, None, .4], [0, .1, .2, .3, .4]),              # missing ones
    ([None, .1, .2, .3], [0, .1, .2, .3]),
    ([5, None, 5.2, 5.3], [0, .1, .2, .3]),
    ([9, .1, .2, .3, .4], [0, .1, .2, .3, .4]),                  # the first one is wrong
    ([0, .1, 5, 5.1, 5.2], [0, .1, 5, 5.1, 5.2]),                # a pause is no mistake
    ([-3.7e17, -3.7e17], [0, .1]),                               # absurd ones
    ([0, .1, 3.7e17, .3], [0, .1, .2, .3]),
    ([*np.arange(12) / 10] * 2, np.arange(24) / 10),             # two recordings, one after another
    ([*np.arange(9) / 10, *[.3] * 9, 1.8, 2.7], [*np.arange(19) / 10, 2.7]),      # good again
])
def test_seconds_rise_whatever_the_time_stamps_are(stamps, expected):
    np.testing.assert_allclose(seconds(stamps), expected, atol=1e-9)


@pytest.mark.parametrize("place", range(30))
@pytest.mark.parametrize("wrong", [None, 0.0, -5.0, 1e3, 3e17, float("nan")])
def test_one_wrong_stamp_changes_no_other_second(place, wrong):
    right = np.cumsum(np.random.default_rng(place).uniform(.02, .2, 40))
    stamps = right.tolist()
    stamps[place] = wrong
    found = np.array(seconds(stamps)) - found_zero(seconds(stamps), right, place)
    others = np.arange(40) != place
    np.testing.assert_allclose(found[others], right[others], atol=1e-9)
    assert (np.diff(found) > 0).all()


def found_zero(found, right, place):
    """Seconds count from the first frame; if its stamp is the wrong one, from where it was put."""
    other = 1 if place == 0 else 0
    return found[other] - right[other]
