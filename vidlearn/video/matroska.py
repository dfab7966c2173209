"""Count the frames of a Matroska or WebM file, block by block.

Source   RFC 8794 (EBML) and RFC 9559 (Matroska): elements of (id, size), nested
"""

import re
import struct

from vidlearn.video.errors import DamageError

SEGMENT, CLUSTER, BLOCK_GROUP, TRACKS, TRACK_ENTRY = 0x18538067, 0x1F43B675, 0xA0, 0x1654AE6B, 0xAE
BLOCK, SIMPLE_BLOCK, TRACK_NUMBER, TRACK_TYPE = 0xA1, 0xA3, 0xD7, 0x83
MASTERS = {SEGMENT, CLUSTER, BLOCK_GROUP}
LEAVES = {
    0x1A45DFA3, 0x114D9B74, 0x1549A966, TRACKS, 0x1C53BB6B, 0x1254C367, 0x1043A770, 0x1941A469,
    SIMPLE_BLOCK, 0xE7, 0xA7, 0xAB, 0xAF, 0x5854,                              # in a cluster
    BLOCK, 0x9B, 0xFB, 0x75A1, 0x75A2, 0xA4, 0xFA, 0x8E,                       # in a block group
    0xEC, 0xBF,                                                                # anywhere
}
VIDEO = 1                # a track type
INVISIBLE = 8            # a flag of a block
HEADER_BYTES = 2**16
TIMESTAMP_SCALE = rb"\x2a\xd7\xb1"
DURATION = rb"\x44\x89(?=[\x84\x88])"
DEFAULT_DURATION = rb"\x83\x81\x01.*?\x23\xe3\x83"     # of a frame, in a video track


def count(data):
    """Count the visible blocks of the first video track.

    Raises   DamageError if the elements contradict each other
    """
    total, types, video = 0, {}, None
    for name, start, end in _walk(data):
        if name == TRACKS:
            types = _track_types(data, start, end)
            video = _first_video(types)
        elif name in (SIMPLE_BLOCK, BLOCK):
            number, at = _number(data, start, keep_mark=False)
            if number not in types:
                raise DamageError(f"the block at byte {start:,} names a track that does not exist")
            total += number == video and not data[at + 2] & INVISIBLE
    if video is None:
        raise DamageError("its header lists no video track")
    return total


def has_video(data):
    """Whether the header lists a video track."""
    types = next((_track_types(data, *place) for name, *place in _walk(data) if name == TRACKS),
                 {})
    return _first_video(types) is not None


def declared(data):
    """The number of frames by the durations of the video and of a frame in the header, or 0."""
    head = data[:HEADER_BYTES]
    scale, duration, each = (_field(head, name)
                             for name in (TIMESTAMP_SCALE, DURATION, DEFAULT_DURATION))
    if len(duration) not in (4, 8) or not any(each):
        return 0
    ticks = struct.unpack(">f" if len(duration) == 4 else ">d", duration)[0]
    return round(ticks * (int.from_bytes(scale) or 10**6) / int.from_bytes(each))


def _field(head, name):
    """The value after the first occurrence of a name."""
    found = re.search(name, head, re.DOTALL)
    if not found:
        return b""
    size, start = _number(head, found.end(), keep_mark=False)
    return head[start:start + (size or 0)]


def _walk(data):
    """Yield every element that holds no others. One of unknown size ends with its parent."""
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
            raise DamageError(f"byte {at:,} should start an element, and does not")


def _track_types(data, start, end):
    """The type of each track: {track number: type}, in order."""
    tracks = [dict(_fields(data, first, last))
              for name, first, last in _children(data, start, end) if name == TRACK_ENTRY]
    return {track.get(TRACK_NUMBER): track.get(TRACK_TYPE) for track in tracks}


def _first_video(types):
    return next((number for number, kind in types.items() if kind == VIDEO), None)


def _fields(data, start, end):
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
        raise DamageError(f"{end - len(data):,} bytes are missing at its end")
    if end > parent_end:
        raise DamageError(f"the element at byte {at:,} is longer than the element around it")
    return name, start, end


def _number(data, at, keep_mark):
    """A number of 1 to 8 bytes: its first 1 bit says how many. All ones: None, unknown."""
    first = data[at] if at < len(data) else 0
    if not first:
        raise DamageError(f"byte {at:,} should start a number, and does not")
    length = 9 - first.bit_length()
    value = int.from_bytes(data[at:at + length])
    if keep_mark:
        return value, at + length
    value &= (1 << 7 * length) - 1
    return (None if value == (1 << 7 * length) - 1 else value), at + length
