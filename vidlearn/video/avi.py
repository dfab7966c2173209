"""Count the frames of an AVI file, chunk by chunk.

Source   Microsoft, AVI RIFF File Reference: chunks of (name, size), in lists; 01dc is a frame of
         stream 1
"""

import re
import struct

from vidlearn.video.errors import DamageError

VIDEO_CHUNKS = (b"dc", b"db")
HEADER_BYTES = 2**16


def count(data):
    """Count the chunks of the first video stream; one byte or none stands for an empty frame.

    Raises   DamageError if the chunks contradict each other
    """
    streams, total = [], 0
    for name, start, end in _walk(data):
        if name == b"strh":
            streams.append(data[start:start + 4])
        elif name[2:] in VIDEO_CHUNKS and b"vids" in streams:
            total += end - start > 1 and name[:2] == b"%02x" % streams.index(b"vids")
    if b"vids" not in streams:
        raise DamageError("its header lists no video stream")
    return total


def has_video(data):
    """Whether the header lists a video stream."""
    return any(name == b"strh" and data[start:start + 4] == b"vids"
               for name, start, _ in _walk(data))


def declared(data):
    """The number of frames in the header of the first video stream, or 0."""
    found = re.search(rb"strh.{4}vids.{28}(.{4})", data[:HEADER_BYTES], re.DOTALL)
    return struct.unpack("<I", found[1])[0] if found else 0


def _walk(data):
    """Yield every chunk that is not a list, of every RIFF; only padding follows the last RIFF."""
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
                raise DamageError(f"byte {at:,} should start a chunk, and does not")
            yield name, at + 8, last
            at = last + last % 2                      # chunks start at even bytes
        at = end + end % 2


def _end(data, at, limit):
    end = at + 8 + struct.unpack_from("<I", data, at + 4)[0]
    if end > len(data):
        raise DamageError(f"{end - len(data):,} bytes are missing at its end")
    if end > limit:
        raise DamageError(f"the chunk at byte {at:,} is longer than the chunk around it")
    return end
