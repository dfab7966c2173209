"""A network over time: each part once a step, and arrows only from the past to the future."""

import numpy as np
import pytest

from tests.show.structure.layout import words
from vidlearn.show import unrolled
from vidlearn.show.structure.sheet import RED

CRNN = dict(parts=("CNN", "LSTM"), symbols=("x", "v", "h"), state="h, c", answer="last")
FRAMES = dict(parts=("CNN",), symbols=("x", "s"), recurrent=[""], answer="mean", steps=4)


def _joined(sheet):
    """The arrows from block to block: [(number of the first, of the second)]."""
    def at(point):
        return next((k for k, b in enumerate(sheet.blocks)
                     if b.x - 1e-6 <= point[0] <= b.x + b.width + 1e-6
                     and b.y - 1e-6 <= point[1] <= b.y + b.height + 1e-6), None)
    return [(at(line[0]), at(line[-1])) for line in sheet.lines]


def test_the_same_cell_three_times_and_the_loop(drawn):
    sheet = drawn(unrolled)
    assert words(sheet).count("RNN") == 4
    assert {(0, 1), (1, 2), (3, 3)} <= set(_joined(sheet))           # the last is the loop
    assert {"$h_0$", "$x_1$", "$x_2$", "$x_3$", "$h_3$", "$h_t$"} <= set(words(sheet))
    assert words(sheet).count("$h_1$") == 2                          # given, and handed on


def test_each_part_stands_over_the_last_and_only_recurrent_ones_hand_on(drawn):
    sheet = drawn(unrolled, **CRNN)
    cnn, lstm = ([b for b, (text, _) in zip(sheet.blocks, _inside(sheet), strict=True)
                  if text == name] for name in ("CNN", "LSTM"))
    assert len(cnn) == len(lstm) == 4
    assert len({b.y for b in cnn}) == len({b.y for b in lstm}) == 1 and lstm[0].y < cnn[0].y
    number = {block: k for k, block in enumerate(sheet.blocks)}
    joined = set(_joined(sheet))
    assert {(number[a], number[b]) for a, b in zip(cnn, lstm, strict=True)} <= joined
    assert {(number[a], number[b]) for a, b in zip(lstm[:3], lstm[1:3], strict=False)} <= joined
    assert not any((number[a], number[b]) in joined for a in cnn for b in cnn)
    assert "$h_1$, $c_1$" in words(sheet) and "$h_t$, $c_t$" in words(sheet)


def _inside(sheet):
    return [next((text.get_text(), inside) for text, inside in sheet.labels if inside == block)
            for block in sheet.blocks]


def test_the_answer_comes_from_the_last_step_or_from_all(drawn):
    last, mean = drawn(unrolled, **CRNN), drawn(unrolled, **FRAMES)
    head = next(k for k, (text, _) in enumerate(_inside(last)) if text == "linear")
    assert [a for a, b in _joined(last) if b == head] == [head - 1]
    assert last.blocks[head].x == max(block.x for block in last.blocks)
    head = next(k for k, (text, _) in enumerate(_inside(mean)) if text == "mean over t, linear")
    assert [a for a, b in _joined(mean) if b == head] == [0, 1, 2, 3]
    assert "$s$" in words(last) and "$s$" in words(mean) and "=" not in words(mean)


@pytest.mark.parametrize("options", [{}, CRNN, FRAMES, {"steps": 2}, {"steps": 4}])
def test_a_gradient_goes_back_wherever_something_goes_forward(drawn, options):
    sheet = drawn(unrolled, **options, back=True)
    arrows = [patch for patch in sheet.chart.axes[0].patches
              if type(patch).__name__ == "FancyArrowPatch"]
    red = [patch.get_edgecolor()[:3] == RED for patch in arrows]
    forth = [line for line, back in zip(sheet.lines, red, strict=True) if not back]
    returns = [line for line, back in zip(sheet.lines, red, strict=True) if back]
    loops = sum(len(line) > 2 for line in forth)
    start = any(word.startswith("$h_0$") for word in words(sheet))
    assert len(returns) == len(forth) - loops - start > 0


def test_frames_stand_below_their_steps(drawn):
    frames = np.random.default_rng(0).integers(0, 256, (3, 12, 16, 3), dtype=np.uint8)
    sheet = drawn(unrolled, **CRNN, frames=frames)
    shown = sheet.chart.axes[0].get_images()
    assert all(np.array_equal(image.get_array(), frame)
               for image, frame in zip(shown, frames, strict=True))
    below = [next(text for text, _ in sheet.labels if text.get_text() == f"$x_{t}$")
             for t in (1, 2, 3)]
    for image, text in zip(shown, below, strict=True):
        left, right, bottom, top = image.get_extent()
        assert (left + right) / 2 == pytest.approx(text.get_position()[0])
        assert text.get_position()[1] < top < bottom < sheet.height
        assert (right - left) / (bottom - top) == pytest.approx(16 / 12)
    assert sheet.chart.axes[0].get_xlim() == (0, sheet.width)


def test_symbols_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="3 steps need 3 frames, not 2"):
        unrolled(frames=np.zeros((2, 4, 4)))
    with pytest.raises(ValueError, match="2 parts need 3 symbols"):
        unrolled(("CNN", "LSTM"))
    with pytest.raises(ValueError, match="steps must be a whole number from 2 to 4"):
        unrolled(steps=9)
