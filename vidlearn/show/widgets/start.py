"""One pixel of a clip, read in both orders of the axes."""

from vidlearn.checks import checked, kinds
from vidlearn.show import draw

SIDE = 288                           # pixels: the width of an enlarged frame


@checked
def pixel(frames: kinds.BYTES):
    """Make the `draw` of a widget: read the pixel (t, y, x) of a clip.

    Shapes   frames (T, H, W, 3) uint8 RGB
    """
    count, height, width = frames.shape[:3]
    scale = max(1, SIDE // width)

    def read_pixel(t=0, y=height // 2, x=width // 2):
        colour = frames[t, y, x].tolist()
        picture = _arrows_at(draw.enlarge(frames[t], scale), (x + 0.5) * scale, (y + 0.5) * scale)
        share = ", ".join(f"{c / 255:.2f}" for c in colour)
        return draw.beside(
            draw.titled(picture, f"frame {t}"),
            draw.titled(draw.canvas(72, 72, colour), "the pixel"),
            draw.titled(_over_time(frames[:, y, x], t), "the same pixel over time")), (
            f"frames[{t}, {y}, {x}] = {colour} · batch[0, :, {t}, {y}, {x}] = [{share}]")
    return read_pixel


def _arrows_at(picture, x, y):
    """Four arrows that point at (x, y) and leave it uncovered."""
    for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        draw.arrow(picture, (x + 34 * dx, y + 34 * dy), (x + 8 * dx, y + 8 * dy), draw.PAPER)
    return picture


def _over_time(colours, t):
    """The colours (T, 3) from top to bottom, with frame t marked."""
    rows = max(1, SIDE // len(colours))
    strip = draw.enlarge(colours[:, None], rows).repeat(max(1, 96 // rows), 1)
    return draw.box(strip, 0, t * rows, strip.shape[1], (t + 1) * rows)
