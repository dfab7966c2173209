"""A decoded frame as it is to be shown: in RGB, upright, with square pixels.

Colours  Brightness and colour difference become RGB by the matrix (BT.601, BT.709 or BT.2020) and
         the range (full or limited) that the film names; BT.601 and limited where it names none, as
         FFmpeg does. HDR (PQ and HLG) keeps its own curve and primaries: the values are those of
         the signal, cut to eight bits, and look paler than on an HDR screen. No tone mapping is
         guessed, so all films are treated alike.
Fields   An interlaced frame comes woven, as it is stored: its odd and even rows are two moments.
Memory   glibc keeps what a freed picture took and often cannot use it for the next one, which is a
         few bytes too long. Of large pictures it gives this back.
"""

import ctypes

import numpy as np
from av.video.reformatter import VideoReformatter

from vidlearn.video.demux import LARGE
from vidlearn.video.picture import crop_picture, grey_picture, scale, target_size

WIDEST = 4               # times as wide as high, or the reverse: more is a damaged header
ROUNDED = 0.01           # an encoder that rounds the size says so by a pixel that is nearly square
BT601, FULL = 5, 2       # FFmpeg's numbers, for its scaler
MATRICES = {1: 1, 4: 4, 7: 7, 9: 9, 10: 9}         # the film's, in ISO 23091-4 -> FFmpeg's scaler
UPRIGHT = 1, 0, 0, 0, 1
try:
    give_back = ctypes.CDLL(None).malloc_trim
except (AttributeError, TypeError):                   # another C library
    give_back = None


class Screen:
    """Turns the frames of one film into pictures; `pixel_aspect` is a pixel's width by its height.

    It keeps FFmpeg's tables from one frame to the next.
    """

    def __init__(self, pixel_aspect):
        ratio = float(pixel_aspect or 1)
        is_meant = 1 / WIDEST <= ratio <= WIDEST and abs(ratio - 1) > ROUNDED
        self.pixel_aspect = ratio if is_meant else 1.0
        self._reformatter, self._turns = VideoReformatter(), None

    def picture(self, frame, crop=None, size=None, grey=False, square=True):
        """The picture of a frame.

        Shapes   (H, W, 3) uint8 RGB, or (H, W, 1) if `grey`
        Units    crop: (left, top, right, bottom) of the picture as shown; `square` widens or
                 narrows it so that its pixels are square
        Raises   ArgumentError if `crop` is empty or reaches out of the picture; av.FFmpegError
        """
        if self._turns is None:
            self._turns = _display_matrix(frame)
        aspect, picture = self.pixel_aspect if square else 1, _turn(self._rgb(frame), self._turns)
        height, width, _ = picture.shape
        if _is_on_its_side(self._turns):
            shown = max(round(height * aspect), 1), width
        else:
            shown = height, max(round(width * aspect), 1)
        if crop is not None:
            picture = crop_picture(scale(picture, shown), crop)
            shown = picture.shape[:2]
        picture = scale(picture, shown if size is None else target_size(shown, size))
        return grey_picture(picture) if grey else np.ascontiguousarray(picture)

    def _rgb(self, frame):
        if give_back and frame.width * frame.height > LARGE:
            give_back(0)
        made = _converted(self._reformatter, frame, "rgb24")
        rows = np.frombuffer(made.planes[0], np.uint8).reshape(made.height, -1)
        return rows[:, :3 * made.width].reshape(made.height, made.width, 3)      # FFmpeg pads rows


def _converted(reformatter, frame, pixels, **options):
    matrix = MATRICES.get(int(frame.colorspace), BT601)
    return reformatter.reformat(
        frame, format=pixels, src_colorspace=matrix, dst_colorspace=matrix,
        src_color_range=int(frame.color_range),       # before version 17, PyAV heeds it only where
        dst_color_range=None if int(frame.color_range) == FULL else FULL,        # the two differ
        **options)


def _display_matrix(frame):
    """The first five numbers of the matrix that says how to turn a film.

    A tiny copy is asked: a frame that was asked stays in memory until Python looks for cycles.
    """
    tiny = _converted(VideoReformatter(), frame, "gray", width=16, height=16, interpolation="POINT")
    found = tiny.side_data.get("DISPLAYMATRIX")
    return UPRIGHT if found is None else np.frombuffer(bytes(found), "<i4", 5).tolist()


def _is_on_its_side(matrix):
    return abs(matrix[0]) < abs(matrix[1])


def _turn(picture, matrix):
    """Turn a picture by quarters and mirror it, as (x, y) -> (a x + c y, b x + d y) says."""
    a, b, _, c, d = matrix
    if _is_on_its_side(matrix):
        picture, a, d = picture.swapaxes(0, 1), c, b
    return picture[::-1 if d < 0 else 1, ::-1 if a < 0 else 1]
