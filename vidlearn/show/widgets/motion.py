"""Background subtraction by a running mean: the effect of its threshold and learning rate."""

from functools import lru_cache

import cv2
import numpy as np

from vidlearn.checks import checked, kinds
from vidlearn.show import draw
from vidlearn.show.overlay import mask_errors

WIDE, TALL, GAP = 208, 90, 8         # pixels: a tile, the curve, between two tiles
MASKS = kinds.array("masks (T, H, W)", 3)


@checked
def background_model(frames: kinds.BYTES, truth: MASKS, start: kinds.NOT_NEGATIVE = 25,
                     rate: kinds.FRACTION = 0.02):
    """Make the `draw` of a widget: a frame, the background learned before it, and the mask.

    Green pixels are found, red ones are false alarms, blue ones are missed; the curve is the IoU of
    each frame. The mean after t frames is a weighted sum of them, so that one matrix product gives
    the masks of the whole clip at every move.

    Shapes   frames (T, H, W, 3) uint8, truth (T, H, W), anything but 0 is foreground
    Units    `start` and threshold in grey levels; rate as in `vision.background.RunningMean`
    """
    truth, middle = np.asarray(truth) > 0, len(frames) // 2
    rows = np.asarray(frames, np.float32).reshape(len(frames), -1)
    means, squares = np.empty_like(rows), np.empty_like(rows)     # new memory would cost a third

    @lru_cache(maxsize=1)
    def distances(rate):
        np.matmul(frame_weights(len(frames), rate).astype(np.float32), rows, out=means)
        np.square(np.subtract(rows, means, out=squares), out=squares)
        return (squares.reshape(-1, 3) @ np.full(3, 1 / 3, np.float32)).reshape(truth.shape)

    def watch(frame=middle, threshold=start, rate=rate):
        masks = distances(rate) > threshold ** 2
        found, either = (both.sum((1, 2)) for both in (masks & truth, masks | truth))
        mask, real = masks[frame], truth[frame]
        background = means[frame].reshape(frames.shape[1:]).astype(np.uint8)
        tiles = [draw.titled(_tile(frames[frame]), f"frame {frame}"),
                 draw.titled(_tile(background), "background learned so far"),
                 draw.titled(_tile(mask_errors(mask, real), cv2.INTER_NEAREST),
                             "green found, red false, blue missed")]
        line = (f"found {found[frame]} of {real.sum()} pixels, {(mask & ~real).sum()} false: IoU "
                f"{found[frame] / max(1, either[frame]):.2f}; whole clip "
                f"{found.sum() / max(1, either.sum()):.2f}")
        return draw.below(draw.beside(*tiles, gap=GAP),
                          _curve(found / np.maximum(1, either), frame)), line
    return watch


@checked
def frame_weights(count: kinds.POSITIVE_COUNT, rate: kinds.FRACTION):
    """The weight of each frame in the mean before frame t, in row t; 0 from t on.

    Shapes   ->  (count, count); the first frame is compared with itself
    """
    rows = np.eye(count)
    for t in range(1, count):
        step = max(rate, 1 / t)
        rows[t] = (1 - step) * (rows[t - 1] if t > 1 else 0)
        rows[t, t - 1] += step
    return rows


def _tile(picture, how=cv2.INTER_LINEAR):
    """A picture as wide as a tile: frames smooth, to keep files small, and masks sharp."""
    height = round(picture.shape[0] * WIDE / picture.shape[1])
    return cv2.resize(picture, (WIDE, height), interpolation=how)


def _curve(ious, frame):
    """The IoU of each frame as a line from 0 to 1, with a mark at the current frame."""
    width = 3 * WIDE + 2 * GAP
    sheet = draw.canvas(TALL + 40, width)
    draw.text(sheet, "IoU, frame by frame", 0, 8, 13)
    left, top = 26, 22
    draw.box(sheet, left, top, width, top + TALL, draw.FAINT, 1)
    across = left + np.arange(len(ious)) / max(1, len(ious) - 1) * (width - left - 8)
    points = np.stack([across, top + (1 - ious) * (TALL - 1)], 1)
    cv2.polylines(sheet, [np.rint(points).astype(np.int32)], False, draw.BLUE, 2, cv2.LINE_AA)
    cv2.circle(sheet, tuple(np.rint(points[frame]).astype(int).tolist()), 6, draw.RED, -1,
               cv2.LINE_AA)
    for value in (0, 1):
        draw.text(sheet, value, left - 8, top + 6 + (1 - value) * (TALL - 12), 12, align="right")
    draw.text(sheet, "frame", width / 2, top + TALL + 10, 13, align="centre")
    draw.text(sheet, 0, left, top + TALL + 10, 12, align="left")
    draw.text(sheet, len(ious) - 1, width, top + TALL + 10, 12, align="right")
    return sheet
