"""What a check says: how bad it is, what it found, and the line to type that fixes it."""

from dataclasses import dataclass


@dataclass
class Finding:
    """A mark, a sentence, and the line to type."""

    mark: str
    says: str
    fix: str = ""


def fine(says):
    return Finding("✓", says)


def note(says, fix=""):
    return Finding("!", says, fix)


def wrong(says, fix):
    return Finding("✗", says, fix)


def first_line(error):
    """The first line of an error's or its cause's message; its class if it has no message."""
    error = error.__cause__ or error                  # NumPy's own begins with "IMPORTANT: PLEASE"
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
