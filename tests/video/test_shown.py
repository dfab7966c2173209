"""Pictures as they are to be shown: the colours, the way up, the shape of a pixel, every field."""

import struct
from fractions import Fraction

import av
import numpy as np
import pytest

from tools import numbered_frames, odd_videos
from vidlearn import video

KR_KB = {"bt709": (1, 0.2126, 0.0722), "bt601": (6, 0.299, 0.114), "bt470bg": (5, 0.299, 0.114),
         "bt2020": (9, 0.2627, 0.0593), "smpte240m": (7, 0.212, 0.087), "unsaid": (2, 0.299, 0.114)}
RED, GREEN, BLUE, GREY = (200, 30, 40), (20, 180, 60), (30, 40, 220), (128, 128, 128)


def luma_and_chroma(rgb, kr, kb, full, bits=8):
    """Brightness and the two differences of colour, as a standard defines them."""
    red, green, blue = np.asarray(rgb, float) / 255
    luma = kr * red + (1 - kr - kb) * green + kb * blue
    chroma = (blue - luma) / (2 - 2 * kb), (red - luma) / (2 - 2 * kr)
    low, of_luma, of_chroma = (0, 255, 255) if full else (16, 219, 224)
    scale = 2 ** (bits - 8)
    return [round(scale * (low + of_luma * luma)),
            *(round(scale * (128 + of_chroma * part)) for part in chroma)]


def flat_film(path, colours, matrix, full, bits=8, transfer=None, primaries=None):
    """A lossless film, each frame of one colour, that names its matrix and its range."""
    number, kr, kb = matrix
    pixels = "yuv444p" if bits == 8 else f"yuv444p{bits}le"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", 25)
        stream.width = stream.height = 32
        stream.pix_fmt, stream.colorspace, stream.color_range = pixels, number, 2 if full else 1
        if transfer:
            stream.color_trc, stream.color_primaries = transfer, primaries
        for colour in colours:
            planes = luma_and_chroma(colour, kr, kb, full, bits)
            kind = np.uint8 if bits == 8 else np.uint16
            frame = av.VideoFrame(32, 32, pixels)
            for plane, value in zip(frame.planes, planes, strict=True):
                plane.update(np.full(plane.buffer_size // kind().nbytes, value, kind).tobytes())
            frame.colorspace, frame.color_range = number, 2 if full else 1
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


@pytest.mark.parametrize("bits", [8, 10])
@pytest.mark.parametrize("full", [True, False], ids=["full", "limited"])
@pytest.mark.parametrize("matrix", KR_KB)
def test_colours_follow_the_matrix_and_the_range(tmp_path, matrix, full, bits):
    colours = RED, GREEN, BLUE, GREY, (0, 0, 0), (255, 255, 255)
    path = flat_film(tmp_path / "x.mkv", colours, KR_KB[matrix], full, bits)
    found = video.read(path).frames[:, 4:28, 4:28].mean((1, 2))
    np.testing.assert_allclose(found, colours, atol=3)


@pytest.mark.parametrize("transfer", [16, 18], ids=["PQ", "HLG"])
def test_hdr_keeps_the_values_of_its_signal(tmp_path, transfer):
    path = flat_film(tmp_path / "x.mkv", (RED, GREY), KR_KB["bt2020"], False, 10, transfer, 9)
    found = video.read(path).frames[:, 4:28, 4:28].mean((1, 2))
    np.testing.assert_allclose(found, (RED, GREY), atol=3)


ORIENTATIONS = {                    # (a, b, c, d) of the display matrix -> what it does
    (1, 0, 0, 1): lambda picture: picture,
    (0, 1, -1, 0): lambda picture: np.rot90(picture, -1),
    (-1, 0, 0, -1): lambda picture: np.rot90(picture, 2),
    (0, -1, 1, 0): lambda picture: np.rot90(picture),
    (-1, 0, 0, 1): lambda picture: picture[:, ::-1],
    (1, 0, 0, -1): lambda picture: picture[::-1],
    (0, 1, 1, 0): lambda picture: picture.swapaxes(0, 1),
    (0, -1, -1, 0): lambda picture: np.rot90(picture, 2).swapaxes(0, 1),
}


def orient(path, matrix):
    """Write a display matrix into an MP4 file."""
    data = bytearray(path.read_bytes())
    a, b, c, d = (65536 * part for part in matrix)
    struct.pack_into(">9i", data, data.index(b"tkhd") + 44, a, b, 0, c, d, 0, 0, 0, 1 << 30)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("matrix", ORIENTATIONS, ids=str)
def test_a_film_is_turned_and_mirrored(films, tmp_path, matrix):
    path = tmp_path / "x.mp4"
    path.write_bytes(films["mpeg4.mp4"].read_bytes())
    stored = video.read(path).frames
    shown = video.read(orient(path, matrix)).frames
    expected = np.stack([ORIENTATIONS[matrix](frame) for frame in stored])
    np.testing.assert_array_equal(shown, expected)
    facts = video.probe(path)
    assert (facts.height, facts.width) == shown.shape[1:3]


def wide_film(path, aspect):
    """Numbered frames of 128x32 whose pixels are `aspect` times as wide as high."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", 25, options={"b": "4M"})
        stream.width, stream.height, stream.pix_fmt = 128, 32, "yuv420p"
        stream.codec_context.sample_aspect_ratio = Fraction(aspect)
        for number in range(5):
            frame = av.VideoFrame.from_ndarray(numbered_frames.picture(number), "rgb24")
            container.mux(stream.encode(frame.reformat(format="yuv420p")))
        container.mux(stream.encode())
    return path


@pytest.mark.parametrize("aspect, width", [
    ("64/45", 182), ("8/9", 114), ("2", 256), ("1/2", 64), ("225/224", 128), ("99", 128)])
def test_pixels_that_are_not_square_are_shown_square(tmp_path, aspect, width):
    """But for what is only rounding, or damage."""
    path = wide_film(tmp_path / "x.mp4", aspect)
    facts, clip = video.probe(path), video.read(path)
    assert (facts.width, facts.height) == (width, 32)
    assert facts.pixel_aspect == pytest.approx(width / 128, abs=0.01)
    assert clip.frames.shape == (5, 32, width, 3)
    assert numbered_frames.numbers(clip.frames) == list(range(5))
    assert video.read(path, square=False).frames.shape == (5, 32, 128, 3)
    assert video.read(path, size=16).frames.shape == (5, 16, round(width / 2), 3)
    assert next(video.frames(path, crop=(0, 0, 50, 20)))[1].shape == (20, 50, 3)


def test_a_turned_film_has_its_pixel_shape_turned_too(tmp_path):
    path = orient(wide_film(tmp_path / "x.mp4", "3/2"), (0, 1, -1, 0))
    assert video.read(path).frames.shape == (5, 192, 32, 3)
    assert video.read(path, square=False).frames.shape == (5, 128, 32, 3)


INTERLACED = {
    "x.mp4": ("libx264", {"flags": "+ildct+ilme", "x264-params": "tff=1"}),
    "x.mpg": ("mpeg2video", {"flags": "+ildct+ilme", "b": "4M"}),
    "x.ts": ("libx264", {"flags": "+ildct+ilme", "x264-params": "bff=1"}),
}
FORMS = {"mp4": "mp4", "mpg": "vob", "ts": "mpegts"}


def is_interlaced(path):
    with av.open(str(path)) as container:
        return [frame.interlaced_frame for frame in container.decode(video=0)]


@pytest.mark.parametrize("name", INTERLACED)
def test_interlaced_frames_are_pictures_of_their_own(tmp_path, name):
    codec, options = INTERLACED[name]
    film = odd_videos.by_pyav(tmp_path / name, codec, "yuv420p", options, form=FORMS[name[2:]])
    assert all(is_interlaced(film.path))
    clip = video.read(film.path)
    assert numbered_frames.numbers(clip.frames) == list(range(odd_videos.COUNT))


def test_films_of_which_some_frames_are_interlaced(tmp_path):
    """As a recording that was cut together; each part is a transport stream of 24 frames."""
    parts = [odd_videos.by_pyav(tmp_path / f"{n}.ts", "mpeg2video", "yuv420p", options,
                                odd_videos.EVEN + 960 * n, form="mpegts").path.read_bytes()
             for n, options in enumerate([{"b": "4M"}, {"b": "4M", "flags": "+ildct+ilme"}])]
    path = tmp_path / "both.ts"
    path.write_bytes(b"".join(parts))
    assert set(is_interlaced(path)) == {True, False}
    clip = video.read(path)
    assert numbered_frames.numbers(clip.frames) == 2 * list(range(odd_videos.COUNT))
    np.testing.assert_allclose(clip.seconds, np.arange(48) / 25, atol=0.041)
