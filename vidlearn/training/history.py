"""What a training run measured, epoch by epoch."""


class History(dict):
    """Lists of numbers by name, one number an epoch: loss, accuracy, validation_loss ...

    Units    `seconds` of learning an epoch (without reading clips) and `rates` in clips a second.
             They are attributes, not entries: two runs that are equal may differ in them.
    """

    def __init__(self, **columns):
        super().__init__(**columns)
        self.seconds, self.rates = [], []

    def add(self, seconds, clips, **measured):
        """Append what one more epoch measured."""
        for name, value in measured.items():
            self.setdefault(name, []).append(float(value))
        self.seconds.append(seconds)
        self.rates.append(clips / max(seconds, 1e-9))

    @property
    def epochs(self):
        """The number of epochs that have been trained."""
        return len(self.seconds)

    @property
    def best(self):
        """The number (from 1) of the epoch with the highest validation accuracy.

        Among equal accuracies the lowest loss decides. Without validation it is the last epoch.
        """
        if "validation_accuracy" not in self:
            return self.epochs
        scores = zip(self["validation_accuracy"], self["validation_loss"], strict=True)
        ranks = [(-accuracy, loss) for accuracy, loss in scores]
        return ranks.index(min(ranks)) + 1
