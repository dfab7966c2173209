"""Is a video file whole?  What it holds, counted piece by piece, against what was decoded.

The frame count in a file's head lies on many healthy files (hidden, empty and never written frames;
sound that is longer than the pictures), and a damaged file comes back short without a word. The
pieces themselves tell one from the other.
"""

import mmap
import struct
from pathlib import Path

from vidlearn.video import avi, matroska, mp4
from vidlearn.video.damage import Damage

WEBP = ("is an animated WebP, which OpenCV does not decode. With Pillow, "
        "Image.open(path).save('out.gif', save_all=True) makes a copy that is read")
MOST = 10**9             # frames: who declares more is damaged
STARTS = {                # how a file that is no video often starts -> what to say of it
    b"ID3": "is sound (MP3) without pictures",
    b"\xff\xfb": "is sound (MP3) without pictures",
    b"OggS": "is sound (Ogg) or a damaged Ogg video",
    b"fLaC": "is sound (FLAC) without pictures",
    b"RIFF": "is sound (WAV) or another RIFF file without pictures",
    b"version https://git-lfs": "is a Git LFS pointer, not the video: run git lfs pull",
    b"PK\3\4": "is a ZIP archive, not a video: unpack it",
    b"%PDF": "is a PDF, not a video",
    b"<": "is a web page or XML, not a video: the download may have failed",
}


def why_not(path):
    """Why OpenCV could not open the file at `path`, as far as its bytes tell.

    Returns  the reason in words; how many frames the file declares, None if it is no film at all
    """
    try:
        return _look(path, _why_not)
    except Damage as damage:
        number = declared(path)
        return (f"{tally(number, 0)}, and it is damaged: {damage}. Copy or download it again",
                number)


def declared(path):
    """How many frames the tables of the file say it has, whatever became of the rest; or 0."""
    try:
        return _look(path, _declared)
    except Damage:
        return 0


def tally(declared, decoded):
    """How many frames came, of how many: the start of a sentence."""
    if declared:
        return f"{decoded} of {declared} declared frames came"
    return f"{decoded} frames came (of how many, the file does not say)"


def held(path):
    """How many frames the pieces of the file at `path` make, decoded or not; None: not known."""
    try:
        return _look(path, _count)
    except Damage:
        return None


def shortfall(path, declared, decoded, packets):
    """Why `decoded` frames are fewer than the file at `path` holds.

    Units    frames; packets: how many pieces of picture OpenCV finds in a file whose kind is not
             counted here
    Returns  the reason in words, or None where nothing is missing
    """
    if 0 < declared <= decoded:
        return None
    if why := broken(path):
        return why
    number = held(path)
    if number is None:
        number = packets()
    if decoded < number:
        return f"it holds {number} frames, of which the decoder gave up some as damaged"
    return None


def broken(path):
    """Where the pieces of the file at `path` do not fit together, in words; None where they do."""
    try:
        _look(path, _count)
    except Damage as damage:
        return f"it is damaged: {damage}"
    return None


def _look(path, question):
    """Ask `question` of the file's bytes; whatever goes wrong on the way is damage."""
    with Path(path).open("rb") as file, \
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            return question(data)
        except (struct.error, IndexError, ValueError, OverflowError, RecursionError) as error:
            raise Damage("its index does not fit together") from error


def _reader(data):
    if data[4:8] in (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide"):
        return mp4
    if data[:4] == b"\x1a\x45\xdf\xa3":
        return matroska
    return avi if data[:4] == b"RIFF" and data[8:12] == b"AVI " else None


def _count(data):
    reader = _reader(data)
    return reader.count(data) if reader else None


def _declared(data):
    reader = _reader(data)
    number = reader.declared(data) if reader else 0
    return number if 0 < number < MOST else 0


def _why_not(data):
    reader = _reader(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP, None
    if reader is None:
        return next((why for start, why in STARTS.items() if data[:len(start)] == start),
                    f"is not a video that OpenCV knows (its first bytes are {data[:8]!r})"), None
    if not reader.has_pictures(data):
        return "holds sound but no pictures", None
    number = _declared(data)
    return (f"{tally(number, 0)}: OpenCV cannot open it. Its head is damaged, or it is of a kind "
            "that OpenCV does not know (ffmpeg -i and its name tells more)"), number
