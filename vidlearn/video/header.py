"""How many frames does a file declare that FFmpeg cannot open? Its header may still be there.

Told by hand, because FFmpeg gives nothing of a file whose first bytes are damaged.

Source   ISO/IEC 14496-12 (MP4: stsz); RFC 9559 (Matroska: Duration, DefaultDuration,
         TimestampScale); Microsoft, AVI RIFF File Reference (strh)
"""

import re
import struct

HEAD, INDEX = 2**16, 2**25          # bytes of a file in which its header, or an MP4's index, is
MOST_FRAMES = 10**9
AVI = re.compile(rb"strh.{4}vids.{28}(.{4})", re.DOTALL)
MP4 = re.compile(rb"hdlr.{8}vide.*?stsz.{8}(.{4})", re.DOTALL)
DURATION = re.compile(rb"\x44\x89(?:\x84(.{4})|\x88(.{8}))", re.DOTALL)
EACH = re.compile(rb"\x83\x81\x01.*?\x23\xe3\x83([\x81-\x88].{8})", re.DOTALL)
SCALE = re.compile(rb"\x2a\xd7\xb1([\x81-\x88].{8})", re.DOTALL)


def declared(path):
    """The number of frames in the header of the first video stream; 0 if it is not found."""
    with path.open("rb") as file:
        head = file.read(INDEX)
        file.seek(max(0, path.stat().st_size - INDEX))
        tail = file.read()
    if found := MP4.search(head) or MP4.search(tail):
        number = int.from_bytes(found[1])
    elif found := AVI.search(head, 0, HEAD):
        number = int.from_bytes(found[1], "little")
    else:
        number = _matroska(head[:HEAD])
    return number if 0 < number < min(MOST_FRAMES, path.stat().st_size) else 0


def _matroska(head):
    """The duration of the film by that of a frame."""
    duration, each, scale = (pattern.search(head) for pattern in (DURATION, EACH, SCALE))
    if not duration or not each or not _number(each[1]):
        return 0
    ticks, = struct.unpack(">f" if duration[1] else ">d", duration[1] or duration[2])
    whole = ticks * (_number(scale[1]) if scale else 10**6) / _number(each[1])
    return round(whole) if 0 < whole < MOST_FRAMES else 0


def _number(data):
    """A number after a byte that says its length."""
    return int.from_bytes(data[1:1 + (data[0] & 15)])
