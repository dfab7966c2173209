"""How many frames a Matroska or WebM file holds, block by block.

Source   RFC 8794 (EBML) and RFC 9559 (Matroska): elements of (id, size), nested
"""

import re
import struct

from vidlearn.video.damage import Damage

SEGMENT, CLUSTER, GROUP, TRACKS, TRACK = 0x18538067, 0x1F43B675, 0xA0, 0x1654AE6B, 0xAE
BLOCK, SIMPLE, NUMBER, KIND = 0xA1, 0xA3, 0xD7, 0x83
MASTERS = {SEGMENT, CLUSTER, GROUP}
LEAVES = {
    0x1A45DFA3, 0x114D9B74, 0x1549A966, TRACKS, 0x1C53BB6B, 0x1254C367, 0x1043A770, 0x1941A469,
    SIMPLE, 0xE7, 0xA7, 0xAB, 0xAF, 0x5854,                                    # in a cluster
    BLOCK, 0x9B, 0xFB, 0x75A1, 0x75A2, 0xA4, 0xFA, 0x8E,                       # in a block group
    0xEC, 0xBF,                                                                # anywhere
}
PICTURES, INVISIBLE = 1, 8
HEAD = 2**16             # bytes in which a file says what it is
SCALE, LASTS, EACH = rb"\x2a\xd7\xb1", rb"\x44\x89(?=[\x84\x88])", rb"\x83\x81\x01.*?\x23\xe3\x83"


def count(data):
    """Blocks of the first picture track that are to be shown.

    Raises   Damage if the elements do not fit together
    """
    total, kinds, video = 0, {}, None
    for name, start, end in _walk(data):
        if name == TRACKS:
            kinds = _kinds(data, start, end)
            video = _first_video(kinds)
        elif name in (SIMPLE, BLOCK):
            number, at = _number(data, start, keep_mark=False)
            if number not in kinds:
                raise Damage(f"the block at byte {start:,} is of a track that is not there")
            total += number == video and not data[at + 2] & INVISIBLE
    if video is None:
        raise Damage("its head names no picture track")
    return total


def has_pictures(data):
    """Whether the head names a picture track."""
    kinds = next((_kinds(data, *place) for name, *place in _walk(data) if name == TRACKS), {})
    return _first_video(kinds) is not None


def declared(data):
    """How many frames the head promises, by how long the film and each frame last; or 0."""
    head = data[:HEAD]
    scale, lasts, each = (_field(head, name) for name in (SCALE, LASTS, EACH))
    if len(lasts) not in (4, 8) or not any(each):
        return 0
    seconds = struct.unpack(">f" if len(lasts) == 4 else ">d", lasts)[0]
    return round(seconds * (int.from_bytes(scale) or 10**6) / int.from_bytes(each))


def _field(head, name):
    """What stands behind a name, wherever that is first found."""
    found = re.search(name, head, re.DOTALL)
    if not found:
        return b""
    size, start = _number(head, found.end(), keep_mark=False)
    return head[start:start + (size or 0)]


def _walk(data):
    """Every element but those that hold others.  One of unknown size ends with its parent."""
    at, ends = 0, [len(data)]
    while at < len(data):
        while at == ends[-1]:
            ends.pop()
        name, start, end = _element(data, at, ends[-1])
        if name in MASTERS:
            ends.append(end)
            at = start
        elif name in LEAVES:
            yield name, start, end
            at = end
        else:
            raise Damage(f"no element starts at byte {at:,}, where one should")


def _kinds(data, start, end):
    """What each track holds: {its number: its kind}, in order."""
    tracks = [dict(_facts(data, first, last))
              for name, first, last in _children(data, start, end) if name == TRACK]
    return {track.get(NUMBER): track.get(KIND) for track in tracks}


def _first_video(kinds):
    return next((number for number, kind in kinds.items() if kind == PICTURES), None)


def _facts(data, start, end):
    for name, first, last in _children(data, start, end):
        yield name, int.from_bytes(data[first:last][:8])


def _children(data, start, end):
    while start < end:
        yield (child := _element(data, start, end))
        start = child[2]


def _element(data, at, parent_end):
    name, start = _number(data, at, keep_mark=True)
    size, start = _number(data, start, keep_mark=False)
    end = parent_end if size is None else start + size
    if end > len(data):
        raise Damage(f"{end - len(data):,} bytes are missing at its end")
    if end > parent_end:
        raise Damage(f"the element at byte {at:,} reaches out of the one that holds it")
    return name, start, end


def _number(data, at, keep_mark):
    """A number of 1 to 8 bytes: its first 1 bit says how many.  All ones: None, unknown."""
    first = data[at] if at < len(data) else 0
    if not first:
        raise Damage(f"no number starts at byte {at:,}, where one should")
    length = 9 - first.bit_length()
    value = int.from_bytes(data[at:at + length])
    if keep_mark:
        return value, at + length
    value &= (1 << 7 * length) - 1
    return (None if value == (1 << 7 * length) - 1 else value), at + length
