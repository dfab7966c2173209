"""Frames that show their own number, as white and black blocks that survive any codec."""

import cv2
import numpy as np

BITS, SIDE = 8, 16
HEIGHT, WIDTH = 2 * SIDE, BITS * SIDE


def picture(number):
    """A frame (32, 128, 3) uint8: the number in binary above, red, green and blue bars below."""
    frame = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    for bit in range(BITS):
        if number >> bit & 1:
            frame[:SIDE, bit * SIDE:(bit + 1) * SIDE] = 255
    for channel in range(3):
        frame[SIDE:, channel * SIDE:(channel + 1) * SIDE, channel] = 255
    return frame


def number(frame):
    """The number that a frame of any size shows."""
    blocks = cv2.resize(frame, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)[:SIDE]
    blocks = blocks.reshape(SIDE, BITS, SIDE, -1)[4:12, :, 4:12].mean((0, 2, 3))
    return sum(1 << bit for bit in range(BITS) if blocks[bit] > 128)


def numbers(frames):
    return [number(frame) for frame in frames]


def film(path, codec, count, fps=25):
    """Write a video of numbered frames with any codec that OpenCV writes."""
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, cv2.VideoWriter_fourcc(*codec), fps,
                             (WIDTH, HEIGHT))
    for i in range(count):
        writer.write(picture(i)[..., ::-1])
    writer.release()
    return path
