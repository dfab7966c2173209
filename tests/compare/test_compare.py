"""Twins find what differs; a race measures every side and says what it measured."""

import numpy as np
import pytest
import torch

from vidlearn import compare, scratch
from vidlearn.compare import measure, naive_loops, speed
from vidlearn.scratch.nn import functional
from vidlearn.scratch.numbers.random import generator

RNG = np.random.default_rng(0)
X, WEIGHT, BIAS = (RNG.normal(size=s) for s in ((2, 3, 5, 6, 7), (4, 3, 3, 2, 3), (4,)))
FUNCTIONS = {
    "relu": ([X], {}),
    "linear": ([RNG.normal(size=(5, 3)), RNG.normal(size=(4, 3))], {}),
    "conv_transpose2d": ([X[..., 0], RNG.normal(size=(3, 2, 2, 3))], {"stride": 2}),
    "max_pool3d": ([X], {"kernel_size": 2}),
    "layer_norm": ([X], {"normalized_shape": (7,)}),
    "cross_entropy": ([RNG.normal(size=(5, 3)), np.array([0, 2, 1, 1, 0])],
                      {"weight": np.array([1.0, 2.0, 0.5]), "label_smoothing": 0.1}),
}
DEEP = {"input_size": 3, "hidden_size": 4, "num_layers": 3, "dropout": 0.5}
RANDOM = {
    "dropout": ([X], {"p": 0.3}),
    "dropout1d": ([X[0, 0]], {}),
    "dropout2d": ([X[0]], {}),
    "dropout3d": ([X], {}),
    "Dropout": ([X], {"p": 1.0}),
    "Dropout3d": ([X], {}),
    "RNN": ([RNG.normal(size=(5, 3))], DEEP),
    "LSTM": ([RNG.normal(size=(5, 2, 3))], DEEP | {"bidirectional": True}),
    "GRU": ([RNG.normal(size=(5, 2, 3))], DEEP | {"batch_first": True}),
}
LAYERS = {
    "Linear": ([X], {"in_features": 7, "out_features": 4}),
    "BatchNorm3d": ([X], {"num_features": 3}),
    "LSTM": ([RNG.normal(size=(2, 5, 3))], {"input_size": 3, "hidden_size": 4, "num_layers": 2}),
}


def test_twins_that_agree_say_so_in_one_line(capsys):
    compare.twins("conv3d", X, WEIGHT, BIAS, stride=(1, 2, 1), padding=1)
    assert capsys.readouterr().out == (
        "✓ conv3d: output and 3 gradients agree (float64, max |Δ| < 1e-10)\n")


@pytest.mark.parametrize("name", FUNCTIONS | LAYERS)
def test_twins_take_functions_and_layers(name, capsys):
    arrays, options = (FUNCTIONS | LAYERS)[name]
    compare.twins(name, *arrays, **options)
    assert capsys.readouterr().out.startswith(f"✓ {name}: ")


def test_a_layer_counts_its_outputs_and_the_gradients_of_its_weights(capsys):
    arrays, options = LAYERS["LSTM"]
    compare.twins("LSTM", *arrays, **options)
    assert "3 outputs and 9 gradients" in capsys.readouterr().out


@pytest.mark.filterwarnings("ignore:dropout2d")       # of three axes, torch: not always (N, C, T)
@pytest.mark.parametrize("name", RANDOM)
def test_what_both_sides_draw_is_drawn_once(name, capsys):
    arrays, options = RANDOM[name]
    compare.twins(name, *arrays, **options)
    assert capsys.readouterr().out.startswith(f"✓ {name}: ")


def test_another_seed_is_another_mask_and_the_generator_by_hand_is_as_it_was(capsys):
    masks, right = [], functional.dropout

    def dropout(input, **options):
        y = right(input, **options)
        masks.append(y.detach().numpy() != 0)
        return y
    before = scratch.manual_seed(3).bit_generator.state
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(functional, "dropout", dropout)
        for seed in (0, 0, 1):
            compare.twins("dropout", np.ones((4, 8)), seed=seed)
    assert (masks[0] == masks[1]).all() and (masks[0] != masks[2]).any()
    assert 0 < masks[0].sum() < 32
    assert generator().bit_generator.state == before


def test_a_dropout_that_scales_by_another_number_is_found(monkeypatch):
    right = functional.dropout
    monkeypatch.setattr(functional, "dropout", lambda x, p=0.5: right(x, p) * (1 - p))
    with pytest.raises(compare.MismatchError, match="dropout: output differs"):
        compare.twins("dropout", np.ones((4, 8)))


def test_whole_numbers_and_none_have_no_gradient(capsys):
    compare.twins("conv1d", X[0, 0], WEIGHT[:, :1, 0, 0, :].repeat(6, 1), None)
    compare.twins("one_hot", np.array([0, 2, 1]), num_classes=3)
    assert capsys.readouterr().out == (
        "✓ conv1d: output and 2 gradients agree (float64, max |Δ| < 1e-10)\n"
        "✓ one_hot: output and 0 gradients agree (float64, max |Δ| < 1e-10)\n")


def slightly_wrong(y_error=0.0, slope=1.0):
    """relu by Tensors, with an error in its output or in its gradient."""
    right = functional.relu

    def relu(input):
        y = right(input) * slope
        return y + y_error - (slope - 1) * right(input).detach()
    return relu


def test_a_wrong_output_is_named_with_both_numbers(monkeypatch):
    monkeypatch.setattr(functional, "relu", slightly_wrong(y_error=1e-6))
    with pytest.raises(compare.MismatchError, match=r"relu: output differs at \[0\]: by hand "
                                                   r"3\.000001, PyTorch 3; 2 of 2 differ"):
        compare.twins("relu", np.array([3.0, -1.0]))


def test_a_wrong_gradient_is_named_with_its_place(monkeypatch):
    monkeypatch.setattr(functional, "relu", slightly_wrong(slope=2.0))
    with pytest.raises(compare.MismatchError,
                       match=r"gradient of input differs at \[1\]: by hand .*; 1 of 2 differ"):
        compare.twins("relu", np.array([-3.0, 1.0]))


def test_a_wrong_shape_is_named(monkeypatch):
    monkeypatch.setattr(functional, "relu", lambda input: input.reshape(1, -1))
    with pytest.raises(compare.MismatchError, match=r"\(1, 2\) by hand and \(2,\) in PyTorch"):
        compare.twins("relu", np.array([3.0, 1.0]))


def test_a_gradient_that_does_not_arrive_is_missed(monkeypatch):
    right = functional.linear
    monkeypatch.setattr(functional, "linear", lambda x, w: right(x, w.detach()))
    with pytest.raises(compare.MismatchError, match="PyTorch output, gradient of input, .* weight"):
        compare.twins("linear", np.ones((2, 3)), np.ones((4, 3)))


@pytest.mark.parametrize("name", ["conv9d", "Conv9d"])
def test_a_name_that_nobody_has_is_refused(name):
    with pytest.raises(AttributeError, match=name):
        compare.twins(name, X)


def test_a_race_has_a_row_for_each_way_and_says_what_is_known():
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


def test_loops_run_on_a_corner_and_are_scaled_by_the_number_of_outputs(monkeypatch):
    ticks = iter(range(100))
    monkeypatch.setattr(naive_loops.time, "perf_counter", lambda: next(ticks))   # a second a run
    x, weight = np.ones((2, 3, 10, 10)), np.ones((4, 3, 3, 3))
    seconds, words = naive_loops.estimate("conv2d", [x, weight], {}, outputs=2 * 4 * 8 * 8)
    assert seconds == 2 * 4 * 8 * 8 / (2 * 2)          # a corner of 4 x 4 holds 2 x 2 windows
    assert words == "loops timed for 4 results and scaled"


def test_the_corner_grows_until_a_window_fits_in_it():
    x, weight = np.ones((1, 1, 32)), np.ones((1, 1, 20))
    seconds, words = naive_loops.estimate("conv1d", [x, weight], {}, outputs=13)
    assert seconds > 0 and words == ""


def test_loops_on_the_whole_input_are_not_scaled():
    x, weight = RNG.normal(size=(1, 5)), RNG.normal(size=(1, 5))
    seconds, words = naive_loops.estimate("linear", [x, weight], {}, outputs=1)
    assert seconds > 0 and words == ""


@pytest.mark.parametrize("name, shape, options", [
    ("relu", (2, 3), {}),                              # no loops of that name
    ("conv2d", (3, 6, 6), {}),                         # a lone picture
    ("conv2d", (1, 3, 6, 6), {"padding": "same"}),     # an option they do not have
])
def test_where_there_are_no_loops_there_is_no_row(name, shape, options):
    arrays = [np.ones(shape), np.ones((4, 3, 3, 3))]
    assert naive_loops.estimate(name, arrays, options, 1) == (None, "")


def test_what_has_no_products_has_no_share_of_the_peak():
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


def test_runs_take_turns():
    order = []
    measure.in_turns({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, 0, (3, 9))
    assert "".join(order) == "ab" * 4                  # one unmeasured, three measured


def test_peaks_count_what_is_held_at_once():
    def numpy_work():
        for _ in range(3):
            np.ones(2**20, np.uint8)
        return np.ones(2**20, np.uint8), np.ones(2**21, np.uint8)

    def torch_work():
        for _ in range(3):
            torch.ones(2**20, dtype=torch.uint8)
        return torch.ones(2**20, dtype=torch.uint8), torch.ones(2**21, dtype=torch.uint8)

    for peak, work in ((measure.numpy_memory, numpy_work), (measure.torch_memory, torch_work)):
        assert 3 * 2**20 <= peak(work) < 3 * 2**20 + 2**16
