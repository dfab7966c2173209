"""Plots: one picture each with fixed words, and inputs that do not fit are refused."""

import numpy as np
import pytest

from tests.show.pixels import opened
from vidlearn.show import bars, confusion, curves, plots, race, timeline

HISTORY = {"loss": [2.0, 1.0], "validation_loss": [2.1, 1.5], "accuracy": [0.2, 0.7]}


def test_curves_have_a_panel_for_each_quantity(page):
    curves(HISTORY)
    curves({"loss": [2.0, 1.0]})
    assert page[0]["text/plain"] == "<Training, epoch by epoch: loss, accuracy>"
    assert page[1]["text/plain"] == "<Training, epoch by epoch: loss>"
    assert not np.array_equal(opened(page[0]), opened(page[1]))


def test_a_confusion_matrix_says_how_many_are_right(page):
    confusion([[3, 1], [0, 4]], ["left", "right"])
    assert page[0]["text/plain"] == "<87.5% of 8 clips on the diagonal>"


def test_a_confusion_matrix_of_another_size_is_refused():
    with pytest.raises(ValueError, match=r"shape \(3, 3\), not \(2, 2\)"):
        confusion(np.eye(2), ["a", "b", "c"])


def test_a_class_without_clips_is_drawn(page):
    confusion([[0, 0], [1, 2]], ["never seen", "seen"])
    assert len(page) == 1


def test_bars_and_timeline_fit_the_page(page):
    bars([0.5, 1200.0], ["small", "large"], "Two bars", "times", log=True)
    timeline(np.full((5, 8), 0.125), [f"class {i}" for i in range(8)], np.arange(5) / 2)
    for bundle in page:
        height, width, _ = opened(bundle).shape
        assert width <= 800 and height <= 530          # five inches, and the caption


def test_a_race_prints_its_table_and_draws_bars(page, monkeypatch, capsys):
    drawn = []
    monkeypatch.setattr(plots, "bars", lambda *given, **options: drawn.append((given, options)))

    class Race:
        name, ratios = "conv3d", {"loops": 1234.5, "NumPy": 3.0, "PyTorch CPU": 1.0}

        def __str__(self):
            return "the table"

    race(Race())
    ((values, names, *_), options), = drawn
    assert values == [1234.5, 3, 1] and names == ["loops", "NumPy", "PyTorch CPU"]
    assert options == {"log": True, "labels": ["1,234 x", "3 x", "1 x"]}
    assert capsys.readouterr().out == "the table\n"
