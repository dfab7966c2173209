"""Make variable.mp4 again. This needs the program ffmpeg, version 5 or later, with libx264:

    python data/variable.py && python data/make.py

Each of the 120 frames shows its number: as digits, and as eight blocks at the top, white for 1 and
black for 0, the lowest bit on the left. The rate varies as on a phone when somebody switches the
light off: 30 frames per second, then 8, then 30 again.
"""

import subprocess
from pathlib import Path

import cv2
import numpy as np

from vidlearn.show import draw

HERE = Path(__file__).parent
HEIGHT, WIDTH, BLOCK = 96, 128, 16   # pixels
LIGHT, DARK, AGAIN = 48, 48, 24      # frames
FAST, SLOW = 30, 8                   # frames per second
TICKS = 240                          # per second: 8 for a fast frame, 30 for a slow one


def main():
    number, rest = "N", f"{LIGHT + DARK}"
    fast, slow = TICKS // FAST, TICKS // SLOW
    ticks = (f"if(lt({number},{LIGHT}),{number}*{fast},if(lt({number},{rest}),"
             f"{LIGHT * fast}+({number}-{LIGHT})*{slow},"
             f"{LIGHT * fast + DARK * slow}+({number}-{rest})*{fast}))")
    subprocess.run(
        ["ffmpeg", "-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24",
         "-s", f"{WIDTH}x{HEIGHT}", "-r", str(FAST), "-i", "-", "-fps_mode", "passthrough",
         "-enc_time_base", f"1/{TICKS}", "-vf", f"settb=1/{TICKS},setpts='{ticks}'",
         "-c:v", "libx264", "-threads", "1", "-crf", "26", "-g", "24", "-bf", "3",
         "-pix_fmt", "yuv420p", "-map_metadata", "-1", "-fflags", "+bitexact",
         "-flags:v", "+bitexact", str(HERE / "variable.mp4")],
        input=b"".join(picture(n).tobytes() for n in range(LIGHT + DARK + AGAIN)), check=True)


def second(number):
    """When a frame is shown, in seconds."""
    slow = min(max(number - LIGHT, 0), DARK)
    return (number - slow) / FAST + slow / SLOW


def picture(number):
    """A frame (96, 128, 3) uint8: the blocks, a clock whose hand turns once in four seconds."""
    wall, ink = (250, 236, 200), (52, 48, 66)
    if LIGHT <= number < LIGHT + DARK:
        wall, ink = ink, wall
    frame = draw.canvas(HEIGHT, WIDTH, wall)
    angle = 2 * np.pi * second(number) / 4
    centre, reach = np.array((94, 57)), np.array((np.sin(angle), -np.cos(angle))) * 26
    cv2.circle(frame, centre.tolist(), 30, ink, 2, cv2.LINE_AA)
    end = np.rint(centre + reach).astype(int).tolist()
    cv2.line(frame, centre.tolist(), end, draw.RED, 4, cv2.LINE_AA)
    draw.text(frame, number, 32, 57, 28, ink, "centre", bold=True)
    for bit in range(WIDTH // BLOCK):
        frame[:BLOCK, bit * BLOCK:(bit + 1) * BLOCK] = 255 * (number >> bit & 1)
    return frame


if __name__ == "__main__":
    main()
