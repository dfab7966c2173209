"""What public functions may be given: said in their signatures, asked before they run.

    kinds      what an argument must be, in words and as a test: `frames: kinds.COLOURS`
    wrapper    `@checked` has a function, or a class, look at its arguments first
    axes       arrays of one call that must fit each other
    words      how a message names what came
"""

from vidlearn.checks.errors import ArgumentError, is_refusal
from vidlearn.checks.wrapper import checked

__all__ = ["ArgumentError", "checked", "is_refusal"]
