"""Open a video file with FFmpeg and go through its packets, which hold the frames, compressed.

It trusts nothing that a file says of itself: neither its frame count nor its frame rate.
"""

import os

import av

from vidlearn.video import unopened

THREADS = 4              # decoder threads: each holds frames, and 16 of 4K video fill 700 MB
LARGE = 4_000_000        # pixels of a frame, from which one thread decodes
MOST_FRAMES, MOST_RATE = 10**9, 1e5      # a file that declares more is damaged
MOST_ERRORS = 100        # of reading, one after another, before a file is taken to end
MP4 = "mov,mp4,m4a,3gp,3g2,mj2"
NO_FILM = {"ansi", "bintext", "xbin", "idf"}          # text, which FFmpeg would draw


def open_film(path, **options):
    """Open the first film of a file: a container of PyAV, and its video stream.

    `options` are FFmpeg's for the format.

    Raises   VideoError if there is no such file, or no film in it
    """
    unopened.check(path)
    try:
        container = av.open(os.path.abspath(path), metadata_errors="ignore",
                            container_options={"protocol_whitelist": "file", **options})
    except (av.FFmpegError, ValueError) as error:
        raise unopened.error(path, error) from None
    films = [stream for stream in container.streams.video
             if not stream.disposition & stream.disposition.attached_pic]
    if not films or films[0].codec_context is None or films[0].codec_context.name in NO_FILM:
        cover, sound = len(container.streams.video) - len(films), len(container.streams.audio)
        unknown = bool(films) and films[0].codec_context is None
        container.close()
        raise unopened.no_film(path, cover, sound, unknown)
    stream = films[0]
    is_large = stream.width * stream.height > LARGE
    stream.thread_count = 1 if is_large else min(THREADS, os.cpu_count() or 1)
    stream.thread_type = "AUTO"
    return container, stream


def packets(container, stream, errors):
    """Yield the packets that hold a frame; what cannot be read is added to `errors`."""
    in_a_row = 0
    while in_a_row < MOST_ERRORS:
        try:
            for packet in container.demux(stream):
                if packet.size > 1:                   # of one byte or none: "as before", in AVI
                    in_a_row = 0
                    yield packet
            return
        except av.FFmpegError as error:
            in_a_row += 1
            errors.append(error)


def is_shown(packet):
    """Whether a packet holds a frame that is shown: some only help to decode others.

    An edit of an MP4 file hides frames. VP8 has hidden frames, and says so in their first byte
    only (RFC 6386, section 9.1).
    """
    is_vp8 = packet.stream.codec_context.name in ("vp8", "libvpx")
    return not packet.is_discard and not (is_vp8 and not memoryview(packet)[0] & 16)


def count(path):
    """How many frames a file holds, decodable or not."""
    container, stream = open_film(path)
    with container:
        return sum(map(is_shown, packets(container, stream, [])))


def index_damage(path, stream, shown):
    """Say why the index of an MP4 file names more frames than are `shown`; None for an edit.

    An edit list may hide frames. One that spans the whole film hides none: then their times are
    wrong. Of its index FFmpeg takes what it understands, without a word.
    """
    if not stream.frames or stream.container.format.name != MP4:
        return None
    container, whole = open_film(path, ignore_editlist="1")
    with container:
        lost = stream.frames - sum(1 for _ in packets(container, whole, []))
        if lost > 0:
            return f"its index names {lost} frames that are not found"
        if shown < stream.frames and (stream.duration or 0) >= (whole.duration or 0):
            return f"its index gives {stream.frames - shown} frames a time outside the film"
    return None


def rate(stream):
    """Frames per second, as declared; 25 where the file does not say."""
    fps = stream.average_rate or stream.guessed_rate or stream.base_rate or 0
    return float(fps) if 0 < fps < MOST_RATE else 25.0


def declared(container, stream):
    """How many frames the file says it has, or its length and its rate; 0 if neither."""
    seconds = (container.duration or 0) / av.time_base
    if stream.duration:                               # sound may last longer
        seconds = float(stream.duration * stream.time_base)
    number = stream.frames or round(seconds * rate(stream))
    return number if 0 < number < MOST_FRAMES else 0
