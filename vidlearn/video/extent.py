"""Are all bytes of a file there? Its parts say how long they are.

This is told by hand, because FFmpeg reads over a hole and past the end without a word, and the
packets that it gives do not show what was lost.

Source   ISO/IEC 14496-12 (MP4)
"""

import math
import mmap
import struct

from vidlearn.video import avi, matroska

INDEX = b"moov"
ATOMS = (b"free", b"skip", b"wide", b"uuid", b"mdat", b"ftyp", INDEX, b"moof", b"mfra", b"sidx",
         b"styp", b"meta", b"udta", b"pnot", b"PICT", b"pdin", b"emsg", b"prft", b"ssix", b"mfro")


def damage(path, read=math.inf):
    """Say what is missing of a file; None if nothing is, or its format is another one.

    Units    read: how many packets of its film could be read
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            if data[:4] == b"RIFF" and data[8:12] == b"AVI ":
                return avi.damage(data)
            if data[:4] == b"\x1a\x45\xdf\xa3":
                return matroska.damage(data, read)
            if data[4:8] in ATOMS:
                return _mp4(data)
        except struct.error:
            return "its parts contradict each other"
    return None


def decoded_of(declared, decoded):
    """Say how many of the declared frames were decoded: the start of a sentence."""
    if declared:
        return f"{decoded} of {declared} declared frames were decoded"
    return f"{decoded} frames were decoded (the file does not say how many it has)"


def _mp4(data):
    """What is wrong with the atoms, which lie one after another."""
    at, names = 0, set()
    while at + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        if length == 1:
            length = struct.unpack_from(">Q", data, at + 8)[0]
        elif length == 0:
            length = len(data) - at
        if length < 8 or name not in ATOMS and not name.isalnum():
            return f"byte {at:,} should start an atom, and does not"
        names.add(name)
        at += length
    if at > len(data):
        return f"{at - len(data):,} bytes are missing at its end"
    if INDEX not in names:
        return "its index (the moov atom) is missing: the file was cut off or never finished"
    return None
