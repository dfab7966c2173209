"""A video player in the notebook, with still frames below it for pages that do not play videos."""

from base64 import b64encode
from html import escape

import numpy as np

from vidlearn import video
from vidlearn.checks import checked, kinds
from vidlearn.show import draw, pictures, style

CONTROLS = 88                        # pixels at the bottom of a video that its controls cover
WIDEST = 480                         # pixels; a wider clip is shrunk, to keep the page small
TRACK = b"\x73\xc5\x88"              # Matroska's tag of a track's UID of eight bytes


@checked
def player(clip: pictures.VIEW, fps: kinds.POSITIVE = None, scale: kinds.POSITIVE_COUNT = None,
           caption="", stills: kinds.COUNT = 8, autoplay=False):
    """Show a clip as a video with play, pause and scrub controls, and `stills` frames below it.

    VP9 in WebM is the smallest format that browsers play: 16 frames of 240 x 180 take 79 KB, as
    GIF 600 and as animated PNG 1,097; an animated WebP takes 97 and cannot be paused. A page that
    strips videos, as on GitHub, still shows the stills. Two writes differ only in the random UID of
    the track, which is fixed here, so that the stored notebook does not change.

    Shapes   clip: a Clip, or frames (T, H, W, 3) or (T, H, W)
    Units    fps: by default the clip's, or 8. `scale` enlarges; powers of two fit VP9's blocks (x8
             takes 8 KB where x6 takes 18). By default small clips are enlarged, and those wider
             than 480 pixels are shrunk
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
    """The video element, with space below the picture for the controls."""
    play = "controls loop muted playsinline" + " autoplay" * autoplay
    title = f"<strong>{escape(caption)}</strong><br>" if caption else ""
    room = f'width="{max(256, size[1])}" height="{size[0] + CONTROLS}"'
    look = "max-width: 100%; object-fit: scale-down; object-position: left top"
    source = "data:video/webm;base64," + b64encode(data).decode()
    return f'{title}<video {play} {room} style="{look}" src="{source}"></video>'


def _sized(frames, scale):
    """Enlarge frames to at most 400 pixels across, or shrink them to 480; make sides even."""
    if scale is None:
        scale = 1
        if frames.shape[2] > WIDEST:
            frames = np.stack([draw.shrink(frame, WIDEST) for frame in frames])
        while frames.shape[2] * scale * 2 <= 400:
            scale *= 2
    frames = frames.repeat(scale, 1).repeat(scale, 2)
    odd = frames.shape[1] % 2, frames.shape[2] % 2
    return np.pad(frames, ((0, 0), (0, odd[0]), (0, odd[1]), (0, 0)), "edge")
