"""Ctrl-C waits for the end of a step; a second Ctrl-C does not."""

import os
import signal

import pytest

from vidlearn.training.interrupt import Interrupt


def test_a_second_ctrl_c_does_not_wait():
    with pytest.raises(KeyboardInterrupt), Interrupt() as interrupt:
        os.kill(os.getpid(), signal.SIGINT)
        assert interrupt.asked
        os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
