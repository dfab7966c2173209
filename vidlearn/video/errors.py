"""The error of vidlearn.video."""

NOT_STRICT = "strict=False takes what there is"        # advice for whoever calls read or frames


class VideoError(OSError):
    """A video file cannot be read or written as asked: which file, why, and what to do.

    Units    declared and decoded count frames; each is None where it plays no part
    """

    def __init__(self, message, *, path=None, declared=None, decoded=None):
        super().__init__(message)
        self.path, self.declared, self.decoded = path, declared, decoded


class BudgetError(VideoError):
    """The frames that are asked for take more memory than the budget."""
