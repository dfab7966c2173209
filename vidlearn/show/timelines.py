"""What a long video shows as time goes on: as a plot, and in words below its picture."""

import io

import numpy as np

from vidlearn import video
from vidlearn.checks import ArgumentError, checked, kinds
from vidlearn.files import atomic
from vidlearn.inference.classify import ranked
from vidlearn.show import draw, style

SECONDS = kinds.array("a list of seconds", 1)
PROBABILITIES = kinds.array("probabilities (windows, classes)", 2)
TIMELINE = kinds.having("a Timeline, as inference.timeline gives it", "probabilities",
                        "starts", "fps")


@checked
def timeline(probabilities: PROBABILITIES, classes: kinds.NAMES, seconds: SECONDS, caption="",
             top=5):
    """Show how probable each class is as a long clip goes on: the `top` most probable ones.

    Shapes   probabilities (windows, classes), seconds (windows,): the middle of each window
    """
    chart = _chart(probabilities, classes, seconds, top)
    style.figure(chart, caption or "What the clip shows, as time goes on")


@checked
def save_timeline(timeline: TIMELINE, path, top=5):
    """Write the plot of the `top` most probable classes as a PNG file, whole or not at all.

    Raises   OSError if the file cannot be written
    """
    chart = _chart(timeline.probabilities, timeline.classes, timeline.seconds, top)
    picture = io.BytesIO()
    chart.savefig(picture, format="png")
    atomic.write(path, picture.getvalue())


@checked
def caption_video(timeline: TIMELINE, path, height: kinds.whole(32) = 240,
                  fps: kinds.POSITIVE = 15, top=3):
    """Write a copy of the video, as .webm, with the most probable classes below the picture.

    Units    height of the picture in pixels: small videos are enlarged, large ones made smaller;
             fps: about so many frames a second at most (VP9 is slow to write)
    Raises   VideoError if a file cannot be read or written
    """
    facts = video.probe(timeline.path)
    size = tuple(_even(side * height / facts.height) for side in (facts.height, facts.width))
    step = max(round(timeline.fps / fps), 1)
    frames = (np.concatenate([frame, _lines(timeline, second, size[1], height // 15, top)])
              for second, frame in video.frames(timeline.path, step=step, size=size,
                                                strict=timeline.strict))
    video.write(path, frames, timeline.fps / step, overwrite=True)


def _chart(probabilities, classes, seconds, top):
    if probabilities.shape != (len(seconds), len(classes)):
        raise ArgumentError(f"{len(seconds)} windows and {len(classes)} classes need probabilities "
                            f"of that shape, not {probabilities.shape}")
    chart, ax = style.axes(height=3)
    for k in sorted(np.argsort(-probabilities.max(0), kind="stable")[:top]):
        ax.plot(seconds, probabilities[:, k], label=classes[k], marker="o", markersize=3)
    ax.set(xlabel="time, seconds", ylabel="probability", ylim=(0, 1.02))
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return chart


def _even(length):
    """A whole number of pixels that the codec takes."""
    return max(round(length / 2) * 2, 2)


def _lines(timeline, second, width, line, top):
    """One line for each of the most probable classes, with a bar as long as its probability."""
    strip = draw.canvas(_even(line * top), width, draw.INK)
    for i, (name, probability) in enumerate(ranked(timeline.at(second), timeline.classes, top)):
        strip[i * line:(i + 1) * line, :round(width * probability)] = draw.BLUE
        draw.text(strip, f"{name} {probability:.0%}", line / 4, (i + 0.5) * line, line * 3 // 4,
                  draw.PAPER)
    return strip
