"""Make the moving pictures of the README again, from the course's own clips and classifier:

    python docs/pictures.py
"""

from pathlib import Path

import numpy as np
from PIL import Image

from vidlearn import video
from vidlearn.inference import weights
from vidlearn.show import draw
from vidlearn.show.widgets import conv3d

HERE = Path(__file__).parent
DATA = HERE.parent / "data"
WINDOW = 16                                        # frames that the classifier sees at once
TILTS = np.concatenate([np.arange(-8, 8), np.arange(8, -8, -1)]) / 4         # pixels a frame
ROW, NAMES, BAR = 24, 130, 150                     # pixels: a class, its name, a bar that is sure
MARGIN, COLOURS = 12, 128


def main():
    save("classifier.png", classifying(), milliseconds=125)
    tilt = conv3d.tilted_kernel()
    save("kernel.png", (tilt(angle, 1.0)[0] for angle in TILTS), milliseconds=100)


def classifying():
    """Yield a clip's frames, each beside the answers of six kernels and of the classifier."""
    classifier = weights.load(DATA / "motion_c3d.safetensors", "scratch")
    frames = video.read(DATA / "actions.webm", size=classifier.header.size).frames[::2]
    for stop in range(WINDOW, len(frames) + 1):
        clip = video.to_tensor(frames[stop - WINDOW:stop])[None]
        chances = classifier.probabilities(clip)[0]
        yield draw.beside(
            draw.titled(draw.enlarge(frames[stop - 1], 6), "a clip"),
            draw.titled(maps(first_layer(classifier, clip)), "six kernels of the first layer"),
            draw.titled(bars(chances, classifier.classes, (stop - 1) // WINDOW),
                        "its answer (green: what is right)"))


def first_layer(classifier, clip):
    """The answers of the first layer to the newest frames: (C, H, W)."""
    x = (classifier.engine.tensor(clip) - classifier.header.mean) / classifier.header.std
    for layer in list(classifier.model.network)[:3]:           # convolution, normalisation, ReLU
        x = layer(x)
    return classifier.engine.numpy(x)[0, :, -2]


def maps(answers):
    """The first six channels as grey pictures, in two rows."""
    tiles = [draw.heat(np.rint(2 * answer), 6, low=0, high=8) for answer in answers[:6]]
    return draw.below(draw.beside(*tiles[:3], gap=4), draw.beside(*tiles[3:], gap=4), gap=4)


def bars(chances, classes, right):
    """How probable each class is, as a bar; that of the right class is green."""
    sheet = draw.canvas(ROW * len(classes), NAMES + BAR)
    for k, (name, chance) in enumerate(zip(classes, chances, strict=True)):
        draw.text(sheet, name, NAMES - 8, (k + 0.5) * ROW, 13, align="right")
        end = NAMES + max(1, round(BAR * float(chance)))
        sheet[k * ROW + 3:(k + 1) * ROW - 3, NAMES:end] = draw.GREEN if k == right else draw.BLUE
    return sheet


def save(name, sheets, milliseconds):
    """Write pictures of one size as an animated PNG of few colours."""
    edge = (MARGIN, MARGIN), (MARGIN, MARGIN), (0, 0)
    sheets = [np.pad(sheet, edge, constant_values=255) for sheet in sheets]
    some = Image.fromarray(np.vstack(sheets[::8]))
    palette = some.quantize(COLOURS, dither=Image.Dither.NONE)
    first, *others = (Image.fromarray(sheet).quantize(palette=palette, dither=Image.Dither.NONE)
                      for sheet in sheets)
    first.save(HERE / name, save_all=True, append_images=others, duration=milliseconds, loop=0,
               optimize=True)


if __name__ == "__main__":
    main()
