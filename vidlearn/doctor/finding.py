"""What a check of doctor says: how bad it is, what it saw, and the line that mends it."""

from dataclasses import dataclass


@dataclass
class Finding:
    """A mark, a sentence, and the line to type."""

    mark: str
    says: str
    mend: str = ""


def fine(says):
    return Finding("✓", says)


def note(says, mend=""):
    return Finding("!", says, mend)


def wrong(says, mend):
    return Finding("✗", says, mend)


def first_line(error):
    """What an error or its cause says, without the long story; its class if it says nothing."""
    error = error.__cause__ or error                  # NumPy's own begins with "IMPORTANT: PLEASE"
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
