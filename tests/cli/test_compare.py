"""vidlearn compare: do both sides agree, and how is a wrong call refused?"""

import pytest

from tests.cli.command import CONV, run, told
from vidlearn.compare import example_calls


@pytest.mark.parametrize("words, says", [
    (["compare", "relu", "1000000,1000000"], "Unable to allocate 7.28 TiB"),
    (["compare", "relu", "1" * 300], "is not a shape"),
    ([*CONV, "stride=0"], "stride"), ([*CONV, "stride=-1"], "stride"), ([*CONV, "stride=["], "["),
    ([*CONV, "=2"], "has no option"),
    (["compare", "nn.Conv3d"], "there is no example of 'nn.Conv3d'"),
    (["compare", "cook"], "there is no example of 'cook'"),
    (["compare", "cook", "2,3"], "has no 'cook'"),
    (["compare", "conv2d", "1,2,8,8", "1,3,3,3", "--no-race"], "x (1, 2, 8, 8) and weight"),
    (["compare", "relu", "two"], "'two' is not a shape: write 8,3,32,32"),
    (["compare", "relu", "--set", "two"], "'two' is not an option"),
    (["compare", "linear", "2,3"], "linear: missing a required argument: 'weight'"),
    (["compare", "LSTM", "2,3", "--set", "input_size=3"], "missing a required argument: 'hidden"),
    (["compare", "relu", "--set", "two=2", "--no-race"], "has no option 'two'"),
    (["compare", "LSTM", "2,3", "--set", "two=2", "--no-race"], "has no option 'two'"),
])
def test_a_mistake_is_one_line_and_exits_with_1(words, says, here):
    code, said = told(*words)
    assert code == 1 and says in said


def test_compare_agrees_and_races():
    code, said = run("compare", "conv1d", "2,3,16", "4,3,3", "--set", "padding=1")
    assert code == 0 and said.startswith("✓ conv1d: output and 2 gradients agree")
    assert "PyTorch CPU" in said


@pytest.mark.parametrize("name", example_calls.EXAMPLES)
def test_every_ready_made_call_agrees(name):
    code, said = run("compare", name, "--no-race")
    assert code == 0 and said.startswith(f"✓ {name}: ")
