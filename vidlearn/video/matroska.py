"""Are the elements of a Matroska or WebM file whole, one inside the other?

Told by hand: where an element is damaged, or a span was deleted, FFmpeg jumps to the next cluster
without a word, and the packets that it gives do not show that others are missing. Without this, 256
of 1,000 damaged films are read short in silence (tools/damage_survey, seed 11). Three of these only
the count of blocks tells: their tracks are damaged, and FFmpeg drops what belongs to no track.

Source   RFC 8794 (EBML) and RFC 9559 (Matroska): elements of (id, size), nested
"""

SEGMENT, CLUSTER, BLOCK_GROUP, TRACKS = 0x18538067, 0x1F43B675, 0xA0, 0x1654AE6B
TRACK_ENTRY, TRACK_NUMBER, TRACK_TYPE, VIDEO = 0xAE, 0xD7, 0x83, 1
BLOCKS = 0xA3, 0xA1
MASTERS = {SEGMENT, CLUSTER, BLOCK_GROUP}
LEAVES = {                          # all that may lie in those
    0x1A45DFA3, 0x114D9B74, 0x1549A966, TRACKS, 0x1C53BB6B, 0x1254C367, 0x1043A770, 0x1941A469,
    *BLOCKS, 0xE7, 0xA7, 0xAB, 0xAF, 0x5854,                                   # in a cluster
    0x9B, 0xFB, 0x75A1, 0x75A2, 0xA4, 0xFA, 0x8E,                              # in a block group
    0xEC, 0xBF,                                                                # anywhere
}


class Contradiction(Exception):
    """Two elements do not fit each other."""


def damage(data, read):
    """Say where the elements of a file contradict each other, or the `read` packets of its film."""
    try:
        tracks, blocks = {}, []
        for name, start, end in _leaves(data):
            if name == TRACKS:
                tracks = dict(_tracks(data, start, end))
            elif name in BLOCKS:
                number, at = _number(data, start, keep_mark=False)
                if number not in tracks:
                    return f"the block at byte {start:,} is of a track that does not exist"
                blocks += [number] if end - at > 4 else []         # of one byte: "as before"
    except Contradiction as error:
        return str(error)
    film = next((number for number, kind in tracks.items() if kind == VIDEO), None)
    lost = blocks.count(film) - read
    return f"{lost} of its blocks cannot be read" if lost > 0 else None


def _leaves(data):
    """Yield every element that holds no others. One of unknown size ends with its parent."""
    at, ends = 0, [len(data)]
    while at < len(data):
        while at == ends[-1]:
            ends.pop()
        name, start, end = _element(data, at, ends[-1])
        if name in MASTERS:
            ends.append(end)
            at = start
        elif name in LEAVES:
            yield name, start, end
            at = end
        else:
            raise Contradiction(f"byte {at:,} should start an element, and does not")


def _tracks(data, start, end):
    """Yield the number and the type of each track."""
    for name, first, last in _children(data, start, end):
        if name == TRACK_ENTRY:
            fields = {name: int.from_bytes(data[at:to][:8])
                      for name, at, to in _children(data, first, last)}
            yield fields.get(TRACK_NUMBER), fields.get(TRACK_TYPE)


def _children(data, start, end):
    while start < end:
        yield (child := _element(data, start, end))
        start = child[2]


def _element(data, at, parent_end):
    name, start = _number(data, at, keep_mark=True)
    size, start = _number(data, start, keep_mark=False)
    end = parent_end if size is None else start + size
    if end > len(data):
        raise Contradiction(f"{end - len(data):,} bytes are missing at its end")
    if end > parent_end:
        raise Contradiction(f"the element at byte {at:,} is longer than the element around it")
    return name, start, end


def _number(data, at, keep_mark):
    """A number of 1 to 8 bytes, and where it ends: the first 1 bit says how many.

    All ones are None: unknown.
    """
    first = data[at] if at < len(data) else 0
    length = 9 - first.bit_length()
    if not first or at + length > len(data):
        raise Contradiction(f"byte {at:,} should start a number, and does not")
    value = int.from_bytes(data[at:at + length])
    if keep_mark:
        return value, at + length
    value &= (1 << 7 * length) - 1
    return (None if value == (1 << 7 * length) - 1 else value), at + length
