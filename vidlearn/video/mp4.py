"""How many frames an MP4 or MOV file holds, from its own tables and not from what its head says.

Source   ISO/IEC 14496-12: boxes of (size, type), nested; moov/trak/mdia/minf/stbl has the tables
"""

import re
import struct

import numpy as np

from vidlearn.video.damage import Damage

NEST = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"moof", b"traf")
LOOK = 2**25             # bytes at either end of a file in which a lost index is looked for
REORDERED = 16           # frames that a codec may hold back at most (H.264, HEVC)


def count(data):
    """Frames of the first picture track that are to be shown.

    Raises   Damage if the boxes do not fit together
    """
    top = list(_boxes(data, 0, len(data)))
    moov = _moov(data, top)
    track = next((t for t in moov.get(b"trak", []) if _kind(t) == b"vide"), None)
    if track is None:
        raise Damage("its index names no picture track")
    if any(name == b"moof" for name, *_ in top):
        return _fragments(data, top, track)
    return _shown(moov, track, len(data))


def has_pictures(data):
    """Whether the index names a picture track."""
    moov = _moov(data, list(_boxes(data, 0, len(data))))
    return any(_kind(track) == b"vide" for track in moov.get(b"trak", []))


def declared(data):
    """How many frames the table of the first picture track names, wherever it lies; or 0."""
    for part in (data[:LOOK], data[-LOOK:]):
        if found := re.search(rb"hdlr.{8}vide.*?stsz.{8}(.{4})", part, re.DOTALL):
            samples = struct.unpack(">I", found[1])[0]
            return samples if samples < len(data) else 0
    return 0


def _moov(data, top):
    place = next((box[1:] for box in top if box[0] == b"moov"), None)
    if place is None:
        raise Damage("its index (the moov box) is missing: the file was cut off or never finished")
    return _tree(data, *place)


def _boxes(data, start, end):
    """Each box from `start` to `end`: its name, and where its contents start and end."""
    while start < end:
        if start + 8 > end:
            raise Damage(f"{end - start} stray bytes at byte {start:,}")
        size, name = struct.unpack_from(">I4s", data, start)
        head = 8
        if size == 1 and start + 16 <= end:
            size, head = struct.unpack_from(">Q", data, start + 8)[0], 16
        elif size == 0:
            size = end - start
        if size < head:
            raise Damage(f"no box starts at byte {start:,}, where one should")
        if start + size > end:
            raise Damage(f"{start + size - end:,} bytes are missing at its end")
        yield name, start + head, start + size
        start += size


def _tree(data, start, end):
    """The boxes in a box: {name: [contents, ...]}, nested boxes as trees."""
    tree = {}
    for name, first, last in _boxes(data, start, end):
        inside = _tree(data, first, last) if name in NEST else data[first:last]
        tree.setdefault(name, []).append(inside)
    return tree


def _leaf(tree, *names):
    for name in names:
        tree = tree.get(name, [{}])[0] if isinstance(tree, dict) else {}
    return tree or b""


def _kind(track):
    return _leaf(track, b"mdia", b"hdlr")[8:12]


def _shown(moov, track, size):
    """Samples of the track whose time lies inside one of its edits: a cut leaves others hidden."""
    table = _leaf(track, b"mdia", b"minf", b"stbl")
    samples = struct.unpack_from(">I", _leaf(table, b"stsz"), 8)[0]
    if samples > size:
        raise Damage(f"its index names {samples:,} frames, more than the file has bytes")
    edits = _edits(_leaf(track, b"edts", b"elst"))
    if not edits:
        return samples
    media = _leaf(track, b"mdia", b"mdhd")
    ticks = _scale(media) / _scale(_leaf(moov, b"mvhd"))
    edits = [(start, start + duration * ticks) for duration, start in edits]
    lasts, delays = _runs(_leaf(table, b"stts"), samples), _runs(_leaf(table, b"ctts"), samples)
    times = np.cumsum(lasts) - lasts + delays
    _check_hidden(times, edits, (_duration(media) or np.inf) + delays[:1] - ticks)
    return sum(int(((start <= times) & (times < end)).sum()) for start, end in edits)


def _check_hidden(times, edits, whole):
    """Edits hide what lies before a cut or behind one: samples at the ends of the track.

    Raises   Damage if they hide samples amid others, or late ones though the last edit ends no
             sooner than the `whole` track: the time of a sample is wrong, then
    """
    early, late = times < min(edits)[0], times >= max(end for _, end in edits)
    strays = early[early.sum() + REORDERED:].sum() + late[::-1][late.sum() + REORDERED:].sum()
    if strays or late.any() and max(end for _, end in edits) >= whole:
        raise Damage(f"its index gives {max(strays, late.sum())} frames a time out of the film")


def _runs(box, samples):
    """A table of (how many, value), written out sample by sample."""
    if not box:
        return np.zeros(samples, np.int64)
    many, value = np.frombuffer(box, ">u4", offset=8).astype(np.int64).reshape(-1, 2).T
    ends = np.minimum(np.cumsum(many), samples)       # a damaged table may ask for billions
    return np.repeat(value.astype(np.int32), np.diff(ends, prepend=0)).astype(np.int64)


def _edits(box):
    """(duration, start) of each edit that shows something."""
    if not box:
        return []
    form = ">Qq" if box[0] == 1 else ">Ii"
    step = struct.calcsize(form) + 4                  # behind each stands its speed
    edits = [struct.unpack_from(form, box, at) for at in range(8, len(box) - step + 1, step)]
    return [edit for edit in edits if edit[1] >= 0]


def _scale(box):
    """Ticks a second, of an mvhd or mdhd box."""
    return struct.unpack_from(">I", box, 20 if box[0] == 1 else 12)[0]


def _duration(box):
    """How many ticks an mdhd box says the track lasts; 0 where it does not say."""
    return struct.unpack_from(*(">Q", box, 24) if box[0] == 1 else (">I", box, 16))[0]


def _fragments(data, top, track):
    """Samples of all movie fragments that belong to the track."""
    number = _number(track)
    total = 0
    for name, start, end in top:
        if name != b"moof":
            continue
        for part in _tree(data, start, end).get(b"traf", []):
            if _leaf(part, b"tfhd")[4:8] == number:
                total += sum(struct.unpack_from(">I", run, 4)[0] for run in part.get(b"trun", []))
    return total


def _number(track):
    head = _leaf(track, b"tkhd")
    return head[20:24] if head[0] == 1 else head[12:16]
