"""Wind a clip to any frame, and see its number, its second and who samples it: for lesson 01."""

import cv2
import numpy as np

from vidlearn.checks import given, kinds
from vidlearn.show import draw, pictures
from vidlearn.video import sample

WIDE, HIGH = 760, 260                # pixels: the rulers, and the most for the frame's height
EDGE = 20                            # pixels beside the rulers
SAMPLERS = {                         # (total, count, rng) -> frame numbers
    "uniform": lambda total, count, rng: sample.uniform(total, count),
    "segments": sample.segments,
    "random": sample.random,
    "window": sample.window,
}


def scrubbing(clip, seed=0):
    """Make the `draw` of a widget that shows one frame of a clip above two rulers.

    The upper ruler counts frames, the lower one seconds; a line joins each sampled frame on both.

    Shapes   a Clip, or frames (T, H, W, 3); a bare array is taken to run at 25 frames a second
    Units    `count` frames are sampled; `colours` are the order in which the three are read
    """
    frames, seconds, _ = pictures.opened(clip)
    total = len(frames)
    seconds = np.arange(total) / 25 if seconds is None else np.asarray(seconds, float)
    lasts = np.diff(seconds, append=seconds[-1] + (seconds[-1] - seconds[-2] if total > 1 else 0))

    def scrub(frame=0, colours="RGB", sampling="uniform", count=8):
        frame = min(frame, total - 1)
        chosen = SAMPLERS[sampling](total, count, np.random.default_rng(seed))
        seen = frames[frame] if colours == "RGB" else frames[frame, ..., ::-1]
        sheet = draw.below(_fitted(seen), _rulers(seconds, lasts, frame, chosen))
        line = (f"frame {frame} of {total}: from second {seconds[frame]:.3f}, for "
                f"{lasts[frame]:.3f} s; {sampling} takes {_named(chosen.tolist())}")
        return sheet, line
    return scrub


def _named(numbers):
    """Numbers in words: all of a few, the ends of many."""
    few = numbers if len(numbers) <= 10 else [*numbers[:6], "…", *numbers[-3:]]
    return " ".join(map(str, few))


def _fitted(frame):
    """The frame in the middle of a strip as wide as the rulers."""
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


def _rulers(seconds, lasts, frame, chosen):
    """Frames above, seconds below, a line from one to the other for each frame that is sampled."""
    sheet, total = draw.canvas(130, WIDE + 2 * EDGE), len(seconds)
    end = max(seconds[-1] + lasts[-1], 1e-9)
    above = EDGE + np.rint((np.arange(total) + 0.5) / total * WIDE).astype(int)
    below = EDGE + np.rint(seconds / end * WIDE).astype(int)
    sheet[30:38, above], sheet[86:94, below] = draw.FAINT, draw.FAINT
    for number in chosen:
        _join(sheet, above[number], below[number], draw.BLUE, 2)
    _join(sheet, above[frame], below[frame], draw.RED, 4)
    for number in _round(total):
        draw.text(sheet, number, above[number], 18, 12, align="centre")
    for second in _round(end):
        draw.text(sheet, second, EDGE + second / end * WIDE, 104, 12, align="centre")
    draw.text(sheet, "frame", EDGE + WIDE, 5, 12, align="right")
    draw.text(sheet, "second", EDGE + WIDE, 121, 12, align="right")
    return sheet


def _join(sheet, x0, x1, colour, width):
    """A tick on both rulers, and a line between the two."""
    left = width // 2
    sheet[26:38, x0 - left:x0 - left + width] = colour
    sheet[86:98, x1 - left:x1 - left + width] = colour
    cv2.line(sheet, (x0 - 1, 38), (x1 - 1, 85), colour, width, cv2.LINE_AA)


def _round(end):
    """Whole numbers from 0 to below `end`, at most a dozen, to write on a ruler."""
    step = next(s * 10**k for k in range(9) for s in (1, 2, 5) if end / (s * 10**k) <= 12)
    return range(0, int(np.ceil(end)), step)


given.check(globals(), {"clip": kinds.VIEW})
