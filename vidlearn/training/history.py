"""What a training run measured, epoch by epoch."""


class History(dict):
    """Quantities by name, a list each with one number an epoch: loss, accuracy, validation_loss...

    Units    `seconds` of learning (reading clips not counted) and `rates`, clips a second, are kept
             beside them: a clock is no result
    """

    def __init__(self, **columns):
        super().__init__(**columns)
        self.seconds, self.rates = [], []

    def add(self, seconds, clips, **measured):
        """Note what one more epoch measured."""
        for name, value in measured.items():
            self.setdefault(name, []).append(float(value))
        self.seconds.append(seconds)
        self.rates.append(clips / max(seconds, 1e-9))

    @property
    def epochs(self):
        """How many epochs have been trained."""
        return len(self.seconds)

    @property
    def best(self):
        """The epoch (from 1) of the highest validation accuracy; the lowest loss among equals.

        The last one where there was no validation.
        """
        if "validation_accuracy" not in self:
            return self.epochs
        scores = zip(self["validation_accuracy"], self["validation_loss"], strict=True)
        ranks = [(-accuracy, loss) for accuracy, loss in scores]
        return ranks.index(min(ranks)) + 1

    def plot(self, caption=""):
        """Show the curves."""
        from vidlearn import show  # only who looks pays for the plots

        show.curves(self, caption)
