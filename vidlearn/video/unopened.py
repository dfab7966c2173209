"""Why a file is not a film, or cannot be opened: a VideoError in words."""

import difflib
from pathlib import Path

from vidlearn.video import extent
from vidlearn.video.errors import VideoError

PICTURES = {".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".ppm", ".webp"}
WEBP = ("is an animated WebP, which FFmpeg does not decode. With Pillow, "
        "Image.open(path).save('out.gif', save_all=True) makes a copy that can be read")
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
FILMS = (*extent.MP4, b"\x1a\x45\xdf\xa3", b"AVI ")


def check(path):
    """Raise a VideoError if there is no file at `path`."""
    if path.is_symlink() and not path.exists():
        raise VideoError(f"{path} is a link to a file that does not exist", path=path)
    if not path.exists():
        near = difflib.get_close_matches(path.name, _names(path.parent), 1)
        raise VideoError(f"{path}: there is no such file"
                         + (f". Did you mean {near[0]}?" if near else ""), path=path)
    if path.is_dir():
        raise VideoError(f"{path} is a folder, not a video. {_for_folder(path)}", path=path)
    if path.stat().st_size == 0:
        raise VideoError(f"{path} is empty (0 bytes): copy or download it again", path=path,
                         decoded=0)


def error(path, cause):
    """The error for a file that FFmpeg cannot open because of `cause`."""
    head = _head(path)
    if not any(mark in head for mark in FILMS):
        return _error(path, _not_a_video(head))
    if any(mark in head for mark in extent.MP4):
        return _error(path, "its index (the moov atom) is missing or damaged: the file was cut off "
                            "or never finished. Copy or download it again")
    cause = getattr(cause, "strerror", None) or cause
    return _error(path, f"FFmpeg cannot open it ({cause}). Its header is damaged, or FFmpeg does "
                        "not know its format")


def no_film(path, covers, sounds, unknown):
    """The error for a file that opens, in which no stream is a film."""
    if unknown:
        return _error(path, "holds video of a codec that FFmpeg does not know")
    if covers:
        sound = "sound with " if sounds else ""
        return _error(path, f"holds {sound}a cover picture, and no film")
    if sounds:
        return _error(path, "holds sound but no video")
    return error(path, "it finds no film")


def _error(path, why):
    if damage := extent.damage(path):
        why = f"no frame was decoded, for it is damaged: {damage}. Copy or download it again"
    return VideoError(f"{path}: {why}", path=path, decoded=0)


def _head(path):
    with path.open("rb") as file:
        return file.read(32)


def _not_a_video(head):
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    return next((why for start, why in SIGNATURES.items() if head.startswith(start)),
                f"is not a video that FFmpeg knows (its first bytes are {head[:8]!r})")


def _for_folder(path):
    """Advice for a folder, which may hold pictures or clips."""
    pictures = [name for name in sorted(_names(path)) if Path(name).suffix.lower() in PICTURES]
    if not pictures:
        return "vidlearn.datasets.Folder reads a folder of clips"
    suffix = Path(pictures[0]).suffix
    return (f"It holds {len(pictures)} pictures: ffmpeg -framerate 25 -pattern_type glob "
            f"-i '*{suffix}' out.webm, run in there, makes a video of them")


def _names(folder):
    return [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
