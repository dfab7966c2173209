"""Which network remembers the first symbol? RNN, LSTM and GRU on Recall, by initialisation.

    python benchmarks/recall.py [--lags 10 30 60] [--seeds 5] [--steps 400]

Every seed draws its own initial weights and its own sequences: 32 new ones for each step of Adam,
and 512 for the test. Our engine computes everything, in float64. Prints a Markdown table.
"""

import argparse
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")          # both are read when NumPy is imported

import numpy as np  # noqa: E402

from vidlearn.datasets.recall import recall  # noqa: E402
from vidlearn.scratch import manual_seed, nn, optim, tensor  # noqa: E402
from vidlearn.scratch.layers.unrolled import rotation  # noqa: E402

UNITS = 32
NETWORKS = {                            # the layer, and the bias of the gate that keeps the state
    "RNN": ("RNN", None), "RNN, a rotation": ("RNN", None),
    "LSTM": ("LSTM", None), "LSTM, forget bias 1": ("LSTM", 1), "LSTM, forget bias 3": ("LSTM", 3),
    "GRU": ("GRU", None), "GRU, update bias 1": ("GRU", 1), "GRU, update bias 3": ("GRU", 3)}


def build(name, seed):
    """Build a network with its initial weights.

    The gate that keeps the state (f of an LSTM, z of a GRU) is the second block of rows.
    """
    manual_seed(seed)
    kind, bias = NETWORKS[name]
    net, head = getattr(nn, kind)(5, UNITS).double(), nn.Linear(UNITS, 4).double()
    if bias is not None:
        net.bias_ih_l0.data[UNITS:2 * UNITS] = bias
        net.bias_hh_l0.data[UNITS:2 * UNITS] = 0
    if "rotation" in name:
        net.weight_hh_l0.data[...] = rotation(UNITS, seed)
    return net, head


def scores(net, head, data):
    """The scores after the last step."""
    return head(net(tensor(data.sequences.swapaxes(0, 1)))[0][-1])


def accuracy(name, lag, seed, steps):
    """Train one network; returns its accuracy on new sequences."""
    net, head = build(name, seed)
    weights = [*net.parameters(), *head.parameters()]
    optimizer = optim.Adam(weights, lr=3e-3)
    for step in range(steps):
        data = recall(32, lag, seed=[seed, step])
        loss = nn.functional.cross_entropy(scores(net, head, data), tensor(data.labels))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
    data = recall(512, lag, seed=[seed, steps])
    return (np.asarray(scores(net, head, data).detach()).argmax(1) == data.labels).mean()


def main():
    """Print the table: how many seeds pass 0.9, and their lowest and highest accuracy."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lags", type=int, nargs="+", default=[10, 30, 60])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=400)
    asked = parser.parse_args()
    print("| network | " + " | ".join(f"lag {lag}" for lag in asked.lags) + " |")
    print("|---" * (1 + len(asked.lags)) + "|")
    for name in NETWORKS:
        cells = []
        for lag in asked.lags:
            accuracies = [accuracy(name, lag, seed, asked.steps) for seed in range(asked.seeds)]
            good = sum(value > 0.9 for value in accuracies)
            low, high = min(accuracies), max(accuracies)
            cells.append(f"{good} of {asked.seeds} ({low:.2f} to {high:.2f})")
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
