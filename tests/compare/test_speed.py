"""A race measures every library and says what it measured."""

import numpy as np
import pytest
import torch

from vidlearn import compare
from vidlearn.compare import speed

RNG = np.random.default_rng(0)
X, WEIGHT, BIAS = (RNG.normal(size=s) for s in ((2, 3, 5, 6, 7), (4, 3, 3, 2, 3), (4,)))
LAYERS = {
    "Linear": ([X], {"in_features": 7, "out_features": 4}),
    "BatchNorm3d": ([X], {"num_features": 3}),
    "LSTM": ([RNG.normal(size=(2, 5, 3))], {"input_size": 3, "hidden_size": 4, "num_layers": 2}),
}


def test_a_race_has_a_row_for_each_library_and_says_what_is_known():
    pads = {"also": {"mine": lambda x, weight, padding: x}, "padding": 1}
    race = compare.race("conv3d", X, WEIGHT, seconds=0.05, **pads)
    rows = {row.label: row for row in race.rows}
    assert list(rows)[:5] == ["loops", "mine", "NumPy, plain", "NumPy", "PyTorch CPU"]
    assert rows["mine"].both is None and rows["loops"].memory is None
    for label in ("NumPy, plain", "NumPy", "PyTorch CPU"):
        assert rows[label].forward > 0 and rows[label].both > 0 and rows[label].memory > 0
        assert rows[label].share > 0
    assert rows["loops"].forward > rows["NumPy"].forward
    lines = str(race).splitlines()
    assert lines[0] == "conv3d of (2, 3, 5, 6, 7), (4, 3, 3, 2, 3), float32"
    assert len(lines) == 3 + len(rows)


def test_a_call_without_products_has_no_share_of_the_peak():
    race = compare.race("relu", X, seconds=0.02)
    assert [row.share for row in race.rows] == [None] * len(race.rows)


def test_a_layer_can_be_raced():
    arrays, options = LAYERS["LSTM"]
    race = compare.race("LSTM", *arrays, seconds=0.02, **options)
    assert [row.label for row in race.rows][-1].startswith("PyTorch")


def test_a_race_leaves_the_number_of_threads_as_it_was():
    before = torch.get_num_threads()
    compare.race("relu", X, seconds=0.01, threads=2)
    assert torch.get_num_threads() == before


def test_a_race_prints_its_table_and_gives_the_ratios():
    rows = speed.Row("NumPy", 0.03, 0.09, 2**21, 0.4), speed.Row("PyTorch CPU", 0.01, 0.03, 2**20)
    race = speed.Race("conv3d", ((2, 3),), rows, "a note")
    assert race.ratios == {"NumPy": 3, "PyTorch CPU": 1}
    assert str(race) == (
        "conv3d of (2, 3), float32\n"
        "                 forward       ratio   and back    ratio    memory  of peak\n"
        "NumPy              30 ms         3 x      90 ms      3 x    2.0 MB      40%\n"
        "PyTorch CPU        10 ms         1 x      30 ms      1 x    1.0 MB\n"
        "a note")


@pytest.mark.parametrize("seconds, words", [
    (None, ""), (4.2e-7, "0.42 µs"), (1.5e-3, "1.5 ms"), (2.0, "2 s"), (12345.0, "12,345 s")])
def test_times_are_written_in_the_unit_that_fits(seconds, words):
    assert speed._time(seconds) == words
