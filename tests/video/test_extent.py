"""What the parts of a file say of its length, and the index of an MP4 of its frames."""

import struct

import numpy as np
import pytest

from tests.video.conftest import COUNT
from tools import numbered_frames, odd_videos
from vidlearn import video
from vidlearn.video import extent

EBML = b"\x1a\x45\xdf\xa3\x80"


def atom(name, *contents):
    inside = b"".join(contents)
    return struct.pack(">I4s", 8 + len(inside), name) + inside


def chunk(name, contents):
    return name + struct.pack("<I", len(contents)) + contents + bytes(len(contents) % 2)


def riff(*chunks, form=b"AVI ", extra=0):
    inside = form + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(inside) + extra) + inside


def element(name, contents, size=None):
    return bytes.fromhex(name) + (size or bytes([0x80 | len(contents)])) + contents


TRACKS = element("1654ae6b", element("ae", element("d7", b"\2") + element("83", b"\2"))
                 + element("ae", element("d7", b"\1") + element("83", b"\1")))
BLOCKS = [element("a3", b"\x81\0\0\x80picture"), element("a3", b"\x82\0\0\x80sound"),
          element("a0", element("a1", b"\x81\0\0\0pic"))]
CLUSTER = element("1f43b675", element("e7", b"\0") + b"".join(BLOCKS), size=b"\xff")
MATROSKA = EBML + element("18538067", TRACKS + 3 * CLUSTER, size=b"\xff")
MOVIE = atom(b"ftyp", b"isom") + atom(b"moov", b"...") + atom(b"mdat", b"frames")
AVI = riff(chunk(b"LIST", b"movi" + chunk(b"01dc", b"picture") + chunk(b"JUNK", bytes(9))))


@pytest.fixture
def damage(tmp_path):
    def look(data, **options):
        (tmp_path / "x").write_bytes(data)
        return extent.damage(tmp_path / "x", **options)
    return look


@pytest.mark.parametrize("data", [
    MATROSKA, MOVIE, AVI, AVI + riff(form=b"AVIX"), AVI + bytes(300), b"another format", b"\0",
    atom(b"moov", b"...") + b"\0\0\0\0mdat to the end", MOVIE + b"abc"])
def test_a_file_whose_parts_fit_is_whole(damage, data):
    assert damage(data) is None


@pytest.mark.parametrize("data, words", [
    (riff(chunk(b"JUNK", b"12"), extra=100), "100 bytes are missing"),
    (riff(b"JUNK\xff\0\0\0"), "missing"),
    (riff(b"\1\2\3\4\0\0\0\0"), "byte 12 should start a chunk"),
    (riff(b"JUNK\x90\0\0\0") + bytes(300), "longer than the chunk"),
    (MOVIE[:-4], "4 bytes are missing"),
    (MOVIE + b"\0\0\0\3free....", "should start an atom"),
    (EBML + b"\x18\x53\x80\x67\x84\x00", "3 bytes are missing"),
    (EBML + b"\x18\x53\x80\x67\x82\x00\x00", "should start a number"),
    (EBML + b"\x18\x53\x80\x67\x82\xed\x80", "should start an element"),
    (EBML + b"\x18\x53\x80\x67\x82\xec\x81\0", "longer than the element"),
    (MATROSKA.replace(b"\x82\0\0\x80sound", b"\x92\0\0\x80sound"), "a track that does not exist"),
])
def test_parts_that_contradict_each_other_are_damage(damage, data, words):
    assert words in damage(data)


def test_blocks_that_cannot_be_read_are_counted(damage):
    assert damage(MATROSKA, read=6) is None
    assert "2 of its blocks cannot be read" in damage(MATROSKA, read=4)


@pytest.mark.parametrize("data", [MATROSKA, MOVIE, AVI])
def test_any_damage_is_told_in_words(damage, data):
    rng = np.random.default_rng(0)
    for _ in range(300):
        broken = bytearray(data)
        for place in rng.integers(4, len(data), rng.integers(1, 6)):
            broken[place] = rng.choice([0, 1, 255, int(rng.integers(256))])
        found = damage(bytes(broken))
        assert found is None or isinstance(found, str) and found


def edit(path, milliseconds, start):
    """Write into an MP4 file that only a part is to be shown: how long, and from when (ticks)."""
    data = bytearray(path.read_bytes())
    struct.pack_into(">Ii", data, data.index(b"elst") + 12, milliseconds, start)
    path.write_bytes(data)
    return path


def test_an_edit_hides_frames_and_is_no_damage(films, tmp_path):
    path = tmp_path / "x.mp4"
    path.write_bytes(films["mpeg4.mp4"].read_bytes())
    scale = struct.unpack_from(">I", path.read_bytes(), path.read_bytes().index(b"mdhd") + 16)[0]
    clip = video.read(edit(path, 600, scale // 2))
    assert len(clip) < video.probe(path).declared == COUNT
    numbers = numbered_frames.numbers(clip.frames)
    assert numbers == list(range(numbers[0], numbers[0] + len(clip)))
    assert 11 <= numbers[0] <= 13 and 14 <= len(clip) <= 16


def test_frames_whose_time_is_damaged_are_missed(tmp_path):
    """They are not shown any more, although the count in the header stays the same."""
    film = odd_videos.by_pyav(tmp_path / "x.mp4", "libx264", "yuv420p", odd_videos.REORDERED)
    data = bytearray(film.path.read_bytes())
    entry = data.index(b"ctts") + 12 + 8 * 6          # how many, and how late
    struct.pack_into(">i", data, entry + 4, 10**8)
    film.path.write_bytes(data)
    with pytest.raises(video.VideoError, match="gives [0-9]+ frames a time outside the film"):
        video.read(film.path)


def test_frames_that_the_index_cannot_place_are_missed(films, tmp_path):
    data = bytearray(films["mpeg4.mp4"].read_bytes())
    struct.pack_into(">I", data, data.index(b"stsz") + 16 + 4 * 20, 10**6)     # bytes of a frame
    (tmp_path / "x.mp4").write_bytes(data)
    with pytest.raises(video.VideoError, match="its index names [0-9]+ frames that are not found"):
        video.read(tmp_path / "x.mp4")
