"""Augmentations drawn once for the clip or anew for each frame, and what they do to motion."""

import numpy as np

from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.show import draw
from vidlearn.video import transform

WIDE, TALL, SHOWN = 94, 96, 8        # width of a frame and height of the plot, in pixels; frames


@checked
def augmentations(frames: kinds.BYTES):
    """Make the `draw` of a widget: augment a clip with one draw for all frames or one for each.

    Shapes   frames (T, H, W, 3) uint8, T from 2 up
    Units    `strength` 0 to 1: of 45 degrees, of 40 % of the side, of all light, or the probability
             of a flip
    """
    before = _frame_differences(frames)

    def changed(change="rotate", strength=0.5, one_draw="for each frame", seed=0):
        rng = np.random.default_rng(seed)
        parts = [frames] if one_draw == "for the clip" else [frame[None] for frame in frames]
        after = np.concatenate([_augmented(part, change, strength, rng) for part in parts])
        sheet = draw.below(draw.titled(_strip(frames), "the clip"),
                           draw.titled(_strip(after), f"{change}: one draw {one_draw}"),
                           _plot(before, _frame_differences(after)))
        return sheet, (
            f"{change}, one draw {one_draw}: from frame to frame a pixel changes by "
            f"{_frame_differences(after).mean():.1f} grey levels; before, by {before.mean():.1f}")
    return changed


def _augmented(frames, change, strength, rng):
    """Augment all of `frames` alike; the strength does not change how many numbers are drawn."""
    if change == "rotate":
        return transform.random_rotation(frames, rng, 45 * strength)
    if change == "flip":
        return transform.horizontal_flip(frames, rng, strength)
    if change == "light":
        return transform.color_jitter(frames, rng, strength, 0, 0)
    if change != "crop":
        raise ArgumentError(f"change {change!r} is unknown: choose rotate, crop, flip or light")
    height, width = frames.shape[1:3]
    crop = [max(1, round(side * (1 - 0.4 * strength))) for side in (height, width)]
    y, x = (int(rng.random() * (side - part + 1)) for side, part in
            zip((height, width), crop, strict=True))
    return transform.resize(frames[:, y:y + crop[0], x:x + crop[1]], (height, width))


def _frame_differences(frames):
    """The mean change of a pixel from each frame to the next, in grey levels: (T - 1,)."""
    return np.abs(np.diff(frames.astype(np.int16), axis=0)).mean(axis=(1, 2, 3))


def _strip(frames):
    chosen = np.rint(np.linspace(0, len(frames) - 1, SHOWN)).astype(int)
    times = WIDE // frames.shape[2]
    return draw.beside(*(draw.enlarge(frames[i], times) if times else draw.shrink(frames[i], WIDE)
                         for i in chosen), gap=6)


def _plot(before, after, top=60.0):
    """Two bars for each pair of frames: grey for the clip, blue for the augmented one."""
    width = SHOWN * (WIDE + 6) - 6
    sheet = draw.canvas(TALL + 58, width)
    draw.text(sheet, "change from frame to frame, grey levels: grey before, blue after", 0, 10, 13)
    step = (width - 30) / len(before)
    for k, pair in enumerate(zip(before, after, strict=True)):
        for value, colour, side in zip(pair, (draw.FAINT, draw.BLUE), (0.1, 0.5), strict=True):
            height = round(min(value / top, 1) * TALL)
            left = round(30 + (k + side) * step)
            sheet[32 + TALL - height:32 + TALL, left:left + round(0.38 * step)] = colour
    sheet[32 + TALL:33 + TALL, 30:] = draw.INK
    for value in (0, top):
        draw.text(sheet, f"{value:.0f}", 24, 32 + (1 - value / top) * TALL, 12, align="right")
    for k in range(len(before)):
        draw.text(sheet, f"{k}-{k + 1}", 30 + (k + 0.5) * step, TALL + 44, 12, align="centre")
    return sheet
