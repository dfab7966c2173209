"""Are all bytes of a file there? Its outermost parts say how long they are.

This is told by hand, because FFmpeg reads over a hole and past the end without a word, and the
packets that it gives do not show what was lost.

Source   ISO/IEC 14496-12 (MP4); Microsoft, AVI RIFF File Reference
"""

import struct

from vidlearn.video import matroska

INDEX = b"moov"
EMPTY = (b"free", b"skip", b"wide", b"uuid", b"mdat", b"ftyp", INDEX, b"moof", b"mfra", b"sidx",
         b"styp", b"meta", b"udta", b"pnot", b"PICT", b"pdin", b"emsg", b"prft", b"ssix", b"mfro")


def damage(path):
    """Say what is missing of a file; None if nothing is, or its format is another one."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(12)
        try:
            if head[:4] == b"RIFF" and head[8:] in (b"AVI ", b"AVIX"):
                return _missing(_riff_end(file, size), size)
            if head[:4] == b"\x1a\x45\xdf\xa3":
                return matroska.damage(path)
            if head[4:8] in EMPTY:
                return _mp4(file, size)
        except struct.error:
            return "its first bytes contradict each other"
    return None


def decoded_of(declared, decoded):
    """Say how many of the declared frames were decoded: the start of a sentence."""
    if declared:
        return f"{decoded} of {declared} declared frames were decoded"
    return f"{decoded} frames were decoded (the file does not say how many it has)"


def _missing(end, size):
    return f"{end - size:,} bytes are missing at its end" if end > size else None


def _riff_end(file, size):
    """Where the last RIFF ends; an AVI file over 1 GiB has several."""
    at = 0
    while at + 8 <= size:
        file.seek(at)
        name, length = struct.unpack("<4sI", file.read(8))
        if name != b"RIFF":
            break
        at += 8 + length + length % 2
    return at - length % 2 if name == b"RIFF" else at


def _mp4(file, size):
    """What is wrong with the atoms, which lie one after another."""
    at, names = 0, set()
    while at + 8 <= size:
        file.seek(at)
        length, name = struct.unpack(">I4s", file.read(8))
        if length == 1:
            length = struct.unpack(">Q", file.read(8))[0]
        elif length == 0:
            length = size - at
        if length < 8 or name not in EMPTY and not name.isalnum():
            return f"byte {at:,} should start an atom, and does not"
        names.add(name)
        at += length
    if at > size:
        return _missing(at, size)
    if INDEX not in names:
        return "its index (the moov atom) is missing: the file was cut off or never finished"
    return None
