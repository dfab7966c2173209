"""How many frames an AVI file holds, chunk by chunk.

Source   Microsoft, AVI RIFF File Reference: chunks of (name, size), in lists; 01dc is a picture
         of stream 1
"""

import re
import struct

from vidlearn.video.damage import Damage

IN_PICTURES = (b"dc", b"db")
HEAD = 2**16             # bytes in which a file says what it is


def count(data):
    """Chunks of the first picture stream that are longer than the one byte of an empty frame.

    Raises   Damage if the chunks do not fit together
    """
    streams, total = [], 0
    for name, start, end in _walk(data):
        if name == b"strh":
            streams.append(data[start:start + 4])
        elif name[2:] in IN_PICTURES and b"vids" in streams:
            total += end - start > 1 and name[:2] == b"%02x" % streams.index(b"vids")
    if b"vids" not in streams:
        raise Damage("its head names no picture stream")
    return total


def has_pictures(data):
    """Whether the head names a picture stream."""
    return any(name == b"strh" and data[start:start + 4] == b"vids"
               for name, start, _ in _walk(data))


def declared(data):
    """How many frames the head of the first picture stream names, or 0."""
    found = re.search(rb"strh.{4}vids.{28}(.{4})", data[:HEAD], re.DOTALL)
    return struct.unpack("<I", found[1])[0] if found else 0


def _walk(data):
    """Every chunk that is not a list, of every RIFF; behind the last RIFF stands only padding."""
    at = 0
    while data[at:at + 4] == b"RIFF":
        end = _end(data, at, len(data))
        at += 12
        while at + 8 <= end:
            name, last = data[at:at + 4], _end(data, at, end)
            if name == b"LIST":
                at += 12
                continue
            if not name.strip(b" \0").isalnum():
                raise Damage(f"no chunk starts at byte {at:,}, where one should")
            yield name, at + 8, last
            at = last + last % 2                      # chunks start at even bytes
        at = end + end % 2


def _end(data, at, limit):
    end = at + 8 + struct.unpack_from("<I", data, at + 4)[0]
    if end > len(data):
        raise Damage(f"{end - len(data):,} bytes are missing at its end")
    if end > limit:
        raise Damage(f"the chunk at byte {at:,} reaches out of the one that holds it")
    return end
