"""Every drawing reaches the page: one PNG that fits it, the same bytes in two runs."""

import numpy as np
import pytest

from tests.show.pixels import opened
from vidlearn import show

X = np.arange(30).reshape(5, 6) % 7
CALLS = {
    "anchors": lambda: show.anchors(np.zeros((64, 96, 3), np.uint8), (4, 6), (1, 3)),
    "averaged_axes": lambda: show.averaged_axes(["batch", "layer", "instance", "group"]),
    "blocks": lambda: show.blocks([("clip", ("N", 3, 16, 112, 112))]
                                  + [("conv 3x3x3", ("N", 64, 16, 112, 112))] * 9, back=True),
    "causal_tree": lambda: show.causal_tree((1, 2, 4, 8)),
    "gradient_path": lambda: show.gradient_path("w2"),
    "hog_cells": lambda: show.hog_cells(np.arange(128 * 64 * 3, dtype=np.uint8).reshape(
        128, 64, 3)),
    "kernel_in_clip": show.kernel_in_clip,
    "overlap": lambda: show.overlap((0, 0, 10, 10), (5, 3, 12, 15)),
    "pairing": lambda: show.pairing(X[:4, :3] + 1.0, list("ABCD"), list("pqr")),
    "pooling": lambda: show.pooling(X),
    "recurrent_cell": lambda: show.recurrent_cell("gru"),
    "sampling_points": show.sampling_points,
    "turned_pixel": show.turned_pixel,
    "two_humps": show.two_humps,
    "unrolled": lambda: show.unrolled(("CNN", "LSTM"), ("x", "v", "h"), answer="last",
                                      frames=np.zeros((3, 8, 8))),
    "window": lambda: show.window(X, np.ones((3, 3)), (1, 1), padding=1),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_drawing_is_one_small_png(page, name):
    assert CALLS[name]() is None
    CALLS[name]()
    first, second = page
    assert first == second and set(first) == {"image/png", "text/plain"}
    height, width, _ = opened(first).shape
    assert width <= 800 and height <= 530              # five inches, and the caption
    assert len(first["image/png"]) < 60_000
    assert first["text/plain"][0] == "<" and len(first["text/plain"]) > 10


def test_no_drawing_is_missing_here():
    drawings = {name for name in show.__all__ if getattr(getattr(show, name), "__module__", "")
                .startswith("vidlearn.show.structure.")}
    data = {"Sheet", "averaged_part", "cell_anchors", "cell_graph", "cell_strokes",
            "chosen_pairs", "gradient_factors", "hump_shares", "pooling_winners", "read_points",
            "shared_and_union", "turned_from", "window_cells"}
    assert drawings - data == set(CALLS) and data < drawings
