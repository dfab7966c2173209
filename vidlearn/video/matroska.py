"""Are the elements of a Matroska or WebM file whole, one inside the other?

Told by hand: where an element is damaged, or a span was deleted, FFmpeg jumps to the next cluster
without a word, and the packets that it gives do not show that others are missing.

Source   RFC 8794 (EBML) and RFC 9559 (Matroska): elements of (id, size), nested
"""

import mmap
import re

TRACKS, BLOCKS, TRACK_NUMBER = 0x1654AE6B, (0xA3, 0xA1), re.compile(rb"\xd7\x81(.)", re.DOTALL)
SEGMENT, CLUSTER, BLOCK_GROUP = 0x18538067, 0x1F43B675, 0xA0
MASTERS = {SEGMENT, CLUSTER, BLOCK_GROUP}
LEAVES = {                          # all that may lie in those; of what they hold, nothing is asked
    0x1A45DFA3, 0x114D9B74, 0x1549A966, TRACKS, 0x1C53BB6B, 0x1254C367, 0x1043A770, 0x1941A469,
    *BLOCKS, 0xE7, 0xA7, 0xAB, 0xAF, 0x5854,                                   # in a cluster
    0x9B, 0xFB, 0x75A1, 0x75A2, 0xA4, 0xFA, 0x8E,                              # in a block group
    0xEC, 0xBF,                                                                # anywhere
}


def damage(path):
    """Say where the elements of a file contradict each other; None where they do not."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        at, ends, tracks = 0, [len(data)], set()
        while at < len(data):
            while at == ends[-1]:
                ends.pop()
            name, start = _number(data, at, keep_mark=True)
            size, start = _number(data, start, keep_mark=False) if name else (0, at)
            end = ends[-1] if size is None else start + size       # unknown: as its parent
            if not name or not start or name not in MASTERS | LEAVES:
                return f"byte {at:,} should start an element, and does not"
            if end > len(data):
                return f"{end - len(data):,} bytes are missing at its end"
            if end > ends[-1]:
                return f"the element at byte {at:,} is longer than the element around it"
            if name == TRACKS:
                tracks = set(TRACK_NUMBER.findall(data[start:end]))
            if name in BLOCKS and tracks and bytes([data[start] & 127]) not in tracks:
                return f"the block at byte {start:,} is of a track that does not exist"
            if name in MASTERS:
                ends.append(end)
            at = start if name in MASTERS else end
    return None


def _number(data, at, keep_mark):
    """A number of 1 to 8 bytes, and where it ends: its first 1 bit says how many. All ones: None.

    Returns  0, 0 if it is none
    """
    first = data[at] if at < len(data) else 0
    length = 9 - first.bit_length()
    if not first or at + length > len(data):
        return 0, 0
    value = int.from_bytes(data[at:at + length])
    if keep_mark:
        return value, at + length
    value &= (1 << 7 * length) - 1
    return (None if value == (1 << 7 * length) - 1 else value), at + length
