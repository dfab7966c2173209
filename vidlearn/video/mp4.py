"""Count the frames of an MP4 or MOV file by its tables, not by what its header declares.

Source   ISO/IEC 14496-12: atoms of (size, type), nested; the standard calls them boxes, QuickTime
         atoms. moov/trak/mdia/minf/stbl holds the tables
"""

import re
import struct

import numpy as np

from vidlearn.video.errors import DamageError

PARENTS = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"moof", b"traf")
INDEX_BYTES = 2**25      # at either end of a file, in which a lost index is looked for
MOST_REORDERED = 16      # frames that a codec may hold back (H.264, HEVC)


def count(data):
    """Count the frames of the first video track that are to be shown.

    Raises   DamageError if the atoms contradict each other
    """
    top = list(_atoms(data, 0, len(data)))
    moov = _moov(data, top)
    track = next((t for t in moov.get(b"trak", []) if _handler(t) == b"vide"), None)
    if track is None:
        raise DamageError("its index lists no video track")
    if any(name == b"moof" for name, *_ in top):
        return _in_fragments(data, top, track)
    return _shown(moov, track, len(data))


def has_video(data):
    """Whether the index lists a video track."""
    moov = _moov(data, list(_atoms(data, 0, len(data))))
    return any(_handler(track) == b"vide" for track in moov.get(b"trak", []))


def declared(data):
    """The number of frames in the first video track's table, wherever it lies; or 0."""
    for part in (data[:INDEX_BYTES], data[-INDEX_BYTES:]):
        if found := re.search(rb"hdlr.{8}vide.*?stsz.{8}(.{4})", part, re.DOTALL):
            samples = struct.unpack(">I", found[1])[0]
            return samples if samples < len(data) else 0
    return 0


def _moov(data, top):
    place = next((atom[1:] for atom in top if atom[0] == b"moov"), None)
    if place is None:
        raise DamageError("its index (the moov atom) is missing: the file was cut off or never "
                          "finished")
    return _tree(data, *place)


def _atoms(data, start, end):
    """Yield each atom from `start` to `end`: its name, and where its contents start and end."""
    while start < end:
        if start + 8 > end:
            raise DamageError(f"{end - start} stray bytes at byte {start:,}")
        size, name = struct.unpack_from(">I4s", data, start)
        head = 8
        if size == 1 and start + 16 <= end:
            size, head = struct.unpack_from(">Q", data, start + 8)[0], 16
        elif size == 0:
            size = end - start
        if size < head:
            raise DamageError(f"byte {start:,} should start an atom, and does not")
        if start + size > end:
            raise DamageError(f"{start + size - end:,} bytes are missing at its end")
        yield name, start + head, start + size
        start += size


def _tree(data, start, end):
    """The atoms inside an atom: {name: [contents, ...]}, nested atoms as trees."""
    tree = {}
    for name, first, last in _atoms(data, start, end):
        inside = _tree(data, first, last) if name in PARENTS else data[first:last]
        tree.setdefault(name, []).append(inside)
    return tree


def _leaf(tree, *names):
    for name in names:
        tree = tree.get(name, [{}])[0] if isinstance(tree, dict) else {}
    return tree or b""


def _handler(track):
    """The track's type: vide for video, soun for sound."""
    return _leaf(track, b"mdia", b"hdlr")[8:12]


def _shown(moov, track, size):
    """Count the track's samples whose time lies inside one of its edits; a cut hides the others."""
    table = _leaf(track, b"mdia", b"minf", b"stbl")
    samples = struct.unpack_from(">I", _leaf(table, b"stsz"), 8)[0]
    if samples > size:
        raise DamageError(f"its index names {samples:,} frames, more than the file has bytes")
    edits = _edits(_leaf(track, b"edts", b"elst"))
    if not edits:
        return samples
    media = _leaf(track, b"mdia", b"mdhd")
    ticks = _timescale(media) / _timescale(_leaf(moov, b"mvhd"))
    edits = [(start, start + duration * ticks) for duration, start in edits]
    durations, delays = (_per_sample(_leaf(table, name), samples) for name in (b"stts", b"ctts"))
    times = np.cumsum(durations) - durations + delays
    _check_hidden(times, edits, (_duration(media) or np.inf) + delays[:1] - ticks)
    return sum(int(((start <= times) & (times < end)).sum()) for start, end in edits)


def _check_hidden(times, edits, whole):
    """Make sure that edits hide only the start and the end of the track, as a cut does.

    Raises   DamageError if they hide samples in between, or late ones although the last edit
             reaches to the end of the `whole` track: then the time of a sample is wrong
    """
    early, late = times < min(edits)[0], times >= max(end for _, end in edits)
    strays = (early[early.sum() + MOST_REORDERED:].sum()
              + late[::-1][late.sum() + MOST_REORDERED:].sum())
    if strays or late.any() and max(end for _, end in edits) >= whole:
        raise DamageError(f"its index gives {max(strays, late.sum())} frames a time outside the "
                          "video")


def _per_sample(table, samples):
    """A table of (how many, value), written out sample by sample."""
    if not table:
        return np.zeros(samples, np.int64)
    many, value = np.frombuffer(table, ">u4", offset=8).astype(np.int64).reshape(-1, 2).T
    ends = np.minimum(np.cumsum(many), samples)       # a damaged table may ask for billions
    return np.repeat(value.astype(np.int32), np.diff(ends, prepend=0)).astype(np.int64)


def _edits(table):
    """(duration, start) of each edit that shows something."""
    if not table:
        return []
    form = ">Qq" if table[0] == 1 else ">Ii"
    step = struct.calcsize(form) + 4                  # after each stands its speed
    edits = [struct.unpack_from(form, table, at) for at in range(8, len(table) - step + 1, step)]
    return [edit for edit in edits if edit[1] >= 0]


def _timescale(header):
    """Ticks per second, from an mvhd or mdhd atom."""
    return struct.unpack_from(">I", header, 20 if header[0] == 1 else 12)[0]


def _duration(header):
    """How many ticks the track lasts, from an mdhd atom; 0 where it does not say."""
    return struct.unpack_from(*(">Q", header, 24) if header[0] == 1 else (">I", header, 16))[0]


def _in_fragments(data, top, track):
    """Count the track's samples in all movie fragments."""
    number = _track_number(track)
    total = 0
    for name, start, end in top:
        if name != b"moof":
            continue
        for part in _tree(data, start, end).get(b"traf", []):
            if _leaf(part, b"tfhd")[4:8] == number:
                total += sum(struct.unpack_from(">I", run, 4)[0] for run in part.get(b"trun", []))
    return total


def _track_number(track):
    head = _leaf(track, b"tkhd")
    return head[20:24] if head[0] == 1 else head[12:16]
