"""A clip that plays inside the notebook, and its stills below for where videos do not play."""

from base64 import b64encode
from html import escape

import numpy as np

from vidlearn import video
from vidlearn.checks import given, kinds
from vidlearn.show import draw, pictures, style

CONTROLS = 88                        # pixels that a browser lays over the foot of a video
WIDEST = 480                         # pixels; a wider clip is shrunk, to keep the page light
TRACK = b"\x73\xc5\x88"              # Matroska's tag of a track's identity, then eight bytes


def player(clip, fps=None, scale=None, caption="", stills=8, autoplay=False):
    """Show a clip as a video with play, pause and scrub controls, and `stills` frames below it.

    VP9 in WebM costs least of what a browser plays: 16 frames of 240 x 180 take 79 KB, as GIF
    600 and as animated PNG 1,097; an animated WebP takes 97 and cannot be paused. A page that
    strips videos, as GitHub does, still shows the stills. Two writes differ only in the track's
    random identity, which is fixed here, so the stored notebook does not change.

    Shapes   a Clip, or frames (T, H, W, 3) or (T, H, W)
    Units    fps in frames a second, by default the clip's, or 8; `scale` repeats each pixel so many
             times: powers of two fall on VP9's blocks (x8 takes 8 KB where x6 takes 18). By default
             small clips are enlarged, and those wider than 480 pixels shrunk to that
    """
    frames, _, rate = pictures.opened(clip)
    rate = float(fps or rate or 8)
    sized = _sized(frames, scale)
    page = _html(webm(sized, rate), sized.shape[1:3], caption, autoplay)
    count, height, width = frames.shape[:3]
    words = f"player: {count} frames of {width} x {height} pixels at {rate:g} frames a second"
    style.put({"text/html": page, "text/plain": f"<{words}>"})
    if stills:
        pictures.contact_sheet(clip, count=stills)


def webm(frames, fps):
    """The bytes of a VP9 video: the same frames give the same bytes.

    Shapes   frames (T, H, W, 3) uint8 RGB
    """
    data = video.to_webm_bytes(frames, fps)
    start = data.index(TRACK) + len(TRACK)
    return data.replace(data[start:start + 8], b"vidlearn")


def _html(data, size, caption, autoplay):
    """The video's element, with room below the picture so that the controls do not cover it."""
    play = "controls loop muted playsinline" + " autoplay" * autoplay
    title = f"<strong>{escape(caption)}</strong><br>" if caption else ""
    room = f'width="{max(256, size[1])}" height="{size[0] + CONTROLS}"'
    look = "max-width: 100%; object-fit: scale-down; object-position: left top"
    source = "data:video/webm;base64," + b64encode(data).decode()
    return f'{title}<video {play} {room} style="{look}" src="{source}"></video>'


def _sized(frames, scale):
    """Enlarge small frames to at most 400 pixels across, shrink large ones to 480; even sides."""
    if scale is None:
        scale = 1
        if frames.shape[2] > WIDEST:
            frames = np.stack([draw.shrink(frame, WIDEST) for frame in frames])
        while frames.shape[2] * scale * 2 <= 400:
            scale *= 2
    frames = frames.repeat(scale, 1).repeat(scale, 2)
    odd = frames.shape[1] % 2, frames.shape[2] % 2
    return np.pad(frames, ((0, 0), (0, odd[0]), (0, odd[1]), (0, 0)), "edge")


given.check(globals(), {
    "clip": kinds.VIEW, "fps": kinds.ABOVE, "scale": kinds.whole(1),
    "stills": kinds.whole(),
})
