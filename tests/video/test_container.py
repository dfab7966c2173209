"""Count the frames stored in AVI, MP4 and Matroska files, healthy and damaged."""

import struct

import numpy as np
import pytest

from tests.video.conftest import COUNT
from vidlearn import video
from vidlearn.video import avi, container, matroska, mp4
from vidlearn.video.errors import DamageError


@pytest.mark.parametrize("name, parser", [
    ("mjpg.avi", avi), ("mpeg4.mp4", mp4), ("ffv1.mkv", matroska), ("vp9.webm", matroska)])
def test_stored_frames_are_counted(films, name, parser):
    data = films[name].read_bytes()
    assert parser.count(data) == COUNT
    assert parser.has_video(data)


@pytest.mark.parametrize("name, parser", [
    ("mjpg.avi", avi), ("mpeg4.mp4", mp4), ("ffv1.mkv", matroska), ("vp9.webm", matroska)])
def test_tables_declare_the_frames_even_if_the_rest_is_damaged(films, name, parser, tmp_path):
    data, start = films[name].read_bytes(), max(20, films[name].read_bytes().find(b"mdat"))
    assert parser.declared(data) == container.declared(films[name]) == COUNT
    (tmp_path / name).write_bytes(data[:start] + data[start + 20:])
    assert container.declared(tmp_path / name) == COUNT
    assert parser.declared(data[:20]) == 0


@pytest.mark.parametrize("parser, data", [
    (mp4, b"hdlr" + bytes(8) + b"vide...stsz" + bytes(8) + b"\0\0\4\0"),       # 1,024 in 40 bytes
    (avi, b"strh    vids" + bytes(28)),
    (matroska, b"\x44\x89\x88" + struct.pack(">d", 1e3)),                        # no frame rate
    (matroska, b"\x44\x89\x82\1\1\x83\x81\1\x23\xe3\x83\x81\1"),            # no number
    (matroska, b"\x44\x89\x88" + bytes(8) + b"\x83\x81\1\x23\xe3\x83\x81\0"),  # frames of 0 s
])
def test_tables_that_make_no_sense_declare_no_frames(parser, data):
    assert parser.declared(data) == 0


@pytest.mark.parametrize("lasts", [float("inf"), float("nan"), 1e300, -1e6])
def test_an_absurd_duration_declares_no_frames(films, tmp_path, lasts):
    data = bytearray(films["vp9.webm"].read_bytes())
    at = data.index(b"\x44\x89") + 2
    data[at:at + 9] = b"\x88" + struct.pack(">d", lasts)
    (tmp_path / "x.webm").write_bytes(data)
    assert container.declared(tmp_path / "x.webm") == 0


@pytest.mark.parametrize("declared, decoded, words", [
    (40, 3, "3 of 40 declared frames were decoded"),
    (0, 3, "3 frames were decoded (the file does not say how many it has)")])
def test_both_numbers_are_named(declared, decoded, words):
    assert container.decoded_of(declared, decoded).startswith(words)


def atom(name, *contents):
    inside = b"".join(contents)
    return struct.pack(">I4s", 8 + len(inside), name) + inside


def table(name, *pairs):
    return atom(name, struct.pack(">II", 0, len(pairs)), np.array(pairs, ">i4").tobytes())


def movie(samples, edits=(), stts=None, ctts=(), version=0, lasts=0):
    """An MP4 of empty samples: 1,000 ticks per second in the movie, 100 in the track."""
    form = ">Qqhh" if version else ">Iihh"
    entries = b"".join(struct.pack(form, *edit, 1, 0) for edit in edits)
    tables = [table(b"stts", *(stts or [(samples, 4)])),
              atom(b"stsz", struct.pack(">III", 0, 1, samples))]
    tables += [table(b"ctts", *ctts)] if ctts else []
    edit = atom(b"edts", atom(b"elst", struct.pack(">BxxxI", version, len(edits)), entries))
    media = atom(b"mdia", atom(b"mdhd", struct.pack(">IIIII", 0, 0, 0, 100, lasts)),
                atom(b"hdlr", bytes(8), b"vide"), atom(b"minf", atom(b"stbl", *tables)))
    header = atom(b"mvhd", struct.pack(">IIII", 0, 0, 0, 1000))
    track = atom(b"trak", *([edit] if edits else []), media)
    return atom(b"ftyp", b"isom") + atom(b"moov", header, track)


@pytest.mark.parametrize("facts, shown", [
    ({"samples": 10}, 10),
    ({"samples": 10, "edits": [(400, 0)]}, 10),                  # 10 samples of 0.04 s
    ({"samples": 10, "edits": [(400, 12)]}, 7),                  # starts at the fourth
    ({"samples": 10, "edits": [(120, 12)]}, 3),
    ({"samples": 10, "edits": [(120, 12)], "version": 1}, 3),
    ({"samples": 10, "edits": [(80, -1), (400, 0)]}, 10),        # an empty edit is a pause
    ({"samples": 10, "edits": [(120, 0), (120, 0)]}, 6),         # shown twice
    ({"samples": 4, "edits": [(160, 4)], "ctts": [(1, 4), (1, 12), (2, 0)]}, 4),     # B-frames
    ({"samples": 4, "stts": [(2, 4), (2, 50)], "edits": [(100, 0)]}, 3),
    ({"samples": 3, "stts": [(2**31 - 1, 4)], "edits": [(400, 0)]}, 3),        # a damaged table
])
def test_an_edit_hides_frames(facts, shown):
    assert mp4.count(movie(**facts)) == shown


@pytest.mark.parametrize("facts, hidden", [
    ({"ctts": [(50, 0), (1, 900), (49, 0)], "edits": [(4000, 0)]}, 1),     # in the middle, too late
    ({"ctts": [(50, 40), (2, -900), (48, 40)], "edits": [(4000, 40)]}, 2), # and too early
    ({"ctts": [(99, 0), (1, 900)], "edits": [(4000, 0)], "lasts": 400}, 1),
    ({"stts": [(100, 5)], "edits": [(4000, 0)], "lasts": 400}, 20),
])
def test_a_frame_with_a_damaged_time_is_found(facts, hidden):
    """It is not shown any more, although the count in the header stays the same."""
    with pytest.raises(DamageError, match=f"gives {hidden} frames a time outside the video"):
        mp4.count(movie(100, **facts))


@pytest.mark.parametrize("facts, shown", [
    ({"edits": [(1200, 200)], "lasts": 400}, 30),                # cut at both ends
    ({"edits": [(400, 0), (400, 360)], "lasts": 400}, 20),       # and in the middle
    ({"edits": [(3600, 0)]}, 90),                                # no duration is declared
    ({"edits": [(3920, 8)], "ctts": [(99, 8), (1, 16)], "lasts": 400}, 98),
])
def test_a_cut_is_not_damage(facts, shown):
    assert mp4.count(movie(100, **facts)) == shown


def test_opencv_hides_the_same_frames(films, tmp_path):
    data = bytearray(films["mpeg4.mp4"].read_bytes())
    at = data.index(b"elst") + 4
    scale = struct.unpack_from(">I", data, data.index(b"mdhd") + 16)[0]
    struct.pack_into(">Ii", data, at + 8, 600, scale // 2)       # from 0.5 s, for 0.6 s
    path = tmp_path / "edit.mp4"
    path.write_bytes(data)
    clip = video.read(path)
    assert len(clip) == mp4.count(bytes(data)) < video.probe(path).declared


def chunk(name, contents):
    return name + struct.pack("<I", len(contents)) + contents + bytes(len(contents) % 2)


def riff(*chunks, form=b"AVI ", extra=0):
    inside = form + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(inside) + extra) + inside


def test_empty_chunks_and_those_of_other_streams_are_not_counted():
    head = chunk(b"LIST", b"strl" + chunk(b"strh", b"auds" + bytes(8))
                 + chunk(b"strh", b"vids" + bytes(8)))
    parts = [chunk(b"01dc", b"picture"), chunk(b"01dc", b""), chunk(b"01dc", b"\x7f"),
             chunk(b"00wb", b"sound"), chunk(b"01db", b"picture"), chunk(b"JUNK", bytes(9))]
    data = riff(head, chunk(b"LIST", b"movi" + b"".join(parts)))
    assert avi.count(data) == 2
    assert avi.count(data + riff(*parts, form=b"AVIX")) == 4     # as files over 1 GiB are
    assert avi.count(data + bytes(300)) == 2                     # padding


@pytest.mark.parametrize("parser, data, match", [
    (avi, riff(chunk(b"LIST", b"strl" + chunk(b"strh", b"auds"))), "no video stream"),
    (avi, riff(chunk(b"JUNK", b"12"), extra=100), "100 bytes are missing"),
    (avi, riff(b"JUNK\xff\0\0\0"), "missing"),
    (avi, riff(b"\1\2\3\4\0\0\0\0"), "byte 12 should start a chunk"),
    (avi, riff(b"JUNK\x90\0\0\0") + bytes(300), "longer than the chunk"),
    (mp4, atom(b"ftyp", b"isom"), "moov"),
    (mp4, movie(2**31 - 1), "2,147,483,647 frames, more than"),
    (mp4, movie(3)[:-9], "9 bytes are missing"),
    (mp4, movie(3) + b"\0\0\0\3free", "should start an atom"),
    (mp4, movie(3) + b"abc", "3 stray bytes"),
    (mp4, movie(3).replace(b"vide", b"soun"), "no video track"),
    (matroska, b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x84\x00", "3 bytes are missing"),
    (matroska, b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x82\x00\x00", "should start a number"),
    (matroska, b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x82\xed\x80", "should start an element"),
    (matroska, b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x82\xec\x81\0", "longer than the element"),
    (matroska, b"\x1a\x45\xdf\xa3\x80", "no video track"),
])
def test_contradictions_are_damage(parser, data, match):
    with pytest.raises(DamageError, match=match):
        parser.count(data)


def element(name, contents, size=None):
    return bytes.fromhex(name) + (size or bytes([0x80 | len(contents)])) + contents


def test_matroska_of_unknown_sizes():
    tracks = element("1654ae6b", element("ae", element("d7", b"\2") + element("83", b"\2"))
                     + element("ae", element("d7", b"\1") + element("83", b"\1")))
    blocks = [element("a3", b"\x81\0\0\x80picture"), element("a3", b"\x82\0\0\x80sound"),
              element("a3", b"\x81\0\0\x08hidden"), element("a0", element("a1", b"\x81\0\0\0p"))]
    cluster = element("1f43b675", element("e7", b"\0") + b"".join(blocks), size=b"\xff")
    data = element("1a45dfa3", b"") + element("18538067", tracks + 3 * cluster, size=b"\xff")
    assert matroska.count(data) == 6
    with pytest.raises(DamageError, match="a track that does not exist"):
        matroska.count(data.replace(b"\x82\0\0\x80sound", b"\x92\0\0\x80sound"))


@pytest.mark.parametrize("parser, data", [
    (mp4, movie(9, [(400, 0)], ctts=[(9, 4)])),
    (avi, riff(chunk(b"LIST", b"strl" + chunk(b"strh", b"vids")), chunk(b"00dc", b"picture")))])
def test_the_counter_survives_any_damage(parser, data, tmp_path):
    """Whichever bytes are overwritten, it returns a number or raises DamageError."""
    rng, path = np.random.default_rng(0), tmp_path / "clip"
    for _ in range(300):
        broken = bytearray(data)
        for place in rng.integers(4, len(data), rng.integers(1, 6)):
            broken[place] = rng.choice([0, 1, 255, int(rng.integers(256))])
        path.write_bytes(broken)
        try:
            count = container._parse(path, parser.count)
            assert isinstance(count, int) and count >= 0
        except DamageError as damage:
            assert str(damage)
