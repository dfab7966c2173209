"""What a run measured, and which epoch was the best."""

from vidlearn.training.history import History


def test_among_equal_epochs_the_lowest_loss_is_best():
    history = History(validation_accuracy=[0.5, 0.9, 0.9], validation_loss=[1.0, 0.4, 0.3])
    assert history.best == 3
