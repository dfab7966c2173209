"""Are all bytes of a file there? Its parts say how long they are.

Told by hand: FFmpeg reads over a hole and past the end without a word. AVI and Matroska need this
most, as their modules say. An MP4 has an index of its frames, which `demux.index_damage` compares;
but one in fragments, as it is streamed, has a short index in each: without this, 10 of 600 damaged
ones are read short in silence (tools/damage_survey on three such films, seed 11).

Source   ISO/IEC 14496-12 (MP4)
"""

import math
import mmap
import struct

from vidlearn.video import avi, matroska

MP4 = b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"styp", b"moof"     # it begins so


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
            if data[4:8] in MP4:
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
    at = 0
    while at + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        if length == 1:
            length = struct.unpack_from(">Q", data, at + 8)[0]
        elif length == 0:
            length = len(data) - at
        if length < 8 or not name.isalnum():
            return f"byte {at:,} should start an atom, and does not"
        at += length
    return f"{at - len(data):,} bytes are missing at its end" if at > len(data) else None
