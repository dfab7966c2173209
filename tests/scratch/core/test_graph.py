"""Long graphs: backward without recursion, memory that is freed, training that needs no more.

Memory is measured by tracemalloc, which sees NumPy's arrays: the same figures on any machine.
"""

import gc
import tracemalloc
import weakref

import numpy as np
import pytest

from vidlearn import scratch
from vidlearn.scratch import Tensor, nn, optim

STEPS, KIB = 10_000, 1024
SIZE = 128                                            # numbers per step: 1 KiB in float64


def chain(x, steps=STEPS):
    """Many elementwise steps, each of which keeps an array of x's size."""
    for _ in range(steps // 2):
        x = (x * 0.999).tanh()
    return x


def tower(x, steps=STEPS):
    """Split in two, and joined again: every fourth step has several outputs."""
    for _ in range(steps // 4):
        a, b = x.chunk(2)
        x = scratch.cat([b.sin(), a * 0.9999])
    return x


@pytest.fixture
def allocated():
    """A function that returns how many bytes were allocated since the test began and not freed."""
    gc.collect()
    gc.disable()                                      # so that it does not run at any moment
    tracemalloc.start()
    base = tracemalloc.get_traced_memory()[0]

    def count():
        assert gc.collect() == 0, "circles of references: nothing frees them but the collector"
        return tracemalloc.get_traced_memory()[0] - base      # Python's own lists are empty now
    yield count
    tracemalloc.stop()
    gc.enable()


@pytest.mark.parametrize("build", [chain, tower])
def test_a_graph_of_ten_thousand_steps_goes_back_and_is_freed(build, allocated):
    x = Tensor(np.linspace(-1, 1, SIZE), requires_grad=True)
    y = build(x)
    assert allocated() > 5000 * KIB                        # the graph is there
    y.sum().backward()
    assert np.isfinite(x.grad.data).all() and x.grad.data.any()
    assert allocated() < 100 * KIB


def test_the_gradient_of_ten_thousand_steps_is_right():
    x = Tensor(np.array([0.3]), requires_grad=True)
    chain(x).sum().backward()
    value, slope = 0.3, 1.0
    for _ in range(STEPS // 2):
        value = np.tanh(value * 0.999)
        slope *= (1 - value**2) * 0.999
    assert x.grad.item() == pytest.approx(slope, rel=1e-9)


def test_a_graph_without_a_backward_pass_is_freed_with_its_result(allocated):
    y = tower(Tensor(np.linspace(-1, 1, SIZE), requires_grad=True))
    end = weakref.ref(y)
    del y
    assert end() is None and allocated() < 100 * KIB


def test_each_node_is_freed_after_its_backward_pass(allocated):
    y, seen = Tensor(np.linspace(-1, 1, SIZE), requires_grad=True), []
    for step in range(500):
        y = (y * 0.999).tanh()
        if step % 100 == 0:
            y.register_hook(lambda dy: seen.append(tracemalloc.get_traced_memory()[0]))
    y.sum().backward()
    assert len(seen) == 5 and seen == sorted(seen, reverse=True) and allocated() < 100 * KIB


def test_no_grad_keeps_no_graph_of_a_long_run(allocated):
    x = Tensor(np.linspace(-1, 1, SIZE), requires_grad=True)
    with scratch.no_grad():
        y = chain(x, 2000)
    assert not y.requires_grad and allocated() < 100 * KIB


def test_retain_graph_allows_a_second_backward():
    x = Tensor(np.array([0.3]), requires_grad=True)
    total = chain(x, 1000).sum()
    total.backward(retain_graph=True)
    once = x.grad.item()
    total.backward()
    assert x.grad.item() == 2 * once


def test_a_sequence_of_ten_thousand_steps_goes_through_a_recurrent_layer():
    layer = nn.RNN(1, 2).double()
    x = Tensor(np.linspace(-1, 1, STEPS).reshape(-1, 1, 1), requires_grad=True)
    layer(x)[0].sum().backward()
    assert x.grad.shape == x.shape and np.isfinite(x.grad.data).all() and x.grad.data[0] != 0


def test_memory_is_constant_over_two_thousand_training_steps(allocated):
    scratch.manual_seed(0)
    net = nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Linear(6, 3))
    optimizer = optim.Adam(net.parameters(), lr=1e-3)
    scheduler = optim.lr_scheduler.StepLR(optimizer, 500)
    rng, counts, losses = np.random.default_rng(0), [], []
    for step in range(2000):
        label = rng.integers(0, 3, 8)
        x = scratch.tensor(np.eye(3, 4, dtype=np.float32)[label])
        loss = nn.functional.cross_entropy(net(x), scratch.tensor(label))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        scheduler.step()
        if step % 475 == 99:                          # after 100 steps, and 4 times more
            counts.append(allocated())
            losses.append(loss.item())
    assert len(counts) == 5 and max(counts) - counts[0] < 2 * KIB
    assert losses[-1] < losses[0] / 2                # and it did train


def test_stored_losses_keep_no_graph(allocated):
    x = Tensor(np.linspace(-1, 1, SIZE), requires_grad=True)
    losses = []
    for _ in range(200):
        loss = chain(x, 20).sum()
        loss.backward()
        losses.append(loss)                           # the Tensor, not its number
    assert allocated() < 200 * KIB                         # a graph has 20 KiB
