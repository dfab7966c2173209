"""The error that refuses an argument, and what counts as a refusal."""


class ArgumentError(TypeError, ValueError):
    """An argument is not what the function needs: of another type, or out of range."""


def is_refusal(error):
    """Whether this package raised it on purpose, in words for its user: a class of its own.

    Any other error came up by itself, and whoever mends it needs the whole traceback.
    """
    return type(error).__module__.startswith("vidlearn.")
