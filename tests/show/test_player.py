"""A clip that plays: its bytes stay the same, its frames are right, and no path gets in."""

from base64 import b64decode

import cv2
import numpy as np

from vidlearn.show import player


def moving(frames=8, size=32):
    clip = np.full((frames, size, size, 3), (40, 90, 160), np.uint8)
    for t in range(frames):
        clip[t, 8:16, 2 * t:2 * t + 8] = (230, 60, 30)
    return clip


def test_two_players_give_the_same_page(page):
    player(moving(), caption="right")
    player(moving(), caption="right")
    assert page[:2] == page[2:]
    assert page[0]["text/plain"] == "<player: 8 frames of 32 x 32 pixels at 8 frames a second>"


def test_the_page_has_controls_and_no_path(page):
    player(moving(), caption="a <b> & c")
    html = page[0]["text/html"].split("base64,")[0]
    assert " controls " in html and " autoplay" not in html
    assert "/tmp" not in html and "a &lt;b&gt; &amp; c" in html


def test_the_video_plays_the_frames(page, tmp_path):
    player(moving(), fps=5, stills=0)
    assert len(page) == 1
    data = page[0]["text/html"].split("base64,")[1].split('"')[0]
    path = tmp_path / "clip.webm"
    path.write_bytes(b64decode(data))
    reader = cv2.VideoCapture(str(path))
    assert reader.get(cv2.CAP_PROP_FPS) == 5
    for frame in moving():
        shown = reader.read()[1][4::8, 4::8, ::-1].astype(int)          # enlarged eight times
        assert np.abs(shown - frame).mean() < 6
    assert not reader.read()[0]
