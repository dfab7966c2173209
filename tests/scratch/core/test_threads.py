"""A convolution gives the same on several threads as on one."""

import subprocess
import sys

import numpy as np
import pytest

from vidlearn import scratch
from vidlearn.scratch.core import threads
from vidlearn.scratch.layers import im2col
from vidlearn.scratch.layers.conv import conv_backward, conv_forward


@pytest.fixture(autouse=True)
def one_thread():
    yield
    scratch.set_num_threads(1)


@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize("most", [1, 900, 3000, im2col.BLOCK_BYTES])        # of columns at a time
@pytest.mark.parametrize("count", [2, 3, 7])
def test_threads_change_nothing(count, most, groups, monkeypatch):
    monkeypatch.setattr(im2col, "BLOCK_BYTES", most)
    rng = np.random.default_rng(0)
    x, weight = rng.normal(size=(3, 4, 5, 3, 7)), rng.normal(size=(6, 4 // groups, 3, 2, 3))
    answers = []
    for number in (1, count):
        scratch.set_num_threads(number)
        y, cache = conv_forward(x, weight, None, (1, 2, 1), 1, 1, groups)
        answers.append((y, *conv_backward(np.cos(y), cache)[:2]))
    for one, many in zip(*answers, strict=True):
        np.testing.assert_allclose(many, one, rtol=0, atol=1e-12)


def test_items_are_distributed_and_errors_are_raised():
    scratch.set_num_threads(3)
    assert scratch.get_num_threads() == 3
    assert threads.parallel_map(list, [*range(8)]) == [[0, 3, 6], [1, 4, 7], [2, 5]]
    assert threads.parallel_map(list, [5]) == [[5]]
    with pytest.raises(ZeroDivisionError):
        threads.parallel_map(lambda items: 1 / (items[0] - 1), [0, 1])


@pytest.mark.parametrize("wrong", [0, -1, 1.5, "2", None])
def test_a_wrong_number_of_threads_is_refused(wrong):
    with pytest.raises(ValueError, match="set_num_threads: threads must be a whole number"):
        scratch.set_num_threads(wrong)


@pytest.mark.parametrize("blas, asked, count", [("1", "3", 3), ("1", "", 1), ("2", "3", 1),
                                                ("", "3", 1), ("1", "many", 1), ("1", "0", 1)])
def test_the_environment_sets_the_number_of_threads(blas, asked, count, monkeypatch):
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", blas)
    monkeypatch.setenv("OMP_NUM_THREADS", asked)
    code = "from vidlearn import scratch; print(scratch.get_num_threads())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"{count}\n"
