"""Scrub a clip to any frame: its number, its second, and whether a sampler takes it."""

import cv2
import numpy as np

from vidlearn.checks import checked
from vidlearn.show import draw, pictures
from vidlearn.video import sample

WIDE, HIGH = 760, 260                # pixels: the rulers, and a frame at most
EDGE = 20                            # pixels beside the rulers
SAMPLERS = {                         # (total, count, rng) -> frame numbers
    "uniform": lambda total, count, rng: sample.uniform(total, count),
    "segments": sample.segments,
    "random": sample.random,
    "window": sample.window,
}


@checked
def scrubber(clip: pictures.VIEW, seed=0):
    """Make the `draw` of a widget: one frame of a clip, above a ruler of frames and one of seconds.

    A line joins each sampled frame on the two rulers.

    Shapes   clip: a Clip, or frames (T, H, W, 3), which are taken as 25 frames a second
    Units    `count` is the number of sampled frames; `colours` the order of the colour channels
    """
    frames, seconds, _ = pictures.opened(clip)
    total = len(frames)
    seconds = np.arange(total) / 25 if seconds is None else np.asarray(seconds, float)
    last = seconds[-1] - seconds[-2] if total > 1 else 0
    durations = np.diff(seconds, append=seconds[-1] + last)

    def scrub(frame=0, colours="RGB", sampling="uniform", count=8):
        frame = min(frame, total - 1)
        chosen = SAMPLERS[sampling](total, count, np.random.default_rng(seed))
        shown = frames[frame] if colours == "RGB" else frames[frame, ..., ::-1]
        sheet = draw.below(_fitted(shown), _rulers(seconds, durations, frame, chosen))
        line = (f"frame {frame} of {total}: from second {seconds[frame]:.3f}, for "
                f"{durations[frame]:.3f} s; {sampling} takes {_abridged(chosen.tolist())}")
        return sheet, line
    return scrub


def _abridged(numbers):
    """Numbers as text: up to ten in full, of more the first six and the last three."""
    few = numbers if len(numbers) <= 10 else [*numbers[:6], "…", *numbers[-3:]]
    return " ".join(map(str, few))


def _fitted(frame):
    """The frame centred above the rulers."""
    height, width = frame.shape[:2]
    times = min(HIGH // height, WIDE // width)
    if times < 1:
        frame = draw.shrink(frame, min(WIDE, max(1, width * HIGH // height)))
    else:
        frame = draw.enlarge(frame, times)
    sheet = draw.canvas(frame.shape[0], WIDE + 2 * EDGE)
    left = (sheet.shape[1] - frame.shape[1]) // 2
    sheet[:, left:left + frame.shape[1]] = frame
    return sheet


def _rulers(seconds, durations, frame, chosen):
    """Frames above, seconds below, and a line between the two for each sampled frame."""
    sheet, total = draw.canvas(130, WIDE + 2 * EDGE), len(seconds)
    end = max(seconds[-1] + durations[-1], 1e-9)
    above = EDGE + np.rint((np.arange(total) + 0.5) / total * WIDE).astype(int)
    below = EDGE + np.rint(seconds / end * WIDE).astype(int)
    sheet[30:38, above], sheet[86:94, below] = draw.FAINT, draw.FAINT
    for number in chosen:
        _join(sheet, above[number], below[number], draw.BLUE, 2)
    _join(sheet, above[frame], below[frame], draw.RED, 4)
    for number in _round_numbers(total):
        draw.text(sheet, number, above[number], 18, 12, align="centre")
    for second in _round_numbers(end):
        draw.text(sheet, second, EDGE + second / end * WIDE, 104, 12, align="centre")
    draw.text(sheet, "frame", EDGE + WIDE, 5, 12, align="right")
    draw.text(sheet, "second", EDGE + WIDE, 121, 12, align="right")
    return sheet


def _join(sheet, x0, x1, colour, width):
    """A tick on each ruler, and a line between the two."""
    left = width // 2
    sheet[26:38, x0 - left:x0 - left + width] = colour
    sheet[86:98, x1 - left:x1 - left + width] = colour
    cv2.line(sheet, (x0 - 1, 38), (x1 - 1, 85), colour, width, cv2.LINE_AA)


def _round_numbers(end):
    """At most a dozen evenly spaced whole numbers from 0 to below `end`, to label a ruler."""
    step = next(s * 10**k for k in range(9) for s in (1, 2, 5) if end / (s * 10**k) <= 12)
    return range(0, int(np.ceil(end)), step)
