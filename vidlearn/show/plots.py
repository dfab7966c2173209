"""Numbers as plots: training curves, a confusion matrix, bars, and a race of libraries."""

from collections import defaultdict

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.show import draw, style

HISTORY = kinds.fitting("a History, or a dict: name -> numbers", lambda history: isinstance(
    history, dict) and all(kinds.SEQUENCE.take(values).size for values in history.values()))
COUNTS = kinds.array("a matrix of counts", 2)
RACE = kinds.having("a Race, as compare.race gives it", "name", "ratios")


@checked
def curves(history: HISTORY, caption=""):
    """Show training curves: a panel for each quantity, with training and validation in it.

    Shapes   `history` maps a name to one number per epoch; names with the same last word share a
             panel, as loss and validation_loss do
    """
    panels = defaultdict(dict)
    for name, values in dict(history).items():
        panels[name.split("_")[-1]][name] = np.asarray(values, float)
    chart, places = style.axes(1, len(panels), squeeze=False)
    for ax, (quantity, lines) in zip(places[0], panels.items(), strict=True):
        for name, values in lines.items():
            ax.plot(np.arange(1, len(values) + 1), values, marker="o", markersize=3,
                    label=name.replace("_", " "))
        ax.set(xlabel="epoch", ylabel=quantity, ylim=(0, 1.02) if quantity == "accuracy" else None)
        ax.xaxis.get_major_locator().set_params(integer=True)
        if len(lines) > 1:
            ax.legend()
    style.figure(chart, caption or f"Training, epoch by epoch: {', '.join(panels)}")


@checked
def confusion(matrix: COUNTS, classes: kinds.NAMES, caption=""):
    """Show a confusion matrix: rows are true classes, columns predicted ones, numbers are clips.

    Shapes   matrix (classes, classes), counts; the shade is the fraction of its row
    """
    matrix = np.asarray(matrix)
    if matrix.shape != (len(classes),) * 2:
        raise ArgumentError(f"{len(classes)} classes need a matrix of shape {(len(classes),) * 2}, "
                         f"not {matrix.shape}")
    share = matrix / np.maximum(matrix.sum(1, keepdims=True), 1)
    side = min(style.HEIGHT, 1.6 + 0.45 * len(classes))
    chart, ax = style.axes(width=min(style.WIDTH, side + 1.2), height=side)
    ax.imshow(share, cmap="Blues", vmin=0, vmax=1)
    for i, j in np.ndindex(*matrix.shape):
        ax.text(j, i, f"{matrix[i, j]:g}", ha="center", va="center",
                color="white" if share[i, j] > 0.5 else "#212529")
    ax.set_xticks(range(len(classes)), classes, rotation=30, ha="right", rotation_mode="anchor")
    ax.set_yticks(range(len(classes)), classes)
    ax.set(xlabel="answer", ylabel="truth")
    ax.grid(False)
    ax.spines[:].set_visible(False)
    right = np.trace(matrix) / max(matrix.sum(), 1)
    style.figure(chart, caption or f"{right:.1%} of {matrix.sum():g} clips on the diagonal")


@checked
def bars(values: kinds.SEQUENCE, names: kinds.NAMES, caption="", unit="", log=False,
         labels: kinds.NAMES = None):
    """Show a bar for each name, and at its end the value or its label.

    Units    `unit` labels the axis; `log` makes it logarithmic
    """
    values = np.asarray(values, float)
    for what in (names, labels or names):
        if len(what) != len(values):
            raise ArgumentError(f"{len(values)} values, and {len(what)} names or labels: one each")
    chart, ax = style.axes(height=min(style.HEIGHT, 0.9 + 0.36 * len(values)))
    ax.barh(np.arange(len(values)), values, color=np.divide(draw.BLUE, 255), height=0.62, log=log)
    form = ",.2f" if np.abs(values).max() < 10 else ",.4g"
    for i, label in enumerate(labels or [format(v, form) for v in values]):
        ax.annotate(label, (values[i], i), (4, 0), textcoords="offset points", va="center")
    ax.set_yticks(np.arange(len(values)), names)
    ax.invert_yaxis()
    ax.margins(x=0.12)
    ax.grid(axis="y", visible=False)
    ax.set_xlabel(unit)
    style.figure(chart, caption)


@checked
def race(result: RACE):
    """Print the table of a race, and show as bars how long each side took, forward.

    Shapes   `result` is a Race, as `compare.race` gives it
    """
    print(result)
    ratios = result.ratios
    bars(list(ratios.values()), list(ratios),
         f"{result.name}, forward: how many times as long as PyTorch on the CPU",
         "times PyTorch's time", log=True,
         labels=[f"{ratio:,.0f} x" if ratio >= 100 else f"{ratio:.3g} x"
                 for ratio in ratios.values()])
