"""Is a video file complete? Count the frames that it stores and compare them with those decoded.

The frame count in a file's header is wrong for many healthy files (hidden, empty and never written
frames; sound that is longer than the video), and a decoder gives fewer frames of a damaged file
without a warning. Counting the stored frames tells one from the other.
"""

import mmap
import struct
from pathlib import Path

from vidlearn.video import avi, matroska, mp4
from vidlearn.video.errors import DamageError

WEBP = ("is an animated WebP, which OpenCV does not decode. With Pillow, "
        "Image.open(path).save('out.gif', save_all=True) makes a copy that can be read")
MOST_FRAMES = 10**9       # a file that declares more is damaged
SIGNATURES = {            # how a file that is not a video often starts -> what to say of it
    b"ID3": "is sound (MP3) without video",
    b"\xff\xfb": "is sound (MP3) without video",
    b"OggS": "is sound (Ogg) or a damaged Ogg video",
    b"fLaC": "is sound (FLAC) without video",
    b"RIFF": "is sound (WAV) or another RIFF file without video",
    b"version https://git-lfs": "is a Git LFS pointer, not the video: run git lfs pull",
    b"PK\3\4": "is a ZIP archive, not a video: unpack it",
    b"%PDF": "is a PDF, not a video",
    b"<": "is a web page or XML, not a video: the download may have failed",
}


def why_unopened(path):
    """Say why OpenCV could not open the file at `path`, as far as its bytes tell.

    Returns  the reason in words; how many frames the file declares, None if it is not a video
    """
    try:
        return _parse(path, _why_unopened)
    except DamageError as damage:
        number = declared(path)
        return (f"{decoded_of(number, 0)}, and it is damaged: {damage}. "
                "Copy or download it again", number)


def declared(path):
    """How many frames the tables of the file declare, even if the rest is damaged; or 0."""
    try:
        return _parse(path, _declared)
    except DamageError:
        return 0


def decoded_of(declared, decoded):
    """Say how many of the declared frames were decoded: the start of a sentence."""
    if declared:
        return f"{decoded} of {declared} declared frames were decoded"
    return f"{decoded} frames were decoded (the file does not say how many it has)"


def stored(path):
    """How many frames the file at `path` stores, decodable or not; None if that is unknown."""
    try:
        return _parse(path, _count)
    except DamageError:
        return None


def shortfall(path, declared, decoded, packets):
    """Say why `decoded` frames are fewer than the file at `path` stores.

    Units    frames; packets: a function that counts the file's packets with OpenCV, for formats
             that are not counted here
    Returns  the reason in words, or None where nothing is missing
    """
    if 0 < declared <= decoded:
        return None
    if why := damage(path):
        return why
    number = stored(path)
    if number is None:
        number = packets()
    if decoded < number:
        return f"it holds {number} frames, of which the decoder dropped some as damaged"
    return None


def damage(path):
    """Say where the bytes of the file contradict each other; None where they do not."""
    try:
        _parse(path, _count)
    except DamageError as error:
        return f"it is damaged: {error}"
    return None


def _parse(path, question):
    """Ask `question` of the file's bytes; any error on the way means that they are damaged."""
    with Path(path).open("rb") as file, \
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            return question(data)
        except (struct.error, IndexError, ValueError, OverflowError, RecursionError) as error:
            raise DamageError("its index contradicts itself") from error


def _format(data):
    """The module that parses this format, or None."""
    if data[4:8] in (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide"):
        return mp4
    if data[:4] == b"\x1a\x45\xdf\xa3":
        return matroska
    return avi if data[:4] == b"RIFF" and data[8:12] == b"AVI " else None


def _count(data):
    parser = _format(data)
    return parser.count(data) if parser else None


def _declared(data):
    parser = _format(data)
    number = parser.declared(data) if parser else 0
    return number if 0 < number < MOST_FRAMES else 0


def _why_unopened(data):
    parser = _format(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP, None
    if parser is None:
        return next((why for start, why in SIGNATURES.items() if data[:len(start)] == start),
                    f"is not a video that OpenCV knows (its first bytes are {data[:8]!r})"), None
    if not parser.has_video(data):
        return "holds sound but no video", None
    number = _declared(data)
    return (f"{decoded_of(number, 0)}: OpenCV cannot open it. Its header is damaged, or OpenCV "
            "does not know its format (ffmpeg -i and its name tells more)"), number
